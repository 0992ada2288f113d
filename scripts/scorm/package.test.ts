import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from '../lib/paths.ts';
import type { Version } from './bridge/dialects.ts';
import { manifest } from './manifest.ts';
import { type Package, packageFiles, packageName, sizeText, zipped } from './package.ts';
import { detached } from './site-part.ts';
import type { Mode } from './wishes.ts';

xmlRegisterFsInputProviders();

const TITLE = 'Which worker <takes> "it" & why?';
const scripts = { bridge: 'bridge()', element: 'element()' };
let dist: string;

/** A built site in little, with what does not belong into a package beside what does. */
beforeAll(async () => {
  dist = mkdtempSync(join(tmpdir(), 'scorm-'));
  const { default: engine } = await import('../../src/runtime/generated/engine.json');
  const files = {
    'embed/one/index.html':
      '<html><link href="../../assets/a.11.css"><script src="../../assets/a.22.js"></script><a href="../../map/">map</a>',
    'lessons/one/task.json': '{}',
    'assets/a.11.css': 'src:url(../fonts/f.woff2)',
    'assets/a.22.js': 'import("./b.33.js")',
    'assets/a.22.js.br': '',
    'assets/b.33.js': 'fetch("x.44.ndjson")',
    'assets/c.55.js': 'nobody()',
    'assets/x.44.ndjson': '{}',
    'fonts/f.woff2': '',
    'favicon.svg': '<svg/>',
    ...Object.fromEntries(Object.values(engine).flatMap((address) => (typeof address === 'string' ? [[`./${address}`, '']] : []))),
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dist, file)), { recursive: true });
    writeFileSync(join(dist, file), text);
  }
});
afterAll(() => rmSync(dist, { recursive: true }));

const packed = (version: Version, mode: Mode): Package =>
  packageFiles({
    lesson: { slug: 'one', title: TITLE, wheels: [] },
    version,
    mode,
    site: mode === 'remote' ? 'https://courses.example/web/' : null,
    dist,
    scripts,
    shipped: null,
  });

/** What the schemas say against a manifest. */
function complaints(version: Version, text: string): string {
  const folder = at('scripts/scorm/schemas', version);
  const schema = XmlDocument.fromString(allOf(SCHEMAS[version]), { url: join(folder, 'all.xsd') });
  const validator = XsdValidator.fromDoc(schema);
  const document = XmlDocument.fromString(text);
  try {
    validator.validate(document);
    return '';
  } catch (error) {
    return String(error);
  } finally {
    for (const one of [document, validator, schema]) one.dispose();
  }
}

const NAMESPACES: Readonly<Record<string, string>> = {
  imscp_rootv1p1p2: 'http://www.imsproject.org/xsd/imscp_rootv1p1p2',
  adlcp_rootv1p2: 'http://www.adlnet.org/xsd/adlcp_rootv1p2',
  imscp_v1p1: 'http://www.imsglobal.org/xsd/imscp_v1p1',
  adlcp_v1p3: 'http://www.adlnet.org/xsd/adlcp_v1p3',
  adlseq_v1p3: 'http://www.adlnet.org/xsd/adlseq_v1p3',
  adlnav_v1p3: 'http://www.adlnet.org/xsd/adlnav_v1p3',
  imsss_v1p0: 'http://www.imsglobal.org/xsd/imsss',
};

const SCHEMAS: Readonly<Record<Version, readonly string[]>> = {
  '1.2': ['imscp_rootv1p1p2', 'adlcp_rootv1p2'],
  '2004': ['imscp_v1p1', 'adlcp_v1p3', 'adlseq_v1p3', 'adlnav_v1p3', 'imsss_v1p0'],
};

