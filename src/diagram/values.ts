/** What a frame puts into the drawing, as named texts: src/diagram/svg.ts has the elements that show them. */
import type { Frame, ProcessFrame } from '../trace/frame.ts';
import { pathOf } from '../trace/text.ts';
import type { Outcome } from '../trace/trace-index.ts';
import { OUTCOMES } from '../trace/trace-index.ts';
import type { Band } from './bands.ts';
import { bandsAloud, bandText, pathOfBand } from './bands.ts';
import type { Box, Layout, Room } from './layout.ts';
import { EDGES, placesFor, REST } from './layout.ts';
import { LAMP_SHAPE, OUTCOME_SHAPE, padlock, shapePath } from './shapes.ts';
import type { Names, Word } from './words.ts';
import { LECTURE, WORDS } from './words.ts';

export type Values = Record<string, string>;

const OUTCOME_TEXT: Record<Outcome, string> = { ok: '2xx', redirect: '3xx', 'client-error': '4xx', 'server-error': '5xx', failed: 'lost' };
/** Width of a character of the small mono face. */
export const CHAR = 6.95;

/** The memory (bytes) at which a room's bar is full: above what a worker is allowed in the lessons. */
const FULL = 128e6;
/** A room this wide has space for the megabytes in its last line. */
const WEIGHED_FROM = 215;

/** How many rooms the map needs for a frame: at least four, so that it does not jump when the workers appear. */
export function roomsFor(frame: Frame): number {
  return Math.max(4, ...frame.workers.map((worker) => worker.worker ?? 0));
}

/** As short as the line under the queue is. */
function queueText({ queueSeen }: Frame, waiting: number, givenUp: number): string {
  if (!queueSeen) return 'not visible';
  if (givenUp === 0) return waiting ? `${waiting} waiting` : 'nobody waits';
  return waiting ? `${waiting} + ${givenUp} given up` : `${givenUp} given up`;
}

