/** `openssl req -x509`: a new key on P-256 and a certificate that it signs itself. */
import { type Host, isSystemError } from '../../host/host.ts';
import type { AltName, NamePart } from '../tls/x509/certificate.ts';
import { NAME_PARTS } from '../tls/x509/names.ts';
import { Failure } from './failure.ts';
import type { Options } from './options.ts';

export const REQ = ['x509', 'newkey=', 'pkeyopt=', 'nodes', 'noenc', 'keyout=', 'out=', 'days=', 'subj=', 'addext=', 'sha256'];

const DAY = 86_400_000;
/** A certificate's times have four digits for the year. */
const LAST = Date.UTC(10_000, 0);
const lacks = (what: string): Failure => new Failure(`openssl: this sandbox's "req" ${what}.`);

export async function req(host: Host, options: Options): Promise<number> {
  if (!options.has('x509')) throw lacks('makes certificates only, with -x509');
  if (!options.has('nodes') && !options.has('noenc')) throw lacks('writes keys without a passphrase only, with -nodes');
  if (options.value('newkey') !== 'ec') throw lacks('makes EC keys only: -newkey ec -pkeyopt ec_paramgen_curve:prime256v1');
  const curve = options.value('pkeyopt');
  if (curve === null) throw new Failure('req: Error generating ec key');
  if (!/^ec_paramgen_curve:(prime256v1|P-256)$/.test(curve)) throw lacks('has the curve prime256v1 only');
  const days = readDays(options.value('days') ?? '30');
  const given = options.value('subj');
  if (given === null) throw lacks('asks no questions: it wants -subj /CN=localhost or so');
  const altNames = options.all('addext').flatMap(readAddedExtension);

  const { makeCertificate, P256_SEED, p256SecretKey, writePem, writePrivateKey } = await import('../tls/index.ts');
  const secret = p256SecretKey(host.random(P256_SEED));
  const key = writePem({ label: 'PRIVATE KEY', der: writePrivateKey(secret) });
  const keyFile = options.value('keyout') ?? 'privkey.pem';
  await write(host, keyFile, key, 0o600, "req: Can't open");
  await host.printError('-----\n');

  const { subject, warnings } = readSubject(given);
  for (const warning of warnings) await host.printError(`req warning: ${warning}\n`);
  const serial = host.random(20);
  // A positive number that never begins with a zero byte.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const now = Math.floor(host.date() / 1000) * 1000;
  if (now + days * DAY >= LAST) throw lacks('makes no certificate that is good beyond the year 9999');
  const der = makeCertificate({ secret, serial, subject, altNames, notBefore: now, notAfter: now + days * DAY });
  const pem = writePem({ label: 'CERTIFICATE', der });
  const out = options.value('out');
  if (out === null) await host.print(pem);
  else await write(host, out, pem, 0o644, "Can't open");
  return 0;
}

async function write(host: Host, path: string, text: string, mode: number, words: string): Promise<void> {
  try {
    await host.fs.write(path, text, { mode });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(`${words} "${path}" for writing, ${error.strerror}`);
  }
}

/** A number of days, 1 at the least. Throws Failure. */
function readDays(text: string): number {
  const wrong = (words: string): Failure => new Failure(`req: ${words}\nreq: Use -help for summary.`);
  if (!/^[+-]?\d{1,10}$/.test(text)) throw wrong(`Can't parse "${text}" as a number`);
  if (Number(text) <= 0) throw wrong(`Non-positive number "${text}" for option -days`);
  return Number(text);
}

/** `/C=DE/CN=localhost`; a backslash takes the meaning from the next character. Throws Failure. */
function readSubject(text: string): { subject: NamePart[]; warnings: string[] } {
  if (!text.startsWith('/')) {
    throw new Failure(
      'req: subject name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. ' +
        `This name is not in that format: '${text}'`,
    );
  }
  const subject: NamePart[] = [];
  const warnings: string[] = [];
  for (let rest = text.slice(1); rest !== ''; ) {
    const [whole, type = '', value = '', end = ''] = /^([^=]*)=((?:\\.|[^\\/])*)(\/|\\$|$)/.exec(rest) ?? [];
    if (whole === undefined) throw new Failure(`req: Missing '=' after RDN type string '${rest}' in subject name string`);
    if (end === '\\') throw new Failure('req: Escape character at end of subject name string');
    rest = rest.slice(whole.length);
    if (/(^|[^\\])(\\\\)*\+/.test(value))
      throw lacks(`takes one value for each part of a subject, not "${value}"; a plus sign is written \\+`);
    if (!Object.hasOwn(NAME_PARTS, type)) {
      if (REAL_PARTS.has(type)) throw lacks(`knows no "${type}" in a subject; it knows ${Object.keys(NAME_PARTS).join(' ')}`);
      warnings.push(`Skipping unknown subject name attribute "${type}"`);
    } else if (value === '') warnings.push(`No value provided for subject name attribute "${type}", skipped`);
    else subject.push([type, value.replace(/\\(.)/g, '$1')]);
  }
  return { subject, warnings };
}

/** Other parts of a name that the real one knows, those that people use. */
const REAL_PARTS = new Set([
  ...['commonName', 'countryName', 'localityName', 'stateOrProvinceName', 'organizationName', 'organizationalUnitName', 'surname'],
  ...['GN', 'givenName', 'initials', 'title', 'serialNumber', 'street', 'streetAddress', 'postalCode', 'description', 'name', 'pseudonym'],
  ...['DC', 'domainComponent', 'UID', 'userId', 'dnQualifier', 'generationQualifier', 'businessCategory', 'unstructuredName'],
]);

/** `subjectAltName=DNS:localhost,IP:127.0.0.1`. Throws Failure. */
function readAddedExtension(text: string): AltName[] {
  const list = /^subjectAltName\s*=\s*(.+)$/.exec(text)?.[1];
  if (list === undefined) throw lacks('adds subjectAltName only');
  return list.split(',').map((item): AltName => {
    const [, kind = '', value = ''] = /^\s*(\w+):(.*?)\s*$/.exec(item) ?? [];
    if (kind === 'DNS' && value !== '') return { kind: 'DNS', value };
    if (kind === 'IP' && /^\d{1,3}(\.\d{1,3}){3}$/.test(value) && value.split('.').every((part) => Number(part) < 256))
      return { kind: 'IP Address', value };
    throw new Failure(
      `Error checking extensions defined using -addext\nopenssl: subjectAltName takes DNS:name and IP:1.2.3.4, not "${item.trim()}".`,
    );
  });
}
