/**
 * The charts of the page, as data: what is asked, which measures answer it, for which lessons, and what must be known
 * before one believes it. No figure stands in here: numbers come from bench/numbers.json alone, and a test looks for others.
 */
import { type Measure, type Numbers, PLACES, type Place, type Reading, reading, WORKERS } from './measured.ts';
import { says } from './says.ts';
import { type Unit, unitOf } from './units.ts';

export const PLACE_NAMES: Readonly<Record<Place, string>> = {
  real: 'real Nginx and uWSGI',
  node: 'sandbox on Node.js',
  tab: 'sandbox in a browser tab',
};

/** At the head of a column. */
export const SHORT_NAMES: Readonly<Record<Place, string>> = { real: 'Real', node: 'Node.js', tab: 'Tab' };

interface Row {
  readonly measure: Measure;
  readonly label: string;
}

/** Rows on one axis. */
interface Panel {
  readonly title: string;
  /** `linear` begins at nothing and has bars; `log` is for what differs by much. */
  readonly scale: 'linear' | 'log';
  readonly rows: readonly Row[];
}

export interface Chart {
  /** Its place on the page. */
  readonly id: string;
  readonly title: string;
  /** What surprises, out of the figures; null where those are missing. */
  readonly says: (numbers: Numbers) => string | null;
  readonly panels: readonly Panel[];
  readonly caveat: string;
  /** Slugs of the lessons that it was measured for. */
  readonly lessons: readonly string[];
}

const byWorkers = (kind: 'wait' | 'compute'): Row[] =>
  WORKERS.map((workers) => ({ measure: `${kind} ${workers}`, label: `${workers} ${workers === 1 ? 'worker' : 'workers'}` }));

const HAND_OVERS = [
  { measure: 'unix', label: 'uwsgi protocol by Unix socket' },
  { measure: 'tcp', label: 'uwsgi protocol by TCP port' },
  { measure: 'http', label: 'HTTP by TCP port' },
] as const;

const CONNECTIONS = [
  { measure: 'file', label: 'HTTP, a new connection' },
  { measure: 'sealed file', label: 'HTTPS, a new connection' },
  { measure: 'file kept', label: 'HTTP, a kept connection' },
  { measure: 'sealed file kept', label: 'HTTPS, a kept connection' },
] as const;

/** What is counted in time to the answer, in the processor's time. */
const workOf = (rows: typeof HAND_OVERS | typeof CONNECTIONS): Row[] =>
  rows.map(({ measure, label }) => ({ measure: `${measure} work`, label }));

export const CHARTS: readonly Chart[] = [
  {
    id: 'workers',
    title: 'What do more workers do?',
    says: says.workers,
    panels: [
      { title: 'Requests that wait, as for a database', scale: 'linear', rows: byWorkers('wait') },
      { title: 'Requests that compute', scale: 'linear', rows: byWorkers('compute') },
    ],
    caveat:
      'Servers, Python and the client that asks share the same cores, so the client takes some of what the workers could have had. CPython in the sandbox is WebAssembly and computes at its own pace.',
    lessons: ['three-ways', 'gil'],
  },
  {
    id: 'hops',
    title: 'What does it cost to have Nginx in front?',
    says: says.hops,
    panels: [
      {
        title: 'Time to the answer, asked one after the other',
        scale: 'log',
        rows: [
          { measure: 'file', label: 'A file, from Nginx' },
          { measure: 'direct', label: 'Python, from uWSGI’s own HTTP port' },
          { measure: 'unix', label: 'Python, through Nginx' },
        ],
      },
    ],
    caveat:
      'Each request comes on a new connection, because uWSGI’s own port keeps none. No network is in it: client and server are one machine. The sandbox’s client is a program of the sandbox, the real one’s a Node.js process; both are made from the same text. A browser rounds its clock, so short times in the tab are rounded, too.',
    lessons: ['nginx', 'static', 'closing-the-gap'],
  },
  {
    id: 'hand-over',
    title: 'Socket file, port or HTTP?',
    says: says.handOver,
    panels: [
      {
        title: 'Time to the answer, through Nginx',
        scale: 'log',
        rows: HAND_OVERS,
      },
      {
        title: 'Processor time of both servers for a request',
        scale: 'linear',
        rows: workOf(HAND_OVERS),
      },
    ],
    caveat:
      'Nginx and uWSGI are on one machine: across a network only the ports would be left to choose from. The sandbox’s sockets are queues of messages between processes, so which kind they are is a name there, and its processor time is not counted.',
    lessons: ['hand-over'],
  },
  {
    id: 'tls',
    title: 'What does the padlock cost?',
    says: says.tls,
    panels: [
      {
        title: 'Time to the answer, a small file',
        scale: 'log',
        rows: CONNECTIONS,
      },
      {
        title: 'Processor time of Nginx for a request',
        scale: 'linear',
        rows: workOf(CONNECTIONS),
      },
    ],
    caveat:
      'What the client does for the handshake is in the time to the answer. The certificate has an elliptic key and nobody looks at its chain; a network would add its own way there and back to each new connection. The sandbox’s TLS is JavaScript without the processor’s help, so its handshake says nothing about yours. Nginx’s processor time includes uWSGI’s processes, which are idle here.',
    lessons: ['https'],
  },
  {
    id: 'memory',
    title: 'What does a worker weigh?',
    says: says.memory,
    panels: [
      {
        title: 'Memory',
        scale: 'linear',
        rows: [
          { measure: 'worker seen', label: 'A worker, as it is reported' },
          { measure: 'worker more', label: 'What one more worker really takes' },
        ],
      },
    ],
    caveat:
      'The application is tiny; a framework weighs more, and what a worker writes to is no longer shared. Reported is what ps shows of the real one, and Python’s own memory in the sandbox. On Node.js a worker of the sandbox is a whole Node.js process, with a JavaScript engine and a Python of its own: that is the longest bar. Really is the whole with most workers less the whole with fewest, divided; pages that processes share are counted once. A tab gives memory back when it likes: look at its spread.',
    lessons: ['one-master', 'keep-it-up'],
  },
  {
    id: 'times',
    title: 'How long is nobody there?',
    says: says.absence,
    panels: [
      {
        title: 'Time without an answer',
        scale: 'log',
        rows: [
          { measure: 'start', label: 'Start: until the first answer' },
          { measure: 'reload', label: 'Reload, idle but for one who asks' },
          { measure: 'respawn', label: 'A lone worker is killed: until the next one answers' },
        ],
      },
    ],
    caveat:
      'The longest pause that one client sees who asks again and again. A start is that of uWSGI with Nginx already there; in the tab, that of a visitor who has been here before. A reload waits for the slowest request that is under way, and then until the master looks again, which it does at a steady beat; here nothing is under way, so the beat is most of it. After a kill it is the same beat.',
    lessons: ['one-fails', 'keep-it-up'],
  },
];

/** A row with what was measured of it, by place. */
export interface MeasuredRow {
  readonly label: string;
  readonly unit: Unit;
  readonly readings: Readonly<Partial<Record<Place, Reading>>>;
}

/** Rows of a panel that have a figure. */
export function measuredRows(numbers: Numbers, { rows }: Panel): MeasuredRow[] {
  return rows.flatMap(({ measure, label }) => {
    const readings = Object.fromEntries(
      PLACES.flatMap((place) => {
        const found = reading(numbers, place, measure);
        return found === null ? [] : [[place, found]];
      }),
    );
    return Object.keys(readings).length === 0 ? [] : [{ label, unit: unitOf(measure), readings }];
  });
}
