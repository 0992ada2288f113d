/** The bytes of one request on each of its hops, read from a trace: what the bare echo must carry too. */
import type { TraceEvent } from '../../../sandboxes/host/events.ts';
import { REQUEST } from './files.ts';

export interface Sizes {
  /** Client to nginx. */
  readonly request: number;
  /** nginx to worker. */
  readonly packet: number;
  /** Worker to nginx. */
  readonly reply: number;
  /** nginx to client. */
  readonly answer: number;
}

/** From the last whole request in `events`. */
export function sizesOf(events: readonly TraceEvent[]): Sizes {
  const upstream = events.filter((event) => event.type === 'nginx.upstream').at(-1);
  if (upstream === undefined) throw new Error('no request in the trace');
  const data = events.filter((event) => event.type === 'conn.data');
  const bytes = (conn: string, byNginx: boolean): number => {
    const chunk = data.filter((event) => event.conn === conn && (event.pid === upstream.pid) === byNginx).at(-1);
    if (chunk === undefined) throw new Error(`no bytes on ${conn} in the trace`);
    return chunk.bytes;
  };
  return {
    request: REQUEST.length,
    packet: bytes(upstream.upstream, true),
    reply: bytes(upstream.upstream, false),
    answer: bytes(upstream.conn, true),
  };
}
