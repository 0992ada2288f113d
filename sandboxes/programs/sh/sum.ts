/** `$(( ))`: whole numbers, compared and reckoned as in C. */
import { Failure } from './failure.ts';

/** From those that bind least to those that bind most. */
const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/', '%']];
const TOKEN = /\s*(?:(\d+)|([A-Za-z_]\w*)|(\|\||&&|==|!=|<=|>=|[-+*/%<>()!]))/y;

/** `value` is that of a variable by its name. Throws Failure. */
export function calculate(text: string, value: (name: string) => string): number {
  const tokens = cut(text);
  let at = 0;
  const binary = (level: number): number => {
    const operators = LEVELS[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    for (let operator = tokens[at]; operator !== undefined && operators.includes(operator); operator = tokens[at]) {
      at++;
      left = reckon(operator, left, binary(level + 1), text);
    }
    return left;
  };
  const unary = (): number => {
    const token = tokens[at++];
    if (token === '-') return -unary();
    if (token === '+') return unary();
    if (token === '!') return unary() === 0 ? 1 : 0;
    if (token === '(') {
      const inner = binary(0);
      if (tokens[at++] !== ')') throw wrong(text);
      return inner;
    }
    if (token !== undefined && /^\d/.test(token)) return Number(token);
    if (token === undefined || !/^\w/.test(token)) throw wrong(text);
    const known = value(token).trim();
    if (!/^[-+]?\d*$/.test(known)) throw new Failure(`Illegal number: ${known}`, true);
    return Number(known);
  };
  if (tokens.length === 0) return 0;
  const result = binary(0);
  if (at < tokens.length) throw wrong(text);
  return result;
}

function cut(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; text.slice(at).trim() !== ''; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [all, ...kinds] = TOKEN.exec(text) ?? [];
    if (all === undefined) throw wrong(text);
    tokens.push(kinds.find((kind) => kind !== undefined) ?? '');
  }
  return tokens;
}

function reckon(operator: string, a: number, b: number, text: string): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0) throw new Failure(`arithmetic expression: division by zero: "${text.trim()}"`, true);
      return operator === '/' ? Math.trunc(a / b) : a % b;
    default:
      return Number(holds(operator, a, b));
  }
}

function holds(operator: string, a: number, b: number): boolean {
  if (operator === '==') return a === b;
  if (operator === '!=') return a !== b;
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  if (operator === '<=') return a <= b;
  if (operator === '>=') return a >= b;
  return operator === '&&' ? a !== 0 && b !== 0 : a !== 0 || b !== 0;
}

const wrong = (text: string): Failure =>
  new Failure(`arithmetic expression: this sandbox's shell does not understand "${text.trim()}"`, true);
