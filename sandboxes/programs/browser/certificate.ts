/** What a browser thinks of a server's certificate, as facts for the page. Loaded with TLS. */
import type { Certificate, Problem } from '../tls/index.ts';
import { isAddress, matchingName, sha256 } from '../tls/index.ts';
import type { CertificateFacts, CertificateTrouble } from './messages.ts';

/** openssl's numbers of what means: nobody whom this machine trusts has signed it. */
const UNKNOWN_AUTHORITY: readonly number[] = [2, 18, 19, 20];
const NOT_YET = 9;
const EXPIRED = 10;

const fingerprintOf = ({ der }: Certificate): string => Array.from(sha256(der), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** `problem`: what is wrong with the chain, null when it is trusted. */
export function factsOf(certificate: Certificate, host: string, problem: Problem | null, now: number): CertificateFacts {
  const match = matchingName(certificate, host);
  // a common name alone stands for no host: browsers look at the alternative names only
  const nameMatches = match !== null && !match.common;
  return {
    trouble: troubleOf(problem, nameMatches),
    nameMatches,
    problem: problem?.text ?? null,
    subject: commonName(certificate.subject),
    issuer: commonName(certificate.issuer),
    names: certificate.altNames.filter(({ kind, value }) => kind === 'DNS' || isAddress(value)).map(({ value }) => value),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    fingerprint: fingerprintOf(certificate),
    now,
  };
}

/** Who signed it counts first, as in Chromium: of a self-signed certificate nothing else can be believed anyway. */
function troubleOf(problem: Problem | null, nameMatches: boolean): CertificateTrouble | null {
  if (problem && UNKNOWN_AUTHORITY.includes(problem.code)) return 'authority';
  if (!nameMatches) return 'name';
  if (problem === null) return null;
  return problem.code === EXPIRED ? 'expired' : problem.code === NOT_YET ? 'not-yet' : 'other';
}

const commonName = (name: Certificate['subject']): string => name.findLast(([type]) => type === 'CN')?.[1] ?? '';
