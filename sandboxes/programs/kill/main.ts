/** kill: sends signals, with bash's words. */
import { type Host, isSystemError, type Signal } from '../../host/host.ts';
import { helped } from '../coreutils.ts';
import { NUMBERS, signalOf } from './signals.ts';

const USAGE = 'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n';

/** `kill -l`: all signals as a table, or the other name of each one given. */
async function list(host: Host, given: readonly string[]): Promise<number> {
  if (given.length === 0) {
    const cells = Object.entries(NUMBERS).map(([number, name]) => `${number.padStart(2)}) ${name}`);
    for (let i = 0; i < cells.length; i += 4) await host.print(`${cells.slice(i, i + 4).join('\t')}\n`);
    return 0;
  }
  let code = 0;
  for (const spec of given) {
    const [number, name] = Object.entries(NUMBERS).find(([, signal]) => signal === signalOf(spec)) ?? [];
    if (name !== undefined) await host.print(`${/^\d/.test(spec) ? name.slice(3) : number}\n`);
    else {
      await host.printError(`kill: ${spec}: invalid signal specification\n`);
      code = 1;
    }
  }
  return code;
}

export default async function kill(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  let args = [...host.args];
  let signal: Signal | 0 = 'SIGTERM';
  const first = args[0] ?? '';
  if (first === '-l' || first === '-L') {
    return list(host, args.slice(1));
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
