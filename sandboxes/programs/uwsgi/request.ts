/** Takes one uwsgi request off a connection: header, variables, body. */
import { concat } from '../http/bytes.ts';
import { decodeHeader, decodePacket, HEADER_SIZE, type Packet, ProtocolError } from './protocol.ts';

export interface UwsgiRequest {
  readonly packetBytes: number;
  /** The variables as they came: a name may come twice. */
  readonly pairs: Packet['pairs'];
  readonly variables: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** A request that is not answered: the line that uWSGI logs, and whether a request line follows with which status. */
export class Skipped extends Error {
  readonly status: number | null;
  readonly packetBytes: number;
  /** More has come than the real one would have read by now. */
  readonly unread: boolean;
  constructor(line: string, status: number | null = null, packetBytes = 0, unread = false) {
    super(line);
    this.unread = unread;
    this.status = status;
    this.packetBytes = packetBytes;
  }
}

/** What a client sends next: null at its end, `late` when it takes too long. */
export type Sent = Uint8Array | null | 'late';

const CUT_SHORT = 'uwsgi_proto_uwsgi_parser(): Success [proto/uwsgi.c line 40]';

/** Read a whole request with `read`. Null when none came, or it took too long. Throws Skipped and what `read` throws. */
export async function readRequest(read: () => Promise<Sent>, bufferSize: number, runsPython: boolean): Promise<UwsgiRequest | null> {
  let got: Uint8Array = new Uint8Array(0);
  const fill = async (size: number): Promise<'full' | 'ended' | 'late'> => {
    while (got.length < size) {
      const more = await read();
      if (more === 'late') return more;
      if (more === null) return 'ended';
      got = got.length === 0 ? more : concat([got, more]);
    }
    return 'full';
  };
  /** False when it took too long: the real one says nothing of that. */
  const part = async (size: number): Promise<boolean> => {
    const how = await fill(size);
    if (how === 'ended' && got.length > 0) throw new Skipped(CUT_SHORT);
    return how === 'full';
  };

  if (!(await part(HEADER_SIZE))) return null;
  const header = decodeHeader(got);
  if (header === null) return null;
  if (header.size > bufferSize) {
    const unread = got.length > HEADER_SIZE + bufferSize;
    throw new Skipped(`invalid request block size: ${header.size} (max ${bufferSize})...skip`, null, 0, unread);
  }
  const end = HEADER_SIZE + header.size;
  if (!(await part(end))) return null;
  if (header.modifier1 !== 0 || !runsPython) throw new Skipped(`-- unavailable modifier requested: ${header.modifier1} --`);
  if (header.size === 0) throw new Skipped('Empty python request. skip.', 0);
  const request = parseRequest(got);
  const length = Number.parseInt(request.variables.get('CONTENT_LENGTH') ?? '', 10) || 0;
  if ((await fill(end + length)) !== 'full') return null;
  return { ...request, body: got.subarray(end, end + length) };
}

/** Look at a packet whose bytes are all there. Throws Skipped. */
export function parseRequest(bytes: Uint8Array): UwsgiRequest {
  try {
    const { pairs, size } = decodePacket(bytes);
    return { packetBytes: size, pairs, variables: new Map(pairs), body: bytes.subarray(HEADER_SIZE + size) };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new Skipped(`invalid uwsgi request (current strsize: ${error.size}). skip.`, 500, decodeHeader(bytes)?.size ?? 0);
  }
}