/** Everything in the drawing that a frame decides, by name. `sealed`: TLS ends at the gate. */
export function valuesOf(
  frame: Frame,
  layout: Layout,
  followed: string | null,
  names: Names = 'python',
  bands: readonly Band[] = [],
  sealed = false,
): Values {
  const { gate, master } = frame;
  const { spoken, queue, shelf } = WORDS[names];
  const socket = frame.listeners.find((listener) => listener.server === 'uwsgi');
  const doors = frame.listeners
    .filter((listener) => listener.server === 'nginx')
    .map((listener) => listener.address.replace('0.0.0.0', ''));
  const open = frame.connections;
  const lock = padlock(layout.lock);
  const lecture = layout.version === 'lecture';
  const waiting = socket?.waiting.length ?? 0;
  const nobody = frame.deserted.includes('uwsgi') ? 'nobody listens' : 'no socket yet';
  const address = socket ? fitting(queue, layout.socketWidth) || socket.address : nobody;
  // An address that is too long for one line breaks before the socket's own name.
  const folder = address.length * CHAR > layout.socketWidth ? address.slice(0, address.lastIndexOf('/') + 1) : '';
  const values: Values = {
    'gate.state': gate?.state ?? 'none',
    'gate.lamp': lamp(gate),
    'gate.pid': besides(layout, gate && gate.state !== 'dead' ? `pid ${gate.pid}` : 'not running', doors.join(' ')),
    'gate.door': doors.join(' '),
    'gate.open': open.clients ? fitting(connections(open.clients), layout.gate.w - 16) : '',
    'lock.d': sealed ? lock.lock : '',
    'lock.halo': sealed ? lock.halo : '',
    'gate.name': `${spoken.gate}: ${gate ? `${gate.state}, pid ${gate.pid}` : 'not running'}${doors.length ? `, listens on ${doors.join(' and ')}` : ''}${sealed ? ', TLS ends here' : ''}${open.clients ? `, ${open.clients} open connections from visitors, ${open.upstream} to workers` : ''}`,
    'master.state': master?.state ?? 'none',
    'master.lamp': lamp(master),
    'master.pid': master && master.state !== 'dead' ? `pid ${master.pid}` : 'off',
    'arm.turn': arm(frame, layout),
    'master.name': lecture
      ? LECTURE.manager
      : `${spoken.master}: ${master ? `${master.state}, pid ${master.pid}` : 'not running'}. It watches the workers; no request passes through it.`,
    'socket.folder': folder,
    'socket.own': address.slice(folder.length),
    'queue.text': socket ? queueText(frame, waiting, socket.givenUp) : '',
    'queue.limit': socket ? `limit ${socket.backlog}` : '',
    ...restValues(layout, waiting),
    'queue.state': frame.queueSeen ? (waiting ? 'waiting' : 'empty') : 'unseen',
    'queue.name': lecture
      ? `${LECTURE.queue}: ${waiting}`
      : socket
        ? `${spoken.queue} of ${socket.address}: ${frame.queueSeen ? `${waiting} waiting` : 'who waits is not visible'}, ${socket.givenUp ? `${socket.givenUp} given up by their clients but still in the queue, ` : ''}limit ${socket.backlog}`
        : `${spoken.queue}: ${nobody}`,
    'shelf.file': fitting(shelf, layout.shelf.w) || keepEnd(frame.files.at(-1)?.split('/').at(-1) ?? 'static files', layout.shelf.w / CHAR),
    'shelf.name': `${spoken.shelf}. ${frame.files.length ? `Last opened: ${frame.files.at(-1)}` : 'No file opened yet.'}`,
  };
  layout.rooms.forEach((room, i) => roomValues(values, frame, room, i + 1, followed, names));
  const counted = OUTCOMES.filter((outcome) => frame.answers[outcome] > 0);
  for (let i = 0; i < OUTCOMES.length; i++) {
    const outcome = counted[i];
    values[`tally${i}.tone`] = outcome ?? 'none';
    values[`tally${i}.d`] = outcome ? TALLY_PATH[outcome] : '';
    values[`tally${i}.at`] = `translate(${layout.labels.tally(i, counted.length).join(' ')})`;
    // where there is no space the shape must do
    const word = layout.kind === 'strip' || (layout.kind === 'narrow' && counted.length > 2) ? '' : ` × ${OUTCOME_TEXT[outcome ?? 'ok']}`;
    values[`tally${i}.text`] = outcome ? `${frame.answers[outcome]}${word}` : '';
  }
  values['visitor.name'] =
    `The visitor. ${counted.map((outcome) => `${frame.answers[outcome]} × ${OUTCOME_TEXT[outcome]}`).join(', ') || 'No answers yet'}`;
  for (const edge of EDGES) {
    const band = bands.find((one) => one.edge === edge);
    values[`${edge}.d`] = band ? pathOfBand(edge, layout) : '';
    values[`${edge}.w`] = `${band?.width ?? 0}`;
    values[`${edge}.core`] = `${band ? band.width - 3 : 0}`;
    values[`${edge}.grain`] = `${band ? Math.round(band.width * 3.6) / 10 : 0}`;
    values[`${edge}.text`] = band ? bandText(band, layout.kind === 'strip') : '';
  }
  values['visitor.name'] += bandsAloud(bands, 'arrive', 'answer');
  values['shelf.name'] += bandsAloud(bands, 'shelf').replace(/^, (.*)$/, ' $1.');
  values['queue.name'] += bandsAloud(bands, 'corridor', 'back');
  return values;
}

/** How many stand where there is no place of their own. */
function restValues(layout: Layout, waiting: number): Values {
  const rest = waiting - placesFor(layout, waiting);
  const [x, y] = layout.rest;
  const { w, h } = REST;
  const r = h / 2;
  return {
    'rest.text': rest > 0 ? `+${rest}` : '',
    'rest.d': rest > 0 ? `M${x - w / 2 + r} ${y - r}h${w - h}a${r} ${r} 0 0 1 0 ${h}h${h - w}a${r} ${r} 0 0 1 0 ${-h}z` : '',
  };
}

/** Where the lecture's manager points: at the room of the worker that was given a request last, or at nobody. */
function arm(frame: Frame, { master, rooms }: Layout): string {
  const busy = frame.workers.filter((worker) => worker.request !== null && worker.state !== 'dead');
  const chosen = busy.reduce<ProcessFrame | null>((last, one) => (!last || one.since > last.since ? one : last), null);
  const room = rooms[(chosen?.worker ?? 0) - 1];
  if (!room) return 'rotate(0)';
  const turn = Math.atan2(room.seat[1] - (master.y + master.h / 2), room.box.x - (master.x + master.w / 2));
  return `rotate(${Math.round((turn * 180) / Math.PI)})`;
}

