/** Where a command's streams go: `>`, `>>`, `2>`, `2>&1` and `<`. */
import { type Child, type Host, isSystemError, type OutputFile, type SpawnOptions } from '../../host/host.ts';
import type { Redirect, Word } from './parse.ts';
import type { Shell } from './shell.ts';

export interface Streams {
  readonly outputs: SpawnOptions;
  /** What `<` gives the command to read, or null without one. */
  readonly input: Uint8Array | null;
}

type Expand = (words: readonly Word[]) => Promise<string[]>;

/** The problem is one with what `<` names, in dash's words. */
export async function readStreams(
  host: Host,
  redirects: readonly Redirect[],
  expand: Expand,
): Promise<Streams | { readonly problem: string }> {
  let stdout: OutputFile | 'null' | null = null;
  let stderr: OutputFile | 'stdout' | 'null' | null = null;
  let input: Uint8Array | null = null;
  for (const redirect of redirects) {
    if (redirect.to === null) {
      stderr = 'stdout';
      continue;
    }
    const file = (await expand([redirect.to]))[0] ?? '';
    const target = file === '/dev/null' ? ('null' as const) : { file, append: redirect.append };
    if (redirect.from === 1) stdout = target;
    else if (redirect.from === 2) stderr = target;
    else if (target === 'null') input = new Uint8Array(0);
    else {
      try {
        input = await host.fs.read(file);
      } catch (error) {
        if (!isSystemError(error)) throw error;
        return { problem: `cannot open ${file}: ${error.code === 'ENOENT' ? 'No such file' : error.strerror}` };
      }
    }
  }
  return { input, outputs: { ...(stdout ? { stdout } : {}), ...(stderr ? { stderr } : {}), ...(input ? { stdin: 'pipe' } : {}) } };
}

/** Gives a child what `<` named. It may end without reading it. */
export async function feed(child: Child, input: Uint8Array | string | null): Promise<void> {
  if (input === null) return;
  try {
    await child.stdin?.write(input);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
  child.stdin?.end();
}

/** Sends what the shell itself prints to a file. */
export async function writeTo(shell: Shell, redirect: Redirect, text: string): Promise<void> {
  const file = redirect.to ? ((await shell.expand([redirect.to]))[0] ?? '') : '';
  if (file === '' || file === '/dev/null') return;
  try {
    await shell.host.fs.write(file, text, { append: redirect.append });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    await shell.complain(`cannot create ${file}: ${error.strerror}`);
  }
}
