/**
 * The map as SVG text: a layer of lines and floors (below the dots) and a layer of outlines and labels (above them).
 * What changes from frame to frame is in `valuesOf`; elements name their values in `data-v`, so the first paint at build
 * time and the patching in the browser cannot differ.
 */
import { escaped } from '../escaped.ts';
import { OUTCOMES } from '../trace/trace-index.ts';
import type { Dot } from './dots.ts';
import { dotsSvg } from './dots.ts';
import type { Box, Layout, Room } from './layout.ts';
import { EDGES } from './layout.ts';
import type { Point, Route } from './route.ts';
import type { Values } from './values.ts';
import { CHAR, fitting } from './values.ts';
import type { Names, Word } from './words.ts';
import { LECTURE, WORDS } from './words.ts';

/** Lines, floors and waiting places, under the dots. */
export function edgesSvg(layout: Layout, values: Values, dots: readonly Dot[]): string {
  const { wall, gate, corridor, arrive, answer, fetch, places, rooms, master, visitor, version } = layout;
  const lecture = version === 'lecture';
  const line = (name: string, ...routes: readonly Route[]): string => `<path class="${name}" d="${routes.map((one) => one.d).join('')}"/>`;
  const place = ([x, y]: Point): string => `<circle class="place" cx="${x}" cy="${y}" r="9"/>`;
  const take = rooms.map((room) => room.take);
  return svgOf(
    layout,
    'edges',
    rect(wall, 'wall', 14) +
      rect(wall, 'wall-core', 14) +
      (lecture ? '' : line('watch', ...rooms.map((room) => room.watch))) +
      line('back', answer, ...rooms.map((room) => room.back)) +
      line('casing', corridor, ...take) +
      line('track thin', fetch) +
      [visitor, gate, master].map((box) => rect(box, 'floor', box === master ? master.h / 2 : 6)).join('') +
      rooms.map((room, i) => rect(room.box, 'floor', 6, `s:w${i + 1}.state`)).join('') +
      line(lecture ? 'track thin' : 'track', ...take) +
      line('track', arrive, corridor) +
      EDGES.map(bandSvg).join('') +
      (lecture ? rect(master, 'floor', master.h / 2) : '') +
      rooms.map((room) => place(room.seat)).join('') +
      `<g class="places" data-v="s:queue.state">${places.map((point, i) => place(point) + label('place-number', [point[0], point[1] + 3.5], '', `${i + 1}`)).join('')}</g>` +
      '<path class="rest" data-v="d:rest.d"/>' +
      label('place-number strong', [layout.rest[0], layout.rest[1] + 4], 'rest.text') +
      `<g class="dots">${dotsSvg(dots)}</g>`,
    values,
    'aria-hidden="true"',
  );
}

/** Outlines, labels and lamps, over the dots. */
export function nodesSvg(layout: Layout, values: Values, names: Names = 'python'): string {
  const words = WORDS[names];
  const lecture = layout.version === 'lecture';
  const { kind, gate, master, visitor, shelf, rooms, labels } = layout;
  const [hostX, hostY] = labels.host;
  const [socketX, socketY] = labels.socket;
  const frame = kind === 'wide' ? 33 : kind === 'strip' ? 12 : 0;
  return svgOf(
    layout,
    'nodes',
    rect({ x: hostX - 75, y: hostY - 10, w: 150, h: 20 }, 'host') +
      label('host-name', [hostX, hostY + 4.5], '', lecture ? LECTURE.host : words.host) +
      node(
        'visitor',
        rect(visitor, 'outline') +
          (frame ? `<path class="page" d="M${visitor.x} ${visitor.y + frame}h${visitor.w}"/>` : '') +
          label('title', labels.visitor, '', 'visitor') +
          tallies(),
      ) +
      node(
        'gate',
        rect(gate, 'outline', 6, 's:gate.state') +
          label('title', labels.gate, '', gateWord(layout, words.gate)) +
          label('small', labels.gateOpen, 'gate.open') +
          label('mono', labels.gatePid, 'gate.pid') +
          label('mono end', labels.gateDoor, 'gate.door') +
          '<path class="lock-halo" data-v="d:lock.halo"/><path class="lock" data-v="d:lock.d"/>' +
          lampOf('gate', labels.gateLamp),
      ) +
      node('shelf', shelfSvg(shelf) + label('mono', labels.shelf, 'shelf.file')) +
      node(
        'queue',
        label('small', labels.queue, 'queue.text;s:queue.state') +
          // the lecture speaks of no socket
          (lecture
            ? ''
            : label('small', labels.limit, 'queue.limit') +
              label('mono strong', [socketX, socketY - 15], 'socket.folder') +
              label('mono strong', labels.socket, 'socket.own')),
      ) +
      EDGES.map((edge) => label('mono strong flow', labels.band(edge), `${edge}.text`)).join('') +
      node(
        'master',
        lecture
          ? managerSvg(layout)
          : rect(master, 'outline', master.h / 2, 's:master.state') +
              lampOf('master', labels.masterLamp) +
              label('title', labels.master, '', words.master) +
              label('mono end', labels.masterPid, 'master.pid'),
      ) +
      rooms.map((room, i) => node(`w${i + 1}`, roomSvg(room, i + 1, room.short ? '' : `${words.worker} `), 'button')).join(''),
    values,
    `role="group" aria-label="${lecture ? LECTURE.map : words.spoken.map}"`,
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
    `<path class="gauge" data-v="d:${w}.gauge"/><path class="memory" data-v="d:${w}.memory"/>`,
    lampOf(w, room.lamp),
  ].join(' ');
}

