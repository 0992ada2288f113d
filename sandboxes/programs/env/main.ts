/** env [-i] [-u NAME] [NAME=VALUE…] [COMMAND…]: prints the environment, or runs a command in a changed one. */
import type { Host } from '../../host/host.ts';
import { readOwn } from '../coreutils.ts';
import { start } from '../start.ts';

const MISUSED = 125;

export default async function env(host: Host): Promise<number> {
  // What follows the first plain word is not for env.
  const { args } = host;
  let own = 0;
  while (own < args.length && args[own]?.startsWith('-')) own += args[own] === '-u' || args[own] === '--unset' ? 2 : 1;
  const grammar = { flags: ['-i', '--ignore-environment'], values: ['-u', '--unset'] };
  const parsed = await readOwn(host, grammar, MISUSED, args.slice(0, own));
  if (typeof parsed === 'number') return parsed;
  const variables = new Map(parsed.flags.size > 0 ? [] : Object.entries(host.env));
  for (const [, name] of parsed.values) variables.delete(name);
  const words = args.slice(own);
  while (/^[^=]+=/.test(words[0] ?? '')) {
    const word = words.shift() ?? '';
    variables.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
  }
  const [name, ...rest] = words;
  if (name === undefined) {
    for (const [key, value] of variables) await host.print(`${key}=${value}\n`);
    return 0;
  }
  const path = variables.get('PATH') ?? '/usr/bin:/bin';
  const done = await start(host, name, rest, path, { env: Object.fromEntries(variables) });
  if (typeof done === 'number') return done;
  await host.printError(`env: ‘${name}’: ${done.problem}\n`);
  return done.code;
}
