/**
 * A lesson's stay in a learning platform: begins it, gives back what was kept, writes down what happens, ends it. Knows no window, so
 * that a test can be the platform and the lesson.
 */
import { type Detail, EVENTS, type EventName, isEvent, type Methods } from '../../../src/embed/protocol.ts';
import { ANSWERS, type Dialect, STATE, writesFor } from './dialects.ts';
import type { Platform } from './platform.ts';

/** Events come in bursts (an answer, the score, the state): one commit for each burst. */
const COMMIT_AFTER_MS = 150;

export const WORDS = {
  review: 'You are looking back at this lesson: nothing that you do here changes your result.',
  browse: 'This is a preview: nothing that you do here is recorded.',
  unreadable: (why: string) => `Your earlier progress could not be given back: ${why} Nothing is recorded now, so that it stays as it is.`,
} as const;

/** `<request-flow>`, or a test's. */
export type Lesson = EventTarget & Pick<Methods, 'restore' | 'gotoStep'>;

interface Options {
  readonly platform: Platform;
  readonly dialect: Dialect;
  readonly lesson: Lesson;
  /** Tells the learner, in place of what was told before. */
  readonly say: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface Session {
  /** The learner leaves: writes, commits and ends. Once is enough; after that nothing is written. */
  end(): void;
}

export function openSession({ platform, dialect, lesson, say, clock }: Options): Session | null {
  const began = clock();
  if (!platform.begin()) return null;
  const mode = platform.get(dialect.mode);
  const readOnly = mode === 'review' || mode === 'browse';
  if (readOnly) say(WORDS[mode]);
  /** Nothing counts before the lesson is as the platform knows it. */
  let recording = false;
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function commit(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const [element, value] of dialect.stay(clock() - began)) platform.set(element, value);
    platform.commit();
  }

  function take<E extends EventName>(event: E, detail: Detail<E>): void {
    if (!recording || ended) return;
    const moment = { answers: Number(platform.get(ANSWERS)) || 0, at: new Date(clock()) };
    const writes = writesFor(dialect, event, detail, moment);
    for (const [element, value] of writes) platform.set(element, value);
    if (writes.length) timer ??= setTimeout(commit, COMMIT_AFTER_MS);
  }

  /** Puts the lesson where the learner left it. One who begins does not get what another learner has done in this browser. */
  async function giveBack(): Promise<void> {
    recording = false;
    try {
      await lesson.restore(platform.get(STATE));
    } catch (error) {
      say(WORDS.unreadable(error instanceof Error ? error.message : String(error)));
      return;
    }
    // a page that a newer edition of the lesson does not have any more is no reason to stop
    const place = Number(platform.get(dialect.place));
    if (place > 0) await lesson.gotoStep(place).catch(() => {});
    recording = !readOnly;
  }

  for (const event of Object.keys(EVENTS).filter(isEvent))
    lesson.addEventListener(`rf-${event}`, (happened) => take(event, (happened as CustomEvent).detail));
  lesson.addEventListener('rf-ready', () => void giveBack());

  if (!readOnly && ['', 'not attempted', 'unknown'].includes(platform.get(dialect.status))) {
    for (const [element, value] of dialect.begun) platform.set(element, value);
    commit();
  }
  return {
    end() {
      if (ended) return;
      ended = true;
      if (readOnly) clearTimeout(timer);
      else commit();
      platform.end();
    },
  };
}
