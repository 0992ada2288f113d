/**
 * The form of a lesson: what stands at the head of lessons/en/NN-slug/index.mdx, every field checked and described. The site,
 * the golden rule's test, the recorder and `npm run new:lesson` all read lessons through it. Beside index.mdx lie:
 *
 *     files/           start state, laid over sandboxes/server
 *     solution/        only the files that differ in the end, same paths
 *     answers/         of the capstone: a folder for each other right answer
 *     wrong/           and one for each answer that must fail
 *     iis/             counterparts shown side by side
 *     scenario.json    what is sent and broken for the recording
 *     recording.ndjson made by `npm run record`
 *     real.ndjson      of some: the same with the real servers, made by `npm run record -- --real`
 */
import { z } from 'astro/zod';
import { id, localUrl, pattern, solutionStep } from './basics.ts';
import { answers, wrong } from './capstone.ts';
import { WHEEL_SETS } from './wheels.ts';

const minuteSecond = z.string().regex(/^\d{1,2}:[0-5]\d$/, 'Write a time of the lecture as 2:20');

const sandboxPath = z.string().regex(/^\/[^\s]+$/, 'Write a path of the sandbox from its root, as /srv/shop/uwsgi.ini');

const command = z.strictObject({
  program: z.string().describe('Name of a sandbox program.'),
  args: z.array(z.string()).describe('Its arguments, one by one, with no shell in between.'),
});

const request = z.strictObject({
  label: z.string().describe('What the button says, which is what it does.'),
  url: localUrl.describe('Path and query.'),
  count: z.int().min(1).max(64).describe('How many leave together.'),
});

const answer = z.strictObject({
  text: z.string().min(1).describe('The answer as it stands beside its radio button; plain text.'),
  right: z.boolean().default(false).describe('True for the one right answer.'),
  why: z.string().min(1).describe('Why it is right or wrong; shown after this answer was chosen.'),
});

/** Predict, then run: what the learner does after choosing an answer, to see who is right. */
const trial = z
  .strictObject({
    send: localUrl.optional().describe('Path and query of the requests; or else a command.'),
    count: z.int().min(1).max(64).default(1).describe('How many requests.'),
    inTurn: z.boolean().default(false).describe('Each waits for the answer to the one before it; otherwise they leave together.'),
    command: z.string().optional().describe('Command line for the terminal.'),
    look: z.string().min(10).describe('Where to look, and for what; plain text behind the button.'),
  })
  .refine(({ send, command }) => (send === undefined) !== (command === undefined), 'Either send or command, not both');

const question = z
  .strictObject({
    question: z.string().endsWith('?').describe('One question about the one idea of the lesson.'),
    answers: z.array(answer).min(2).max(5),
    run: trial.optional().describe('Offered with the explanation, once an answer was chosen.'),
  })
  .refine((value) => value.answers.filter((one) => one.right).length === 1, 'A question has exactly one right answer');

// ---- checks: data about what can be observed, run in the learner's sandbox and in the tests ----

const checkBase = {
  id: id.describe('Its name within the lesson; progress is kept under it, so do not change it.'),
  text: z.string().min(5).max(120).describe('What shall be so, as a sentence in the list of checks.'),
  nudge: z.string().min(10).describe('Level 1 of its hints: where to look, and nothing more.'),
  hint: z.string().min(10).describe('Level 2: what is wrong, when no hint below fits what was found.'),
  exact: z.string().min(5).describe('Level 3: the exact line or command, in backticks, and where it goes.'),
  hints: z
    .array(
      z.strictObject({
        when: pattern.describe('Looked for in what was found: see the kind of check for what that is.'),
        say: z.string().min(10).describe('What is wrong then: level 2.'),
        exact: z.string().min(5).optional().describe('What to type then, where it is not what `exact` of the check says.'),
      }),
    )
    .default([])
    .describe('Hints for particular mistakes; the first that fits is taken.'),
  keeps: z
    .boolean()
    .default(false)
    .describe('True for what holds from the start and must go on to hold. All other checks must fail in the start state.'),
};

const texts = {
  matches: pattern.optional().describe('Must be found in it.'),
  lacks: pattern.optional().describe('Must not be found in it.'),
};

