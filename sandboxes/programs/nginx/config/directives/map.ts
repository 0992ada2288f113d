/** map: a variable whose value depends on another. */
import type { Template } from '../../variables.ts';
import { builtin } from '../../variables.ts';
import type { Call, Commands } from '../parser.ts';
import { compile } from './tools.ts';

async function setMap(call: Call): Promise<void> {
  const { parser, scope, args } = call;
  const [source = '', target = ''] = args;
  if (!target.startsWith('$')) throw parser.error(`invalid variable name "${target}"`);
  const name = target.slice(1).toLowerCase();
  if (builtin(name)) throw parser.error(`the duplicate "${name}" variable`);
  const subject = compile(call, source);
  const exact = new Map<string, Template>();
  const patterns: [RegExp, Template][] = [];
  let fallback: Template = () => '';
  let hasDefault = false;
  const lines = (words: readonly string[]): void => {
    const [key = '', value] = words;
    if (words.length === 1 && (key === 'hostnames' || key === 'volatile')) {
      throw parser.refusal(`this sandbox's nginx does not have "${key}" in "map",`);
    }
    if (words.length !== 2 || value === undefined) throw parser.error('invalid number of the map parameters');
    const made = compile(call, value);
    if (key === 'default') {
      if (hasDefault) throw parser.error('duplicate default map parameter');
      hasDefault = true;
      fallback = made;
    } else if (key.startsWith('~')) patterns.push([parser.regex(key.replace(/^~\*?/, ''), key.startsWith('~*')), made]);
    else {
      const plain = key.replace(/^\\/, '').toLowerCase();
      if (exact.has(plain)) throw parser.error(`conflicting parameter "${plain}"`);
      exact.set(plain, made);
    }
  };
  parser.config.defined.set(name, (request) => {
    const value = subject(request);
    const known = exact.get(value.toLowerCase());
    if (known) return known(request);
    for (const [regex, made] of patterns) {
      const match = regex.exec(value);
      if (!match) continue;
      request.capture(match);
      return made(request);
    }
    return fallback(request);
  });
  await parser.block({ ...scope, lines });
}

export const MAP: Commands = {
  map: { does: 'A variable whose value is looked up by the value of another.', set: setMap },
};
