/**
 * The picture of the model as SVG text, in the classes of the map (src/diagram/diagram.css): a layer of lines and floors
 * under the dots, one of outlines and words above them. What changes in it has a name in `data-v`.
 */
import type { Box } from '../../../diagram/layout.ts';
import { row } from '../../../diagram/layouts/parts.ts';
import type { Point } from '../../../diagram/route.ts';
import type { Shape } from '../../../diagram/shapes.ts';
import { shapePath } from '../../../diagram/shapes.ts';
import { runningTime } from '../../../diagram/values.ts';
import type { PoolSettings } from '../../../model/application-host.ts';
import type { RequestRecord } from '../../../model/records.ts';
import type { IisState, ProcessState, ProcessView } from '../../../model/state.ts';
import { pathOf } from '../../../trace/text.ts';
import type { ModelLayout, ModelRoom } from './layout.ts';
import { threadsText } from './twin.ts';

export type Values = Readonly<Record<string, string>>;

const LAMPS: Readonly<Record<ProcessState, Shape>> = { starting: 'half', idle: 'ring', busy: 'disc', draining: 'triangle', dead: 'cross' };
/** The lamps of the map have their colours by these states. */
const MAP_STATES: Readonly<Record<ProcessState, string>> = {
  starting: 'starting',
  idle: 'idle',
  busy: 'busy',
  draining: 'dying',
  dead: 'dead',
};
const CHAR = 6.95;

/** How many rooms there are at least. More than eight are not drawn, the words say how many there are. */
function roomsFor(state: IisState, settings: PoolSettings): number {
  return Math.min(8, Math.max(settings.maxProcesses, ...state.processes.map((process) => process.room)));
}

/** How many threads each of the rooms has; `usual` for one that nobody is in. */
export function threadsFor(state: IisState, settings: PoolSettings, usual: number): number[] {
  return row(roomsFor(state, settings), (i) => state.processes.find((one) => one.room === i + 1)?.threads ?? usual);
}

export function valuesOf(state: IisState, settings: PoolSettings, layout: ModelLayout, followed: string | null): Values {
  const waiting = state.waiting.length;
  const values: Record<string, string> = {
    'queue.text': waitingText(waiting),
    'queue.limit': `limit ${settings.queueLength}`,
    'queue.state': waiting ? 'waiting' : 'empty',
    'queue.name': `request queue ${waitingText(waiting)} limit ${settings.queueLength}, of the pool ${settings.name}`,
    'was.text': state.stopped ? `${settings.name}: stopped` : `pool ${settings.name}`,
    'was.state': state.stopped ? 'dead' : 'idle',
    'was.lamp': lamp(state.stopped ? 'dead' : 'idle'),
    'was.name': `WAS: the pool ${settings.name} ${state.stopped ? 'is stopped' : 'runs'}. It starts and watches w3wp; no request passes through it.`,
    'gate.name': `HTTP.sys, in the kernel: ${state.over.full + state.over.stopped} refused with 503`,
  };
  layout.rooms.forEach((room, i) => {
    const process = state.processes.find((one) => one.room === i + 1);
    for (const [name, value] of Object.entries(roomValues(process, room, state.t, followed))) values[`r${i + 1}.${name}`] = value;
  });
  return values;
}

function roomValues(process: ProcessView | undefined, room: ModelRoom, t: number, followed: string | null): Record<string, string> {
  if (!process)
    return {
      state: 'none',
      lamp: '',
      title: room.low ? '' : 'w3wp',
      text: 'not started',
      follow: 'no',
      name: 'w3wp not started',
      more: '',
    };
  const { state } = process;
  const words = state === 'busy' || state === 'draining' ? threadsText(process) : state;
  const served = ` · ${process.served} served`;
  const fits = (words.length + served.length) * CHAR < room.box.w - 20;
  const seats: Record<string, string> = {};
  if (room.seatWidth) for (const record of process.running) seats[`seat${record.seat}`] = seatText(record, t, room.seatWidth);
  const title = room.low || (room.hidden > 0 && room.box.w < 116) ? `${process.id}` : `w3wp ${process.id}`;
  const text = room.line ? `${words}${fits ? served : ''}` : '';
  const more = room.hidden ? `+${room.hidden}` : '';
  const requests = process.running.map((one) => one.arrival.number).join(', ');
  return {
    state: MAP_STATES[state],
    lamp: lamp(state),
    title,
    text,
    follow: process.running.some((one) => one.arrival.key === followed) ? 'yes' : 'no',
    // begins with what is to be seen in the room, word for word, so that it can be called by what it shows
    name: `${[title, text, more, ...Object.values(seats)].filter(Boolean).join(' ')}, w3wp ${process.id} ${state}${requests && `, request ${requests}`}`,
    more,
    ...seats,
  };
}

const waitingText = (count: number): string => (count ? `${count} waiting` : 'nobody waits');

/** Path and running time, as far as they fit. */
function seatText({ arrival, start }: RequestRecord, t: number, width: number): string {
  const time = ` ${runningTime(t - start)}`;
  const most = Math.floor(width / CHAR) - time.length;
  const path = pathOf(arrival.url);
  return `${path.length <= most ? path : `${path.slice(0, Math.max(0, most - 1))}…`}${time}`;
}

