/** What TLS ends say when something is wrong (RFC 8446, 6). */

export const ALERTS = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  record_overflow: 22,
  handshake_failure: 40,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  missing_extension: 109,
  unsupported_extension: 110,
  unrecognized_name: 112,
  certificate_required: 116,
  no_application_protocol: 120,
} as const;

export type AlertName = keyof typeof ALERTS;

export const alertName = (code: number): AlertName | null =>
  (Object.keys(ALERTS) as AlertName[]).find((name) => ALERTS[name] === code) ?? null;

/** The connection cannot go on: this end found a mistake of the other (`self`), or the other end said so (`peer`). */
export class TlsError extends Error {
  readonly alert: AlertName;
  readonly by: 'self' | 'peer';
  constructor(alert: AlertName, message: string, by: 'self' | 'peer' = 'self') {
    super(`${alert}: ${message}`);
    this.name = 'TlsError';
    this.alert = alert;
    this.by = by;
  }

  /** The alert's number. */
  get code(): number {
    return ALERTS[this.alert];
  }
}

/** What came is not TLS at all: plain HTTP, for example. */
export class NotTls extends TlsError {
  constructor() {
    super('protocol_version', 'this is no TLS record');
  }
}

/** The other end closed the connection without saying so in TLS. */
export class Truncated extends Error {
  constructor() {
    super('the connection ended in the middle of TLS');
  }
}
