/** What only the capstone has in its head: several answers that pass, compared with each other, and some that do not. */
import { z } from 'astro/zod';
import { id, pattern, solutionStep } from './basics.ts';

const answer = z.strictObject({
  id: id.describe('Its files lie in answers/ID, laid over the start state. The one without such a folder is solution/.'),
  title: z.string().min(5).max(60).describe('What it does, as a heading.'),
  right: z.string().min(10).describe('Why it keeps the site up; `code` in backticks.'),
  costs: z.string().min(10).describe('What it costs, and when another one is better.'),
  iis: z.string().min(10).describe('How the same is had in IIS and .NET.'),
});

const wrongAnswer = z.strictObject({
  id: id.describe('Its files lie in wrong/ID; there may be none, when steps do it.'),
  title: z.string().min(5).max(60).describe('What it does, as the beginning of a line.'),
  why: z.string().min(10).describe('Why that is not enough, in one sentence.'),
  steps: z.array(solutionStep).default([]).describe('What to do once the servers run with its files, before the check is made.'),
  fails: id.describe('The check that must say no.'),
  says: pattern.describe('Looked for in the hint that this check then gives.'),
});

export const answers = z.array(answer).refine(({ length }) => length !== 1, 'One answer alone is compared with nothing');
export const wrong = z.array(wrongAnswer);
