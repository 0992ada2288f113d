/** What the page and the sandbox's browser process say to each other: one JSON object a line. */

export interface HttpCommand {
  readonly id: number;
  readonly method: string;
  /** `http://localhost/slow?ms=1000` */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Fingerprint of a certificate that the visitor takes though it is not trusted ("Proceed"). Any other one is still refused. */
  readonly accept?: string;
}

/** Give the request up, as a reader who presses Stop does. */
export interface HttpAbort {
  readonly id: number;
  readonly abort: true;
}

/** Of a body so many bytes are read, then the connection is closed: a page that never ends must not fill the memory. */
export const BODY_LIMIT = 8_000_000;

/** What a browser holds against a certificate. `other`: its signature, its purpose, its chain. */
export type CertificateTrouble = 'authority' | 'name' | 'expired' | 'not-yet' | 'other';

/** What the handshake showed of a server's certificate. */
export interface CertificateFacts {
  /** Null: nothing is wrong with it. */
  readonly trouble: CertificateTrouble | null;
  /** Is it for the name in the address? Told apart from `trouble`, which is only the first thing that is wrong. */
  readonly nameMatches: boolean;
  /** Why its chain is not trusted, in openssl's words; null when it is. */
  readonly problem: string | null;
  /** Common names, empty where there is none. */
  readonly subject: string;
  readonly issuer: string;
  /** The names it is for (subjectAltName). */
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256 of the certificate, in hex. */
  readonly fingerprint: string;
  /** The machine's time when it looked, in milliseconds since 1970. */
  readonly now: number;
}

export interface HttpAnswer {
  readonly id: number;
  /** 0 when no HTTP answer came. */
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Base64. */
  readonly body: string;
  /** Connection id and count of requests on it: the request's key in the trace. Empty and 0 when none was made. */
  readonly conn: string;
  readonly n: number;
  readonly ms: number;
  /** Why there is no answer, or null. */
  readonly failed: string | null;
  /** More of the body was to come than BODY_LIMIT. */
  readonly cut?: boolean;
  /** Of a connection over TLS, also when it was refused because of its certificate. */
  readonly certificate?: CertificateFacts;
}
