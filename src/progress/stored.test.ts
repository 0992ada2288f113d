/** The stored form, put to whatever may stand in storage. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileOf, openFile } from './file.ts';
import { hasBegun, type Lessons, lastPlace, merged, NOTHING } from './record.ts';
import { read, readStored, VERSION, write } from './stored.ts';

const time = fc.integer({ min: 0, max: 2 ** 50 });
const lesson = fc.record({
  steps: fc.uniqueArray(fc.integer({ min: 1, max: 30 })).map((steps) => steps.sort((a, b) => a - b)),
  checks: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)).map((checks) => checks.sort()),
  answers: fc.dictionary(
    fc.integer({ min: 0, max: 9 }).map(String),
    fc.record({ chosen: fc.integer({ min: 0, max: 4 }), right: fc.boolean(), firstTry: fc.boolean(), at: time }),
    { noNullPrototype: true },
  ),
  place: fc.option(fc.record({ step: fc.integer({ min: 1, max: 30 }), at: time })),
});
const lessons = fc.dictionary(fc.stringMatching(/^[a-z0-9-]{1,9}$/), lesson, { noNullPrototype: true });

/** JSON that is almost right: true names, any values below them. */
const rubbish = fc.jsonValue();
const almost = fc.record(
  {
    version: fc.oneof(fc.constantFrom(1, 2), rubbish),
    lessons: fc.oneof(
      fc.dictionary(
        fc.oneof(fc.constantFrom('a', '__proto__', 'constructor'), fc.string()),
        fc.oneof(
          fc.record(
            {
              steps: fc.oneof(fc.array(fc.oneof(fc.integer(), rubbish)), rubbish),
              checks: fc.oneof(fc.array(fc.oneof(fc.string(), rubbish)), rubbish),
              answers: fc.oneof(
                fc.dictionary(
                  fc.oneof(fc.constantFrom('0', '1', '01'), fc.string()),
                  fc.record({ chosen: rubbish, right: fc.boolean(), firstTry: fc.boolean(), at: rubbish }),
                ),
                rubbish,
              ),
              place: fc.oneof(fc.record({ step: fc.oneof(fc.integer(), rubbish), at: rubbish }), rubbish),
            },
            { requiredKeys: [] },
          ),
          rubbish,
        ),
      ),
      rubbish,
    ),
  },
  { requiredKeys: [] },
);

describe('whatever stands there', () => {
  test('no text makes it throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          almost.map((value) => JSON.stringify(value)),
        ),
        (text) => void read(text),
      ),
    );
  });

  test('what it took is of the right form: written and read again, nothing changes', () => {
    fc.assert(
      fc.property(almost, (value) => {
        const once = readStored(JSON.parse(JSON.stringify(value)));
        if (once !== null) expect(read(write(once))).toEqual(once);
      }),
    );
  });

  test('nothing of the right form is lost, and rubbish beside it changes nothing', () => {
    fc.assert(
      fc.property(lessons, rubbish, (kept, other) => {
        expect(read(write(kept))).toEqual(kept);
        const beside = { version: VERSION, more: other, lessons: { ...kept, 'No Slug': other } };
        expect(read(JSON.stringify(beside))).toEqual(kept);
      }),
    );
  });

  test('parts of a wrong form are left out, the rest is taken', () => {
    const stored = {
      version: 2,
      more: true,
      lessons: {
        a: {
          steps: [4, 1, '2', 0, -1, 2.5, null, 4],
          checks: ['x', 7],
          answers: { 0: { chosen: 1, right: true, firstTry: false, at: 5 }, 1: { chosen: -1 }, z: 3 },
          place: { step: 4, at: 'noon' },
          mood: 'good',
        },
        b: 'gone',
        'No Slug': { steps: [1] },
      },
    };
    expect(read(JSON.stringify(stored))).toEqual({
      a: { steps: [1, 4], checks: ['x'], answers: { 0: { chosen: 1, right: true, firstTry: false, at: 5 } }, place: { step: 4, at: 0 } },
      b: NOTHING,
    });
  });
});

