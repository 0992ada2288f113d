/**
 * The map as SVG text: a layer of lines and floors (below the dots) and a layer of outlines and labels (above them).
 * What changes from frame to frame is in `valuesOf`; elements name their values in `data-v`, so the first paint at build
 * time and the patching in the browser cannot differ.
 */
import type { Frame, ProcessFrame } from '../trace/frame.ts';
import { pathOf } from '../trace/text.ts';
import type { Outcome } from '../trace/trace-index.ts';
import { OUTCOMES } from '../trace/trace-index.ts';
import type { Dot } from './dots.ts';
import { dotsSvg } from './dots.ts';
import type { Box, Layout, Room } from './layout.ts';
import type { Point, Route } from './route.ts';
import { LAMP_SHAPE, OUTCOME_SHAPE, shapePath } from './shapes.ts';
import type { Names, Word } from './words.ts';
import { WORDS } from './words.ts';

export type Values = Record<string, string>;

const OUTCOME_TEXT: Record<Outcome, string> = { ok: '2xx', redirect: '3xx', 'client-error': '4xx', 'server-error': '5xx', failed: 'lost' };
/** Width of a character of the small mono face. */
const CHAR = 6.95;

/** How many rooms the map needs for a frame: at least four, so that it does not jump when the workers appear. */
export function roomsFor(frame: Frame): number {
  return Math.max(4, ...frame.workers.map((worker) => worker.worker ?? 0));
}

/** As short as the line under the queue is. */
function queueText(waiting: number, givenUp: number): string {
  if (givenUp === 0) return waiting ? `${waiting} waiting` : 'nobody waits';
  return waiting ? `${waiting} + ${givenUp} given up` : `${givenUp} given up`;
}

/** Everything in the drawing that a frame decides, by name. */
export function valuesOf(frame: Frame, layout: Layout, followed: string | null, names: Names = 'python'): Values {
  const { gate, master } = frame;
  const { spoken, queue, shelf } = WORDS[names];
  const socket = frame.listeners.find((listener) => listener.server === 'uwsgi');
  const door = frame.listeners.find((listener) => listener.server === 'nginx');
  const waiting = socket?.waiting.length ?? 0;
  const nobody = frame.deserted.includes('uwsgi') ? 'nobody listens' : 'no socket yet';
  const address = socket ? fitting(queue, layout.socketWidth) || socket.address : nobody;
  // An address that is too long for one line breaks before the socket's own name.
  const folder = address.length * CHAR > layout.socketWidth ? address.slice(0, address.lastIndexOf('/') + 1) : '';
  const values: Values = {
    'gate.state': gate?.state ?? 'none',
    'gate.lamp': lamp(gate),
    'gate.pid': gate && gate.state !== 'dead' ? `pid ${gate.pid}` : 'not running',
    'gate.door': door ? door.address.replace('0.0.0.0', '') : '',
    'gate.name': `${spoken.gate}: ${gate ? `${gate.state}, pid ${gate.pid}` : 'not running'}${door ? `, listens on ${door.address}` : ''}`,
    'master.state': master?.state ?? 'none',
    'master.lamp': lamp(master),
    'master.pid': master && master.state !== 'dead' ? `pid ${master.pid}` : 'off',
    'master.name': `${spoken.master}: ${master ? `${master.state}, pid ${master.pid}` : 'not running'}. It watches the workers; no request passes through it.`,
    'socket.folder': folder,
    'socket.own': address.slice(folder.length),
    'queue.text': socket ? queueText(waiting, socket.givenUp) : '',
    'queue.limit': socket ? `limit ${socket.backlog}` : '',
    'queue.state': waiting ? 'waiting' : 'empty',
    'queue.name': socket
      ? `${spoken.queue} of ${socket.address}: ${waiting} waiting, ${socket.givenUp ? `${socket.givenUp} given up by their clients but still in the queue, ` : ''}limit ${socket.backlog}`
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
    // in a strip the shape must do
    values[`tally${i}.text`] = outcome ? `${frame.answers[outcome]}${layout.kind === 'strip' ? '' : ` × ${OUTCOME_TEXT[outcome]}`}` : '';
  }
  values['visitor.name'] =
    `The visitor. ${counted.map((outcome) => `${frame.answers[outcome]} × ${OUTCOME_TEXT[outcome]}`).join(', ') || 'No answers yet'}`;
  return values;
}

