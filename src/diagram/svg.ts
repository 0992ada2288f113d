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

export type Values = Record<string, string>;

const OUTCOME_TEXT: Record<Outcome, string> = { ok: '2xx', redirect: '3xx', 'client-error': '4xx', 'server-error': '5xx', failed: 'lost' };
/** How many rooms the map needs for a frame: at least four, so that it does not jump when the workers appear. */
export function roomsFor(frame: Frame): number {
  return Math.max(4, ...frame.workers.map((worker) => worker.worker ?? 0));
}

/** Everything in the drawing that a frame decides, by name. */
export function valuesOf(frame: Frame, layout: Layout, followed: string | null): Values {
  const { gate, master } = frame;
  const socket = frame.listeners.find((listener) => listener.server === 'uwsgi');
  const door = frame.listeners.find((listener) => listener.server === 'nginx');
  const waiting = socket?.waiting.length ?? 0;
  const address = socket?.address ?? 'no socket yet';
  // An address that is too long for one line breaks before the socket's own name.
  const folder = address.length * 6.9 > layout.socketWidth ? address.slice(0, address.lastIndexOf('/') + 1) : '';
  const values: Values = {
    'gate.state': gate?.state ?? 'none',
    'gate.lamp': lamp(gate, layout.gate.x + layout.gate.w - 15, layout.gate.y + 16),
    'gate.pid': gate && gate.state !== 'dead' ? `pid ${gate.pid}` : 'not running',
    'gate.door': door ? door.address.replace('0.0.0.0', '') : '',
    'gate.name': `nginx, the gate in the wall: ${gate ? `${gate.state}, pid ${gate.pid}` : 'not running'}${door ? `, listens on ${door.address}` : ''}`,
    'master.state': master?.state ?? 'none',
    'master.lamp': lamp(master, layout.master.x + 20, layout.master.y + layout.master.h / 2),
    'master.pid': master && master.state !== 'dead' ? `pid ${master.pid}` : 'off',
    'master.name': `uWSGI master: ${master ? `${master.state}, pid ${master.pid}` : 'not running'}. It watches the workers; no request passes through it.`,
    'socket.folder': folder,
    'socket.own': address.slice(folder.length),
    'queue.text': socket ? (waiting ? `${waiting} waiting` : 'nobody waits') : '',
    'queue.limit': socket ? `limit ${socket.backlog}` : '',
    'queue.state': waiting ? 'waiting' : 'empty',
    'queue.name': socket ? `Listen queue of ${socket.address}: ${waiting} waiting, limit ${socket.backlog}` : 'Listen queue: no socket yet',
    'shelf.file': fit(frame.files.at(-1)?.split('/').at(-1) ?? 'static files', layout.shelf.w / 6.7),
    'shelf.name': `Shelf of static files. ${frame.files.length ? `Last opened: ${frame.files.at(-1)}` : 'No file opened yet.'}`,
  };
  layout.rooms.forEach((room, i) => roomValues(values, frame, room, i + 1, followed));
  const counted = OUTCOMES.filter((outcome) => frame.answers[outcome] > 0);
  for (let i = 0; i < OUTCOMES.length; i++) {
    const outcome = counted[i];
    const [x, y] = tallyPoint(layout, i);
    values[`tally${i}.tone`] = outcome ?? 'none';
    values[`tally${i}.d`] = outcome ? shapePath(OUTCOME_SHAPE[outcome], x, y, 5) : '';
    values[`tally${i}.text`] = outcome ? `${frame.answers[outcome]} × ${OUTCOME_TEXT[outcome]}` : '';
  }
  values['visitor.name'] =
    `The visitor. ${counted.map((outcome) => `${frame.answers[outcome]} × ${OUTCOME_TEXT[outcome]}`).join(', ') || 'No answers yet'}`;
  return values;
}

