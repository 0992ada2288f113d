/** `npm run -s sandbox -- [--root DIR] [--publish 8080:80] PROGRAM ARGS…`: runs a sandbox program on this machine, on the Node host. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { buildEngine } from './build-engine.ts';
import { at } from './lib/paths.ts';

await buildEngine();
const child = spawn(process.execPath, [at('.cache/engine/node/main.mjs'), ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
