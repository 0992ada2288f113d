/** The pages that a browser makes itself when there is none to show: what happened, why, the next step. Pure. */
import type { CertificateFacts } from '../../runtime/runtime.ts';
import { explainFailure } from '../answer.ts';
import type { Front } from '../front.ts';

export interface Trouble {
  readonly title: string;
  /** The code as Chromium names it. */
  readonly code: string;
  readonly text: string;
}

/** `failed` is in the words of the sandbox's browser, `url` what was asked for, `front` who had port 80 in hand then. */
export function troubleOf(failed: string, url: string, front: Front): Trouble {
  const host = hostOf(url);
  const text = explainFailure(failed, url, front);
  const of = (title: string, code: string, say = text): Trouble => ({ title, code, text: say });
  if (/refused to connect/.test(failed)) return of('This page can’t be reached', 'ERR_CONNECTION_REFUSED');
  if (/was reset/.test(failed)) return of('This page can’t be reached', 'ERR_CONNECTION_RESET');
  if (/did not send any data/.test(failed)) return of('This page isn’t working', 'ERR_EMPTY_RESPONSE');
  if (/before the whole answer/.test(failed)) return of('This page isn’t working', 'ERR_CONTENT_LENGTH_MISMATCH');
  if (/took too long|timed out/.test(failed)) return of('This page can’t be reached', 'ERR_CONNECTION_TIMED_OUT');
  if (/There is no .* in this sandbox/.test(failed))
    return of(
      `${host} can’t be found`,
      'ERR_NAME_NOT_RESOLVED',
      `No machine in the sandbox is called ${host}: the network here has one server, localhost. A name in /etc/hosts on the server counts, too.`,
    );
  if (/does not speak TLS/.test(failed))
    return of(
      'This page can’t provide a secure connection',
      'ERR_SSL_PROTOCOL_ERROR',
      `${failed} The server at that port answers in plain HTTP: its listen line has no ssl.`,
    );
  if (/secure connection|unexpectedly closed/.test(failed))
    return of('This page can’t provide a secure connection', 'ERR_SSL_PROTOCOL_ERROR');
  if (/redirect/.test(failed)) return of('This page isn’t working', 'ERR_TOO_MANY_REDIRECTS', failed);
  return of('This page isn’t working', 'ERR_INVALID_RESPONSE');
}

const hostOf = (url: string): string => {
  try {
    return new URL(url).hostname;
  } catch {
    return url;
  }
};

/** What the page in front of a certificate that is not trusted says. */
export interface Warning {
  readonly code: string;
  /** Why, as a browser puts it. */
  readonly why: string;
  /** What it means on this server, and the next step. */
  readonly meaning: string;
  /** What the certificate says of itself, by name. */
  readonly facts: readonly (readonly [string, string])[];
}

const CODES = {
  authority: 'NET::ERR_CERT_AUTHORITY_INVALID',
  name: 'NET::ERR_CERT_COMMON_NAME_INVALID',
  expired: 'NET::ERR_CERT_DATE_INVALID',
  'not-yet': 'NET::ERR_CERT_DATE_INVALID',
  other: 'NET::ERR_CERT_INVALID',
} as const;

export function warningOf(facts: CertificateFacts, url: string): Warning {
  const host = hostOf(url);
  const trouble = facts.trouble ?? 'other';
  const date = (time: number): string => new Date(time).toISOString().slice(0, 10);
  const days = Math.max(1, Math.floor(Math.abs(facts.now - (trouble === 'expired' ? facts.notAfter : facts.notBefore)) / 86_400_000));
  const prove = `This server could not prove that it is ${host}`;
  const names = facts.names.join(', ');
  const why = {
    authority: `${prove}; its security certificate is not trusted by this machine.`,
    name: names ? `${prove}; its security certificate is from ${names}.` : `${prove}; its security certificate names no host.`,
    expired: `${prove}; its security certificate expired ${count(days)} ago.`,
    'not-yet': `${prove}; its security certificate is only valid in ${count(days)}.`,
    other: `${prove}; its security certificate cannot be used: ${facts.problem}.`,
  }[trouble];
  const meaning = {
    authority:
      facts.subject === facts.issuer
        ? 'The server signed its certificate itself. Encryption works, but nobody whom you trust says who is at the other end.'
        : `It is signed by ${facts.issuer || 'somebody'}, whom this machine does not know.`,
    name: names
      ? `It is good for ${names}, and the address says ${host}. Ask by the right name, or make a certificate for this one.`
      : 'Browsers look only at the alternative names (subjectAltName), and it has none. Make it with -addext subjectAltName=DNS:localhost.',
    expired: 'Nobody renewed it. On a real server a timer does that, long before the last day.',
    'not-yet': 'It begins in the future, or the clock of this machine is wrong.',
    other: 'Look at it with openssl x509 -in FILE -noout -text in the terminal.',
  }[trouble];
  const also = trouble === 'authority' && !facts.nameMatches ? ' It is for another name, too.' : '';
  const late = trouble === 'authority' && facts.now > facts.notAfter ? ' It has expired, too.' : '';
  return {
    code: CODES[trouble],
    why,
    meaning: meaning + also + late,
    facts: [
      ['Subject', facts.subject || 'none'],
      ['Issuer', facts.issuer || 'none'],
      ['Names', names || 'none'],
      ['Valid', `${date(facts.notBefore)} to ${date(facts.notAfter)}`],
      ['SHA-256', facts.fingerprint.replace(/(..)(?!$)/g, '$1 ')],
    ],
  };
}

const count = (days: number): string => `${days} ${days === 1 ? 'day' : 'days'}`;

/** How safe the connection of an address was, for the mark beside it. */
export type Safety = 'none' | 'plain' | 'secure' | 'broken';

export function safetyOf(url: string, certificate: CertificateFacts | null): Safety {
  if (!/^https:/i.test(url)) return 'plain';
  if (certificate === null) return 'none';
  return certificate.trouble === null ? 'secure' : 'broken';
}

export const SAFETY_WORDS: Readonly<Record<Safety, string>> = {
  none: 'No connection',
  plain: 'Not secure: http, everybody on the way can read along',
  secure: 'Secure: https, and this machine trusts the certificate',
  broken: 'Not secure: https, but the certificate is not trusted',
};
