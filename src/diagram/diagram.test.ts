import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { randomLog } from '../trace/fixtures/random.ts';
import { frameAt } from '../trace/frame.ts';
import { TraceLog } from '../trace/log.ts';
import { Scene } from './atlas-logs.ts';
import { dotsOf } from './dots.ts';
import { renderDiagram } from './first-paint.ts';
import type { Box, Layout } from './layout.ts';
import { layoutFor, REST, standing } from './layout.ts';
import type { Point } from './route.ts';
import { route } from './route.ts';
import { edgesSvg, nodesSvg } from './svg.ts';
import { roomsFor, runningTime, valuesOf } from './values.ts';

const fixture = TraceLog.parse(readFileSync(new URL('../trace/fixtures/eight-on-four.ndjson', import.meta.url), 'utf8'));
/** Boxes of all kinds, from a phone's strip to a projector. */
const SIZES = [300, 360, 519, 520, 700, 1040, 1600].flatMap((width) =>
  [150, 172, 249, 250, 290, 424, 700].map((height) => [width, height] as const),
);

const holds = (outer: Box, inner: Box): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w && inner.y + inner.h <= outer.y + outer.h;
const apart = (a: Box, b: Box): boolean => a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;

const around = ([x, y]: Point, w: number, h = w): Box => ({ x: x - w / 2, y: y - h / 2, w, h });

/** Every layout: all sizes, one to eight workers, both versions. */
function* layouts(): Generator<[Layout, string]> {
  for (const [width, height] of SIZES)
    for (let workers = 1; workers <= 8; workers++)
      for (const version of ['real', 'lecture'] as const)
        yield [layoutFor(width, height, workers, version), `${width} x ${height}, ${workers} workers, ${version}`];
}

test('every part has its own place, at every size, for one to eight workers, in both versions', () => {
  for (const [layout, which] of layouts()) {
    const boxes = [...layout.rooms.map((room) => room.box), layout.master, layout.gate, layout.shelf, layout.visitor];
    for (const box of layout.rooms.map((room) => room.box)) expect(holds(layout.wall, box), which).toBe(true);
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1)) expect(apart(a, b), `${which}: ${JSON.stringify([a, b])}`).toBe(true);
    expect(layout.rooms.every((room) => room.box.h >= 22)).toBe(true);
    expect(holds({ x: 0, y: 0, w: layout.width, h: layout.height }, layout.wall)).toBe(true);
  }
});

test('places, the number of the rest, lamps and memory bars never overlap', () => {
  for (const [layout, which] of layouts()) {
    const { places, rest, folds, rooms, gate, master, shelf, wall } = layout;
    const parts = [gate, shelf, master, ...rooms.map((room) => room.box)];
    const line = [...places.slice(0, places.length - folds).map((point) => around(point, 18)), around(rest, REST.w, REST.h)];
    for (const [i, box] of line.entries()) {
      expect(holds(wall, box), `${which}: place ${i + 1} is in the machine`).toBe(true);
      for (const other of [...parts, ...line.slice(i + 1)]) expect(apart(box, other), `${which}: place ${i + 1}`).toBe(true);
    }
    expect(places.length, which).toBeGreaterThanOrEqual(1);
    expect(places.length, which).toBeLessThanOrEqual(12);
    for (const { box, memory, lamp, seat } of rooms) {
      expect(holds(box, memory), which).toBe(true);
      expect(memory.h, which).toBeGreaterThanOrEqual(12);
      for (const other of [around(lamp, 11), around(seat, 18)]) expect(apart(memory, other), which).toBe(true);
    }
  }
});

test('of a line that is too long the first are drawn and the rest is a number; the followed request is always a dot', () => {
  const log = Scene.up().busy([1, 2, 3, 4], 900).waiting(100, 950).log();
  const frame = frameAt(log, 1000);
  for (const [width, height] of SIZES) {
    const layout = layoutFor(width, height, 4);
    const waiting = (followed: string | null) => dotsOf(frame, layout, followed).filter((dot) => dot.shape === 'ring');
    const drawn = layout.places.length - layout.folds;
    expect(waiting(null)).toHaveLength(drawn);
    expect(valuesOf(frame, layout, null)['rest.text']).toBe(`+${100 - drawn}`);
    expect(waiting('c80/1').map((dot) => dot.number)).toContain(80);
  }
  // as many as there are places: each has its own
  const some = frameAt(Scene.up().busy([1, 2, 3, 4], 900).waiting(12, 950).log(), 1000);
  expect(valuesOf(some, layoutFor(1040, 424, 4), null)['rest.text']).toBe('');
  expect(dotsOf(some, layoutFor(1040, 424, 4), null).filter((dot) => dot.shape === 'ring')).toHaveLength(12);
});

test('a route starts and ends where it should and never jumps', () => {
  const bent = route([
    [0, 0],
    [100, 0],
    [100, 50],
  ]);
  expect(bent.at(0)).toEqual([0, 0]);
  expect(bent.at(1)).toEqual([100, 50]);
  expect(bent.d).toBe('M0 0L90 0Q100 0 100 10L100 50');
  for (let p = 0; p < 1; p += 0.01) {
    const [x, y] = bent.at(p);
    const [u, v] = bent.at(p + 0.01);
    expect(Math.hypot(u - x, v - y)).toBeLessThan(2);
  }
});

