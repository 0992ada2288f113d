/** States of the map that need a log of their own: crowds, TLS, memory, the lecture's picture, and the way of the arrow keys. */
import { expect, test } from 'vitest';
import { frameAt } from '../trace/frame.ts';
import { TraceLog } from '../trace/log.ts';
import { ringOf } from '../trace/ring.ts';
import { STATES } from './atlas.ts';
import { Scene } from './atlas-logs.ts';
import { bandsOf, CROWD, passing } from './bands.ts';
import { dotsOf } from './dots.ts';
import { renderDiagram } from './first-paint.ts';
import { layoutFor } from './layout.ts';
import { endsTls } from './seal.ts';
import { valuesOf } from './values.ts';
import { neighbour } from './walk.ts';

const GATE_AT = 5000;

/** So many requests sent in the second before 2000 ms that have not reached the gate, and as many that were answered in it. */
function crowd(count: number): Scene {
  const scene = Scene.up();
  for (let i = 0; i < count; i++) scene.request('http://localhost/', { sent: 1000.5 + (999 * i) / count, gate: GATE_AT });
  for (let i = 0; i < count; i++) scene.file('/static/a.css', 1001 + (900 * i) / count, 1090 + (900 * i) / count);
  return scene;
}

test('a line with more requests than can be told apart is a band with the rate that the log counts', () => {
  const log = crowd(CROWD + 1).log();
  const frame = frameAt(log, 2000);
  const bands = bandsOf(frame, log);
  expect(bands.map(({ edge, count, rate }) => ({ edge, count, rate }))).toEqual([{ edge: 'arrive', count: 301, rate: 602 }]);
  const layout = layoutFor(840, 424, 4);
  const values = valuesOf(frame, layout, null, 'python', bands);
  expect(values['arrive.text']).toBe('→ 602/s');
  expect(values['arrive.d']).toBe(layout.arrive.d);
  expect(values['visitor.name']).toContain('301 on their way to the gate, 602 a second');
  const banded = new Set(bands.map((band) => band.edge));
  expect(dotsOf(frame, layout, null, false, banded)).toHaveLength(0);
  expect(dotsOf(frame, layout, 'c7/1', false, banded).map((dot) => dot.number)).toEqual([
    frame.requests.find((one) => one.key === 'c7/1')?.number,
  ]);
  const few = crowd(CROWD).log();
  expect(bandsOf(frameAt(few, 2000), few)).toEqual([]);
});

test('a rate counts what came in the last second only, also when it has gone again', () => {
  const log = Scene.up().file('/a', 500, 590).file('/b', 1400, 1490).file('/c', 1500, 1590).log();
  expect([passing(log, 600, 'sent'), passing(log, 1600, 'sent'), passing(log, 2450, 'sent'), passing(log, 2501, 'sent')]).toEqual([
    1, 2, 1, 0,
  ]);
  expect(passing(log, 1600, 'shelf')).toBe(2);
});

test('a wider band carries more', () => {
  const widths = [400, 800, 1600].map((count) => {
    const log = crowd(count).log();
    return bandsOf(frameAt(log, 2000), log).find((band) => band.edge === 'arrive')?.width ?? 0;
  });
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  expect(new Set(widths).size).toBe(3);
});

test('requests in TLS are sealed outside the wall and open inside, and the gate says that TLS ends there', () => {
  const times = { sent: 100, gate: 110, queued: 120, taken: 121, returned: 140, response: 150, done: 160 };
  const log = Scene.up(4, '0.0.0.0:443').request('https://localhost/', times, { worker: 2 }).log();
  for (const [width, height] of [
    [840, 424],
    [344, 524],
    [352, 172],
  ] as const) {
    const layout = layoutFor(width, height, 4);
    const sealed = [101, 115, 130, 141, 159.9].map((t) => dotsOf(frameAt(log, t), layout, null)[0]?.sealed);
    expect(sealed).toEqual([true, false, false, false, true]);
    expect(valuesOf(frameAt(log, 115), layout, null, 'python', [], true)['gate.name']).toMatch(/listens on :443, TLS ends here/);
  }
  expect([99, 115, 1000].map((t) => endsTls(frameAt(log, t), log))).toEqual([false, true, true]);
  const plain = valuesOf(frameAt(Scene.up().log(), 100), layoutFor(840, 424, 4), null);
  expect([plain['lock.d'], plain['gate.name']?.includes('TLS')]).toEqual(['', false]);
});

test('a door is no TLS door for its port, and is one for what was spoken there', () => {
  const at = { sent: 100, gate: 110, queued: 120, taken: 121, returned: 140, response: 150, done: 160 };
  const plain = Scene.up(4, '0.0.0.0:443').request('http://localhost:443/', at).log();
  const other = Scene.up(4, '0.0.0.0:8443').request('https://localhost:8443/', at).log();
  expect([plain, other].map((log) => endsTls(frameAt(log, 500), log))).toEqual([false, true]);
});

test('that TLS was spoken is still known when a live log has dropped the handshake', () => {
  const scene = Scene.up(4, '0.0.0.0:443').request('https://localhost/', { sent: 30, gate: 31, done: 40 });
  const { events } = scene.history(100).log();
  const ring = new TraceLog([], null, ringOf(300));
  expect(endsTls(frameAt(ring, 0), ring)).toBe(false);
  for (let i = 0; i < events.length; i += 50) ring.add(events.slice(i, i + 50));
  expect(ring.events.some(({ type }) => type === 'tls.ready')).toBe(false);
  expect(endsTls(frameAt(ring, ring.end), ring)).toBe(true);
});

