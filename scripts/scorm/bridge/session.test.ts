/** The bridge against scorm-again's run-time, the platform's half of SCORM; the lesson is one that only remembers what it is told. */
import { Scorm12API, Scorm2004API } from 'scorm-again';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../../src/embed/protocol.ts';
import { DIALECTS, type Version } from './dialects.ts';
import { findApi, platform } from './platform.ts';
import { type Lesson, openSession, type Session, WORDS } from './session.ts';

const BEGAN = Date.UTC(2026, 10, 23, 9, 30);

class TestLesson extends EventTarget implements Lesson {
  readonly told: (string | number)[] = [];
  refuse: Refusal | null = null;

  async restore(state: string): Promise<undefined> {
    if (this.refuse) throw this.refuse;
    this.told.push(state);
  }
  async gotoStep(step: number): Promise<undefined> {
    this.told.push(step);
  }
  tell(event: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(`rf-${event}`, { detail }));
  }
  /** It is there, and has been given back what was kept. */
  async ready(): Promise<void> {
    this.tell('ready', { lesson: 'one' });
    await vi.advanceTimersByTimeAsync(0);
  }
}

interface Kept {
  readonly [element: string]: unknown;
  readonly interactions: Readonly<Record<string, object>>;
}

interface Stay {
  readonly lesson: TestLesson;
  readonly session: Session | null;
  readonly said: string[];
  readonly commits: () => number;
  /** What the platform has, also for the next stay. */
  readonly kept: () => Kept;
}

/** A learner opens the lesson; `before` is what the platform has kept of an earlier stay. */
function open(version: Version, before: object = {}, refuse: readonly string[] = []): Stay {
  const api = version === '1.2' ? new Scorm12API({ autocommit: false, logLevel: 5 }) : new Scorm2004API({ autocommit: false, logLevel: 5 });
  api.loadFromJSON(before as Parameters<typeof api.loadFromJSON>[0], '');
  let commits = 0;
  api.on(version === '1.2' ? 'LMSCommit' : 'Commit', () => {
    commits++;
  });
  for (const name of refuse) Object.assign(api, { [name]: () => 'false' });
  const dialect = DIALECTS[version];
  const here = { parent: null as unknown, top: null, opener: null };
  here.parent = { parent: { [dialect.api]: api } };
  const found = findApi(here as unknown as Window, dialect.api);
  if (!found) throw new Error('not found');
  const lesson = new TestLesson();
  const said: string[] = [];
  const session = openSession({
    platform: platform(found, dialect, (what, why) => said.push(`${what}: ${why}`)),
    dialect,
    lesson,
    say: (text) => said.push(text),
    clock: Date.now,
  });
  return { lesson, session, said, commits: () => commits, kept: () => JSON.parse(JSON.stringify(api.cmi)) as Kept };
}

beforeEach(() => {
  vi.useFakeTimers({ now: BEGAN });
});
afterEach(() => {
  vi.useRealTimers();
});

const ANSWER = { id: 'one/question-1', type: 'choice', response: 'The kernel — whoever is idle', correct: false, text: 'Who chooses?' };
const STATE = '{"version":2,"lessons":{"one":{"steps":[1]}}}';

/** The elements of both versions that a test looks at, by the same names. */
function seen(version: Version, { kept }: Stay): Readonly<Record<string, unknown>> {
  const all = kept();
  const core = all['core'] as Record<string, unknown>;
  const { raw, min, max, scaled } = (version === '1.2' ? core : all)['score'] as Record<string, unknown>;
  const rest = { score: [raw, min, max], state: all['suspend_data'] };
  return version === '1.2'
    ? { ...rest, status: core['lesson_status'], place: core['lesson_location'], exit: core['exit'], time: core['session_time'] }
    : {
        ...rest,
        scaled,
        status: [all['completion_status'], all['success_status']],
        ...{ place: all['location'], exit: all['exit'], time: all['session_time'], progress: all['progress_measure'] },
      };
}

async function work({ lesson }: Stay): Promise<void> {
  lesson.tell('step', { id: 'step-2', index: 2 });
  lesson.tell('answered', ANSWER);
  lesson.tell('answered', { ...ANSWER, response: 'The master', correct: true });
  lesson.tell('progress', { value: 1 / 3 });
  lesson.tell('score', { raw: 2, max: 3, scaled: 2 / 3 });
  lesson.tell('state', { state: STATE });
  await vi.advanceTimersByTimeAsync(1000);
}