/** One schema that knows all namespaces of a manifest. */
const allOf = (names: readonly string[]): string =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${names
    .map((name) => `<xs:import namespace="${NAMESPACES[name]}" schemaLocation="${name}.xsd"/>`)
    .join('')}</xs:schema>`;

describe.each(['1.2', '2004'] as const)('SCORM %s', (version) => {
  const text = (files: Package, name: string): string => Buffer.from(files[name] ?? []).toString();

  test.each(['bundled', 'remote'] as const)('a %s package: the schemas have nothing against its manifest', (mode) => {
    expect(complaints(version, text(packed(version, mode), 'imsmanifest.xml'))).toBe('');
  });

  test.each(['bundled', 'remote'] as const)('a %s package: its manifest names every file once, and no other', (mode) => {
    const files = unzipSync(zipped(packed(version, mode)));
    const named = [...text(files, 'imsmanifest.xml').matchAll(/<file href="([^"]*)"/g)].map(([, href]) => href);
    const control = ['imsmanifest.xml', ...readdirSync(at('scripts/scorm/schemas', version))];
    expect(named.sort()).toEqual(
      Object.keys(files)
        .filter((file) => !control.includes(file))
        .sort(),
    );
    for (const file of control) expect(files[file]?.length, file).toBeGreaterThan(0);
  });

  test('the schemas do find mistakes', () => {
    const right = manifest({ version, slug: 'one', title: 'x', files: ['index.html'] });
    const mistakes: readonly (readonly [good: RegExp, bad: string])[] = [
      [/identifierref="[^"]*"/, 'identiferref="x"'],
      [/<schema>ADL SCORM<\/schema>/, '<shema>ADL SCORM</shema>'],
      version === '1.2' ? [/scormtype="sco"/, 'scormtype="scoo"'] : [/SetByContent="true"/, 'SetByContent="perhaps"'],
      [/identifier="follow/, 'identifier="1follow'],
    ];
    for (const [good, bad] of mistakes) {
      expect(right).toMatch(good);
      expect(complaints(version, right.replace(good, bad)), bad).not.toBe('');
    }
  });
});

test('a bundled package has what the lesson needs, by names that every platform serves, and nothing else', () => {
  const files = Object.keys(packed('1.2', 'bundled')).filter((file) => file.startsWith('site/'));
  expect(files.filter((file) => !file.startsWith('site/engine/')).sort()).toEqual([
    'site/assets/a.11.css',
    'site/assets/a.22.js',
    'site/assets/b.33.js',
    'site/assets/x.44.ndjson',
    'site/embed/one/index.html',
    'site/fonts/f.woff2',
    'site/lessons/one/task.json',
  ]);
  const engine = files
    .filter((file) => file.startsWith('site/engine/'))
    .map((file) => file.replace(/^site\/engine\/([\w.-]+?)\.[\da-f]{16}\./, '$1.'));
  expect(engine.sort()).toEqual([
    'frame.js',
    'kernel.js',
    'plain-process.js',
    'pyodide.asm.js',
    'pyodide.asm.wasm',
    'pyodide.js',
    'python-process.js',
    'python-stdlib.zip',
  ]);
});

test('the launcher opens the lesson by its file, or on the site', () => {
  const launched = (mode: Mode): string => Buffer.from(packed('1.2', mode)['index.html'] ?? []).toString();
  expect(launched('bundled')).toContain('src="site/embed/one/index.html" label="Which worker &lt;takes&gt; &quot;it&quot; &amp; why?"');
  expect(launched('remote')).toContain('src="https://courses.example/web/embed/v1/one/"');
});

test('a file that a platform may not serve stops the package, by name', () => {
  writeFileSync(join(dist, 'assets/a.22.js'), 'import("./é.66.js")');
  writeFileSync(join(dist, 'assets/é.66.js'), '');
  expect(() => packed('1.2', 'bundled')).toThrow('site/assets/é.66.js cannot go into a package');
  rmSync(join(dist, 'lessons/one/task.json'));
  expect(() => packed('1.2', 'bundled')).toThrow('The built site has no lessons/one/task.json');
});

test('links out of the package lead to the published site, or nowhere', () => {
  const page =
    '<link rel="canonical" href="../../lessons/one/"><a class="term" href="../../glossary/#pid">pid</a><a href="../two/">two</a>' +
    '<a href="#step-2">2</a><a href="https://x.example/">x</a><link href="../../a.css"><a class="whole" href="../../lessons/one/">Open</a>';
  const has = (path: string): boolean => path === 'a.css';
  expect(detached(page, 'embed/one/index.html', has, 'https://s.example/b/')).toBe(
    '<link rel="canonical" href="https://s.example/b/lessons/one/"><a class="term" href="https://s.example/b/glossary/#pid">pid</a>' +
      '<a href="https://s.example/b/lessons/two/">two</a><a href="#step-2">2</a><a href="https://x.example/">x</a><link href="../../a.css">' +
      '<a class="whole" href="https://s.example/b/lessons/one/">Open</a>',
  );
  expect(detached(page, 'embed/one/index.html', has, null)).toBe(
    '<a class="term" tabindex="0">pid</a><a>two</a><a href="#step-2">2</a><a href="https://x.example/">x</a><link href="../../a.css">',
  );
});

test('the size is said, with a warning above what platforms usually take', () => {
  expect(sizeText(28_193)).toBe('0.03 MB');
  expect(sizeText(8_494_340)).toBe('8.5 MB');
  expect(sizeText(20_100_000)).toMatch(/^20\.1 MB: more than many platforms take/);
  expect(packageName('one', '2004', 'remote')).toBe('one-scorm-2004-remote.zip');
});
