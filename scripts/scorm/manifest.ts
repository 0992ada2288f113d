/** `imsmanifest.xml`: what a learning platform reads of a package. One lesson is one organisation with one item. Pure. */
import { escaped } from '../../src/escaped.ts';
import type { Version } from './bridge/dialects.ts';

export interface Contents {
  readonly version: Version;
  readonly slug: string;
  readonly title: string;
  /** Every file that the lesson needs, the launcher first. */
  readonly files: readonly string[];
}

/** The launcher: what the platform opens. */
export const LAUNCHER = 'index.html';

interface Form {
  readonly schemaVersion: string;
  /** Namespaces by their prefix, with the schema that lies in the package; the empty prefix is the default. */
  readonly namespaces: readonly (readonly [prefix: string, uri: string, schema: string])[];
  readonly typeAttribute: string;
  readonly ofItem: string;
  readonly ofOrganisation: string;
}

const FORMS: Readonly<Record<Version, Form>> = {
  '1.2': {
    schemaVersion: '1.2',
    namespaces: [
      ['', 'http://www.imsproject.org/xsd/imscp_rootv1p1p2', 'imscp_rootv1p1p2.xsd'],
      ['adlcp', 'http://www.adlnet.org/xsd/adlcp_rootv1p2', 'adlcp_rootv1p2.xsd'],
    ],
    typeAttribute: 'scormtype',
    ofItem: '',
    ofOrganisation: '',
  },
  '2004': {
    schemaVersion: '2004 4th Edition',
    namespaces: [
      ['', 'http://www.imsglobal.org/xsd/imscp_v1p1', 'imscp_v1p1.xsd'],
      ['adlcp', 'http://www.adlnet.org/xsd/adlcp_v1p3', 'adlcp_v1p3.xsd'],
      ['adlseq', 'http://www.adlnet.org/xsd/adlseq_v1p3', 'adlseq_v1p3.xsd'],
      ['adlnav', 'http://www.adlnet.org/xsd/adlnav_v1p3', 'adlnav_v1p3.xsd'],
      ['imsss', 'http://www.imsglobal.org/xsd/imsss', 'imsss_v1p0.xsd'],
    ],
    typeAttribute: 'scormType',
    // The lesson says itself when it is done: without this the platform calls it done as soon as it is left.
    ofItem: `
        <imsss:sequencing>
          <imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/>
        </imsss:sequencing>`,
    ofOrganisation: `
      <imsss:sequencing>
        <imsss:controlMode choice="true" flow="true"/>
      </imsss:sequencing>`,
  },
};

/** The same lesson packed again has the same identifier: the platform takes it for a new edition, not for another lesson. */
const identifierOf = (slug: string): string => `follow-the-request.${slug}`;

export function manifest({ version, slug, title, files }: Contents): string {
  const { schemaVersion, namespaces, typeAttribute, ofItem, ofOrganisation } = FORMS[version];
  const xmlns = namespaces.map(([prefix, uri]) => `xmlns${prefix && `:${prefix}`}="${uri}"`);
  const locations = namespaces.map(([, uri, schema]) => `${uri} ${schema}`);
  const name = escaped(title);
  const id = identifierOf(slug);
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${id}" version="1"
  ${xmlns.join('\n  ')}
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="${locations.join(' ')}">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>${schemaVersion}</schemaversion>
  </metadata>
  <organizations default="${id}.course">
    <organization identifier="${id}.course">
      <title>${name}</title>
      <item identifier="${id}.item" identifierref="${id}.lesson">
        <title>${name}</title>${ofItem}
      </item>${ofOrganisation}
    </organization>
  </organizations>
  <resources>
    <resource identifier="${id}.lesson" type="webcontent" adlcp:${typeAttribute}="sco" href="${LAUNCHER}">
${files.map((file) => `      <file href="${escaped(file)}"/>`).join('\n')}
    </resource>
  </resources>
</manifest>
`;
}
