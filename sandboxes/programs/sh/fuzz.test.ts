/** The parser against what nobody would write: it never breaks, and what it reads is what was meant. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expand, type Values } from './expand.ts';
import { parse } from './parse.ts';
import { quote } from './run.ts';
import { type Command, type Item, type List, type Piece, type Redirect, SyntaxProblem, type Word } from './tree.ts';

const NO_VALUES: Values = {
  files: { list: async () => [] } as unknown as Values['files'],
  value: () => null,
  missing: () => {},
  set: () => {},
  arguments: [],
  capture: async () => '',
};

/** Pieces that shells are made of, in an order that none is. */
const SCRAPS = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...['if', 'then', 'elif', 'else', 'fi', 'for', 'in', 'while', 'until', 'do', 'done', '!', '{', '}', 'case', 'f()', '[', ']'],
      ...[';', '&', '|', '&&', '||', '<', '>', '>>', '<<E', '<<-E', '2>&1', '(', ')', '\n', 'E\n', ' ', '\t', '#', '\\', '\\\n'],
      ...['"', "'", '`', '$', '$(', '$((', '))', '${', '}', '${a:-', '${#a', ':-', '$a', '$@', '~', '*', 'a=', 'a', '1', '\0', 'é', '😀'],
    ),
    fc.string({ maxLength: 4 }),
  ),
  { maxLength: 30 },
);

test('any text is read, or refused in a sentence', () => {
  let taken = 0;
  fc.assert(
    fc.property(SCRAPS, fc.boolean(), (scraps, open) => {
      try {
        parse(scraps.join(''), open);
        taken++;
      } catch (error) {
        if (!(error instanceof SyntaxProblem) || error.message === '' || error.line < 1) throw error;
        // with no more to come it is just as wrong
        if (error.unfinished) expect(() => parse(scraps.join(''))).not.toThrow(RangeError);
      }
    }),
    { numRuns: 1000 },
  );
  expect(taken).toBeGreaterThan(100);
});

test('a word in quotes is that word', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 1, maxLength: 4 }), async (words) => {
      const command = parse(`x ${words.map(quote).join(' ')}`)[0]?.steps[0]?.pipeline.commands[0];
      expect(command?.kind === 'simple' ? await expand(command.words, NO_VALUES) : null).toEqual(['x', ...words]);
    }),
    { numRuns: 2000 },
  );
});

// ---- trees, written out and read again ----

const name = fc.constantFrom('a', 'b_1', 'PATH');
const plain: fc.Arbitrary<Piece> = fc
  .stringMatching(/^[a-zA-Z0-9_./:,%+-]{1,5}$/)
  .map((text) => ({ text, quoted: false }))
  .filter(({ text }) => !/^(if|fi|do|in)$/.test(text));
const quoted: fc.Arbitrary<Piece> = fc
  .string({ maxLength: 6 })
  .filter((text) => !text.includes("'"))
  .map((text) => ({ text, quoted: true }));

const DEEP = { maxDepth: 2, depthIdentifier: 'shell', withCrossShrink: false };

