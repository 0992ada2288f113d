import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementScript } from '../../scripts/lib/embed-integration.ts';
import { SPEEDS } from '../components/figure/player.ts';
import { type LessonProgress, NOTHING } from '../progress/record.ts';
import { message, problemOf, readCall, readEvent, readReply } from './messages.ts';
import { PAINT, PARAMS, panelsOf, readParams, stepProblems } from './params.ts';
import { EVENTS, METHODS, PARAM_NAMES, Refusal } from './protocol.ts';
import { changes, type Parts, progressIn, standing, stateOf } from './report.ts';
import { MOST_TEXT } from './shape.ts';
import { elementSnippet, frameSnippet } from './snippet.ts';

const PARTS: Parts = {
  slug: 'which-worker',
  title: 'Which worker takes it?',
  steps: 4,
  checks: [{ id: 'two', text: 'Two workers' }],
  questions: [{ text: 'Who picks?', answers: ['Nginx', 'Nobody'] }],
  starts: [],
};
const answered: LessonProgress = { ...NOTHING, answers: { 0: { chosen: 1, right: true, firstTry: true, at: 5 } } };

test('an event is read when every field fits; what else it brings is left out', () => {
  expect(readEvent(message({ event: 'step', detail: { id: 'step-2', index: 2, more: 1 } }))).toEqual({
    event: 'step',
    detail: { id: 'step-2', index: 2 },
  });
  const wrong = [
    { event: 'step', detail: { id: 'step-2', index: -1 } },
    { event: 'step', detail: { id: 'x'.repeat(MOST_TEXT + 1), index: 1 } },
    { event: 'step', detail: [] },
    { event: 'constructor', detail: {} },
    { event: 'progress', detail: { value: 1.1 } },
  ];
  for (const one of wrong) expect(readEvent(message(one))).toBeNull();
  expect(readEvent({ ...message({ event: 'key', detail: { key: 'PageDown' } }), v: 2 })).toBeNull();
});

test('no message of another hand throws, and none is taken for one of ours', () => {
  fc.assert(
    fc.property(fc.anything(), (data) => {
      expect([readEvent(data), readCall(data), readReply(data, () => 'play')]).toEqual([null, null, null]);
    }),
  );
});

test('a call with wrong arguments is refused in words that say what is right', () => {
  expect(readCall(message({ id: 1, call: 'seek', args: [20] }))).toEqual({ id: 1, method: 'seek', args: [20] });
  expect(problemOf('setSpeed', [3])?.message).toBe('setSpeed(speed): speed must be one of 0.1, 0.25, 0.5, 1, 2, 4.');
  expect(problemOf('seek', ['1'])?.message).toBe('seek(ms): ms must be: number.');
  expect(problemOf('play', [1])?.message).toBe('play(): it takes no arguments.');
  expect(problemOf('stop', [])).toMatchObject({ code: 'unknown-method' });
  expect(readCall(message({ id: 1, call: 'toString', args: [] }))).toMatchObject({ id: 1, refusal: { code: 'unknown-method' } });
  expect(readCall(message({ call: 'play' }))).toBeNull();
});

test('an answer is only what the asked method brings', () => {
  const asked = (): 'runChecks' => 'runChecks';
  expect(readReply(message({ reply: 1, value: { passed: 1, total: 2, missing: ['a'] } }), asked)?.value).toEqual({
    passed: 1,
    total: 2,
    missing: ['a'],
  });
  expect(readReply(message({ reply: 1, value: { passed: 'all' } }), asked)?.value).toMatchObject({ code: 'bad-answer' });
  expect(readReply(message({ reply: 1, error: { code: 'no-step', message: 'There is no step 9.' } }), asked)?.value).toBeInstanceOf(
    Refusal,
  );
  expect(readReply(message({ reply: 9, value: {} }), () => undefined)).toBeNull();
});

test('parameters: what is allowed holds, what is not is ignored with a sentence', () => {
  expect(readParams('?theme=dark&step=12&panels=figure,steps&speed=0.25').problems).toEqual([]);
  const { settings, problems } = readParams('?theme=pink&lang=de&step=0&panels=figure,moon&speed=3&colour=red&motion=');
  expect(settings).toMatchObject({ theme: 'auto', lang: 'en', step: '', panels: '', speed: '1' });
  expect(problems).toHaveLength(7);
  expect(problems[1]).toBe('lang=de was ignored. The course is in English only so far, so it is shown in English.');
  expect(problems[5]).toMatch(/^colour is no parameter here/);
  expect(panelsOf({ panels: '', size: 's' })).toEqual(['figure', 'steps']);
  expect(panelsOf({ panels: 'quiz,figure', size: 's' })).toEqual(['figure', 'quiz']);
});

test('a step that is not shown, because the lesson or its panels have none of that number, is said', () => {
  expect(stepProblems({ step: '' }, 1, 4)).toEqual([]);
  expect(stepProblems({ step: '5' }, 5, 4)).toEqual([]);
  expect(stepProblems({ step: '50' }, 1, 4)).toEqual(['step=50 was ignored. There are the steps 1 to 4, if the panels have steps.']);
  expect(stepProblems({ step: '1' }, undefined, 0)).toEqual(['step=1 was ignored. There are no steps here.']);
});

