// What the page hears of its sandbox, whatever it runs in.
import { expect, test } from 'vitest';
import { CLOSED, EngineRuntime } from './engine-runtime.ts';

/** An engine that answers a call only when it is closed, and then with a refusal, as the frame does it. */
function pendingEngine() {
  const { promise, reject } = Promise.withResolvers<never>();
  return { call: () => promise, close: () => reject(new Error(CLOSED)) };
}

test('a fault is heard while the sandbox is open', () => {
  const runtime = new EngineRuntime('embedded');
  const heard: string[] = [];
  runtime.on('fault', ({ message }) => heard.push(message));
  runtime.receive({ op: 'fault', message: 'it broke' });
  expect(heard).toEqual(['it broke']);
});

test('closing is no fault: what a call that waited makes of it, and what comes late, is not heard', async () => {
  const runtime = new EngineRuntime('embedded');
  const engine = pendingEngine();
  runtime.attach(engine);
  const heard: unknown[] = [];
  for (const type of ['fault', 'trace', 'files'] as const) runtime.on(type, (event) => heard.push(event));
  // as the default engine loads Python: in the background, and a failure is a fault
  const loading = engine.call().catch((error: Error) => runtime.receive({ op: 'fault', message: error.message }));
  runtime.dispose();
  await loading;
  runtime.receive({ op: 'trace', events: [] });
  runtime.receive({ op: 'files', paths: ['/etc/hosts'] });
  expect(heard).toEqual([]);
});

test('a process is forgotten once it can print no more and whoever started it has it, in either order', async () => {
  const runtime = new EngineRuntime('embedded');
  const exit = { code: 0, signal: null };
  const answers: ((pid: never) => void)[] = [];
  const call = (): Promise<never> => new Promise((resolve) => answers.push(resolve));
  runtime.attach({ call, close: () => {} });
  const early = runtime.spawn('one');
  runtime.receive({ op: 'output', pid: 1, stream: 1, data: new TextEncoder().encode('said') });
  runtime.receive({ op: 'exited', pid: 1, exit });
  runtime.receive({ op: 'closed', pid: 1 });
  answers.shift()?.(1 as never);
  const one = await early;
  const heard: string[] = [];
  one.onOutput((text) => void heard.push(text));
  expect([heard, await one.exited]).toEqual([['said'], exit]);

  for (const isSame of [false, true]) {
    // nothing else shows that it is forgotten: a number that is given again means another process
    const again = runtime.spawn('two');
    answers.shift()?.(1 as never);
    expect((await again) === one).toBe(false);
    const later = runtime.spawn('three');
    if (!isSame) runtime.receive({ op: 'closed', pid: 1 });
    answers.shift()?.(1 as never);
    expect((await later) === (await again)).toBe(isSame);
  }
});
