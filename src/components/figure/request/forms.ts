/** In which forms a hop's bytes can be looked at, and what Copy takes of each. Pure. */
import { MOST_IN_A_SECOND } from '../../../../sandboxes/host/events.ts';
import type { ByteHop, KeptBytes } from '../../../trace/bytes.ts';
import type { Packet } from '../../../trace/packet.ts';
import { decodePacket } from '../../../trace/packet.ts';
import { hexDump } from './hex.ts';
import { type Message, readMessage } from './message.ts';

export type Form = {
  readonly label: string;
  /** What Copy puts on the clipboard. */
  readonly copy: string;
  /** The bytes it shows, for what is said about those that are missing. */
  readonly of: KeptBytes | null;
  /** Said above it. */
  readonly about?: string;
} & (
  | { readonly kind: 'http'; readonly message: Message }
  | { readonly kind: 'packet'; readonly packet: Packet; readonly bytes: string }
  | { readonly kind: 'environ'; readonly environ: Readonly<Record<string, string>> }
  | { readonly kind: 'hex'; readonly bytes: string }
);

/** The most telling form first. None when nothing was kept. */
export function formsOf(hop: ByteHop): readonly Form[] {
  const { bytes, records, environ } = hop;
  if (environ) return [{ kind: 'environ', label: 'As Python sees it', environ, copy: lines(Object.entries(environ)), of: null }];
  const forms: Form[] = [];
  if (bytes && bytes.text !== '') {
    const packet = hop.kind === 'ask' ? packetOf(bytes.text) : null;
    const message = packet ? null : readMessage(bytes.text);
    if (packet) forms.push(packetForm(packet, bytes));
    if (message) forms.push({ kind: 'http', label: records ? 'HTTP, opened' : 'HTTP', message, copy: copyOf(message), of: bytes });
    forms.push(hexForm(records ? 'Bytes, opened' : 'Bytes', bytes));
  }
  if (records && records.text !== '') forms.push({ ...hexForm('On the wire: TLS records', records), about: SEALED });
  return forms;
}

const SEALED = 'In the open stand 17 03 03 and the length of the record. All that follows is sealed, headers and path as well.';

/** HTTP begins with a letter, and would be a packet of more than 8 kB for something other than Python. */
const packetOf = (bytes: string): Packet | null => (bytes.charCodeAt(0) === 0 ? decodePacket(bytes) : null);

const packetForm = (packet: Packet, bytes: KeptBytes): Form => ({
  ...{ kind: 'packet', label: 'Variables', packet, bytes: bytes.text, of: bytes },
  copy: lines(packet.variables.map(({ name, value }) => [name, value])),
});

const hexForm = (label: string, bytes: KeptBytes): Form => ({
  ...{ kind: 'hex', label, bytes: bytes.text, of: bytes },
  copy: hexDump(bytes.text),
});

const copyOf = ({ head, body, binary }: Message): string => `${head}\n\n${binary ? hexDump(body) : body}`;

const lines = (pairs: readonly (readonly [string, string])[]): string => pairs.map(([name, value]) => `${name}=${value}\n`).join('');

/** Why nothing of it was kept. */
export const BUSY = `had more to say in that second than is kept (${MOST_IN_A_SECOND / 1024} kB).`;

/** What is said about bytes that are not here; nothing when all are. */
export function missing({ text, total, lost }: KeptBytes): string {
  const count = (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'byte' : 'bytes'}`;
  if (lost === null) return '';
  if (lost === 'long')
    return `The first ${count(text.length)} of ${count(total)}. Of a long message only the beginning is kept, so that watching costs nothing.`;
  return `${count(total)} went by and were not kept: this process ${BUSY} Send a single request to see its bytes.`;
}
