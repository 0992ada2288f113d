import { expect, test } from 'vitest';
import type { TraceEvent } from '../../../sandboxes/host/events.ts';
import { small } from '../../trace/fixtures/small.ts';
import { frameAt } from '../../trace/frame.ts';
import { TraceLog } from '../../trace/log.ts';
import { indexOf, longestQueue } from '../../trace/trace-index.ts';
import { stretchOf } from './lanes-data.ts';
import { layLanes, Tracks } from './lanes-layout.ts';
import { namesSvg, paperSvg } from './lanes-svg.ts';

const log = new TraceLog(small);

/** `count` requests of 1 ms on one worker, 2 ms apart: all told 8 events each. */
function many(count: number): TraceEvent[] {
  const list: [number, number, TraceEvent['type'], object][] = [[0, 8, 'process.role', { role: 'worker', server: 'uwsgi', worker: 1 }]];
  for (let n = 1; n <= count; n++) {
    const t = n * 2;
    const conn = `c${n}`;
    list.push(
      [t, 2, 'client.request', { conn, n: 1, method: 'GET', url: 'http://localhost/' }],
      [t + 0.1, 5, 'nginx.request', { conn, n: 1, method: 'GET', uri: '/', host: 'localhost' }],
      [t + 0.2, 5, 'nginx.upstream', { conn, n: 1, upstream: `u${n}`, address: 'unix:x' }],
      [t + 0.3, 5, 'conn.queued', { conn: `u${n}`, listener: 1, waiting: 1 }],
      [t + 0.4, 8, 'conn.accepted', { conn: `u${n}`, listener: 1, waiting: 0, client: 5 }],
      [t + 0.5, 8, 'wsgi.call', { conn: `u${n}`, worker: 1, method: 'GET', uri: '/' }],
      [t + 0.9, 8, 'wsgi.return', { conn: `u${n}`, worker: 1, status: 200, bytes: 1, ms: 0.4, error: false }],
      [t + 1, 2, 'client.response', { conn, n: 1, status: 200, bytes: 1, server: 'nginx' }],
    );
  }
  return list.map(([t, pid, type, data], seq) => ({ t, pid, type, seq, ...data }) as TraceEvent);
}

test('a stretch holds the spans that reach into it, each request once a lane, and no others', () => {
  const { requests } = indexOf(log);
  for (let t = 0; t <= log.end; t += 1) {
    const { lanes } = stretchOf(log, t, t + 5);
    const inside = requests.list.filter((one) => one.start <= t + 5 && one.end > t).map((one) => one.key);
    expect(lanes[0]?.spans.map(({ request }) => request.key)).toEqual(inside);
    for (const lane of lanes.slice(2))
      for (const { from, to } of lane.spans) {
        expect(to).toBeGreaterThan(t);
        expect(from).toBeLessThanOrEqual(t + 5);
      }
  }
  expect(stretchOf(log, 0, log.end).lanes.map((lane) => lane.id)).toEqual(expect.arrayContaining(['visitor', 'nginx', 'worker 1']));
});

test('a worker that goes on after its visitor has left is still at work in its lane', () => {
  const list: [number, number, TraceEvent['type'], object][] = [
    [0, 8, 'process.start', { ppid: 1, program: 'uwsgi', args: [], uid: 0 }],
    [0.5, 8, 'process.role', { role: 'worker', server: 'uwsgi', worker: 1 }],
    [10, 2, 'client.request', { conn: 'c', n: 1, method: 'GET', url: 'http://localhost/slow' }],
    [11, 5, 'nginx.upstream', { conn: 'c', n: 1, upstream: 'u', address: 'unix:x' }],
    [12, 5, 'conn.queued', { conn: 'u', listener: 1, waiting: 1 }],
    [13, 8, 'conn.accepted', { conn: 'u', listener: 1, waiting: 0, client: 5 }],
    [14, 8, 'wsgi.call', { conn: 'u', worker: 1, method: 'GET', uri: '/slow' }],
    [20, 2, 'client.failed', { conn: 'c', n: 1, reason: 'the visitor left' }],
    [90, 8, 'wsgi.return', { conn: 'u', worker: 1, status: 200, bytes: 1, ms: 76, error: false }],
  ];
  const left = new TraceLog(list.map(([t, pid, type, data], seq) => ({ t, pid, type, seq, ...data }) as TraceEvent));
  const [visitor, , worker] = stretchOf(left, 50, 60).lanes;
  expect(visitor?.spans).toEqual([]);
  expect(worker?.spans).toMatchObject([{ from: 13, to: 90 }]);
});

