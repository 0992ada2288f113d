/** The lessons: one folder each under lessons/en, its text and data in index.mdx. Every field is checked and described here. */
import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';

const minuteSecond = z.string().regex(/^\d{1,2}:[0-5]\d$/, 'Write a time of the lecture as 2:20');

const sandboxPath = z.string().regex(/^\/[^\s]+$/, 'Write a path of the sandbox from its root, as /srv/shop/uwsgi.ini');

const command = z.strictObject({
  program: z.string().describe('Name of a sandbox program.'),
  args: z.array(z.string()).describe('Its arguments, one by one, with no shell in between.'),
});

const answer = z.strictObject({
  text: z.string().min(1).describe('The answer as it stands beside its radio button; plain text.'),
  right: z.boolean().default(false).describe('True for the one right answer.'),
  why: z.string().min(1).describe('Why it is right or wrong; shown after this answer was chosen.'),
});

const quiz = z
  .strictObject({
    question: z.string().endsWith('?').describe('One question about the one idea of the lesson.'),
    answers: z.array(answer).min(2).max(5),
  })
  .refine((value) => value.answers.filter((one) => one.right).length === 1, 'A question has exactly one right answer');

const lesson = z.strictObject({
  title: z.string().min(3).max(60).describe('The question the lesson answers; page title and heading.'),
  surprise: z.string().max(60).describe('The surprising fact it opens with, one short sentence.'),
  summary: z.string().min(50).max(170).describe('What the learner does and finds out; for the list of lessons and search engines.'),
  goal: z.string().describe('What the learner can say afterwards that they could not before.'),
  lecture: z
    .strictObject({
      from: minuteSecond.describe('First minute of the lecture this lesson follows.'),
      to: minuteSecond.describe('Last minute.'),
    })
    .describe('The part of the lecture "Concept: Web server architecture" that it goes with.'),
  minutes: z.int().min(1).max(30).describe('Honest reading and doing time.'),
  start: z.array(command).min(1).describe('The servers, in the order in which they start, run as root when the learner presses Run.'),
  requests: z
    .array(
      z.strictObject({
        label: z.string().describe('What the button says, which is what it does.'),
        url: z.string().startsWith('/').describe('Path and query.'),
        count: z.int().min(1).max(64).describe('How many leave together.'),
      }),
    )
    .describe('Buttons under the picture.'),
  edit: z.array(sandboxPath).describe('Files the learner can open and change, in the order of their tabs.'),
  quiz: quiz.describe('Asked at the end.'),
});

const lessons = defineCollection({
  loader: glob({
    base: './lessons/en',
    pattern: '*/index.mdx',
    // `11-which-worker/index.mdx` is /lessons/which-worker/: the number orders the folders and may change, the address may not
    generateId: ({ entry }) => entry.replace(/^\d+-/, '').replace(/\/index\.mdx$/, ''),
  }),
  schema: lesson,
});

export const collections = { lessons };
