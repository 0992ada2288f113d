/** `npm run dev`: Astro's development server; the engine is built again whenever a file of the sandbox changes. */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { buildEngine } from './build-engine.ts';
import { at, root } from './lib/paths.ts';

const QUIET_MS = 100;

/** A mistake in the sources is shown; the next change tries again. */
const build = (): Promise<unknown> => buildEngine().catch((error: Error) => console.error(error.message));

let running = build();
await running;

let timer: NodeJS.Timeout | undefined;
watch(at('sandboxes'), { recursive: true }, () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    running = running.then(build);
  }, QUIET_MS);
});

const astro = spawn(process.execPath, [at('scripts/run.mjs'), 'astro', 'dev', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => astro.kill(signal));
astro.on('exit', (code) => process.exit(code ?? 1));
