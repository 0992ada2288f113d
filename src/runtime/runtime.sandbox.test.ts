/** The Runtime suite on every engine that runs without a browser. The embedded one's own part is in e2e/. */
import { afterAll } from 'vitest';
import { type EngineCall, EngineControl } from '../../sandboxes/host/engine.ts';
import { createLocalSandbox } from '../../sandboxes/host/local.ts';
import { DoubleHost } from '../../scripts/double/host.ts';
import { openOver } from '../../scripts/double/in-node.ts';
import { ScriptSandbox } from '../../scripts/lib/sandbox.ts';
import { EngineRuntime } from './engine-runtime.ts';
import { runtimeSuite } from './testing.ts';

runtimeSuite('in one thread', async (files) => {
  const runtime = new EngineRuntime('embedded');
  const local = createLocalSandbox({ files, onEvents: (events) => runtime.receive({ op: 'trace', events }) });
  const control = new EngineControl(local.kernel, (notice) => runtime.receive(notice));
  runtime.attach({
    call: (name, args) => control.do({ name, args } as EngineCall) as Promise<never>,
    close: () => local.dispose(),
  });
  return runtime;
});

runtimeSuite('Node, for scripts', async (files) => {
  const sandbox = await ScriptSandbox.open();
  await sandbox.mount(files);
  return sandbox;
});

const hosts: DoubleHost[] = [];
afterAll(() => Promise.all(hosts.map((host) => host.close())));
runtimeSuite('WebContainer, over its double', (files) => {
  const host = new DoubleHost();
  hosts.push(host);
  return openOver(host, files);
});
