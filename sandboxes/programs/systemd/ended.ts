/** How a process's end counts, and what systemd calls it. */
import type { Exit, Signal } from '../../host/host.ts';
import { NUMBERS } from '../kill/signals.ts';
import type { Unit } from './unit.ts';

export type Result = 'success' | 'exit-code' | 'signal' | 'timeout' | 'protocol' | 'resources' | 'start-limit-hit';

/** EXIT_STATUS names that systemd prints: those of C and LSB, and its own for what goes wrong before a program runs. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'SUCCESS',
  1: 'FAILURE',
  2: 'INVALIDARGUMENT',
  3: 'NOTIMPLEMENTED',
  4: 'NOPERMISSION',
  5: 'NOTINSTALLED',
  6: 'NOTCONFIGURED',
  7: 'NOTRUNNING',
  200: 'CHDIR',
  203: 'EXEC',
  216: 'GROUP',
  217: 'USER',
};
const CLEAN: ReadonlySet<Signal> = new Set(['SIGHUP', 'SIGINT', 'SIGTERM']);
const numberOf = (signal: Signal): string => Object.keys(NUMBERS).find((number) => NUMBERS[Number(number)] === signal) ?? '0';

/** `code=exited, status=1/FAILURE`, `code=killed, status=9/KILL` */
export function endText({ code, signal }: Exit): string {
  return signal === null
    ? `code=exited, status=${code}/${NAMES[code] ?? 'n/a'}`
    : `code=killed, status=${numberOf(signal)}/${signal.slice(3)}`;
}

/** `0/SUCCESS`, for `status=` of a process that did well. */
export const ended = (exit: Exit): string => `(${exit.code === 0 ? 'code=exited, status=0/SUCCESS' : endText(exit)})`;

/** Do these words of a unit file name that end: `3`, `SIGKILL`, `KILL`? */
function names(list: readonly string[], { code, signal }: Exit): boolean {
  return list.some((word) => (signal === null ? word === String(code) : word.replace(/^SIG/, '') === signal.slice(3)));
}

/** What the end of a service's main process means. */
export function resultOf(exit: Exit, { success }: Pick<Unit, 'success'>): Result {
  if (names(success, exit)) return 'success';
  if (exit.signal === null) return exit.code === 0 ? 'success' : 'exit-code';
  return CLEAN.has(exit.signal) ? 'success' : 'signal';
}

/** Does Restart= start it again? `exit` is the main process's end, where it is known. */
export function restarts(unit: Pick<Unit, 'restart' | 'preventRestart'>, result: Result, exit: Exit | null): boolean {
  if (exit !== null && names(unit.preventRestart, exit)) return false;
  switch (unit.restart) {
    case 'no':
      return false;
    case 'always':
      return true;
    case 'on-success':
      return result === 'success';
    case 'on-failure':
      return result !== 'success';
    case 'on-abnormal':
      return result !== 'success' && result !== 'exit-code';
    case 'on-abort':
      return result === 'signal';
  }
}