test('the steps of the line go up and down as requests come and are taken, and end where they began', () => {
  const busy = new TraceLog(many(50));
  const { depths } = stretchOf(busy, 0, busy.end);
  expect(depths).toHaveLength(100);
  expect(depths.map(({ waiting }) => waiting)).toEqual(Array.from({ length: 100 }, (_, at) => (at + 1) % 2));
  expect(longestQueue(busy)).toBe(1);
});

test('a request keeps its track when others become known, and shares it with none at the same time', () => {
  const tracks = new Tracks(3);
  const a = { key: 'a', start: 0, end: Number.POSITIVE_INFINITY };
  const b = { key: 'b', start: 1, end: 5 };
  tracks.take([a, b]);
  const before = [tracks.of('a'), tracks.of('b')];
  tracks.take([{ ...a, end: 9 }, b, { key: 'c', start: 4, end: 8 }, { key: 'd', start: 6, end: 7 }]);
  expect([tracks.of('a'), tracks.of('b')]).toEqual(before);
  expect(new Set([tracks.of('a'), tracks.of('b'), tracks.of('c')]).size).toBe(3);
  expect(tracks.of('d')).toBe(tracks.of('b'));
});

test('lanes fit their box, with names beside them, however many there are', () => {
  const lane = (id: string, worker: number | null) => ({ id, worker, spans: [], lives: [] });
  for (const [width, height] of [
    [352, 172],
    [760, 424],
  ] as const) {
    const lanes = [lane('visitor', null), lane('nginx', null), ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => lane(`worker ${n}`, n))];
    const { rows, queue, axis } = layLanes(width, height, lanes, true);
    const last = rows.at(-1);
    expect((last?.y ?? 0) + (last?.h ?? 0)).toBeLessThanOrEqual(height - axis + 1);
    expect(rows[0]?.y).toBeGreaterThanOrEqual(queue.y + queue.h);
  }
});

test('what is narrower than a pixel is drawn together: the drawing does not grow with the log', () => {
  const drawing = (count: number): string => {
    const busy = new TraceLog(many(count));
    const stretch = stretchOf(busy, 0, busy.end);
    const tracks = new Tracks(2);
    tracks.take(indexOf(busy).requests.list);
    const scale = { x: (t: number) => (t / busy.end) * 600, t: (x: number) => (x / 600) * busy.end, width: 600 };
    const layout = layLanes(700, 400, stretch.lanes, true);
    return paperSvg({ stretch, layout, scale, tracks, names: 'python', followed: null, longest: 1, marks: [] });
  };
  // ten requests are drawn one by one
  expect(drawing(10).match(/role="button"/g)?.length).toBe(20);
  const crowd = drawing(12_000);
  expect(crowd).not.toContain('role="button"');
  expect(crowd.length).toBeLessThan(120_000);
});

test('nothing that a log says becomes markup', () => {
  const evil = '"><img src=x onerror=alert(1)>';
  const known = new Set(['type', 't', 'seq', 'conn', 'n', 'upstream', 'program', 'role', 'server', 'listener', 'signal', 'ppid']);
  // whatever the types promise: what no code here reads as a name or a time says something else
  const hostile = (event: TraceEvent): TraceEvent =>
    Object.fromEntries(
      Object.entries(event).map(([field, value]) => [field, known.has(field) ? value : `${value}${evil}`]),
    ) as unknown as TraceEvent;
  const bad = new TraceLog(small.map(hostile));
  for (let t = 0; t <= bad.end; t += 1) {
    const stretch = stretchOf(bad, 0, bad.end);
    const layout = layLanes(900, 600, stretch.lanes, true);
    const scale = { x: (at: number) => at * 12, t: (x: number) => x / 12, width: 12 * bad.end };
    const marks = [{ t: 5, kind: 'crash' as const, text: evil }];
    const drawn = { stretch, layout, scale, tracks: new Tracks(2), names: 'python' as const, followed: null, longest: 1, marks };
    const svg = `${paperSvg(drawn)}${namesSvg(layout, frameAt(bad, t), 'python')}`;
    expect(svg).toContain('img src');
    expect(svg).not.toContain('<img');
  }
});

test('tracks forget requests that a live log has dropped', () => {
  const tracks = new Tracks(2);
  const requests = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ key: `${from + i}`, start: from + i, end: from + i + 1.5 }));
  tracks.take(requests(0, 11));
  expect(tracks.of('1')).toBe(1);
  tracks.take(requests(10, 4));
  expect(tracks.of('1')).toBe(0);
  expect(tracks.of('11')).toBe(1);
});
