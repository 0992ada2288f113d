/** Every state of the map, for src/pages/atlas and its visual tests. */
import type { TraceLog } from '../trace/log.ts';
import { Scene } from './atlas-logs.ts';
import type { FirstPaint } from './first-paint.ts';
import type { Version } from './layout.ts';
import type { Names } from './words.ts';

export interface State {
  /** Also the name of its screenshots. */
  readonly id: string;
  readonly title: string;
  readonly log: TraceLog;
  /** The moment to show, trace time in ms. */
  readonly t: number;
  readonly sizes: readonly FirstPaint[];
  readonly followed?: string;
  readonly names?: Names;
  readonly version?: Version;
}

const ALL: readonly FirstPaint[] = ['tall', 'low', 'narrow', 'strip'];
const WIDE: readonly FirstPaint[] = ['tall'];

/** Lamps of all kinds, a room each. */
function lamps(): Scene {
  const scene = Scene.up(3).history(9, 3);
  // a second life for the third: dead at 950, another process in its place that is not ready yet
  scene.kill(3, 940, { dies: 950 }).worker(3, { t: 960, pid: 31, ready: Number.POSITIVE_INFINITY });
  scene.worker(4, { t: 980, ready: Number.POSITIVE_INFINITY });
  scene.worker(5).kill(5, 990, { signal: 'SIGTERM', dies: 2000 });
  scene.worker(6).kill(6, 970);
  scene.worker(7, { megabytes: 104 });
  scene.request('http://localhost/report', { sent: 400, gate: 401, queued: 402, taken: 403 }, { worker: 7 });
  scene.say('client.failed', 700, 90, { conn: 'c10', n: 1, reason: 'gave up' });
  return scene.busy([2], 640, 'http://localhost/cart');
}

const saturated = (): Scene => Scene.up().history(46).busy([1, 2, 3, 4], 950);

function disaster(): Scene {
  const scene = Scene.up().history(12).history(9, 4, 900, 502).history(3, 4, 900, 404);
  scene.kill(1, 960).kill(2, 970).kill(4, 975).busy([3], 930);
  return scene.waiting(30, 980);
}

function reload(): Scene {
  const scene = Scene.up().history(20).busy([2], 930);
  scene.say('process.role', 950, 3, { role: 'master', server: 'uwsgi' });
  scene.kill(2, 951, { signal: 'SIGTERM', dies: 1200 });
  for (const id of [1, 3, 4])
    scene.kill(id, 951, { signal: 'SIGTERM', dies: 952 }).worker(id, { t: 960 + id, pid: 40 + id, ready: id === 1 ? 985 : 5000 });
  return scene;
}

/** More on the lines than can be told apart. */
function crowds(): Scene {
  const scene = Scene.up().busy([1, 2, 3, 4], 960);
  for (let i = 0; i < 900; i++) {
    const sent = 200 + i * 0.9;
    scene.request('http://localhost/', { sent, gate: sent + 480, queued: sent + 1400 });
  }
  for (let i = 0; i < 420; i++) {
    const done = 1100 + i;
    scene.request(
      'http://localhost/',
      { sent: 100 + i, gate: 110 + i, queued: 120 + i, taken: 130 + i, returned: 140 + i, response: 620 + i * 0.8, done },
      { worker: (i % 4) + 1 },
    );
  }
  return scene.waiting(240, 900);
}

function tls(): Scene {
  const scene = Scene.up(4, '0.0.0.0:443').history(6);
  const done = { gate: 901, queued: 902, taken: 903, returned: 960, response: 970, done: 1006 };
  scene.request('https://localhost/pay', { sent: 900, ...done }, { worker: 2 });
  return scene.request('https://localhost/cart', { sent: 990, gate: 1030 }).busy([3], 940, 'https://localhost/slow?s=2');
}

const oneRequest = (): Scene =>
  Scene.up().request('http://localhost/hello', { sent: 980, gate: 981, queued: 990, taken: 991, returned: 1100 }, { worker: 3 });

const state = (id: string, title: string, scene: Scene, more: Partial<State> = {}): State => ({
  id,
  title,
  log: scene.log(),
  t: 1000,
  sizes: WIDE,
  ...more,
});

/** Queues, from none to full. */
function queues(): State[] {
  const four = [1, 2, 3, 4];
  return [
    state('queue-no-socket', 'No socket yet', new Scene().nginx()),
    state('queue-empty', 'A socket, nobody waits', Scene.up().history(8)),
    state('queue-3', 'Three wait', Scene.up().busy(four, 900).waiting(3, 950)),
    state('queue-12', 'Twelve wait', Scene.up().busy(four, 900).waiting(12, 950), { sizes: ALL }),
    state('queue-100', 'A full queue of 100', Scene.up().busy(four, 900).waiting(100, 950), { sizes: ALL, followed: 'c60/1' }),
    state('queue-given-up', 'Two wait, three gave up', Scene.up().busy(four, 900).gaveUp(3, 910, 940).waiting(2, 950)),
    state('queue-deserted', 'Nobody listens any more', deserted()),
  ];
}

function deserted(): Scene {
  const scene = Scene.up().history(4);
  for (let id = 1; id <= 4; id++) scene.kill(id, 950);
  return scene.say('process.exit', 960, 3, { code: 0, signal: null }).say('socket.close', 960, 3, { listener: 1 });
}

export const STATES: readonly { readonly title: string; readonly states: readonly State[] }[] = [
  {
    title: 'Processes',
    states: [
      state('nothing', 'Nothing runs', new Scene().say('process.start', 1, 9, { ppid: 1, program: 'sh', args: [], uid: 1000 })),
      state('lamps', 'Every lamp: idle, busy, respawning, starting, dying, dead, stuck', lamps(), { sizes: ALL }),
      state('starting', 'The servers start', new Scene().nginx(995).uwsgi(996).worker(1, { t: 998, ready: 2000 })),
    ],
  },
  { title: 'The line', states: queues() },
  {
    title: 'Runs',
    states: [
      state('one', 'One request, followed', oneRequest(), { t: 992, sizes: ALL, followed: 'c1/1' }),
      state('file', 'A file from the shelf', Scene.up().file('/static/style.css', 970, 1030), { t: 996 }),
      state('saturated', 'All at work, eight wait', saturated().waiting(8, 960), { sizes: ALL }),
      state('disaster', 'Dead workers, errors, a line that grows', disaster(), { sizes: ALL }),
      state('reload', 'A reload that loses nobody', reload()),
      state('eight', 'Eight workers', Scene.up(8).history(30, 8).busy([2, 5, 7], 940), { sizes: ALL }),
      state('bands', 'Crowds as flow bands', crowds(), { sizes: ALL }),
      state('tls', 'TLS ends at the gate', tls(), { sizes: ALL }),
      state('lecture', 'As the lecture tells it', saturated().waiting(3, 960), { sizes: ALL, version: 'lecture' }),
      state('iis', 'The same run in IIS words', saturated().waiting(3, 960), { sizes: ALL, names: 'iis' }),
    ],
  },
];
