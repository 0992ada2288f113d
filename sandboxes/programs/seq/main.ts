/** seq [FIRST [STEP]] LAST: prints numbers, each in a line. */
import type { Host } from '../../host/host.ts';
import { helped, misused } from '../coreutils.ts';

/** Characters that are printed at once. */
const BLOCK = 8192;

export default async function seq(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const { args } = host;
  const wrong = args.find((arg) => !/^[-+]?\d+$/.test(arg));
  if (wrong !== undefined) return misused(host, `invalid whole number: ‘${wrong}’`);
  if (args.length === 0) return misused(host, 'missing operand');
  if (args.length > 3) return misused(host, `extra operand ‘${args[3]}’`);
  const numbers = args.map(Number);
  const last = numbers.at(-1) ?? 0;
  const first = numbers.length > 1 ? (numbers[0] ?? 1) : 1;
  const step = numbers.length > 2 ? (numbers[1] ?? 1) : 1;
  if (step === 0) return misused(host, 'invalid Zero increment value: ‘0’');
  let text = '';
  for (let number = first; step > 0 ? number <= last : number >= last; number += step) {
    text += `${number}\n`;
    if (text.length < BLOCK) continue;
    await host.print(text);
    text = '';
  }
  if (text !== '') await host.print(text);
  return 0;
}