const check = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('file'),
      ...checkBase,
      path: sandboxPath,
      exists: z.boolean().default(true).describe('False: there must be no such file.'),
      ...texts,
    })
    .describe('A file. Found: its text, or "(missing)".'),
  z
    .strictObject({
      kind: z.literal('config'),
      ...checkBase,
      path: sandboxPath.describe('A uWSGI ini file.'),
      option: z
        .string()
        .describe(
          'Name of an option; the last line with it counts, as in uWSGI. Of a list (socket, plugins, pythonpath, env) all values, one a line.',
        ),
      ...texts,
    })
    .describe(
      'A value of a configuration, as the program reads it; it passes only once the servers have read it. Found: the value, or "(missing)".',
    ),
  z
    .strictObject({
      kind: z.literal('http'),
      ...checkBase,
      url: localUrl,
      status: z.int().optional().describe('Status of the answer.'),
      header: z.string().optional().describe('Look at this header of the answer instead of its body.'),
      ...texts,
    })
    .describe(
      'An answer to a request through Nginx. Found: status, a space, and the body (or header); "0 " and the reason when none came.',
    ),
  z
    .strictObject({
      kind: z.literal('command'),
      ...checkBase,
      run: z.string().describe("Command line for the sandbox's shell."),
      exit: z.int().optional(),
      ...texts,
    })
    .describe('A command. Found: "exit N", a line break, and all that it printed.'),
  z
    .strictObject({
      kind: z.literal('event'),
      ...checkBase,
      type: z.string().describe('Type of a trace event, see sandboxes/host/events.ts.'),
      where: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
        .default({})
        .describe('Fields it must have, with these values.'),
      distinct: z.string().optional().describe('Count different values of this field instead of events.'),
      atLeast: z
        .int()
        .min(1)
        .default(1)
        .describe('How many there must be since the servers were started last (Run or Restart servers; a reload by a signal is no start).'),
    })
    .describe('Something that has happened since the servers were started last. Found: how many times, as a number.'),
]);

// ---- side by side ----

const side = z.strictObject({
  title: z.string().describe('What it is: a file name, mostly.'),
  sandbox: sandboxPath.optional().describe('A file of the sandbox: of solution/, else files/, else sandboxes/server.'),
  start: z.boolean().default(false).describe('Show the file as it is at the start, even where solution/ has another one.'),
  file: z.string().optional().describe('A file of the folder iis/.'),
  lang: z.enum(['ini', 'xml', 'nginx', 'python', 'csharp', 'powershell', 'bash', 'json', 'systemd']),
  from: z.string().optional().describe('Show from the line with this text on.'),
  to: z.string().optional().describe('And up to the line with this text.'),
});

const pair = z.strictObject({
  id,
  python: side.describe('The left side: what runs here.'),
  iis: side.describe('The right side: its counterpart.'),
  links: z
    .array(
      z.strictObject({
        python: z.string().describe('Text of the linked line; it must occur in exactly one line that is shown.'),
        iis: z.string().describe('Text of the line that answers to it.'),
        same: z.enum(['same', 'close', 'different']).describe('How far the likeness goes.'),
        note: z.string().min(10).describe('The difference, or why there is none, in one or two sentences.'),
      }),
    )
    .min(1),
});

/** Cards to sort or to match: an exercise in the text, placed with <Sort id="…" />. */
const sort = z
  .strictObject({
    id,
    question: z.string().endsWith('?').describe('What to decide for each card.'),
    bins: z
      .array(z.string().min(1))
      .min(2)
      .max(10)
      .describe('Where a card can belong. Up to three are radio buttons; more are a list, and then each card has one of its own.'),
    cards: z
      .array(
        z.strictObject({
          text: z.string().min(2).describe('The card; `code` in backticks.'),
          bin: z.string().describe('Where it belongs: one of the bins, word for word.'),
          why: z.string().min(10).describe('Why it belongs there.'),
        }),
      )
      .min(2),
  })
  .refine(({ bins, cards }) => cards.every(({ bin }) => bins.includes(bin)), 'A card belongs to none of the bins')
  .refine(
    ({ bins, cards }) => bins.length <= 3 || bins.every((bin) => cards.filter((card) => card.bin === bin).length === 1),
    'With more than three bins, each bin has exactly one card',
  );