function roomValues(values: Values, frame: Frame, room: Room, id: number, followed: string | null): void {
  const worker = frame.workers.find((one) => one.worker === id);
  const name = `w${id}.`;
  const request = worker?.request ? frame.requests.find((one) => one.key === worker.request) : undefined;
  const running = worker?.request ? ((frame.t - worker.since) / 1000).toFixed(2) : '';
  const state = worker?.state ?? 'none';
  const shownState = worker?.state ?? 'empty';
  const text = running && state !== 'dead' ? `${shownState} ${running} s` : shownState;
  const forNobody = worker?.state === 'stuck' && !request ? ', nobody waits for it' : '';
  const path =
    request && room.lines === 3 && room.box.w > 190 && state !== 'dead' ? fit(pathOf(request.trace.url), (room.box.w - 180) / 6.9) : '';
  const served = worker ? ` · ${worker.served} served` : '';
  const tight = room.lines < 3 && room.box.w < 230;
  const info = worker ? `pid ${worker.pid}${tight ? '' : served}` : '';
  values[`${name}state`] = state;
  values[`${name}follow`] = worker?.request && worker.request === followed ? 'yes' : 'no';
  values[`${name}lamp`] = lamp(worker ?? null, room.box.x + room.box.w - 15, room.seat[1]);
  values[`${name}text`] = text;
  values[`${name}path`] = path;
  values[`${name}info`] = info;
  // The name begins with what is to be seen in the room, word for word, so that it can be called by what it shows.
  const seen = [`worker ${id}`, text, path, info].filter(Boolean).join(' ');
  values[`${name}name`] = `${seen}${tight ? served : ''}${request ? `, request ${request.number}` : ''}${forNobody}`;
}

function lamp(process: ProcessFrame | null, x: number, y: number): string {
  return process ? shapePath(LAMP_SHAPE[process.state], x, y, 5.5) : '';
}

/** Lines, floors and waiting places, under the dots. */
export function edgesSvg(layout: Layout, values: Values, dots: readonly Dot[]): string {
  const { wall, gate, corridor, arrive, answer, fetch, places, rooms, master, visitor } = layout;
  const line = (kind: string, ...routes: readonly Route[]): string => `<path class="${kind}" d="${routes.map((one) => one.d).join('')}"/>`;
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
      [visitor, gate, master].map((box) => rect(box, 'floor')).join('') +
      rooms.map((room, i) => rect(room.box, 'floor', 6, `s:w${i + 1}.state`)).join('') +
      line('track', arrive, corridor, ...take) +
      rooms.map((room) => place(room.seat)).join('') +
      places.map((point, i) => place(point) + label('place-number', point[0], point[1] + 3.5, '', `${i + 1}`)).join('') +
      `<g class="dots">${dotsSvg(dots)}</g>`,
    values,
  );
}

/** Outlines, labels and lamps, over the dots. */
export function nodesSvg(layout: Layout, values: Values): string {
  const { wide, wall, gate, master, visitor, shelf, rooms, socketText, queueText, limitText } = layout;
  const hostX = wide ? gate.x + gate.w + 14 : wall.x + wall.w / 2 - 75;
  const hostY = wide ? wall.y : wall.y + wall.h;
  const gateX = gate.x + (wide ? 12 : 56);
  const gateY = gate.y + (wide ? gate.h - 12 : 45);
  const masterY = master.y + master.h / 2 + 5;
  return svgOf(
    layout,
    'nodes',
    rect({ x: hostX, y: hostY - 10, w: 150, h: 20 }, 'host') +
      label('host-name', hostX + 75, hostY + 4.5, '', 'one Ubuntu machine') +
      node(
        'visitor',
        rect(visitor, 'outline') +
          (wide ? `<path class="page" d="M${visitor.x} ${visitor.y + 33}h${visitor.w}"/>` : '') +
          label('title', visitor.x + (wide ? 12 : 64), visitor.y + (wide ? 22 : 27), '', 'visitor') +
          tallies(layout),
      ) +
      node(
        'gate',
        rect(gate, 'outline', 6, 's:gate.state') +
          label('title', gateX, gate.y + (wide ? 22 : 26), '', 'nginx') +
          label('mono', gateX, gateY, 'gate.pid') +
          label('mono end', gate.x + gate.w - 10, gateY, 'gate.door') +
          lampOf('gate'),
      ) +
      node('shelf', shelfSvg(shelf)) +
      node(
        'queue',
        label('mono strong', socketText[0], socketText[1] - 15, 'socket.folder') +
          label('mono strong', ...socketText, 'socket.own') +
          label('small', ...queueText, 'queue.text;s:queue.state') +
          label('small', ...limitText, 'queue.limit'),
      ) +
      node(
        'master',
        rect(master, 'outline', master.h / 2, 's:master.state') +
          lampOf('master') +
          label('title', master.x + 34, masterY, '', 'master') +
          label('mono end', master.x + master.w - 14, masterY - 1, 'master.pid'),
      ) +
      rooms.map((room, i) => node(`w${i + 1}`, roomSvg(room, i + 1), 'button')).join(''),
    values,
  );
}

