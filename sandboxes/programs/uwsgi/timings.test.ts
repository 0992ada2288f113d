/**
 * How long things take because the master looks once a second, against recorded times. Never shorter than the shortest that
 * was recorded (or than the option says), and not more than a busy machine's few seconds longer than the longest.
 */
import { afterEach, expect, test } from 'vitest';
import recorded from './fixtures/timings.json' with { type: 'json' };
import { BIG_BODY, body, holdWorker, ini, type Running, startUwsgi, until } from './testing.ts';

const SLOW = { timeout: 60_000 };
/** For a machine that is busy with other tests, s. */
const SLACK = 3;
const APP = `
import os
def application(environ, start_response):
    start_response('200 OK', [])
    return ${BIG_BODY} if environ['PATH_INFO'] == '/big' else [str(os.getpid()).encode()]
`;

let running: Running;
afterEach(() => running.sandbox.dispose());

async function start(options = ''): Promise<void> {
  running = await startUwsgi({ app: APP, text: ini(options) });
  await running.ready();
}

/** When the last event of this type was, s. */
const last = (type: string, pid?: number): number =>
  (running.sandbox.events.findLast((event) => event.type === type && (pid === undefined || event.pid === pid))?.t ?? Number.NaN) / 1000;
const worker = (): number => running.sandbox.events.findLast(({ type }) => type === 'uwsgi.ready')?.pid ?? 0;

test('a dead worker is replaced at the next look', SLOW, async () => {
  await start();
  for (let life = 2; life <= 4; life++) {
    running.sandbox.kill(worker(), 'SIGKILL');
    await running.ready(life);
    expect(last('process.start') - last('process.exit')).toBeLessThan(Math.max(...recorded.respawn_delay_s) + SLACK);
  }
});

test('harakiri ends a request at the first look after its seconds, which are whole', SLOW, async () => {
  await start('harakiri = 2');
  const pid = worker();
  const letGo = holdWorker(running.sandbox);
  await running.ready(2);
  const took = last('process.exit', pid) - last('wsgi.call', pid);
  // Shorter than recorded by what the second had already gone.
  expect(took).toBeGreaterThan(2);
  expect(took).toBeLessThan(Math.max(...recorded.harakiri2_kill_s) + SLACK);
  await letGo().catch(() => {});
});

test('SIGINT takes a second, also when nobody has anything to do', SLOW, async () => {
  await start();
  const { pid, exited } = running.process;
  running.sandbox.kill(pid, 'SIGINT');
  await exited;
  const took = last('process.exit', pid) - last('process.signal', pid);
  expect(took).toBeGreaterThan(Math.min(...recorded.sigint_exit_s) - 0.1);
  expect(took).toBeLessThan(Math.max(...recorded.sigint_exit_s) + SLACK);
});

test('a reload takes a second, and a request that comes meanwhile is answered after it', SLOW, async () => {
  await start();
  const old = worker();
  running.sandbox.kill(running.process.pid, 'SIGHUP');
  await until(() => running.sandbox.events.some((event) => event.type === 'process.exit' && event.pid === old));
  expect(Number(body(await running.ask('/')))).not.toBe(old);
  await until(() => last('wsgi.return') > 0);
  const took = last('wsgi.return') - last('process.signal', running.process.pid);
  expect(took).toBeGreaterThan(Math.min(...recorded.hup_idle_hold_s.map(([, s]) => Number(s))) - 0.1);
  expect(took).toBeLessThan(Math.max(...recorded.hup_idle_hold_s.map(([, s]) => Number(s))) + SLACK);
});