function roomValues(values: Values, frame: Frame, room: Room, id: number, followed: string | null, names: Names): void {
  const worker = frame.workers.find((one) => one.worker === id);
  const name = `w${id}.`;
  const request = worker?.request ? frame.requests.find((one) => one.key === worker.request) : undefined;
  const state = worker?.state ?? 'none';
  const text = !worker ? 'empty' : worker.request && state !== 'dead' ? `${state} ${runningTime(frame.t - worker.since)}` : state;
  const path = request && state !== 'dead' ? keepStart(pathOf(request.trace.url), room.pathWidth / CHAR) : '';
  const served = worker ? ` · ${worker.served} served` : '';
  const info = worker ? `pid ${worker.pid}${room.pidOnly ? '' : served}` : '';
  const forNobody = state === 'stuck' && !request ? ', nobody waits for it' : '';
  values[`${name}state`] = state;
  values[`${name}follow`] = worker?.request && worker.request === followed ? 'yes' : 'no';
  values[`${name}lamp`] = lamp(worker ?? null);
  values[`${name}text`] = text;
  values[`${name}path`] = path;
  values[`${name}info`] = info;
  // The name begins with what is to be seen in the room, word for word, so that it can be called by what it shows.
  const seen = [`${WORDS[names].worker} ${id}`, text, path, info].filter(Boolean).join(' ');
  values[`${name}name`] = `${seen}${room.pidOnly ? served : ''}${request ? `, request ${request.number}` : ''}${forNobody}`;
}

