/**
 * The shapes of values in messages between a page and an embedded lesson, as data: the same tables check what arrives, give it
 * its TypeScript type, and are printed in the reference (`/embed/reference/`). Hand-checked, because it is part of a script of 4 kB.
 */
import { isObject } from '../is-object.ts';

/** Longest text in a message: what SCORM 1.2 keeps for a lesson. */
export const MOST_TEXT = 4096;
const MOST_TEXTS = 100;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MOST_TEXT;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** By their names in messages to people. */
const TESTS = {
  text: isText,
  'list of texts': (value: unknown): value is string[] => Array.isArray(value) && value.length <= MOST_TEXTS && value.every(isText),
  number: isNumber,
  'whole number': (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0,
  'number from 0 to 1': (value: unknown): value is number => isNumber(value) && value >= 0 && value <= 1,
  'true or false': (value: unknown): value is boolean => typeof value === 'boolean',
};

/** A kind by its name, or the list of the values there are. */
export type Kind = keyof typeof TESTS | readonly (string | number)[];
export type Fields = Readonly<Record<string, Kind>>;

type Of<K extends Kind> = K extends keyof typeof TESTS
  ? (typeof TESTS)[K] extends (value: unknown) => value is infer T
    ? T
    : never
  : K extends readonly (infer V)[]
    ? V
    : never;
export type Values<F extends Fields> = { readonly [N in keyof F]: Of<F[N]> };

/** What is wrong with a value, as `ms must be a number`; null when it fits. */
export function misfit(name: string, kind: Kind, value: unknown): string | null {
  if (typeof kind !== 'string') return kind.includes(value as string) ? null : `${name} must be one of ${kind.join(', ')}`;
  return TESTS[kind](value) ? null : `${name} must be: ${kind}`;
}

/** The fields of a value that are in the table; null when one of them is missing or of another kind. What else it has is left out. */
export function fitted<F extends Fields>(fields: F, value: unknown): Values<F> | null {
  if (!isObject(value)) return null;
  const entries = Object.entries(fields);
  if (entries.some(([name, kind]) => misfit(name, kind, value[name]) !== null)) return null;
  return Object.fromEntries(entries.map(([name]) => [name, value[name]])) as Values<F>;
}
