/** The readable account of a log, one sentence a moment: what a screen reader hears and what the Text view lists. */
import { waitingAt } from './frame.ts';
import type { Hop } from './hops.ts';
import type { TraceLog } from './log.ts';
import type { ProcessFrame } from './process-frames.ts';
import { processesAt } from './process-frames.ts';
import type { ProcessFacts } from './processes.ts';
import { kindOf } from './processes.ts';
import type { RequestTrace } from './requests.ts';
import type { Moment, TraceIndex } from './trace-index.ts';
import { indexOf } from './trace-index.ts';
import type { Vocabulary } from './vocabulary.ts';

/** `0.012 s`: trace time as people read it. */
export function seconds(t: number): string {
  return `${(t / 1000).toFixed(3)} s`;
}

/** `0.4 ms`, `38 ms`, `8.01 s`: a time that is read at a glance, never broken over two lines. */
export function duration(ms: number, round: (value: number) => number = Math.round): string {
  if (ms < 10) return `${(round(ms * 10) / 10).toFixed(1)}\u00a0ms`;
  return round(ms) < 1000 ? `${round(ms)}\u00a0ms` : `${(round(ms / 10) / 100).toFixed(2)}\u00a0s`;
}

/** `/slow?ms=1000` from a URL or a path; nothing from nothing. */
export function pathOf(url: string): string {
  if (url === '') return '';
  return url.replace(/^[a-z]+:\/\/[^/]*/, '') || '/';
}

/** The sentence of one moment, without its time. */
export function sentence(log: TraceLog, moment: Moment, words: Vocabulary): string {
  const index = indexOf(log);
  const { request, hop, late } = moment;
  if (request && late !== undefined) return lateSentence(request, request.late[late] as Hop, index, words);
  return request && hop !== undefined
    ? hopSentence(log, request, request.hops[hop] as Hop, index, words)
    : eventSentence(moment, index, words);
}

/** The whole account, or what is new in it from position `from` of `indexOf(log).moments`. */
export function account(log: TraceLog, words: Vocabulary, from = 0, to = Number.POSITIVE_INFINITY): string[] {
  return indexOf(log)
    .moments.slice(from, to)
    .map((moment) => `${seconds(moment.t)}: ${sentence(log, moment, words)}`);
}

function hopSentence(log: TraceLog, request: RequestTrace, hop: Hop, index: TraceIndex, words: Vocabulary): string {
  const name = `request ${request.number}`;
  switch (hop.stage) {
    case 'sent':
      // a connection that was refused never got as far as to say what it wanted
      return request.url ? `${name} leaves the visitor: ${request.method} ${pathOf(request.url)}` : `${name}: the visitor tries to connect`;
    case 'gate':
      return `${name} is at the gate, ${words.gate} has read it`;
    case 'shelf':
      return request.file?.found === false
        ? `${name}: ${words.shelf} finds no file ${request.file.path}`
        : `${name}: ${words.shelf} takes ${request.file?.path} from the shelf, no Python needed`;
    case 'upstream':
      return `${name}: ${words.gate} passes it on to ${words.socket}`;
    case 'queued': {
      const place = waitingAt(log, hop.listener ?? 0, hop.t).indexOf(request.key) + 1;
      return `${name} waits, place ${Math.max(1, place)}: ${whyWaiting(processesAt(index, hop.t).workers, words.worker)}`;
    }
    case 'accepted':
      return `${workerName(hop.pid, index, words)} takes ${name} from the ${words.queue}`;
    case 'room':
      return request.hops.some(({ stage }) => stage === 'accepted')
        ? `${workerName(hop.pid, index, words)} calls the Python app for ${name}`
        : `${workerName(hop.pid, index, words)} is at work on ${name}`;
    case 'returned':
      return `${workerName(hop.pid, index, words)} is done with ${name}${hop.status ? `, status ${hop.status}` : ''}`;
    case 'failed':
      return `${name}: ${words.gate} gets no answer (${hop.reason}) and will say ${hop.status}`;
    case 'response':
      return `${name}: ${words.gate} answers ${hop.status}`;
    case 'done':
      return hop.status ? `${name}: ${hop.status}, and the visitor has the answer` : `${name} gets no answer: ${hop.reason}`;
  }
}

function lateSentence({ number }: RequestTrace, { pid }: Hop, index: TraceIndex, words: Vocabulary): string {
  return `${workerName(pid, index, words)} takes request ${number} from the ${words.queue}, though nobody waits for the answer any more`;
}

function whyWaiting(workers: readonly ProcessFrame[], worker: string): string {
  const count = workers.length;
  if (count === 0) return `there is no ${worker} yet`;
  if (workers.some(({ state }) => state === 'idle')) return `a free ${worker} will take it`;
  const busy = workers.filter(({ state }) => state === 'busy' || state === 'stuck').length;
  if (busy === count) return count === 1 ? `the only ${worker} is busy` : `all ${count} ${worker}s are busy`;
  return `no ${worker} is free (${busy} of ${count} busy)`;
}

function workerName(pid: number, index: TraceIndex, words: Vocabulary): string {
  const worker = index.processes.byPid.get(pid)?.worker;
  return worker == null ? `process ${pid}` : `${words.worker} ${worker}`;
}

function processName(pid: number, index: TraceIndex, words: Vocabulary): string {
  const process = index.processes.byPid.get(pid);
  return process ? `${kindName(process, words)} (pid ${pid})` : `process ${pid}`;
}

function kindName(process: ProcessFacts, words: Vocabulary): string {
  const { role, worker } = process;
  const kind = kindOf(process);
  if (kind === 'uwsgi' && worker !== null) return `${words.worker} ${worker}`;
  if (kind === 'uwsgi' && role === 'master') return words.masterProcess;
  if (kind === 'nginx') return role ? words.gateProcess[role] : words.gate;
  return role ? `${kind} ${role}` : kind;
}

function eventSentence({ event }: Moment, index: TraceIndex, words: Vocabulary): string {
  if (!event) return '';
  const name = processName(event.pid, index, words);
  switch (event.type) {
    case 'process.start':
      return `${name} starts`;
    case 'process.exit':
      if (event.signal !== null) return `${name} is dead, killed by ${event.signal}`;
      return event.code === null ? `${name} is gone` : `${name} ends with code ${event.code}`;
    case 'process.signal':
      return `${name} gets ${event.signal}${event.from ? ` from pid ${event.from}` : ''}`;
    case 'socket.listen':
      return `${name} listens on ${event.address}, at most ${event.backlog} may wait`;
    case 'uwsgi.ready':
      return `${name} is ready and waits for requests`;
    case 'uwsgi.respawn':
      return `${words.master} puts a new ${words.worker} ${event.worker} in the place of the dead one: pid ${event.newPid} after ${event.oldPid}`;
    default:
      return '';
  }
}
