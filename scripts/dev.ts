/**
 * `npm run dev`: Astro's development server; the engine is built again whenever a file of the sandbox changes, and the
 * lessons are checked whenever one of theirs does: Astro names the file of a wrong one, but no line.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { buildEngine } from './build-engine.ts';
import { checkLessons } from './lib/lesson-content.ts';
import { at, root } from './lib/paths.ts';

const QUIET_MS = 100;

/** A mistake in the sources is shown; the next change tries again. */
const build = (): Promise<unknown> => buildEngine().catch((error: Error) => console.error(error.message));

function sayProblems(): void {
  try {
    checkLessons();
  } catch (error) {
    console.error((error as Error).message);
  }
}

/** Calls `work` when a file of the folder has changed, once for many changes at a time. */
function onChange(folder: string, work: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  watch(at(folder), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(work, QUIET_MS);
  });
}

let running = build();
await running;
sayProblems();
onChange('sandboxes', () => {
  running = running.then(build);
});
onChange('lessons', sayProblems);

const astro = spawn(process.execPath, [at('scripts/run.mjs'), 'astro', 'dev', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => astro.kill(signal));
astro.on('exit', (code) => process.exit(code ?? 1));
