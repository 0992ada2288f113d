/** What Linux says of a process. */
import { readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { statOf } from '../../lib/processes.ts';

/** Ticks a second of the times in /proc: the same on all Linuxes of today. */
const TICKS = 100;

export interface Seen {
  readonly pid: number;
  readonly ppid: number;
  /** Since when it lives, ms since 1970, to 10 ms. */
  readonly start: number;
  /** How it ended, when it has and its parent has not asked yet. */
  readonly end: { readonly code: number | null; readonly signal: string | null } | null;
}

/** Null: there is no such process any more. */
export function look(pid: number): Seen | null {
  const field = statOf(pid);
  if (field === null) return null;
  const start = bootedAt() + (Number(field(22)) * 1000) / TICKS;
  return { pid, ppid: Number(field(4)), start, end: field(3) === 'Z' ? endOf(Number(field(52))) : null };
}

/** The status that a parent gets of its child. */
function endOf(status: number): Seen['end'] {
  const number = status & 0x7f;
  const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null;
  return signal === null ? { code: status >> 8, signal: null } : { code: null, signal };
}

/** When the machine was started, ms since 1970. */
function bootedAt(): number {
  return Date.now() - Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
}

/** Its command line and its user; null when it has gone. */
export function about(pid: number): { readonly args: readonly string[]; readonly uid: number } | null {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { args: words.slice(1).filter(Boolean), uid: statSync(`/proc/${pid}`).uid };
  } catch {
    return null;
  }
}
