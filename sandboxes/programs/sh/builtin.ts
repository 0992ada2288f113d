/** What the shell does itself, one command of it: its exit code. It prints by the shell, whose streams may be redirected. */
import type { Shell } from './shell.ts';

export type Builtin = (shell: Shell, args: readonly string[]) => Promise<number>;

/** Says that something is wrong with how a builtin was called. */
export async function refuse(shell: Shell, problem: string): Promise<2> {
  await shell.complain(problem);
  return 2;
}

export const isName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);
