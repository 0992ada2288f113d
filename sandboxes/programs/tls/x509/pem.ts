/** PEM: DER in base64 between two lines (RFC 7468). */
import { bytesOf, byteText } from '../../http/bytes.ts';

export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY` … */
  readonly label: string;
  readonly der: Uint8Array;
}

export function writePem({ label, der }: PemBlock): string {
  const lines = btoa(byteText(der)).replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

/** All blocks of a text, whatever stands between them; one whose base64 is broken is left out. */
export function readPem(text: string): PemBlock[] {
  const found = text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----\r?\n([^-]*)-----END \1-----/g);
  return [...found].flatMap(([, label = '', body = '']) => {
    const base64 = body.replace(/\s/g, '');
    return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && base64.length % 4 === 0 ? [{ label, der: bytesOf(atob(base64)) }] : [];
  });
}
