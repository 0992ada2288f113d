/** The Runtime suite on every engine that runs without a browser; on the one in a browser: e2e/runtime.spec.ts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EngineCall, EngineControl } from '../../sandboxes/host/engine.ts';
import { createLocalSandbox } from '../../sandboxes/host/local.ts';
import { DoubleHost } from '../../scripts/double/host.ts';
import { openOver } from '../../scripts/double/in-node.ts';
import { ScriptSandbox } from '../../scripts/lib/sandbox.ts';
import { EngineRuntime } from './engine-runtime.ts';
import { type Runner, runtimeSuite } from './testing.ts';

const STARTED_WITHIN_MS = 30_000;
const runner: Runner = { describe, test, expect, beforeAll: (body) => beforeAll(body, STARTED_WITHIN_MS), afterAll };

runtimeSuite(runner, 'in one thread', async (files) => {
  const runtime = new EngineRuntime('embedded');
  const local = createLocalSandbox({ files, onEvents: (events) => runtime.receive({ op: 'trace', events }) });
  const control = new EngineControl(local.kernel, (notice) => runtime.receive(notice));
  runtime.attach({
    call: (name, args) => control.do({ name, args } as EngineCall) as Promise<never>,
    close: () => local.dispose(),
  });
  return runtime;
});

runtimeSuite(runner, 'Node, for scripts', async (files) => {
  const sandbox = await ScriptSandbox.open();
  await sandbox.mount(files);
  return sandbox;
});

const hosts: DoubleHost[] = [];
afterAll(() => Promise.all(hosts.map((host) => host.close())));
runtimeSuite(runner, 'WebContainer, over its double', (files) => {
  const host = new DoubleHost();
  hosts.push(host);
  return openOver(host, files);
});
