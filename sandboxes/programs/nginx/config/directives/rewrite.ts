/** rewrite, set, if, return, break. */
import { builtin, CHANGEABLE, variable } from '../../variables.ts';
import type { Call, Commands } from '../parser.ts';
import type { Condition, Rewrite, Rule } from '../rules.ts';
import { compile, inside, newLocation } from './tools.ts';

const ABSOLUTE = /^(https?:\/\/|\$scheme)/;

/** Rules stand in the block they are written in; an `if` has its own. */
const add = ({ scope }: Call, rule: Rule): void => void scope.location?.rules.push(rule);

function setRewrite(call: Call): void {
  const { parser, args } = call;
  const [pattern = '', replacement = '', option] = args;
  if (replacement === '') throw parser.error('empty replacement');
  const regex = parser.regex(pattern, false);
  if (option !== undefined && !/^(last|break|redirect|permanent)$/.test(option)) throw parser.error(`invalid parameter "${option}"`);
  const dropArgs = replacement.endsWith('?');
  const redirect = option === 'permanent' ? 301 : option === 'redirect' || ABSOLUTE.test(replacement) ? 302 : null;
  add(call, {
    kind: 'rewrite',
    regex,
    ...split(call, dropArgs ? replacement.slice(0, -1) : replacement, redirect !== null),
    dropArgs,
    redirect,
    after: option === 'last' || option === 'break' ? option : 'next',
  });
}

/** Path and query of a replacement. What a pattern found is escaped where it comes into a query, or into a Location. */
function split(call: Call, text: string, whole: boolean): Pick<Rewrite, 'path' | 'args'> {
  const question = text.indexOf('?');
  const path = question < 0 ? text : text.slice(0, question);
  return {
    path: compile(call, path, whole ? 'args' : 'value'),
    args: question < 0 ? null : compile(call, text.slice(question + 1), 'args'),
  };
}

function setReturn(call: Call): void {
  const { parser, args } = call;
  const [first = '', second] = args;
  const code = /^\d{1,9}$/.test(first) ? Number(first) : null;
  if (code === null && second === undefined && ABSOLUTE.test(first)) {
    add(call, { kind: 'return', code: 302, text: compile(call, first) });
    return;
  }
  if (code === null || code > 999) throw parser.error(`invalid return code "${first}"`);
  add(call, { kind: 'return', code, text: second === undefined ? null : compile(call, second) });
}

function setSet(call: Call): void {
  const { parser, args } = call;
  const [given = '', value = ''] = args;
  if (!given.startsWith('$')) throw parser.error(`invalid variable name "${given}"`);
  const name = given.slice(1).toLowerCase();
  if (name === '') throw parser.error('invalid variable name "$"');
  if (builtin(name) && !CHANGEABLE.has(name) && !/^(http|sent_http|upstream_http|cookie|arg)_/.test(name)) {
    throw parser.error(`the duplicate "${name}" variable`);
  }
  if (!parser.config.defined.has(name)) parser.config.defined.set(name, null);
  add(call, { kind: 'set', name, value: compile(call, value) });
}

async function setIf(call: Call): Promise<void> {
  const { parser, scope } = call;
  const outer = scope.location;
  if (!outer) return;
  const location = newLocation('if', parser.place, { label: outer.label, pattern: outer.pattern, regex: outer.regex });
  const condition = readCondition(call);
  outer.variants.push(location);
  outer.rules.push({ kind: 'if', condition, location });
  await parser.block(inside(scope, scope.context === 'server' ? 'server-if' : 'if', location));
}

/** The words between the parentheses, which may stand alone or stick to their neighbours. */
function readCondition(call: Call): Condition {
  const { parser } = call;
  const words = [...call.args];
  const invalid = (text: string) => parser.error(`invalid condition "${text}"`);
  const [first = ''] = words;
  if (!first.startsWith('(')) throw invalid(first);
  if (first === '(') words.shift();
  else words[0] = first.slice(1);
  const last = words.at(-1) ?? '';
  if (!last.endsWith(')')) throw invalid(last);
  if (last === ')') words.pop();
  else words[words.length - 1] = last.slice(0, -1);
  if (words.length === 0) throw invalid(')');
  const [subject = '', operator, ...values] = words;
  const value = words.at(-1) ?? '';

  if (subject.length > 1 && subject.startsWith('$')) {
    if (words.length !== 1 && words.length !== 3) throw invalid(subject);
    const name = subject.slice(1).toLowerCase();
    parser.config.variables.add(name);
    const get = variable(name);
    const tested = (request: Parameters<typeof get>[0]): string => get(request) ?? '';
    if (operator === undefined) return { kind: 'set', value: tested };
    if (operator === '=' || operator === '!=') return { kind: 'equal', value: tested, other: compile(call, value), not: operator === '!=' };
    if (!/^!?~\*?$/.test(operator)) throw parser.error(`unexpected "${operator}" in condition`);
    return { kind: 'match', value: tested, regex: parser.regex(value, operator.endsWith('*')), not: operator.startsWith('!') };
  }
  if (/^(-.|!-.)$/.test(subject)) {
    if (values.length > 0 || operator === undefined) throw invalid(subject);
    const path = compile(call, value);
    const what = (['f', 'd', 'e', 'x'] as const).find((letter) => subject.endsWith(letter));
    if (!what) throw invalid(subject);
    return { kind: 'file', path, what, not: subject.startsWith('!') };
  }
  throw invalid(subject);
}

export const REWRITE: Commands = {
  rewrite: { does: 'A new path by pattern: looked up again (last), used as it is (break), or told to the browser.', set: setRewrite },
  return: { does: 'A status, a text or a redirect at once; 444 closes the connection.', set: setReturn },
  set: { does: 'A variable of your own.', set: setSet },
  if: { does: 'What holds where a variable, a pattern or a file test says so.', set: setIf },
  break: { does: 'No further rules of this kind.', set: (call) => add(call, { kind: 'break' }) },
  uninitialized_variable_warn: {
    does: 'Whether the error log tells of variables that were never set.',
    set: ({ scope, value }) => {
      scope.own.warnUninitialized = value === true;
    },
  },
};
