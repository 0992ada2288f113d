/** Signals of the sandbox by their Linux numbers and names. */
import type { Signal } from '../../host/host.ts';

export const NUMBERS: Readonly<Record<number, Signal>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  12: 'SIGUSR2',
  15: 'SIGTERM',
  17: 'SIGCHLD',
  18: 'SIGCONT',
  19: 'SIGSTOP',
  20: 'SIGTSTP',
};
const NAMES = new Map(Object.values(NUMBERS).map((signal): [string, Signal] => [signal.slice(3), signal]));

/** `9`, `KILL`, `SIGKILL` or `kill`; 0 only asks whether the process is there. Null for what is no signal here. */
export function signalOf(text: string): Signal | 0 | null {
  if (text === '0') return 0;
  if (/^\d+$/.test(text)) return NUMBERS[Number(text)] ?? null;
  return NAMES.get(text.toUpperCase().replace(/^SIG/, '')) ?? null;
}
