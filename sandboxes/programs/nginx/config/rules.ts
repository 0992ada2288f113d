/** The rewrite module's rules as the server runs them: one after another, in the order of the file. */
import type { Template } from '../variables.ts';
import type { Location } from './model.ts';

export interface Return {
  readonly kind: 'return';
  readonly code: number;
  readonly text: Template | null;
}

export interface Rewrite {
  readonly kind: 'rewrite';
  readonly regex: RegExp;
  readonly path: Template;
  /** The query after it, or null. */
  readonly args: Template | null;
  /** The new URI replaces the query too: it ends in `?`. */
  readonly dropArgs: boolean;
  /** Answered with this redirect instead of looked up: 301, 302, or null. */
  readonly redirect: number | null;
  readonly after: 'next' | 'last' | 'break';
}

export interface SetVariable {
  readonly kind: 'set';
  readonly name: string;
  readonly value: Template;
}

/** What stands in the parentheses of an `if`. */
export type Condition =
  | { readonly kind: 'set'; readonly value: Template }
  | { readonly kind: 'equal'; readonly value: Template; readonly other: Template; readonly not: boolean }
  | { readonly kind: 'match'; readonly value: Template; readonly regex: RegExp; readonly not: boolean }
  | { readonly kind: 'file'; readonly path: Template; readonly what: 'f' | 'd' | 'e' | 'x'; readonly not: boolean };

/** An `if` and what stands in it: where the condition holds, the request goes on with that block's settings. */
export interface If {
  readonly kind: 'if';
  readonly condition: Condition;
  readonly location: Location;
}

export type Rule = Return | Rewrite | SetVariable | If | { readonly kind: 'break' };
