/** Other tools and scripts as processes of their own, started by way of the launcher, which knows the project's Node. */
import { spawn } from 'node:child_process';
import { at, root } from './paths.ts';

export interface Run {
  /** Beside others: what it prints comes in one piece, when it has ended. */
  readonly beside?: boolean;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a tool of the project's (`astro`, `vitest`), or a script by its path; true when it ends well. */
export function runTool(args: readonly string[], { beside = false, env = {} }: Run = {}): Promise<boolean> {
  const child = spawn(process.execPath, [at('scripts/run.mjs'), ...args], {
    cwd: root,
    stdio: beside ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { ...process.env, ...env },
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => printed.push(part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(printed));
      resolve(code === 0);
    });
  });
}
