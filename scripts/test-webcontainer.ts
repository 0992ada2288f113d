/**
 * `npm run test:webcontainer`: the lesson in StackBlitz' real WebContainer, and what the engine needs of it. Not part of
 * `npm test`: it needs the internet, and contacts StackBlitz.
 */
import { spawnSync } from 'node:child_process';
import { buildSite, isBuilt } from './build.ts';
import { ensureBrowser } from './ensure-browser.ts';
import { at, root } from './lib/paths.ts';
import { freePort } from './lib/static-server.ts';

const RUNTIME = 'https://stackblitz.com/headless';
const ANSWER_MS = 10_000;

/** Why StackBlitz cannot be reached, or null. */
async function unreachable(): Promise<string | null> {
  try {
    const { status } = await fetch(RUNTIME, { signal: AbortSignal.timeout(ANSWER_MS) });
    return status < 400 ? null : `it answered ${status}`;
  } catch (error) {
    const { cause, message } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
}

const why = await unreachable();
if (why !== null) {
  console.error(`stackblitz.com cannot be reached from this machine (${why}): the real WebContainer was NOT tested.`);
  process.exit(1);
}
if (!isBuilt()) await buildSite({ quick: true });
const browser = await ensureBrowser();
const env = { ...process.env, ...browser.env, BROWSER_PATH: browser.path, E2E_PORT: String(await freePort()), E2E_WEBCONTAINER: 'real' };
const command = [at('scripts/run.mjs'), 'playwright', 'test', 'e2e/webcontainer.spec.ts', 'e2e/webcontainer-smoke.spec.ts'];
process.exitCode = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit', env }).status ?? 1;
