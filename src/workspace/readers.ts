/** Which servers have read their files anew, told from the trace. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Processes } from './server-processes.ts';

export interface Reader {
  readonly program: string;
  /** `code`: only that of its app. */
  readonly what: 'all' | 'code';
}

/** uWSGI's word when the last worker of a chain reload serves again. */
const CHAIN_OVER = /- chain reloading complete$/;

/** Those of the programs that in these events started or were told to read anew, each once. */
export function readersIn(events: readonly TraceEvent[], processes: Processes, programs: ReadonlySet<string>): Reader[] {
  const readers = new Map<string, Reader>();
  for (const event of events) {
    const program = processes.programOf(event.pid) ?? '';
    const what = readIn(event, processes);
    // who has read all has read the code, too
    if (what && programs.has(program) && readers.get(program)?.what !== 'all') readers.set(program, { program, what });
  }
  return [...readers.values()];
}

/** What the process that an event is about reads because of it; null when nothing. */
function readIn(event: TraceEvent, processes: Processes): Reader['what'] | null {
  const { pid } = event;
  if (event.type === 'process.role') return event.role === 'master' || processes.isFirst(pid) ? 'all' : null;
  if (event.type === 'process.signal') return event.signal === 'SIGHUP' && processes.isFirst(pid) ? 'all' : null;
  // the workers were replaced one by one, and each has imported the app; the master goes on with the options it has
  if (event.type === 'log') return CHAIN_OVER.test(event.text) && processes.isLazy(pid) ? 'code' : null;
  return null;
}