const fact = z
  .strictObject({
    claim: z.string().min(10).describe('What the lesson says, in a few words of our own.'),
    by: z.enum(['documented', 'measured', 'source code']).describe('How we know.'),
    url: z.url().optional().describe('Where it stands; for what was measured, not needed.'),
    how: z.string().optional().describe('What was measured, on what.'),
  })
  .refine((value) => (value.by === 'measured' ? value.how : value.url), 'A documented fact needs its url, a measured one how');

const note = z.strictObject({
  step: z.int().min(1),
  minutes: z.number().positive().describe('How long to stay with the step in class.'),
  say: z.string().describe('What to say, show or ask.'),
});

export const lesson = z.strictObject({
  title: z.string().min(3).max(60).describe('The question or claim of the lesson; page title and heading.'),
  surprise: z.string().max(80).describe('The surprising fact it opens with, one short sentence.'),
  summary: z.string().min(50).max(170).describe('What the learner does and finds out; for the list of lessons and search engines.'),
  goal: z.string().describe('What the learner can say afterwards that they could not before.'),
  lecture: z
    .strictObject({
      from: minuteSecond.describe('First minute of the lecture this lesson follows.'),
      to: minuteSecond.describe('Last minute.'),
    })
    .optional()
    .describe('The part of the lecture "Concept: Web server architecture" that it goes with. Missing in the capstone, and nowhere else.'),
  minutes: z.int().min(1).max(30).describe('Honest reading and doing time.'),
  start: z.array(command).min(1).describe('The servers, in the order in which they start, run as root when the learner presses Run.'),
  wheels: z
    .array(z.enum(WHEEL_SETS))
    .default([])
    .describe('Sets of Python packages that lie in /srv/wheelhouse; the page fetches them when the learner presses Run.'),
  lecturePicture: z
    .boolean()
    .default(false)
    .describe("Offer the lecture's version of the picture, a manager who points at a worker, beside what really happens."),
  requests: z.array(request).describe('Buttons under the picture.'),
  continues: id
    .optional()
    .describe('Name of a lesson whose machine, as the learner left it, this one can go on with; it must start the same servers.'),
  edit: z
    .array(sandboxPath)
    .describe(
      'Files the learner can open and change, in the order of their tabs. One that only solution/ has, or that the solution clones, is for the learner to bring.',
    ),
  task: z.string().min(10).describe('What the learner shall bring about, in one or two sentences, above the checks.'),
  checks: z.array(check).min(1).refine(distinctIds, 'Two checks have the same id'),
  solution: z.array(solutionStep).describe('After the files of solution/ are in place: what to do, in order.'),
  answers: answers.default([]).describe('Of the capstone: the answers that pass, the one of solution/ among them.'),
  wrong: wrong.default([]).describe('Of the capstone: what suggests itself and does not pass.'),
  quiz: z.array(question).min(1),
  pairs: z
    .array(pair)
    .refine(distinctIds, 'Two pairs have the same id')
    .default([])
    .describe('Code beside code; the text places each with <Pair id="…" />.'),
  sorts: z
    .array(sort)
    .refine(distinctIds, 'Two exercises have the same id')
    .default([])
    .describe('Cards to sort; the text places each set with <Sort id="…" />.'),
  card: z
    .strictObject({
      remember: z
        .array(z.string().min(10).max(140))
        .min(2)
        .max(4)
        .describe('What stays when the rest is forgotten: a sentence each; `code` in backticks.'),
      iis: z.string().min(10).max(160).describe('The same in the words of IIS and .NET, and where it differs; one sentence.'),
    })
    .describe('The summary card, at the end of the lesson and on the sheet of all cards.'),
  facts: z.array(fact).min(1).describe('Every claim that can be checked, and where it is from; shown at the end of the page.'),
  notes: z.array(note).min(1).describe('For whoever presents the lesson.'),
});

function distinctIds(list: readonly { readonly id: string }[]): boolean {
  return new Set(list.map((one) => one.id)).size === list.length;
}

export type LessonData = z.infer<typeof lesson>;
export type Check = LessonData['checks'][number];
export type SolutionStep = LessonData['solution'][number];
export type Pair = LessonData['pairs'][number];
export type Sort = LessonData['sorts'][number];
export type Question = LessonData['quiz'][number];