function roomValues(values: Values, frame: Frame, room: Room, id: number, followed: string | null, names: Names): void {
  const worker = frame.workers.find((one) => one.worker === id);
  const name = `w${id}.`;
  const request = worker?.trace;
  const state = worker?.state ?? 'none';
  const text = !worker ? 'empty' : worker.request && state !== 'dead' ? `${state} ${runningTime(frame.t - worker.since)}` : state;
  const path = request && state !== 'dead' ? keepStart(pathOf(request.url), room.pathWidth / CHAR) : '';
  const served = worker ? ` · ${worker.served} served` : '';
  const bytes = memoryOf(worker);
  const megabytes = bytes === null ? '' : `${Math.round(bytes / 1e6)} MB`;
  const weighed = room.box.w >= WEIGHED_FROM && !room.infoEnds && megabytes ? ` · ${megabytes}` : '';
  const info = worker ? `pid ${worker.pid}${room.pidOnly ? '' : served}${weighed}` : '';
  const forNobody = state === 'stuck' && request && request.end <= frame.t ? ', nobody waits for it' : '';
  values[`${name}state`] = state;
  values[`${name}follow`] = worker?.request && worker.request === followed ? 'yes' : 'no';
  values[`${name}lamp`] = lamp(worker ?? null);
  values[`${name}text`] = text;
  values[`${name}path`] = path;
  values[`${name}gauge`] = bytes === null ? '' : level(room.memory, 1);
  values[`${name}memory`] = bytes === null ? '' : level(room.memory, Math.min(1, bytes / FULL));
  values[`${name}info`] = info;
  // The name begins with what is to be seen in the room, word for word, so that it can be called by what it shows.
  const seen = [`${WORDS[names].worker} ${id}`, text, path, info].filter(Boolean).join(' ');
  values[`${name}name`] =
    `${seen}${room.pidOnly ? served : ''}${request ? `, request ${request.number}` : ''}${forNobody}${weighed || !megabytes ? '' : `, ${megabytes} of memory`}`;
}

const connections = (count: number): Word => ({ long: `${count} connection${count === 1 ? '' : 's'}`, short: `${count} open` });

/** Bytes of memory of a living process, when it has said how many. */
function memoryOf(process: ProcessFrame | undefined): number | null {
  return process && process.state !== 'dead' ? process.memory : null;
}

/** The lower part of an upright bar, as a line. */
function level({ x, y, w, h }: Box, share: number): string {
  return `M${x + w / 2} ${y + h}V${Math.round((y + h * (1 - share)) * 10) / 10}`;
}

/** `12 ms`, `0.7 s`: no finer than an eye can follow, for every change is drawn anew. */
/** The pid of the gate, unless its doors need the room in their line: its accessible name has it, too. */
function besides({ labels: { gatePid, gateDoor } }: Layout, pid: string, doors: string): string {
  if (gatePid === null || gateDoor === null) return pid;
  const room = gateDoor[0] - gatePid[0];
  return gatePid[1] !== gateDoor[1] || room >= (pid.length + doors.length + 1) * CHAR ? pid : '';
}

export function runningTime(ms: number): string {
  return ms < 99.5 ? `${Math.round(ms)} ms` : `${(Math.max(1, Math.floor(ms / 100)) / 10).toFixed(1)} s`;
}

const pathsOf = <Name extends string, S>(shapes: Record<Name, S>, draw: (shape: S) => string): Record<Name, string> =>
  Object.fromEntries(Object.entries<S>(shapes).map(([name, shape]) => [name, draw(shape)])) as Record<Name, string>;
const LAMP_PATH = pathsOf(LAMP_SHAPE, (shape) => shapePath(shape, 0, 0, 5.5));
const TALLY_PATH = pathsOf(OUTCOME_SHAPE, (shape) => shapePath(shape, 0, 0, 5));

const lamp = (process: ProcessFrame | null): string => (process ? LAMP_PATH[process.state] : '');

/** The long words where they fit, or else the short ones; empty where the part has none of its own. */
export function fitting(words: Word | null, width: number): string {
  return words ? (words.long.length * CHAR <= width ? words.long : words.short) : '';
}

/** Cuts a file's name to about `count` characters, keeping its end. */
function keepEnd(text: string, count: number): string {
  const most = Math.floor(count);
  return text.length <= most ? text : `…${text.slice(text.length - most + 1)}`;
}

/** Cuts a path to about `count` characters, keeping its start: first the query goes. Empty when next to nothing would be left. */
function keepStart(path: string, count: number): string {
  const most = Math.floor(count);
  if (path.length <= most) return path;
  const short = path.replace(/\?.*/, '?…');
  if (short.length <= most) return short;
  return most < 7 ? '' : `${path.slice(0, most - 1)}…`;
}