function roomSvg({ box, seat, lines }: Room, id: number): string {
  const x = seat[0] + 17;
  const y = seat[1] + 4.5;
  const right = box.x + box.w - 12;
  const w = `w${id}`;
  // The spaces keep the words apart where they are read as one text.
  return [
    rect(box, 'outline', 6, `s:${w}.state;f:${w}.follow`),
    label('title', x, y, '', `worker ${id}`),
    label('mono state', x + (lines === 1 ? 68 : 0), y + (lines === 1 ? 0 : 17), `${w}.text;s:${w}.state`),
    lines === 3 ? label('mono end', right, y + 17, `${w}.path`) : '',
    lines === 3
      ? label('small', x, y + 33, `${w}.info`)
      : label('small end', right - (lines === 1 ? 16 : 0), y + (lines === 1 ? 0 : 17), `${w}.info`),
    lampOf(w),
  ].join(' ');
}

function shelfSvg({ x, y, w }: Box): string {
  const board = y + 34;
  const page = (at: number): string => `M${at} ${board - 2}v-18h9l4 4v14zm9-18v4h4`;
  return `<path class="board" d="M${x} ${board}h${w}"/><path class="page" d="${[50, 33, 16].map((step) => page(x + w - step)).join('')}"/>${label('mono', x, board + 16, 'shelf.file')}`;
}

function tallies(layout: Layout): string {
  return OUTCOMES.map((_, i) => {
    const [x, y] = tallyPoint(layout, i);
    return `<path class="tally" data-v="d:tally${i}.d;s:tally${i}.tone"/>${label('small', x + 11, y + 4, `tally${i}.text`)}`;
  }).join('');
}

function tallyPoint({ wide, visitor }: Layout, i: number): Point {
  return wide
    ? [visitor.x + 10, visitor.y + visitor.h + 20 + i * 20]
    : [visitor.x + 142 + i * Math.min(76, (visitor.w - 142) / 2.7), visitor.y + 22.5];
}

function node(id: string, inner: string, role = 'group'): string {
  return `<g class="node" data-node="${id}" role="${role}" tabindex="${id === 'visitor' ? 0 : -1}" data-v="a:${id}.name">${inner}</g>`;
}

/** Text that never changes, or that is bound to a value. */
function label(kind: string, x: number, y: number, bind: string, text = ''): string {
  return `<text class="${kind}" x="${x}" y="${y}"${bind && ` data-v="t:${bind}"`}>${text}</text>`;
}

function lampOf(id: string): string {
  return `<path class="lamp" data-v="d:${id}.lamp;s:${id}.state"/>`;
}

function rect({ x, y, w, h }: Box, kind: string, radius = 6, bind = ''): string {
  return `<rect class="${kind}" x="${x}" y="${y}" width="${w}" height="${h}" rx="${radius}"${bind ? ` data-v="${bind}"` : ''}/>`;
}

/** Attribute of each kind of binding; `t` is the text inside. */
export const BINDINGS: Readonly<Record<string, string>> = { s: 'data-s', f: 'data-f', a: 'aria-label', d: 'd' };

/** Wraps a layer and writes the values into the elements that ask for them. */
function svgOf(layout: Layout, layer: string, inner: string, values: Values): string {
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
  const role = layer === 'edges' ? 'aria-hidden="true"' : 'role="group" aria-label="Map of the server"';
  return `<svg class="${layer}" viewBox="0 0 ${layout.width} ${layout.height}" ${role} xmlns="http://www.w3.org/2000/svg">${filled}</svg>`;
}

/** Cuts text to about `count` characters, keeping its end: the file's name says more than its folder. */
function fit(text: string, count: number): string {
  const most = Math.max(6, Math.floor(count));
  return text.length <= most ? text : `…${text.slice(text.length - most + 1)}`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
