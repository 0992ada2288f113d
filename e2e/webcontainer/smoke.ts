/** Reads what smoke.cjs finds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export const SMOKE: string = readFileSync(join(import.meta.dirname, 'smoke.cjs'), 'utf8');

/** WebContainer is known not to do it (webcontainer-core#1121); the course says so. */
export const MAY_FAIL: readonly string[] = ['SIGKILL ends a process in a hot loop'];

/** The findings in what a terminal shows. */
export function findings(shown: string): Finding[] {
  return [...shown.matchAll(/\x1e([^\x1f]*)\x1f/g)].map(([, json = '']) => JSON.parse(json) as Finding);
}
