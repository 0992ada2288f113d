/** What the dialog calls a request, its hops and what is to be seen of them. Pure. */
import { type Names, WORDS } from '../../../diagram/words.ts';
import type { ByteHop, Place } from '../../../trace/bytes.ts';
import type { ProcessFacts } from '../../../trace/processes.ts';
import type { RequestTrace } from '../../../trace/requests.ts';
import { pathOf } from '../../../trace/text.ts';
import type { Holder } from './spans.ts';

/** nginx may notice a little before the kernel says that a process is no more (ms). */
const A_MOMENT = 50;

/** Gives a worker's number by its pid, or null. */
type WorkerOf = (pid: number | null) => number | null;

/** `Request 12 · GET /slow · 200 · worker 3`. */
export function titleOf(request: RequestTrace, worker: number | null, names: Names): string {
  const { status, method, url } = request;
  const outcome = status === null ? 'under way' : status === 0 ? 'no answer' : String(status);
  const parts = [`Request ${request.number}`, url === '' ? '' : `${method} ${pathOf(url)}`, outcome];
  if (worker !== null) parts.push(`${WORDS[names].worker} ${worker}`);
  return parts.filter((part) => part !== '').join(' · ');
}

function placeName(place: Place, worker: number | null, names: Names): string {
  const words = WORDS[names];
  switch (place) {
    case 'visitor':
      return 'visitor';
    case 'gate':
      return words.gate.long;
    case 'shelf':
      return words.shelf?.long ?? 'shelf';
    case 'worker':
      return worker === null ? words.worker : `${words.worker} ${worker}`;
    case 'app':
      return 'your app';
  }
}

/** `nginx → worker 3`. */
export function routeOf(hop: ByteHop, workerOf: WorkerOf, names: Names): string {
  const worker = workerOf(hop.pid);
  return `${placeName(hop.from, worker, names)} → ${placeName(hop.to, worker, names)}`;
}

/** What travels on a hop. */
export function cargoOf(hop: ByteHop): string {
  switch (hop.kind) {
    case 'request':
      return hop.records ? 'HTTPS request' : 'HTTP request';
    case 'file':
      return 'static file';
    case 'ask':
      return hop.bytes?.text.charCodeAt(0) === 0 ? 'uwsgi packet' : 'HTTP request';
    case 'environ':
      return 'WSGI environ';
    case 'reply':
      return "the app's response";
    case 'failure':
    case 'lost':
      return 'no answer';
    case 'answer':
      return hop.records ? 'HTTPS response' : 'HTTP response';
  }
}

/** What there is to read where no bytes are, or before them: a heading and sentences. */
export function noteOf(hop: ByteHop, request: RequestTrace, names: Names): { readonly heading: string; readonly text: string } | null {
  const gate = WORDS[names].gate.long;
  switch (hop.kind) {
    case 'file':
      return request.file?.found === false
        ? { heading: 'No such file', text: `${gate} looked for this file, did not find it, and answered so itself.` }
        : { heading: 'No Python needed', text: `${gate} opened this file and sent it. No worker heard of the request.` };
    case 'failure':
      return {
        heading: 'No answer from behind',
        text: `This is what ${gate} noticed. The next hop shows what it told the visitor instead.`,
      };
    case 'lost':
      return hop.from === 'visitor'
        ? { heading: 'It was never sent', text: 'There was no connection to send it over. This is what the visitor was told:' }
        : { heading: 'The visitor got no answer', text: 'This is what the visitor was told:' };
    default:
      return null;
  }
}

/** What became of the worker whose answer did not come; nothing for other hops. */
export function endOf(hop: ByteHop, process: ProcessFacts | undefined, names: Names): string {
  if (hop.kind !== 'failure' || !process) return '';
  const name = `${process.worker === null ? 'the process' : `${WORDS[names].worker} ${process.worker}`} (pid ${process.pid})`;
  const end = process.signal === null ? `it ended with code ${process.code}` : `it was killed by ${process.signal}`;
  const still = 'it was still at work, though nobody waited for the answer any more';
  return `What became of ${name}: ${process.exitAt > hop.t + A_MOMENT ? still : end}.`;
}

/** Who has the request in a span of its time. */
export function holderName(holder: Holder, names: Names): string {
  switch (holder) {
    case 'way':
      return 'on the wire';
    case 'gate':
      return WORDS[names].gate.long;
    case 'line':
      return names === 'iis' ? 'waiting in the request queue' : 'queued';
    case 'worker':
      return WORDS[names].worker;
    case 'unseen':
      return 'not visible from outside';
  }
}
