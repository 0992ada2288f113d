/** What the run and the model of IIS do differently at one moment, in plain words, each with the rule it comes from. */
import type { Iis } from '../../../model/iis.ts';
import type { SourceKey } from '../../../model/sources.ts';
import type { IisState, ProcessView } from '../../../model/state.ts';
import { CORES } from '../../../model/steps.ts';
import type { Frame } from '../../../trace/frame.ts';

export interface Difference {
  readonly text: string;
  readonly source: SourceKey;
}

/** No more than so many are told at once; the most striking come first. */
const MOST = 4;
/** What has just happened is told for so long (ms of the run). */
const RECENT = 4000;

const some = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;
const numbers = (list: readonly number[]): string => list.join(', ');

export function differences(frame: Frame, state: IisState, iis: Iis): Difference[] {
  const found = [...failed(state, iis), ...crashed(state, iis), ...queued(frame, state, iis), ...recycled(state), ...worked(state, iis)];
  return found.length > 0 ? found.slice(0, MOST) : [quiet(frame, iis)];
}

/** A 503: the pool is stopped, or the queue has been full. */
function failed(state: IisState, { settings }: Iis): Difference[] {
  if (state.stopped && !settings.autoStart)
    return [{ text: 'autoStart is false: the pool is stopped, and HTTP.sys answers 503 to everyone.', source: 'rapidFail' }];
  if (state.stopped)
    return [
      {
        text: `${settings.rapidFailCrashes} crashes in ${minutes(settings.rapidFailInterval)}: WAS has stopped the pool, and every request gets a 503. The uWSGI master never gives up, it goes on starting workers.`,
        source: 'rapidFail',
      },
    ];
  if (state.over.full === 0) return [];
  return [
    {
      text: `${some(state.over.full, 'request')} found ${settings.queueLength} others in the queue and got a 503 from HTTP.sys at once. Here a full listen queue makes nginx answer 502, because it cannot connect.`,
      source: 'queueLength',
    },
  ];
}

function crashed(state: IisState, iis: Iis): Difference[] {
  const last = iis.processes.findLast((process) => process.end <= state.t && (process.why === 'crashed' || process.why === 'killed'));
  if (!last || state.t - last.end > RECENT) return [];
  const killed = last.why === 'killed';
  const took = last.lost === 0 ? 'nothing ran in it' : `${some(last.lost, 'request')} went down with it`;
  return [
    {
      text: killed
        ? `w3wp ${last.id} did not end in shutdownTimeLimit, so WAS killed it: ${took}.`
        : `w3wp ${last.id} died: ${took}. Here a worker that dies takes one request with it at most, the one it works on.`,
      source: killed ? 'shutdown' : 'crash',
    },
  ];
}

function queued(frame: Frame, state: IisState, iis: Iis): Difference[] {
  const here = frame.listeners.filter((one) => one.server === 'uwsgi').reduce((sum, one) => sum + one.waiting.length, 0);
  const busy = frame.workers.filter((one) => one.state === 'busy' || one.state === 'stuck').length;
  const there = state.waiting.length;
  const working = state.processes.filter((one) => one.running.length > 0);
  const found: Difference[] = [];
  if (here > 0 && busy === 0)
    found.push({
      text: `Here ${some(here, 'request waits', 'requests wait')} until the master has a worker ready: each one is a whole new process. In the model ${some(state.running.length, 'request runs', 'requests run')} on ${some(working.length, 'w3wp', 'w3wp')}.`,
      source: 'onePool',
    });
  else if (here > 0) {
    const rest = there > 0 ? `${some(there, 'waits', 'wait')} for a thread` : 'nobody waits';
    const rooms = working.length === 1 ? 'one w3wp' : some(working.length, 'w3wp', 'w3wp');
    found.push({
      text: `Here ${here} of ${here + busy} requests ${here === 1 ? 'waits' : 'wait'}: a worker runs one at a time. In the model ${rooms} ${working.length === 1 ? 'runs' : 'run'} ${state.running.length} at once, ${working.length > 1 ? 'each ' : ''}on threads that share one copy of the app; ${rest}.`,
      source: 'onePool',
    });
  }
  const starting = state.processes.some((one) => one.state === 'starting') && working.length === 0;
  const again = iis.processes.some((one) => one.end <= state.t);
  if (there > 0 && starting)
    found.push({
      text: `${some(there, 'request waits', 'requests wait')} while WAS starts ${again ? 'another' : 'the first'} w3wp: it starts on demand. ${again ? 'Here the master starts a new worker as soon as one is gone.' : 'The workers here were started before anybody came.'}`,
      source: 'demand',
    });
  else if (there > 0 && working.length > 0)
    found.push({
      text: `${some(there, 'request waits', 'requests wait')} although w3wp could hold more: all ${some(threadsOf(working), 'thread')} are taken, and the pool of threads grows by one each half second.`,
      source: 'threads',
    });
  return found;
}

