/** `openssl x509`: what a certificate says. */
import { type Host, isSystemError } from '../../host/host.ts';
import { byteText, concat } from '../http/bytes.ts';
import { Failure } from './failure.ts';
import type { Options } from './options.ts';
import { hex, hexPairs, printCertificate, printName, printTime } from './print.ts';

export const X509 = [
  ...['in=', 'noout', 'text', 'subject', 'issuer', 'dates', 'startdate', 'enddate', 'serial', 'fingerprint', 'sha256', 'sha1'],
];

export async function x509(host: Host, options: Options): Promise<number> {
  const { readCertificate, readPem, sha1, sha256, writePem } = await import('../tls/index.ts');
  const path = options.value('in');
  const text = path === null ? await input(host) : await file(host, path);
  const block = readPem(text).find(({ label }) => label === 'CERTIFICATE');
  const certificate = block ? readCertificate(block.der) : null;
  if (!certificate) throw new Failure(`Could not read certificate from ${path ?? '<stdin>'}\nUnable to load certificate`);
  const { subject, issuer, serial, notBefore, notAfter, der, publicKey } = certificate;
  const starts = `notBefore=${printTime(notBefore)}\n`;
  const ends = `notAfter=${printTime(notAfter)}\n`;
  let out = '';
  for (const name of options.names) {
    if (name === 'text') {
      if (publicKey === null) throw new Failure("openssl: this sandbox's openssl shows certificates with EC keys on P-256 only.");
      out += printCertificate(certificate, publicKey);
    } else if (name === 'subject') out += `subject=${printName(subject)}\n`;
    else if (name === 'issuer') out += `issuer=${printName(issuer)}\n`;
    else if (name === 'dates') out += starts + ends;
    else if (name === 'startdate') out += starts;
    else if (name === 'enddate') out += ends;
    else if (name === 'serial') out += `serial=${hex(serial)}\n`;
    else if (name === 'fingerprint') {
      out += options.has('sha256') ? `sha256 Fingerprint=${hexPairs(sha256(der))}\n` : `SHA1 Fingerprint=${hexPairs(sha1(der))}\n`;
    }
  }
  if (!options.has('noout')) out += writePem({ label: 'CERTIFICATE', der });
  await host.print(out);
  return 0;
}

async function file(host: Host, path: string): Promise<string> {
  try {
    return byteText(await host.fs.read(path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(`Could not open file or uri for loading certificate from ${path}: ${error.strerror}\nUnable to load certificate`);
  }
}

async function input(host: Host): Promise<string> {
  const parts: Uint8Array[] = [];
  for (let bytes = await host.readInput(); bytes !== null; bytes = await host.readInput()) parts.push(bytes);
  return byteText(concat(parts));
}
