/** TLS's mistakes in the words of OpenSSL 3.0, which nginx and curl pass on. */
import { ALERTS, type AlertName, NotTls, type TlsError } from './alerts.ts';

/** What an end that found the mistake itself says; numbers are those of OpenSSL's reasons. */
const FOUND: Readonly<Partial<Record<AlertName, string>>> = {
  unexpected_message: '0A0000F4:SSL routines::unexpected message',
  bad_record_mac: '0A000119:SSL routines::decryption failed or bad record mac',
  record_overflow: '0A0000C6:SSL routines::packet length too long',
  handshake_failure: '0A0000C1:SSL routines::no shared cipher',
  illegal_parameter: '0A000072:SSL routines::bad extension',
  decode_error: '0A00009F:SSL routines::length mismatch',
  decrypt_error: '0A00007B:SSL routines::bad signature',
  protocol_version: '0A000102:SSL routines::unsupported protocol',
  missing_extension: '0A000112:SSL routines::missing sigalgs extension',
  no_application_protocol: '0A0000EB:SSL routines::no application protocol',
};

/** Alerts that are as old as SSL 3. */
const OLD = new Set([10, 20, 30, 40, 41, 42, 43, 44, 45, 46, 47]);

/** `0A000418:SSL routines::tlsv1 alert unknown ca` */
export function openSslWords(error: TlsError): string {
  if (error instanceof NotTls) return '0A00010B:SSL routines::wrong version number';
  const code = ALERTS[error.alert];
  if (error.by === 'self') return FOUND[error.alert] ?? `0A0C0103:SSL routines::internal error`;
  const version = OLD.has(code) ? 'sslv3' : code === ALERTS.missing_extension || code === ALERTS.certificate_required ? 'tlsv13' : 'tlsv1';
  const word = code === ALERTS.unsupported_extension || code === ALERTS.unrecognized_name ? '' : 'alert ';
  return `0A${(1000 + code).toString(16).toUpperCase().padStart(6, '0')}:SSL routines::${version} ${word}${error.alert.replaceAll('_', ' ')}`;
}