function recycled(state: IisState): Difference[] {
  const old = state.processes.filter((one) => one.state === 'draining');
  if (old.length === 0) return [];
  const fresh = state.processes.find((one) => one.record.replaces === old[0]?.id);
  if (!fresh)
    return [
      {
        text: `w3wp ${numbers(old.map((one) => one.id))} finishes what it has, and nothing new runs beside it: overlapping is switched off.`,
        source: 'overlap',
      },
    ];
  return [
    {
      text: `w3wp ${fresh.id} already takes requests while w3wp ${numbers(old.map((one) => one.id))} finishes its own: recycling overlaps. When uWSGI reloads, the old workers end first and who comes meanwhile waits in the listen queue.`,
      source: 'overlap',
    },
  ];
}

function worked(state: IisState, { settings }: Iis): Difference[] {
  const found: Difference[] = [];
  const stuck = state.running.filter((one) => !Number.isFinite(one.arrival.service) && state.t - one.start > RECENT);
  if (stuck.length > 0)
    found.push({
      text: `${stuck.length === 1 ? 'Request' : 'Requests'} ${numbers(stuck.map((one) => one.arrival.number))} ${stuck.length === 1 ? 'keeps its thread' : 'keep their threads'}: a pool has no limit for a single request. uWSGI has harakiri, which kills the worker.`,
      source: 'noHarakiri',
    });
  const garden = state.processes.filter((one) => one.state === 'busy' || one.state === 'idle').length;
  if (settings.maxProcesses > 1 && garden > 1)
    found.push({
      text: `A web garden: ${garden} w3wp, each with its own memory, as with uWSGI workers. But each of them runs ${CORES} requests and more at once.`,
      source: 'garden',
    });
  const files = state.running.filter((one) => one.arrival.file);
  if (files.length > 0)
    found.push({
      text: `Request ${numbers(files.map((one) => one.arrival.number))} takes a thread in w3wp, where StaticFileModule or IIS itself answers it. Here nginx answers it alone.`,
      source: 'files',
    });
  return found;
}

function quiet(frame: Frame, iis: Iis): Difference {
  const socket = frame.listeners.find((one) => one.server === 'uwsgi');
  const workers = frame.workers.length;
  if (!socket)
    return { text: 'No uWSGI listens yet. HTTP.sys would already take requests and let them wait for the pool.', source: 'queue' };
  const takers = workers === 0 ? 'A worker here will take' : workers === 1 ? 'The worker here takes' : `The ${workers} workers here take`;
  const waits = frame.queueSeen ? 'Nobody waits on either side.' : 'Whether anybody waits here cannot be seen from outside.';
  return {
    text: `${waits} ${takers} connections from a queue of ${socket.backlog}, w3wp takes requests from one of ${iis.settings.queueLength}.`,
    source: 'queue',
  };
}

const threadsOf = (processes: readonly ProcessView[]): number => processes.reduce((sum, one) => sum + one.threads, 0);

const minutes = (ms: number): string => (ms % 60_000 === 0 ? some(ms / 60_000, 'minute') : some(ms / 1000, 'second'));
