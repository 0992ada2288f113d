/** Reads a command without parts: its words and where its streams go. */
import type { Lexer, Token } from './lexer.ts';
import type { Source } from './source.ts';
import { type Assignment, bareText, type Command, type Redirect, type Word } from './tree.ts';
import { type ReadCommands, readText } from './word.ts';

/** Assignments, words and redirections. */
export function readSimple(lexer: Lexer, commands: ReadCommands): Command {
  const { source } = lexer;
  const { start } = lexer.peek();
  const assignments: Assignment[] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  let end = start;
  for (;;) {
    const token = lexer.peek();
    if (token.kind === 'redirect') redirects.push(readRedirect(lexer, commands));
    else if (token.kind === 'word') {
      lexer.next();
      const assignment = words.length === 0 ? assigned(token.word) : null;
      if (assignment) assignments.push(assignment);
      else words.push(token.word);
    } else break;
    end = lexer.peek().start;
  }
  if (lexer.sees('(')) throw source.lacks(words.length > 0 ? 'functions; write a script of its own' : 'arrays');
  if (words.length + assignments.length + redirects.length === 0) {
    throw lexer.peek().kind === 'end' ? lexer.ended(null) : lexer.unexpected();
  }
  return { kind: 'simple', assignments, words, redirects, text: source.since(start, end) };
}

/** `>`, `<`, `<<` and their like, with where they go. */
export function readRedirect(lexer: Lexer, commands: ReadCommands): Redirect {
  const { source } = lexer;
  const token = lexer.next();
  if (token.kind !== 'redirect') throw lexer.unexpected();
  const { operator } = token;
  const target = lexer.peek();
  if (target.kind === 'end' || target.kind === 'newline') throw source.problem('newline unexpected');
  if (target.kind !== 'word') throw lexer.unexpected();
  lexer.next();
  const from = token.stream ?? (operator.startsWith('<') ? 0 : 1);
  if (operator.startsWith('<<') && from === 0) return text(source, target, operator === '<<-', commands);
  if (operator === '<' && from === 0) return { to: 'file', from, append: false, file: target.word };
  const bare = bareText(target.word);
  if (from !== 1 && from !== 2) throw source.lacks(`the stream ${from} of "${from}${operator}"`);
  if (operator === '>' || operator === '>>' || operator === '>|') return { to: 'file', from, append: operator === '>>', file: target.word };
  if (operator === '>&' && (bare === '1' || bare === '2')) return { to: 'stream', from, stream: bare === '1' ? 1 : 2 };
  throw source.lacks(`"${operator}${bare ?? ''}"`);
}

/** `<<END` */
function text(source: Source, target: Token, untabbed: boolean, commands: ReadCommands): Redirect {
  const typed = source.text.slice(target.start, target.end);
  const pieces: Word[number][] = [];
  const literal = /['"\\]/.test(typed);
  source.announced.push({
    end: typed.replace(/['"\\]/g, ''),
    literal,
    untabbed,
    give: (body, line) => {
      pieces.push(...(literal ? [{ text: body, quoted: true }] : readText(body, line, commands)));
      return pieces;
    },
  });
  return { to: 'text', from: 0, text: pieces };
}

/** `NAME=value`, when the name and the sign are not quoted. */
function assigned(word: Word): Assignment | null {
  const [first, ...more] = word;
  if (!first || !('text' in first) || first.quoted) return null;
  const [all, name] = /^([A-Za-z_]\w*)=/.exec(first.text) ?? [];
  if (all === undefined || name === undefined) return null;
  const rest = first.text.slice(all.length);
  return { name, value: rest === '' ? more : [{ text: rest, quoted: false }, ...more] };
}