test('property: each request is one dot on the map, and none ever passes through the master', () => {
  for (let seed = 1; seed <= 6; seed++) {
    const log = new TraceLog(randomLog(seed));
    for (const [width, height] of [
      [360, 524],
      [800, 424],
      [360, 172],
    ] as const) {
      const layout = layoutFor(width, height, 4);
      const { x, y, w, h } = layout.master;
      for (let t = 0; t <= log.end; t += 0.9) {
        const frame = frameAt(log, t);
        const dots = dotsOf(frame, layout, null);
        const folded = Number(valuesOf(frame, layout, null)['rest.text']?.slice(1) ?? 0);
        expect(dots.length + folded).toBe(frame.requests.length);
        expect(new Set(dots.map((dot) => dot.key)).size).toBe(dots.length);
        for (const dot of dots) {
          const outside = dot.x < x || dot.x > x + w || dot.y < y || dot.y > y + h;
          if (!outside || !(dot.x >= 0 && dot.x <= layout.width && dot.y >= 0 && dot.y <= layout.height))
            throw new Error(`request ${dot.number} is at ${dot.x}, ${dot.y} at ${t} ms`);
        }
      }
    }
  }
});

test('with reduced motion nothing is drawn on the way', () => {
  const layout = layoutFor(800, 424, 4);
  const moving = frameAt(fixture, 5000.3);
  expect(dotsOf(moving, layout, null)[0]?.x).not.toBe(dotsOf(moving, layout, null, true)[0]?.x);
  expect(dotsOf(moving, layout, null, true)[0]?.x).toBe(layout.arrive.at(0)[0]);
});

test('those who wait stand in the places in order, beyond the last place with the rest', () => {
  const layout = layoutFor(560, 424, 4);
  const waiting = dotsOf(frameAt(fixture, 5500), layout, null).filter((dot) => dot.shape === 'ring');
  expect(waiting.map((dot) => dot.number)).toEqual([7, 8, 9, 10]);
  expect(waiting.map((dot) => dot.x)).toEqual(layout.places.slice(0, 4).map(([x]) => x));
  expect(standing(layout, 99, 99)).toEqual(layout.rest);
  expect(standing(layout, 99, 4)).toEqual(layout.rest);
});

test('a socket that is gone is not called one that is yet to come, and rooms go with their uwsgi', () => {
  const start = { type: 'process.start' as const, t: 0, pid: 2, seq: 1, ppid: 1, program: 'uwsgi', args: [], uid: 0 };
  const listen = { type: 'socket.listen' as const, t: 2, pid: 2, seq: 2, listener: 1, address: 'unix:/s', backlog: 1 };
  const worker = { type: 'process.role' as const, t: 3, pid: 2, seq: 3, role: 'worker' as const, server: 'uwsgi' as const, worker: 12 };
  const exit = { type: 'process.exit' as const, t: 5, pid: 2, seq: 4, code: 0, signal: null };
  const close = { type: 'socket.close' as const, t: 5, pid: 2, seq: 5, listener: 1 };
  const log = new TraceLog([start, listen, worker, exit, close, { ...start, t: 6, pid: 3 }]);
  const own = (t: number) => valuesOf(frameAt(log, t), layoutFor(800, 424, 4), null)['socket.own'];
  expect([1, 3, 5].map(own)).toEqual(['no socket yet', 'unix:/s', 'nobody listens']);
  expect([4, 5, 7].map((t) => roomsFor(frameAt(log, t)))).toEqual([12, 12, 4]);
});

test('the drawing says what the frame says, by shape and by name', () => {
  const frame = frameAt(fixture, 5700);
  const html = renderDiagram(frame, ['tall', 'low', 'narrow', 'strip']);
  expect(html).toContain('aria-label="worker 2 dead pid 4 · 0 served"');
  expect(html).toContain('aria-label="worker 1 busy 0.6 s /slow?… pid 3 · 0 served, request 3"');
  expect(html).toContain('>4 waiting</text>');
  expect(html).toContain('>unix:/run/shop/shop.sock</text>');
  expect(html).toContain('aria-label="The visitor. 2 × 2xx, 1 × 5xx"');
  expect(html.match(/class="map /g)).toHaveLength(4);
  expect(html).not.toMatch(/undefined|NaN/);
});

test('every value that an element asks for exists', () => {
  const frame = frameAt(fixture, 5700);
  for (const [layout] of layouts()) {
    const values = valuesOf(frame, layout, null);
    const asked = [...(edgesSvg(layout, values, []) + nodesSvg(layout, values)).matchAll(/data-v="([^"]*)"/g)].flatMap((match) =>
      (match[1] as string).split(';').map((part) => part.slice(2)),
    );
    expect(asked.filter((name) => !(name in values))).toEqual([]);
    // What a room or the gate has no space for is still in its name.
    const optional = /\.(path|info|pid|door|file|open)$/;
    const never = layout.version === 'real' ? /^arm\./ : /^(master|socket|queue)\./;
    expect(Object.keys(values).filter((name) => !asked.includes(name) && !optional.test(name) && !never.test(name))).toEqual([]);
  }
});

test('text from a trace cannot become markup', () => {
  const evil = new TraceLog([
    { type: 'process.start', t: 0, pid: 2, seq: 1, ppid: 1, program: 'uwsgi', args: [], uid: 0 },
    { type: 'process.role', t: 0, pid: 2, seq: 2, role: 'master', server: 'uwsgi' },
    { type: 'socket.listen', t: 0, pid: 2, seq: 3, listener: 1, address: '"><img src=x onerror=alert(1)>', backlog: 1 },
  ]);
  expect(renderDiagram(frameAt(evil, 1), ['tall'])).not.toContain('<img');
});

test('a running time never seems to run backwards', () => {
  expect([0.4, 96.2, 99.4, 99.6, 150, 199.9, 200, 1049].map(runningTime)).toEqual([
    '0 ms',
    '96 ms',
    '99 ms',
    '0.1 s',
    '0.1 s',
    '0.1 s',
    '0.2 s',
    '1.0 s',
  ]);
});