/** A wide line with grains in it. */
function bandSvg(edge: string): string {
  const part = (name: string, width: string): string => `<path class="${name}" data-v="d:${edge}.d;w:${edge}.${width}"/>`;
  return part('band', 'w') + part('band-core', 'core') + part('band-grain', 'grain');
}

/** Somebody behind a round counter, with an arm that points at who shall have the request. */
function managerSvg({ kind, master, labels }: Layout): string {
  const r = master.w / 2;
  const [x, y] = [master.x + r, master.y + r];
  const hand = r + Math.min(22, r * 0.9);
  return (
    `<g transform="translate(${x} ${y})"><g class="arm" data-v="r:arm.turn"><path class="arm-line" d="M${r} 0H${hand}"/>` +
    `<path class="hand" d="M${hand + 9} 0l-11 -6v12z"/></g>` +
    `<circle class="outline" r="${r}"/><path class="person" d="M${-r * 0.52} ${r * 0.62}a${r * 0.52} ${r * 0.56} 0 0 1 ${r * 1.04} 0z"/>` +
    `<circle class="person" cy="${-r * 0.3}" r="${r * 0.3}"/></g>` +
    label(kind === 'narrow' ? 'title' : 'title end haloed', labels.master, '', LECTURE.title)
  );
}

function shelfSvg({ x, y, w }: Box): string {
  const board = y + 34;
  const page = (at: number): string => `M${at} ${board - 2}v-18h9l4 4v14zm9-18v4h4`;
  const pages = [50, 33, 16].filter((step) => step < w).map((step) => page(x + w - step));
  return `<path class="board" d="M${x} ${board}h${w}"/><path class="page" d="${pages.join('')}"/>`;
}

function tallies(): string {
  return OUTCOMES.map(
    (_, i) =>
      `<g data-v="r:tally${i}.at"><path class="tally" data-v="d:tally${i}.d;s:tally${i}.tone"/>${label('small', [11, 4], `tally${i}.text`)}</g>`,
  ).join('');
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
export const BINDINGS: Readonly<Record<string, string>> = {
  s: 'data-s',
  f: 'data-f',
  a: 'aria-label',
  d: 'd',
  w: 'stroke-width',
  r: 'transform',
};

/** Wraps a layer and writes the values into the elements that ask for them. */
function svgOf(layout: Layout, layer: string, inner: string, values: Values, role: string): string {
  const filled = inner.replace(/data-v="([^"]*)"(\/?)>/g, (_, bind: string, close: string) => {
    let attributes = '';
    let text = '';
    for (const part of bind.split(';')) {
      const value = escaped(values[part.slice(2)] ?? '');
      if (part.startsWith('t:')) text = value;
      else attributes += ` ${BINDINGS[part[0] as string]}="${value}"`;
    }
    return `data-v="${bind}"${attributes}${close}>${text}`;
  });
  return `<svg class="${layer}" viewBox="0 0 ${layout.width} ${layout.height}" ${role} xmlns="http://www.w3.org/2000/svg">${filled}</svg>`;
}

/** The name of the gate: it stands beside its lamp, in a strip above it, in letters of the title's size. */
function gateWord({ kind, gate, labels }: Layout, word: Word): string {
  const right = kind === 'strip' ? gate.x + gate.w : labels.gateLamp[0] - 7;
  return fitting(word, ((right - labels.gate[0]) * CHAR) / (kind === 'strip' ? 6.8 : 8.4));
}