describe.each(['1.2', '2004'] as const)('SCORM %s', (version) => {
  test('what a learner does arrives, in one commit for a burst; the end is told with the time', async () => {
    const stay = open(version);
    expect(stay.commits()).toBe(1);
    expect(seen(version, stay)).toMatchObject({ status: version === '1.2' ? 'incomplete' : ['incomplete', 'unknown'] });
    await stay.lesson.ready();
    await work(stay);
    expect(stay.commits()).toBe(2);
    expect(seen(version, stay)).toMatchObject({ score: ['67', '0', '100'], state: STATE, place: '2', exit: 'suspend' });
    const first = { id: 'one/question-1', type: 'fill-in', result: version === '1.2' ? 'wrong' : 'incorrect' };
    const more =
      version === '1.2' ? { student_response: ANSWER.response } : { learner_response: ANSWER.response, description: ANSWER.text };
    expect(stay.kept().interactions).toMatchObject({ 0: { ...first, ...more }, 1: { ...first, result: 'correct' } });
    if (version === '2004') expect(seen(version, stay)).toMatchObject({ scaled: '0.6667', progress: '0.3333' });

    stay.lesson.tell('completed', { passed: true });
    vi.setSystemTime(BEGAN + 3_723_000);
    stay.session?.end();
    expect(seen(version, stay)).toMatchObject({
      status: version === '1.2' ? 'passed' : ['completed', 'passed'],
      time: version === '1.2' ? '01:02:03' : 'PT1H2M3S',
    });
    const commits = stay.commits();
    stay.lesson.tell('state', { state: '{}' });
    await vi.advanceTimersByTimeAsync(1000);
    stay.session?.end();
    expect(stay.commits()).toBe(commits);
    expect(stay.said).toEqual([]);
  });

  test('who comes back finds state, page and status; what the browser has kept of others does not count', async () => {
    const first = open(version);
    // what the lesson tells before it was given back anything is another learner's
    first.lesson.tell('score', { raw: 3, max: 3, scaled: 1 });
    first.lesson.tell('completed', { passed: true });
    await first.lesson.ready();
    expect(first.lesson.told).toEqual(['']);
    expect(seen(version, first)).toMatchObject({ score: ['', expect.anything(), expect.anything()] });
    await work(first);
    first.lesson.tell('completed', { passed: true });
    first.session?.end();

    const second = open(version, first.kept());
    await second.lesson.ready();
    expect(second.lesson.told).toEqual([STATE, 2]);
    expect(seen(version, second)).toMatchObject({ status: version === '1.2' ? 'passed' : ['completed', 'passed'] });
    expect(second.said).toEqual([]);
  });

  test('a state of 4,096 characters is kept whole', async () => {
    const stay = open(version);
    await stay.lesson.ready();
    stay.lesson.tell('state', { state: 's'.repeat(4096) });
    expect(seen(version, stay)['state']).toHaveLength(4096);
    expect(stay.said).toEqual([]);
  });

  test.each(['review', 'browse'] as const)('%s: what was kept is shown, nothing is written', async (mode) => {
    const first = open(version);
    await first.lesson.ready();
    await work(first);
    const before = first.kept();
    const stay = open(
      version,
      version === '1.2' ? { ...before, core: { ...(before['core'] as object), lesson_mode: mode } } : { ...before, mode },
    );
    const commits = stay.commits();
    await stay.lesson.ready();
    expect(stay.lesson.told).toEqual([STATE, 2]);
    const kept = JSON.stringify(stay.kept());
    await work({ ...stay });
    stay.lesson.tell('completed', { passed: true });
    expect(JSON.stringify(stay.kept())).toBe(kept);
    expect(stay.commits()).toBe(commits);
    expect(stay.said).toEqual([WORDS[mode]]);
  });

  test('a state that the lesson cannot read is left as it is, and the learner is told', async () => {
    const first = open(version);
    await first.lesson.ready();
    await work(first);
    const stay = open(version, first.kept());
    stay.lesson.refuse = new Refusal('bad-state', 'It is newer.');
    await stay.lesson.ready();
    stay.lesson.tell('state', { state: '{}' });
    expect(seen(version, stay)).toMatchObject({ state: STATE });
    expect(stay.said).toEqual([WORDS.unreadable('It is newer.')]);
  });

  test('what the platform refuses is said in its words; without a start there is no session', async () => {
    const prefix = version === '1.2' ? 'LMS' : '';
    expect(open(version, {}, [`${prefix}Initialize`])).toMatchObject({
      session: null,
      said: [expect.stringMatching(/^the start: .+ \(error \d+\)$/)],
    });
    const stay = open(version, {}, [`${prefix}Commit`]);
    expect(stay.said).toEqual([expect.stringMatching(/^your progress: /)]);
  });
});

test('no platform: none is found, also where a window around is of another site', () => {
  const other = Object.defineProperty({} as Record<string, unknown>, 'API', {
    get() {
      throw new DOMException('Blocked a frame', 'SecurityError');
    },
  });
  other['parent'] = other;
  const here = { parent: other, top: other, opener: null };
  expect(findApi(here as unknown as Window, 'API')).toBeNull();
  const api = {};
  expect(findApi({ ...here, top: null, opener: { API: api } } as unknown as Window, 'API')).toBe(api);
});
