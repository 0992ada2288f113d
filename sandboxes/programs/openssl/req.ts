/** `openssl req -x509`: a new key on P-256 and a certificate that it signs itself. */
import { type Host, isSystemError } from '../../host/host.ts';
import type { AltName, NamePart } from '../tls/x509/certificate.ts';
import { NAME_PARTS } from '../tls/x509/names.ts';
import { Failure } from './failure.ts';
import type { Options } from './options.ts';

export const REQ = ['x509', 'newkey=', 'pkeyopt=', 'nodes', 'noenc', 'keyout=', 'out=', 'days=', 'subj=', 'addext=', 'sha256'];

const DAY = 86_400_000;
const lacks = (what: string): Failure => new Failure(`openssl: this sandbox's "req" ${what}.`);

export async function req(host: Host, options: Options): Promise<number> {
  if (!options.has('x509')) throw lacks('makes certificates only, with -x509');
  if (!options.has('nodes') && !options.has('noenc')) throw lacks('writes keys without a passphrase only, with -nodes');
  if (options.value('newkey') !== 'ec') throw lacks('makes EC keys only: -newkey ec -pkeyopt ec_paramgen_curve:prime256v1');
  const curve = options.value('pkeyopt');
  if (curve === null) throw new Failure('req: Error generating ec key');
  if (!/^ec_paramgen_curve:(prime256v1|P-256)$/.test(curve)) throw lacks('has the curve prime256v1 only');
  const days = Number(options.value('days') ?? 30);
  if (!Number.isInteger(days)) throw new Failure(`req: Can't parse "${options.value('days')}" as a number`);
  const given = options.value('subj');
  if (given === null) throw lacks('asks no questions: it wants -subj /CN=localhost or so');
  const altNames = options.all('addext').flatMap(readAddedExtension);

  const { makeCertificate, P256_SEED, p256SecretKey, writePem, writePrivateKey } = await import('../tls/index.ts');
  const secret = p256SecretKey(host.random(P256_SEED));
  const key = writePem({ label: 'PRIVATE KEY', der: writePrivateKey(secret) });
  const keyFile = options.value('keyout') ?? 'privkey.pem';
  await write(host, keyFile, key, 0o600, "req: Can't open");
  await host.printError('-----\n');

  const subject = readSubject(given);
  const serial = host.random(20);
  // A positive number that never begins with a zero byte.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const now = Math.floor(host.date() / 1000) * 1000;
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

/** `/C=DE/CN=localhost`; a backslash takes the meaning from the next character. Throws Failure. */
function readSubject(text: string): NamePart[] {
  if (!text.startsWith('/')) {
    throw new Failure(
      'req: subject name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. ' +
        `This name is not in that format: '${text}'`,
    );
  }
  const parts: NamePart[] = [];
  for (const [, type = '', value = ''] of text.matchAll(/\/([^=/]+)=((?:\\.|[^\\/])*)/g)) {
    if (!Object.hasOwn(NAME_PARTS, type)) throw lacks(`knows no "${type}" in a subject; it knows ${Object.keys(NAME_PARTS).join(' ')}`);
    if (value !== '') parts.push([type, value.replace(/\\(.)/g, '$1')]);
  }
  return parts;
}

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