test('before the first paint the page is set up as readParams says, whatever stands in the address', () => {
  const word = fc.constantFrom('light', 'figure,steps', 's', '3', '0.5', 'reduce', 'de', '"><script>', '__proto__');
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...PARAM_NAMES, 'other'), word), (query) => {
      const search = `?${new URLSearchParams(query)}`;
      const dataset: Record<string, string> = {};
      const root = { dataset, classList: { add: () => {} } };
      new Function('document', 'location', PAINT)({ documentElement: root }, { search });
      const { settings } = readParams(search);
      expect(dataset).toEqual({ ...settings, panels: settings.panels || panelsOf(settings).join(',') });
    }),
  );
});

test('the speeds are those of the player', () => {
  expect(METHODS.setSpeed.speed).toEqual(SPEEDS);
});

test('the parameters are those that the element knows', () => {
  expect(Object.keys(PARAMS)).toEqual([...PARAM_NAMES]);
});

test('what a learner has done becomes events; what is the same becomes none', () => {
  expect(changes(answered, answered, PARTS)).toEqual([]);
  const told = changes(NOTHING, answered, PARTS);
  expect(told.map(({ event }) => event)).toEqual(['answered', 'progress', 'score', 'state']);
  expect(told[0]?.detail).toEqual({
    id: 'which-worker/question-1',
    type: 'choice',
    response: 'Nobody',
    correct: true,
    text: 'Who picks?',
  });
  const done = changes(answered, { ...answered, checks: ['two'], steps: [1, 2, 3, 4] }, PARTS);
  expect(done.map(({ event }) => event)).toEqual(['answered', 'progress', 'score', 'state', 'completed']);
  expect(done[2]?.detail).toEqual({ raw: 2, max: 2, scaled: 1 });
  // a host that comes later hears of it, too, and nobody hears of it with every change
  const finished = { ...answered, checks: ['two'] };
  expect(standing(finished, PARTS).map(({ event }) => event)).toContain('completed');
  expect(changes(finished, { ...finished, steps: [1] }, PARTS).map(({ event }) => event)).not.toContain('completed');
  // every one of them passes the host's check
  for (const { event, detail } of [...told, ...done]) expect(readEvent(message({ event, detail }))).toEqual({ event, detail });
});

test('where nothing is scored nobody has passed', () => {
  const playground = { ...PARTS, slug: 'playground', steps: 0, checks: [], questions: [] };
  expect(standing(NOTHING, playground).map(({ event }) => event)).toEqual(['progress', 'state']);
});

test('a state comes back as it was, is small, and is refused where it does not belong', () => {
  const state = stateOf(answered, PARTS);
  expect(progressIn(state, PARTS)).toEqual(answered);
  expect(progressIn('', PARTS)).toEqual(NOTHING);
  const many = Array.from({ length: 200 }, (_, index) => [index, { chosen: 1, right: true, firstTry: true, at: 1_800_000_000_000 }]);
  expect(stateOf({ ...NOTHING, answers: Object.fromEntries(many) }, PARTS).length).toBeLessThanOrEqual(MOST_TEXT);
  for (const wrong of ['{}', 'no', stateOf(answered, { slug: 'gil' })])
    expect(() => progressIn(wrong, PARTS)).toThrow(/no state of which-worker/);
  expect(() => progressIn('{"version":99}', PARTS)).toThrow(/newer version/);
});

test('snippets: only what was chosen, and nothing that breaks out of an attribute', () => {
  const wanted = { site: 'https://x.test/course/', slug: 'gil', title: 'One "lock" & <more>', params: { size: 's', step: '2' } } as const;
  expect(elementSnippet(wanted).split('\n')).toEqual([
    '<script src="https://x.test/course/embed/v1/request-flow.js" async></script>',
    '<request-flow src="https://x.test/course/embed/v1/gil/" label="One &quot;lock&quot; &amp; &lt;more&gt;" step="2" size="s">',
    '  <a href="https://x.test/course/embed/v1/gil/?step=2&amp;size=s">One &quot;lock&quot; &amp; &lt;more&gt; (interactive lesson)</a>',
    '</request-flow>',
  ]);
  expect(frameSnippet(wanted, 777)).toMatch(/^<iframe src="https:\/\/x.test\/course\/embed\/v1\/gil\/\?step=2&amp;size=s"[^]*height:777px/);
});

test('the element is one script of less than 4 kB, and has every method', async () => {
  const script = await elementScript();
  expect(gzipSync(script, { level: 9 }).byteLength).toBeLessThan(4096);
  expect(script).not.toMatch(/\b(import|export)\b[ {(]/);
  for (const name of [...Object.keys(METHODS), ...Object.keys(EVENTS)]) expect(script).toContain(name);
});
