/** What the stats server says: a picture of the instance as JSON, with the keys and types of uWSGI 2.0.21. */
import { newTally, type Tally } from './tally.ts';

export interface InstanceState {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  readonly cwd: string;
  readonly thunderLock: boolean;
  readonly socket: SocketState;
  /** One for each process of the configuration. */
  readonly workers: readonly WorkerState[];
}

/** The queue as the master last measured it: a Unix socket's cannot be. */
export interface SocketState {
  readonly name: string;
  readonly protocol: string;
  readonly queue: number;
  readonly maxQueue: number;
}

export interface WorkerState {
  readonly id: number;
  /** 0 for one that has ended and is not replaced. */
  readonly pid: number;
  readonly accepting: boolean;
  readonly tally: Tally;
  readonly harakiris: number;
  /** How often a process was started for it, the first one counted. */
  readonly spawns: number;
  /** Seconds since 1970. */
  readonly lastSpawn: number;
  /** Seconds that its app's import took; null when there is no app. */
  readonly appStartup: number | null;
  /** The request it is busy with. */
  readonly request: { readonly vars: readonly string[]; readonly start: number } | null;
}

const LOCKS = ['user 0', 'signal', 'filemon', 'timer', 'rbtimer', 'cron', 'rpc', 'snmp'];
const AFTER_CRON = LOCKS.indexOf('rpc');

/** The picture, indented as uWSGI indents it. */
export function statsJson(state: InstanceState): string {
  const { pid, uid, gid, cwd, socket } = state;
  const locks = state.thunderLock ? LOCKS.toSpliced(AFTER_CRON, 0, 'thunder') : LOCKS;
  const stats = {
    version: '2.0.21-debian',
    listen_queue: socket.queue,
    listen_queue_errors: 0,
    signal_queue: 0,
    load: socket.queue,
    pid,
    uid,
    gid,
    cwd,
    locks: locks.map((name) => ({ [name]: 0 })),
    sockets: [{ name: socket.name, proto: socket.protocol, queue: socket.queue, max_queue: socket.maxQueue, shared: 0, can_offload: 0 }],
    workers: state.workers.map(workerJson),
  };
  return `${JSON.stringify(stats, null, '\t')}\n`;
}

function workerJson(worker: WorkerState): object {
  const { id, pid, accepting, tally, harakiris, spawns, lastSpawn, appStartup, request } = worker;
  return {
    id,
    pid,
    accepting: accepting ? 1 : 0,
    requests: tally.requests,
    delta_requests: tally.delta,
    exceptions: tally.exceptions,
    harakiri_count: harakiris,
    signals: 0,
    signal_queue: 0,
    status: spawns === 0 ? 'cheap' : request ? 'busy' : 'idle',
    rss: tally.rss,
    vsz: tally.vsz,
    running_time: tally.runningTime,
    last_spawn: lastSpawn,
    respawn_count: spawns,
    tx: tally.tx,
    avg_rt: tally.averageTime,
    apps: appStartup === null ? [] : [appJson(tally, appStartup)],
    cores: [coreJson(worker)],
  };
}

const appJson = ({ begun, exceptions }: Tally, startup: number): object => ({
  id: 0,
  modifier1: 0,
  mountpoint: '',
  startup_time: startup,
  requests: begun,
  exceptions,
  chdir: '',
});

function coreJson({ tally, request }: WorkerState): object {
  return {
    id: 0,
    requests: tally.requests,
    static_requests: 0,
    routed_requests: 0,
    offloaded_requests: 0,
    write_errors: tally.writeErrors,
    read_errors: 0,
    in_request: request ? 1 : 0,
    // The real one ends the list with an empty text.
    vars: request ? [...request.vars, ''] : [],
    req_info: request ? { request_start: request.start } : {},
  };
}

/** A worker that the master has not started yet. */
export const unstarted = (appStartup: number | null): WorkerState => ({
  id: 0,
  pid: 0,
  accepting: false,
  tally: newTally(),
  harakiris: 0,
  spawns: 0,
  lastSpawn: 0,
  appStartup,
  request: null,
});