test('the memory of a worker is a bar and a number, and nothing when it is not known', () => {
  const frame = frameAt(Scene.up().log(), 100);
  const worker = frame.workers[0];
  if (!worker) throw new Error('no worker');
  const layout = layoutFor(1040, 424, 4);
  const weighed = valuesOf({ ...frame, workers: [{ ...worker, memory: 64e6 } as typeof worker] }, layout, null);
  const { y, h } = layout.rooms[0]?.memory ?? { y: 0, h: 0 };
  expect(weighed['w1.info']).toBe('pid 4 · 0 served · 64 MB');
  expect(weighed['w1.memory']).toMatch(new RegExp(`V${Math.round((y + h / 2) * 10) / 10}$`));
  const unknown = valuesOf({ ...frame, workers: [{ ...worker, memory: null } as typeof worker] }, layout, null);
  expect([unknown['w1.memory'], unknown['w1.gauge'], unknown['w1.info']]).toEqual(['', '', 'pid 4 · 0 served']);
  const narrow = valuesOf({ ...frame, workers: [{ ...worker, memory: 64e6 } as typeof worker] }, layoutFor(344, 524, 4), null);
  expect(narrow['w1.name']).toMatch(/, 64 MB of memory$/);
});

test('in the lecture the manager gets every request before a room does, points at the worker, and says that it is a model', () => {
  const log = Scene.up().busy([1], 900).busy([3], 950).waiting(2, 960).log();
  for (const [width, height] of [
    [1040, 424],
    [560, 300],
    [344, 524],
    [352, 172],
  ] as const) {
    const layout = layoutFor(width, height, 4, 'lecture');
    const { x, y, w, h } = layout.master;
    for (const room of layout.rooms) {
      const way = Array.from({ length: 201 }, (_, i) => room.take.at(i / 200));
      const nearest = Math.min(...way.map(([u, v]) => Math.hypot(u - x - w / 2, v - y - h / 2)));
      expect(nearest).toBeLessThan(3);
    }
    const values = valuesOf(frameAt(log, 1000), layout, null);
    const turn = Number(/-?\d+/.exec(values['arm.turn'] ?? '')?.[0]);
    const room = layout.rooms[2]?.box ?? layout.master;
    const at = Math.atan2(room.y + room.h / 2 - y - h / 2, room.x - x - w / 2) * (180 / Math.PI);
    expect(Math.abs(turn - at)).toBeLessThan(25);
    expect(values['master.name']).toMatch(/a model.*No such process runs/);
  }
  const html = renderDiagram(frameAt(log, 1000), ['tall'], { version: 'lecture' });
  expect(html).toContain('>manager</text>');
  expect(html).not.toMatch(/shop\.sock|class="watch"/);
});

test('arrow keys go along the lines, and every part can be reached', () => {
  const path = (kind: 'wide' | 'narrow', from: string, ...keys: ('Left' | 'Right' | 'Up' | 'Down')[]): string | null =>
    keys.reduce<string | null>((at, key) => at && neighbour(kind, 'real', 4, at, `Arrow${key}`), from);
  expect(path('wide', 'gate', 'Left')).toBe('visitor');
  expect(path('wide', 'gate', 'Down')).toBe('shelf');
  expect(path('wide', 'gate', 'Right', 'Right', 'Down')).toBe('w2');
  expect(path('wide', 'w2', 'Up', 'Up')).toBe('master');
  expect(path('wide', 'w3', 'Left')).toBe('queue');
  expect(path('wide', 'w4', 'Down')).toBeNull();
  expect(path('narrow', 'visitor', 'Down', 'Down', 'Down', 'Down')).toBe('w1');
  expect(neighbour('wide', 'lecture', 4, 'queue', 'ArrowRight')).toBe('master');
  for (const kind of ['wide', 'narrow', 'strip'] as const) {
    for (const version of ['real', 'lecture'] as const) {
      const reached = new Set(['visitor']);
      for (const at of reached)
        for (const key of ['Left', 'Right', 'Up', 'Down'] as const) {
          const next = neighbour(kind, version, 4, at, `Arrow${key}`);
          if (next) reached.add(next);
        }
      expect([...reached].sort()).toEqual(['gate', 'master', 'queue', 'shelf', 'visitor', 'w1', 'w2', 'w3', 'w4']);
    }
  }
});

test('every state of the atlas can be drawn, and is what its title says', () => {
  const found = new Map<string, string>();
  for (const { states } of STATES)
    for (const state of states) {
      expect(found.has(state.id), state.id).toBe(false);
      const html = renderDiagram(frameAt(state.log, state.t), state.sizes, state);
      expect(html, state.id).not.toMatch(/undefined|NaN/);
      found.set(state.id, html);
    }
  const lamps = found.get('lamps') ?? '';
  for (const lamp of ['idle', 'busy', 'respawning', 'starting', 'dying', 'dead', 'stuck'])
    expect(lamps).toMatch(new RegExp(`aria-label="worker \\d ${lamp}`));
  expect(found.get('queue-100')).toContain('100 waiting');
  expect(found.get('queue-given-up')).toContain('2 + 3 given up');
  expect(found.get('queue-deserted')).toContain('nobody listens');
  expect(found.get('queue-no-socket')).toContain('no socket yet');
  expect(found.get('bands')).toMatch(/→ \d+\/s.*← \d+\/s/s);
  expect(found.get('disaster')).toMatch(/9 × 5xx/);
});
