/**
 * The trace as text, one event a line. Text is several times cheaper to pass on than objects, and a request under load
 * makes some twenty events: the kernel numbers and signs the lines of a process without reading them, and whoever needs
 * events reads them here. The first character says who wrote the line, the kernel or a process.
 */
import type { TraceEvent } from './events.ts';

/** Events that only the kernel may report. */
const KERNEL_EVENT = /^(process\.(start|exit|signal)|socket\..*|conn\.(queued|failed|accepted))$/;

const KERNEL = '=';
const PROCESS = '-';

/** The line of an event that the kernel itself saw. */
export const kernelLine = (event: TraceEvent): string => `${KERNEL}${JSON.stringify(event)}\n`;

/**
 * Lines of the process `pid`, each numbered with `next`. What is added closes the object that the line opened: of two
 * fields with one name the last counts, so that a process cannot speak in another's name. What is no object is left out.
 */
export function processLines(lines: string, pid: number, next: () => number): string {
  let signed = '';
  for (const line of lines.split('\n'))
    if (line.startsWith('{') && line.endsWith('}')) signed += `${PROCESS}${line.slice(0, -1)},"pid":${pid},"seq":${next()}}\n`;
  return signed;
}

/** The events in such text. What a process may not say, or what is none, is left out. */
export function eventsOf(lines: string): TraceEvent[] {
  const events: TraceEvent[] = [];
  for (const line of lines.split('\n')) {
    if (line === '') continue;
    const event = parsed(line.slice(1));
    if (event !== null && (line.startsWith(KERNEL) || mayBeSaid(event))) events.push(event);
  }
  return events;
}

function parsed(text: string): TraceEvent | null {
  try {
    return JSON.parse(text) as TraceEvent;
  } catch {
    return null;
  }
}

/** The page puts events in order by their time: one without a time would disturb all others. */
const mayBeSaid = ({ type, t }: TraceEvent): boolean => typeof type === 'string' && !KERNEL_EVENT.test(type) && Number.isFinite(t);
