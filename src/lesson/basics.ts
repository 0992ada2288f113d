/** What the parts of a lesson's head are made of: patterns, names, addresses, and steps that somebody takes in the sandbox. */
import { z } from 'astro/zod';
import { WAITS, type Wait } from './waits.ts';

export const localUrl = z.string().startsWith('/', 'Write an address as path and query, as /slow?ms=1000');

export const id = z.string().regex(/^[a-z][a-z0-9-]*$/, 'Write a name in lower case with hyphens, as four-workers');

export const pattern = z
  .string()
  .min(1)
  .refine(isPattern, 'Not a regular expression')
  .describe('A JavaScript regular expression (flags: m, s and u), looked for anywhere in the text.');

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'msu') instanceof RegExp;
  } catch {
    return false;
  }
}

/** What turns the start state, with the files of solution/ in place, into one that passes the checks. */
export const solutionStep = z.union([
  z.strictObject({ run: z.string().describe('Command line for the shell, as root.') }),
  z.strictObject({ restart: z.literal(true).describe('Restart the servers, as the button does.') }),
  z.strictObject({
    send: localUrl,
    count: z.int().min(1).max(64).default(1),
    inTurn: z.boolean().default(false).describe('Each waits for the answer to the one before it; otherwise they leave together.'),
  }),
  z.strictObject({
    wait: z
      .enum(Object.keys(WAITS) as [Wait, ...Wait[]])
      .describe('Type of a trace event to wait for: one that came, or comes, after the step before this one began.'),
  }),
]);
