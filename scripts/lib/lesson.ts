/** Reads lessons for scripts and tests. What is wrong with one is said with file and line. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import type { z } from 'astro/zod';
import { type Document, isCollection, isMap, isNode, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { type LessonData, lesson as schema } from '../../src/lesson/format.ts';
import { at, root } from './paths.ts';

export interface Problem {
  /** From the project's folder, for a file in it. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

type Path = readonly PropertyKey[];

export interface Lesson {
  readonly folder: string;
  /** `which-worker` of `11-which-worker` */
  readonly slug: string;
  /** The file as problems name it. */
  readonly file: string;
  readonly data: LessonData;
  /** Everything after the head, and the line it begins in. */
  readonly body: string;
  readonly bodyLine: number;
  /** Line of a field of the head: `lineOf(['checks', 2, 'hint'])`. */
  lineOf(path: Path): number;
}

/** Lessons that are not as they must be. */
export class LessonError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(problemText).join('\n'));
    this.name = 'LessonError';
    this.problems = problems;
  }
}

/** `lessons/en/07-x/index.mdx:23: checks[2].hint: …`: editors and terminals make a link of it. */
export const problemText = ({ file, line, message }: Problem): string => `${file}:${line}: ${message}`;

/** Every lesson's folder, in order. */
export function lessonFolders(lessons: string = at('lessons/en')): string[] {
  return readdirSync(lessons, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(lessons, name))
    .sort();
}

/** A path as one would type it in the project's folder. */
export function shownPath(path: string): string {
  const inside = relative(root, path);
  return inside.startsWith('..') ? path : inside.split(sep).join('/');
}

/** Errors: LessonError with everything that is wrong with the head. */
export function readLesson(folder: string): Lesson {
  const path = join(folder, 'index.mdx');
  const file = shownPath(path);
  const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  const parts = /^---\n(.*?\n)---(?:\n|$)/s.exec(text);
  if (!parts)
    throw new LessonError([{ file, line: 1, message: 'the head is missing: the file begins with a line ---, the fields, and a line ---' }]);
  const [whole, head = ''] = parts;
  const counter = new LineCounter();
  const document = parseDocument(head, { lineCounter: counter, prettyErrors: false });
  // The head's first line is the file's second.
  const lineAt = (offset: number): number => counter.linePos(offset).line + 1;
  if (document.errors.length > 0)
    throw new LessonError(document.errors.map(({ pos, message }) => ({ file, line: lineAt(pos[0]), message: `not YAML: ${message}` })));
  const lineOf = (fields: Path): number => lineAt(offsetOf(document, fields));
  const raw: unknown = document.toJS();
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => inner(issue)).flatMap((issue) => said(issue, raw));
    throw new LessonError(
      problems.map(({ at: fields, message }) => ({ file, line: lineOf(fields), message: `${pathText(fields)}${message}` })),
    );
  }
  const slug = basename(folder).replace(/^\d+-/, '');
  return { folder, slug, file, data: parsed.data, body: text.slice(whole.length), bodyLine: whole.split('\n').length, lineOf };
}

/** `checks[2].hint: ` */
function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')}: `;
}

/** Where the field stands: its name, or the entry of a list. For one that is missing, the nearest around it. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const part of path) {
    if (!isCollection(node)) break;
    const next: unknown = isMap(node)
      ? node.items.find((pair: Pair) => isScalar(pair.key) && pair.key.value === part)
      : (node.items[Number(part)] as unknown);
    if (next === undefined) break;
    const pair = isMap(node) ? (next as Pair) : null;
    offset = startOf(pair ? pair.key : next);
    node = pair ? pair.value : next;
  }
  return offset;
}

const startOf = (node: unknown): number => (isNode(node) ? ((node as Node).range?.[0] ?? 0) : 0);

type Issue = z.core.$ZodIssue;

/** Of a choice between forms, the issues with the form that was most likely meant: the one with the least wrong. */
function inner(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const forms = issue.errors.map((issues) => issues.flatMap((one) => inner({ ...one, path: [...issue.path, ...one.path] } as Issue)));
  const wrongNames = (issues: readonly Issue[]): number =>
    issues.reduce((sum, one) => sum + (one.code === 'unrecognized_keys' ? one.keys.length : one.code === 'invalid_type' ? 1 : 0), 0);
  return forms.sort((a, b) => wrongNames(a) - wrongNames(b) || a.length - b.length)[0] ?? [issue];
}

/** What is wrong, in words, and with which fields: one problem for each unknown name. */
function said(issue: Issue, raw: unknown): { at: Path; message: string }[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ at: [...issue.path, key], message: 'there is no such field' }));
  if (issue.code === 'invalid_type' && valueAt(raw, issue.path) === undefined)
    return [{ at: issue.path, message: `is missing, it must be ${issue.expected}` }];
  if (issue.code === 'invalid_union')
    return [{ at: issue.path, message: `${JSON.stringify(valueAt(raw, issue.path)) ?? 'nothing'} is none of what can stand here` }];
  return [{ at: issue.path, message: issue.message }];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inside, part) => (typeof inside === 'object' && inside !== null ? (inside as Record<PropertyKey, unknown>)[part] : undefined),
    value,
  );
}