describe('from an older site', () => {
  const first = (kept: Lessons) => ({
    version: 1,
    lessons: Object.fromEntries(
      Object.entries(kept).map(([slug, { steps, checks, answers }]) => [
        slug,
        {
          steps,
          checks,
          answers: Object.fromEntries(
            Object.entries(answers).map(([question, { chosen, right, firstTry }]) => [question, { chosen, right, firstTry }]),
          ),
        },
      ]),
    ),
  });

  test('version 1: all it knew is there; times are unknown, and the place is the last step', () => {
    const stored =
      '{"version":1,"lessons":{"a":{"steps":[1,3],"checks":["x"],"answers":{"0":{"chosen":2,"right":true,"firstTry":false}}}}}';
    expect(read(stored)).toEqual({
      a: { steps: [1, 3], checks: ['x'], answers: { 0: { chosen: 2, right: true, firstTry: false, at: 0 } }, place: { step: 3, at: 0 } },
    });
  });

  test('brought up once or twice, it is the same, and nothing is lost', () => {
    fc.assert(
      fc.property(lessons, (kept) => {
        const once = readStored(first(kept));
        expect(read(write(once ?? {}))).toEqual(once);
        for (const [slug, { steps, checks }] of Object.entries(kept)) expect(once?.[slug]).toMatchObject({ steps, checks });
      }),
    );
  });

  test('a newer site is left alone', () => {
    expect(read(`{"version":${VERSION + 1},"lessons":{"a":{"steps":[1]}}}`)).toBeNull();
  });
});

describe('two memories of a lesson', () => {
  test('which one comes first makes no difference, and merging again changes nothing', () => {
    fc.assert(
      fc.property(lesson, lesson, lesson, (a, b, c) => {
        expect(merged(a, b)).toEqual(merged(b, a));
        expect(merged(merged(a, b), c)).toEqual(merged(a, merged(b, c)));
        expect(merged(merged(a, b), b)).toEqual(merged(a, b));
        expect(merged(a, NOTHING)).toEqual(a);
      }),
    );
  });

  test('the later answer counts; a first try was right only if both say so', () => {
    const answer = (chosen: number, right: boolean, firstTry: boolean, at: number) => ({
      ...NOTHING,
      answers: { 0: { chosen, right, firstTry, at } },
    });
    expect(merged(answer(1, false, true, 9), answer(2, true, false, 5)).answers).toEqual({
      0: { chosen: 1, right: false, firstTry: false, at: 9 },
    });
  });

  test('where the learner was last, of all lessons', () => {
    expect(lastPlace({ a: { ...NOTHING, place: { step: 2, at: 5 } }, b: { ...NOTHING, place: { step: 7, at: 9 } }, c: NOTHING })).toEqual({
      slug: 'b',
      step: 7,
      at: 9,
    });
    expect(lastPlace({ c: NOTHING })).toBeNull();
  });
});

describe('as a file', () => {
  test('what was saved is what is opened', () => {
    fc.assert(
      fc.property(lessons, (kept) => {
        const opened = openFile(fileOf(kept, new Date(0)));
        const begun = Object.fromEntries(Object.entries(kept).filter(([, one]) => hasBegun(one)));
        if (Object.keys(begun).length) expect(opened).toMatchObject({ lessons: begun });
        else expect(opened).toEqual({ problem: 'There is no progress in this file.' });
      }),
    );
  });

  test('it says what it found', () => {
    const kept = { a: { ...NOTHING, steps: [1], checks: ['x', 'y'] }, b: { ...NOTHING, steps: [1, 2] } };
    expect(openFile(fileOf(kept, new Date(0)))).toMatchObject({ found: '2 lessons: 3 steps read, 2 checks passed, 0 questions answered' });
  });

  test.each([
    ['a picture', 'PNG', /not JSON/],
    ['other JSON', '{"version":2,"lessons":{}}', /not progress/],
    ['a newer site', '{"course":"Follow the Request","version":99,"lessons":{}}', /newer version/],
    ['nothing in it', '{"course":"Follow the Request","version":2,"lessons":{"a":{"steps":["x"]}}}', /no progress/],
  ])('%s is refused with the reason', (_, text, problem) => {
    expect(openFile(text)).toEqual({ problem: expect.stringMatching(problem) });
  });
});
