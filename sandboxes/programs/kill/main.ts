/** kill: sends signals, with bash's words. */
import { type Host, isSystemError, type Signal } from '../../host/host.ts';

/** Signals of the sandbox by their Linux numbers. */
const NUMBERS: Readonly<Record<number, Signal>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  12: 'SIGUSR2',
  15: 'SIGTERM',
  17: 'SIGCHLD',
};
const NAMES = new Map(Object.values(NUMBERS).map((signal): [string, Signal] => [signal.slice(3), signal]));
const USAGE = 'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n';

function signalOf(text: string): Signal | 0 | null {
  if (text === '0') return 0;
  if (/^\d+$/.test(text)) return NUMBERS[Number(text)] ?? null;
  return NAMES.get(text.toUpperCase().replace(/^SIG/, '')) ?? null;
}

export default async function kill(host: Host): Promise<number> {
  let args = [...host.args];
  let signal: Signal | 0 = 'SIGTERM';
  const first = args[0] ?? '';
  if (first === '-l' || first === '-L') {
    await host.print(
      `${Object.entries(NUMBERS)
        .map(([number, name]) => `${number.padStart(2)}) ${name}`)
        .join('\t')}\n`,
    );
    return 0;
  }
  if (/^-[^-]/.test(first)) {
    const spec = first === '-s' || first === '-n' ? (args[1] ?? '') : first.slice(1).replace(/^[sn](?=[A-Z0-9])/, '');
    const found = signalOf(spec);
    if (found === null) {
      await host.printError(`kill: ${spec}: invalid signal specification\n`);
      return 1;
    }
    signal = found;
    args = args.slice(first === '-s' || first === '-n' ? 2 : 1);
  }
  if (args[0] === '--') args = args.slice(1);
  if (args.length === 0) {
    await host.printError(USAGE);
    return 2;
  }
  let code = 0;
  for (const arg of args) {
    if (!/^\d+$/.test(arg)) {
      await host.printError(`kill: ${arg}: arguments must be process or job IDs\n`);
      code = 1;
      continue;
    }
    try {
      await host.kill(Number(arg), signal);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      await host.printError(`kill: (${arg}) - ${error.strerror}\n`);
      code = 1;
    }
  }
  return code;
}