const { list } = fc.letrec<{ list: List; item: Item; command: Command; word: Word; piece: Piece }>((tie) => ({
  piece: fc.oneof(
    DEEP,
    plain,
    quoted,
    fc.record({
      parameter: fc.constantFrom('a', '?', '1', '@'),
      quoted: fc.boolean(),
      length: fc.constant(false),
      instead: fc.constant(null),
    }),
    fc.record({ commands: tie('list'), quoted: fc.boolean() }),
    fc.record({
      parameter: name,
      quoted: fc.constant(false),
      length: fc.constant(false),
      instead: fc.record({ how: fc.constantFrom('-', '=', '+', '?'), empty: fc.boolean(), word: tie('word') }),
    }),
  ),
  // two pieces of the same kind would be one
  word: fc.tuple(plain, tie('piece'), quoted).map((pieces) => pieces.filter((piece, i) => i !== 1 || !('text' in piece))),
  command: fc.oneof(
    DEEP,
    fc.record({
      kind: fc.constant('simple' as const),
      assignments: fc.array(fc.record({ name, value: tie('word') }), { maxLength: 2 }),
      words: fc.array(tie('word'), { minLength: 1, maxLength: 3 }),
      redirects: fc.array(
        fc.oneof(
          fc.record({
            to: fc.constant('file' as const),
            from: fc.constantFrom(1 as const, 2 as const),
            append: fc.boolean(),
            file: tie('word'),
          }),
          fc.record({ to: fc.constant('file' as const), from: fc.constant(0 as const), append: fc.constant(false), file: tie('word') }),
          fc.constant<Redirect>({ to: 'stream', from: 2, stream: 1 }),
        ),
        { maxLength: 2 },
      ),
      text: fc.constant(''),
    }),
    fc.record({
      kind: fc.constantFrom('while', 'until'),
      condition: tie('list'),
      body: tie('list'),
      redirects: fc.constant([]),
      text: fc.constant(''),
    }),
    fc.record({
      kind: fc.constant('for' as const),
      name,
      words: fc.option(fc.array(tie('word'), { maxLength: 3 })),
      body: tie('list'),
      redirects: fc.constant([]),
      text: fc.constant(''),
    }),
    fc.record({
      kind: fc.constant('if' as const),
      branches: fc.array(fc.record({ condition: tie('list'), body: tie('list') }), { minLength: 1, maxLength: 2 }),
      otherwise: fc.option(tie('list')),
      redirects: fc.constant([]),
      text: fc.constant(''),
    }),
    fc.record({
      kind: fc.constant('group' as const),
      apart: fc.boolean(),
      body: tie('list'),
      redirects: fc.constant([]),
      text: fc.constant(''),
    }),
  ) as fc.Arbitrary<Command>,
  item: fc.record({
    steps: fc
      .array(
        fc.record({
          pipeline: fc.record({ negated: fc.boolean(), commands: fc.array(tie('command'), { minLength: 1, maxLength: 2 }) }),
          when: fc.constantFrom('success' as const, 'failure' as const),
        }),
        { minLength: 1, maxLength: 2 },
      )
      .map((steps) => steps.map((step, i) => (i === 0 ? { ...step, when: 'always' as const } : step))),
    background: fc.boolean(),
    text: fc.constant(''),
    line: fc.constant(1),
  }),
  list: fc.array(tie('item'), { minLength: 1, maxLength: 2 }),
}));

const written = (items: List): string => items.map(writtenItem).join(' ');

function writtenItem({ steps, background }: Item): string {
  const parts = steps.map(({ pipeline, when }, i) => {
    const before = i === 0 ? '' : when === 'success' ? '&& ' : '|| ';
    return `${before}${pipeline.negated ? '! ' : ''}${pipeline.commands.map(writtenCommand).join(' | ')}`;
  });
  return `${parts.join(' ')} ${background ? '&' : ';'}`;
}

function writtenCommand(command: Command): string {
  switch (command.kind) {
    case 'simple':
      return [
        ...command.assignments.map(({ name, value }) => `${name}=${writtenWord(value)}`),
        ...command.words.map(writtenWord),
        ...command.redirects.map(writtenRedirect),
      ].join(' ');
    case 'for':
      return `for ${command.name}${command.words === null ? ';' : ` in ${command.words.map(writtenWord).join(' ')};`} do ${written(command.body)} done`;
    case 'if': {
      const branches = command.branches.map(({ condition, body }) => `if ${written(condition)} then ${written(body)}`);
      return `${branches.join(' el')}${command.otherwise ? ` else ${written(command.otherwise)}` : ''} fi`;
    }
    case 'group':
      return command.apart ? `( ${written(command.body)} )` : `{ ${written(command.body)} }`;
    default:
      return `${command.kind} ${written(command.condition)} do ${written(command.body)} done`;
  }
}

function writtenRedirect(redirect: Redirect): string {
  if (redirect.to === 'stream') return `${redirect.from}>&${redirect.stream}`;
  if (redirect.to === 'text') throw new Error('not made here');
  return `${redirect.from}${redirect.from === 0 ? '<' : redirect.append ? '>>' : '>'} ${writtenWord(redirect.file)}`;
}

const writtenWord = (word: Word): string => word.map(writtenPiece).join('');

function writtenPiece(piece: Piece): string {
  if ('text' in piece) return piece.quoted ? quote(piece.text) : piece.text;
  if ('sum' in piece) throw new Error('not made here');
  const bare =
    'commands' in piece
      ? `$( ${written(piece.commands)} )`
      : `\${${piece.parameter}${piece.instead ? `${piece.instead.empty ? ':' : ''}${piece.instead.how}${writtenWord(piece.instead.word)}` : ''}}`;
  return piece.quoted ? `"${bare}"` : bare;
}

test('trees that are written out are read as the same trees', () => {
  fc.assert(
    fc.property(list, (tree) => {
      expect(written(parse(written(tree)))).toBe(written(tree));
    }),
    { numRuns: 100 },
  );
});