/** `12 ms`, `0.7 s`: no finer than an eye can follow, for every change is drawn anew. */
function runningTime(ms: number): string {
  return ms < 99.5 ? `${Math.round(ms)} ms` : `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
}

const pathsOf = <Name extends string, S>(shapes: Record<Name, S>, draw: (shape: S) => string): Record<Name, string> =>
  Object.fromEntries(Object.entries<S>(shapes).map(([name, shape]) => [name, draw(shape)])) as Record<Name, string>;
const LAMP_PATH = pathsOf(LAMP_SHAPE, (shape) => shapePath(shape, 0, 0, 5.5));
const TALLY_PATH = pathsOf(OUTCOME_SHAPE, (shape) => shapePath(shape, 0, 0, 5));

const lamp = (process: ProcessFrame | null): string => (process ? LAMP_PATH[process.state] : '');

/** Lines, floors and waiting places, under the dots. */
export function edgesSvg(layout: Layout, values: Values, dots: readonly Dot[]): string {
  const { wall, gate, corridor, arrive, answer, fetch, places, rooms, master, visitor } = layout;
  const line = (name: string, ...routes: readonly Route[]): string => `<path class="${name}" d="${routes.map((one) => one.d).join('')}"/>`;
  const place = ([x, y]: Point): string => `<circle class="place" cx="${x}" cy="${y}" r="9"/>`;
  const take = rooms.map((room) => room.take);
  return svgOf(
    layout,
    'edges',
    rect(wall, 'wall', 14) +
      rect(wall, 'wall-core', 14) +
      line('watch', ...rooms.map((room) => room.watch)) +
      line('back', answer, ...rooms.map((room) => room.back)) +
      line('casing', corridor, ...take) +
      line('track thin', fetch) +
      [visitor, gate, master].map((box) => rect(box, 'floor', box === master ? master.h / 2 : 6)).join('') +
      rooms.map((room, i) => rect(room.box, 'floor', 6, `s:w${i + 1}.state`)).join('') +
      line('track', arrive, corridor, ...take) +
      rooms.map((room) => place(room.seat)).join('') +
      places.map((point, i) => place(point) + label('place-number', [point[0], point[1] + 3.5], '', `${i + 1}`)).join('') +
      `<g class="dots">${dotsSvg(dots)}</g>`,
    values,
    'aria-hidden="true"',
  );
}

/** Outlines, labels and lamps, over the dots. */
export function nodesSvg(layout: Layout, values: Values, names: Names = 'python'): string {
  const words = WORDS[names];
  const { kind, gate, master, visitor, shelf, rooms, labels } = layout;
  const [hostX, hostY] = labels.host;
  const [socketX, socketY] = labels.socket;
  const frame = kind === 'wide' ? 33 : kind === 'strip' ? 12 : 0;
  return svgOf(
    layout,
    'nodes',
    rect({ x: hostX - 75, y: hostY - 10, w: 150, h: 20 }, 'host') +
      label('host-name', [hostX, hostY + 4.5], '', words.host) +
      node(
        'visitor',
        rect(visitor, 'outline') +
          (frame ? `<path class="page" d="M${visitor.x} ${visitor.y + frame}h${visitor.w}"/>` : '') +
          label('title', labels.visitor, '', 'visitor') +
          tallies(layout),
      ) +
      node(
        'gate',
        rect(gate, 'outline', 6, 's:gate.state') +
          label('title', labels.gate, '', gateWord(layout, words.gate)) +
          label('mono', labels.gatePid, 'gate.pid') +
          label('mono end', labels.gateDoor, 'gate.door') +
          lampOf('gate', labels.gateLamp),
      ) +
      node('shelf', shelfSvg(shelf) + label('mono', labels.shelf, 'shelf.file')) +
      node(
        'queue',
        label('mono strong', [socketX, socketY - 15], 'socket.folder') +
          label('mono strong', labels.socket, 'socket.own') +
          label('small', labels.queue, 'queue.text;s:queue.state') +
          label('small', labels.limit, 'queue.limit'),
      ) +
      node(
        'master',
        rect(master, 'outline', master.h / 2, 's:master.state') +
          lampOf('master', labels.masterLamp) +
          label('title', labels.master, '', words.master) +
          label('mono end', labels.masterPid, 'master.pid'),
      ) +
      rooms.map((room, i) => node(`w${i + 1}`, roomSvg(room, i + 1, kind === 'strip' ? '' : `${words.worker} `), 'button')).join(''),
    values,
    `role="group" aria-label="${words.spoken.map}"`,
  );
}

function roomSvg(room: Room, id: number, word: string): string {
  const w = `w${id}`;
  // The spaces keep the words apart where they are read as one text.
  return [
    rect(room.box, 'outline', 6, `s:${w}.state;f:${w}.follow`),
    label('title', room.title, '', `${word}${id}`),
    label('mono state', room.state, `${w}.text;s:${w}.state`),
    label('mono end', room.path, `${w}.path`),
    label(room.infoEnds ? 'small end' : 'small', room.info, `${w}.info`),
    lampOf(w, room.lamp),
  ].join(' ');
}

function shelfSvg({ x, y, w }: Box): string {
  const board = y + 34;
  const page = (at: number): string => `M${at} ${board - 2}v-18h9l4 4v14zm9-18v4h4`;
  const pages = [50, 33, 16].filter((step) => step < w).map((step) => page(x + w - step));
  return `<path class="board" d="M${x} ${board}h${w}"/><path class="page" d="${pages.join('')}"/>`;
}

function tallies({ labels }: Layout): string {
  return OUTCOMES.map((_, i) => {
    const [x, y] = labels.tally(i);
    return `<path class="tally" transform="translate(${x} ${y})" data-v="d:tally${i}.d;s:tally${i}.tone"/>${label('small', [x + 11, y + 4], `tally${i}.text`)}`;
  }).join('');
}

function node(id: string, inner: string, role = 'group'): string {
  return `<g class="node" data-node="${id}" role="${role}" tabindex="${id === 'visitor' ? 0 : -1}" data-v="a:${id}.name">${inner}</g>`;
}

/** Text that never changes, or that is bound to a value. Nothing without a point. */
function label(kind: string, at: Point | null, bind: string, text = ''): string {
  return at ? `<text class="${kind}" x="${at[0]}" y="${at[1]}"${bind && ` data-v="t:${bind}"`}>${text}</text>` : '';
}

function lampOf(id: string, [x, y]: Point): string {
  return `<path class="lamp" transform="translate(${x} ${y})" data-v="d:${id}.lamp;s:${id}.state"/>`;
}

function rect({ x, y, w, h }: Box, kind: string, radius = 6, bind = ''): string {
  return `<rect class="${kind}" x="${x}" y="${y}" width="${w}" height="${h}" rx="${radius}"${bind ? ` data-v="${bind}"` : ''}/>`;
}

/** Attribute of each kind of binding; `t` is the text inside. */
export const BINDINGS: Readonly<Record<string, string>> = { s: 'data-s', f: 'data-f', a: 'aria-label', d: 'd' };

/** Wraps a layer and writes the values into the elements that ask for them. */
function svgOf(layout: Layout, layer: string, inner: string, values: Values, role: string): string {
  const filled = inner.replace(/data-v="([^"]*)"(\/?)>/g, (_, bind: string, close: string) => {
    let attributes = '';
    let text = '';
    for (const part of bind.split(';')) {
      const value = escape(values[part.slice(2)] ?? '');
      if (part.startsWith('t:')) text = value;
      else attributes += ` ${BINDINGS[part[0] as string]}="${value}"`;
    }
    return `data-v="${bind}"${attributes}${close}>${text}`;
  });
  return `<svg class="${layer}" viewBox="0 0 ${layout.width} ${layout.height}" ${role} xmlns="http://www.w3.org/2000/svg">${filled}</svg>`;
}

/** The long words where they fit, or else the short ones; empty where the part has none of its own. */
function fitting(words: Word | null, width: number): string {
  return words ? (words.long.length * CHAR <= width ? words.long : words.short) : '';
}

/** The name of the gate: it stands beside its lamp, in a strip above it, in letters of the title's size. */
function gateWord({ kind, gate, labels }: Layout, word: Word): string {
  const right = kind === 'strip' ? gate.x + gate.w : labels.gateLamp[0] - 7;
  return fitting(word, ((right - labels.gate[0]) * CHAR) / (kind === 'strip' ? 6.8 : 8.4));
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
  return most < 5 ? '' : `${path.slice(0, most - 1)}…`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
