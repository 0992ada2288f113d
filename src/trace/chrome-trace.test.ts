import { readFileSync } from 'node:fs';
import { z } from 'astro/zod';
import { expect, test } from 'vitest';
import { chromeTrace } from './chrome-trace.ts';
import { randomLog } from './fixtures/random.ts';
import { small } from './fixtures/small.ts';
import { TraceLog } from './log.ts';
import { indexOf } from './trace-index.ts';

const whole = z.int().nonnegative();
const at = { name: z.string().min(1), pid: whole, tid: whole, ts: whole };
const values = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
const schema = z.strictObject({
  displayTimeUnit: z.literal('ms'),
  otherData: z.strictObject({ dropped: whole }),
  traceEvents: z.array(
    z.discriminatedUnion('ph', [
      z.strictObject({ ph: z.literal('M'), ...at, args: values }),
      z.strictObject({ ph: z.literal('X'), ...at, cat: z.string(), dur: whole, args: values.optional() }),
      z.strictObject({ ph: z.enum(['s', 't', 'f']), ...at, cat: z.literal('request'), id: z.int().positive(), bp: z.literal('e') }),
      z.strictObject({ ph: z.literal('C'), ...at, args: z.strictObject({ waiting: whole }) }),
      z.strictObject({ ph: z.literal('i'), ...at, cat: z.string(), s: z.literal('p'), args: values.optional() }),
    ]),
  ),
});
const eventsOf = (log: TraceLog) => schema.parse(JSON.parse(chromeTrace(log))).traceEvents;
const logs = (): TraceLog[] => [
  new TraceLog(small),
  TraceLog.parse(readFileSync(new URL('./fixtures/eight-on-four.ndjson', import.meta.url), 'utf8')),
  ...[1, 2, 3, 4, 5].map((seed) => new TraceLog(randomLog(seed, 80))),
  // broken off in the middle: requests are under way
  new TraceLog(randomLog(6, 80).slice(0, 500)),
];

test('events are in order of time, and spans of one thread nest', () => {
  for (const log of logs()) {
    const events = eventsOf(log).filter((event) => event.ph !== 'M');
    expect(events.length).toBeGreaterThan(0);
    const open = new Map<string, number[]>();
    let before = 0;
    for (const event of events) {
      expect(event.ts).toBeGreaterThanOrEqual(before);
      before = event.ts;
      if (event.ph !== 'X') continue;
      const ends = open.get(`${event.pid} ${event.tid}`) ?? [];
      while (ends.length && (ends.at(-1) as number) <= event.ts) ends.pop();
      expect(event.ts + event.dur).toBeLessThanOrEqual(ends.at(-1) ?? Number.POSITIVE_INFINITY);
      open.set(`${event.pid} ${event.tid}`, [...ends, event.ts + event.dur]);
    }
  }
});

test('the flow of each request starts and ends with its client and goes through spans of it', () => {
  for (const log of logs()) {
    const events = eventsOf(log);
    const spans = events.filter((event) => event.ph === 'X');
    for (const request of indexOf(log).requests.list) {
      const flow = events.filter((event) => 'id' in event && event.id === request.number);
      expect(flow.map((event) => event.ph).join('')).toMatch(/^st*f$/);
      expect([flow[0]?.pid, flow.at(-1)?.pid]).toEqual([request.client, request.client]);
      for (const { pid, tid, ts } of flow) {
        const around = spans.filter((span) => span.pid === pid && span.tid === tid && span.ts <= ts && ts <= span.ts + span.dur);
        expect(around.some((span) => span.args?.['request'] === request.number)).toBe(true);
      }
      if (request.end !== Number.POSITIVE_INFINITY)
        expect(flow.filter((event) => request.jobs.some((job) => job.pid === event.pid)).length).toBeGreaterThanOrEqual(
          request.jobs.length - request.late.length,
        );
    }
  }
});

test('processes have names, workers their spans, queues their length, deaths their instants', () => {
  const events = eventsOf(new TraceLog(small));
  const named = events.flatMap((event) => (event.ph === 'M' && event.name === 'process_name' ? [event.args['name']] : []));
  expect(named).toEqual(expect.arrayContaining(['uwsgi master', 'uwsgi worker 1', 'nginx master', 'browser']));
  const spans = events.flatMap((event) => (event.ph === 'X' && event.pid === 3 ? [[event.name, event.ts, event.dur]] : []));
  expect(spans).toEqual([
    ['1 GET /one', 13_000, 7_000],
    ['WSGI', 15_000, 5_000],
    ['2 GET /two', 23_000, 8_000],
    ['WSGI', 24_000, 7_000],
  ]);
  expect(events.flatMap((event) => (event.ph === 'C' ? [`${event.ts} ${event.name} ${event.args.waiting}`] : []))).toEqual([
    '12000 listen queue unix:/run/shop/shop.sock 1',
    '13000 listen queue unix:/run/shop/shop.sock 0',
    '17000 listen queue unix:/run/shop/shop.sock 1',
    '23000 listen queue unix:/run/shop/shop.sock 0',
  ]);
  expect(events.flatMap((event) => (event.ph === 'i' ? [`${event.ts} ${event.name}`] : []))).toEqual([
    '30000 SIGKILL',
    '31000 killed by SIGKILL',
  ]);
});