const lamp = (state: ProcessState): string => shapePath(LAMPS[state], 0, 0, 5.5);

export function edges(layout: ModelLayout): string {
  const { visitor, wall, gate, was, rooms, places, arrive, corridor, answer, enters, backs, watch } = layout;
  const line = (kind: string, ...paths: readonly { d: string }[]): string =>
    `<path class="${kind}" d="${paths.map((one) => one.d).join('')}"/>`;
  const place = ([x, y]: Point): string => `<circle class="place" cx="${x}" cy="${y}" r="9"/>`;
  return svg(
    layout,
    'edges',
    rect(wall, 'wall', '', 14) +
      rect(wall, 'wall-core', '', 14) +
      line('watch', ...watch) +
      line('back', answer, ...backs) +
      line('casing', corridor, ...enters) +
      [visitor, gate].map((box) => rect(box, 'floor')).join('') +
      rect(was, 'floor', '', was.h / 2) +
      rooms.map(({ box }, i) => rect(box, 'floor', `s:r${i + 1}.state`)).join('') +
      line('track', arrive, corridor, ...enters) +
      rooms.flatMap((room) => room.seats.map(place)).join('') +
      places.map((point, i) => place(point) + text('place-number', [point[0], point[1] + 3.5], '', `${i + 1}`)).join(''),
    'aria-hidden="true"',
  );
}

export function nodes(layout: ModelLayout): string {
  const { visitor, gate, was, rooms, queue, host } = layout;
  const [x, y] = queue;
  return svg(
    layout,
    'nodes',
    rect({ x: host[0] - 84, y: host[1] - 10, w: 168, h: 20 }, 'host') +
      text('host-name', [host[0], host[1] + 4.5], '', 'a model of Windows') +
      `<g aria-hidden="true">${rect(visitor, 'outline')}${text('title', [visitor.x + (layout.narrow ? 60 : 12), visitor.y + 23], '', 'visitor')}</g>` +
      node(
        'gate',
        'group',
        rect(gate, 'outline') +
          text('title', [gate.x + (layout.narrow ? 50 : 12), gate.y + 22], '', 'HTTP.sys') +
          text('mono', [gate.x + (layout.narrow ? 50 : 11), gate.y + gate.h - 11], '', 'kernel'),
      ) +
      node(
        'queue',
        'button',
        [
          text('mono strong', [x, y - (layout.narrow ? 6 : 0)], '', 'request queue'),
          text('small', layout.narrow ? [x, y + 12] : [x, y + 79], 'queue.text;s:queue.state'),
          text('small', layout.narrow ? [x + 88, y + 12] : [x, y + 95], 'queue.limit'),
        ].join(' '),
      ) +
      node(
        'was',
        'group',
        rect(was, 'outline', 's:was.state', was.h / 2) +
          `<path class="lamp" transform="translate(${was.x + 18} ${was.y + was.h / 2})" data-v="d:was.lamp;s:was.state"/>` +
          text('title', [was.x + 31, was.y + 19], '', 'WAS') +
          text('mono end', [was.x + was.w - 12, was.y + 18], 'was.text'),
      ) +
      rooms.map((room, i) => node(`r${i + 1}`, 'button', roomSvg(room, `r${i + 1}`))).join(''),
    'role="group" aria-label="Model of IIS"',
  );
}

function roomSvg({ box, head, line, seats, seatWidth }: ModelRoom, name: string): string {
  const right = box.x + box.w;
  // The spaces keep the words apart where they are read as one text.
  return [
    rect(box, 'outline', `s:${name}.state;f:${name}.follow`),
    text('title', [box.x + 10, head + 5], `${name}.title`),
    line ? text('mono', line, `${name}.text`) : '',
    text('small end', [right - 28, head + 4], `${name}.more`),
    ...(seatWidth ? seats.map(([x, y], i) => text('mono', [x + 15, y + 4], `${name}.seat${i + 1}`)) : []),
    `<path class="lamp" transform="translate(${right - 15} ${head})" data-v="d:${name}.lamp;s:${name}.state"/>`,
  ].join(' ');
}

function node(id: string, role: string, inner: string): string {
  return `<g class="node" data-node="${id}" role="${role}" tabindex="${id === 'gate' ? 0 : -1}" data-v="a:${id}.name">${inner}</g>`;
}

function rect({ x, y, w, h }: Box, kind: string, bind = '', radius = 6): string {
  return `<rect class="${kind}" x="${x}" y="${y}" width="${w}" height="${h}" rx="${radius}"${bind && ` data-v="${bind}"`}/>`;
}

function text(kind: string, [x, y]: Point, bind: string, words = ''): string {
  return `<text class="${kind}" x="${x}" y="${y}"${bind && ` data-v="t:${bind}"`}>${words}</text>`;
}

function svg({ width, height }: ModelLayout, layer: string, inner: string, more: string): string {
  return `<svg class="${layer}" viewBox="0 0 ${width} ${height}" ${more} xmlns="http://www.w3.org/2000/svg">${inner}</svg>`;
}
