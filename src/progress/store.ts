/**
 * Keeps what a learner has done, for every lesson, in the browser's storage. Every change is made to what is stored at that moment,
 * so two tabs never undo each other's work. Where nothing can be stored (some frames, some private windows) it lasts as long as the page.
 */
import { isDone, type LessonParts, type LessonProgress, type Lessons, merged, mergedLessons, NOTHING } from './record.ts';
import { read, write } from './stored.ts';

/** An origin may hold other sites beside this one: everything that this one keeps begins with `ftr:`. */
export const KEY = 'ftr:progress';

/** The part of `Storage` that is used. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

export class ProgressStore {
  #shelf: Shelf | null;
  #lessons: Lessons = {};
  #listeners = new Set<() => void>();

  #now: () => number;

  /** Without a shelf nothing is kept; reading `localStorage` itself throws where it is forbidden, hence the function. */
  constructor(openShelf: () => Shelf | null, now: () => number = Date.now) {
    this.#now = now;
    this.#shelf = attempt(openShelf, null);
    this.#load();
  }

  /** False where the browser keeps nothing for this page: then it is worth telling. */
  get kept(): boolean {
    return this.#shelf !== null;
  }

  /** Everything, by lesson. */
  get all(): Lessons {
    return this.#lessons;
  }

  lesson(slug: string): LessonProgress {
    // a slug may have the name of something every object has
    return (Object.hasOwn(this.#lessons, slug) && this.#lessons[slug]) || NOTHING;
  }

  done(slug: string, parts: LessonParts): boolean {
    return isDone(this.lesson(slug), parts);
  }

  stepRead(slug: string, step: number): void {
    this.#change(slug, (lesson) => {
      if (lesson.steps.includes(step) && lesson.place?.step === step) return lesson;
      return { ...merged(lesson, { ...NOTHING, steps: [step] }), place: { step, at: this.#now() } };
    });
  }

  checkPassed(slug: string, id: string): void {
    this.#change(slug, (lesson) => (lesson.checks.includes(id) ? lesson : merged(lesson, { ...NOTHING, checks: [id] })));
  }

  quizAnswered(slug: string, question: number, chosen: number, right: boolean): void {
    this.#change(slug, (lesson) => {
      const before = lesson.answers[question];
      if (before?.chosen === chosen && before.right === right) return lesson;
      const answer = { chosen, right, firstTry: before ? before.firstTry : right, at: this.#now() };
      return { ...lesson, answers: { ...lesson.answers, [question]: answer } };
    });
  }

  /** Somebody who counts more than this browser keeps the progress from now on: what the browser has is neither read nor changed any more. */
  handOver(lessons: Lessons): void {
    this.#shelf = null;
    this.#replace(lessons);
  }

  /** Forgets the lesson. What it returns takes that back, and keeps what was done since. */
  reset(slug: string): () => void {
    this.#load();
    const before = this.lesson(slug);
    this.#change(slug, () => NOTHING);
    return () => this.#change(slug, (since) => merged(before, since));
  }

  /** Forgets everything. What it returns takes that back, and keeps what was done since. */
  resetAll(): () => void {
    this.#load();
    const before = this.#lessons;
    this.#replace({});
    return () => {
      this.#load();
      this.#replace(mergedLessons(before, this.#lessons));
    };
  }

  /** Adds what another browser has kept. What it returns takes that back, and keeps what was done since. */
  add(lessons: Lessons): () => void {
    this.#load();
    const before = this.#lessons;
    const after = mergedLessons(before, lessons);
    this.#replace(after);
    return () => {
      this.#load();
      const since = Object.entries(this.#lessons).filter(([slug, lesson]) => !sameAs(lesson, after[slug]));
      this.#replace(mergedLessons(before, Object.fromEntries(since)));
    };
  }

  /** Calls back after every change, by this page or (see index.ts) by another tab; returns what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Another tab has changed what is stored. */
  changedElsewhere(): void {
    this.#load();
    this.#tell();
  }

  #change(slug: string, change: (lesson: LessonProgress) => LessonProgress): void {
    this.#load();
    const before = this.lesson(slug);
    const after = change(before);
    if (after !== before) this.#replace({ ...this.#lessons, [slug]: after });
  }

  #replace(lessons: Lessons): void {
    this.#lessons = lessons;
    this.#use((shelf) => shelf.setItem(KEY, write(this.#lessons)));
    this.#tell();
  }

  #load(): void {
    const stored = this.#use((shelf) => shelf.getItem(KEY));
    if (stored === undefined) return;
    const lessons = read(stored);
    // a newer site's notes are left alone
    if (lessons === null) this.#shelf = null;
    else this.#lessons = lessons;
  }

  /** Does something with the shelf; one that fails (full, or forbidden after all) is not used again. */
  #use<T>(what: (shelf: Shelf) => T): T | undefined {
    if (!this.#shelf) return undefined;
    try {
      return what(this.#shelf);
    } catch {
      this.#shelf = null;
      return undefined;
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const sameAs = (one: LessonProgress, other: LessonProgress | undefined): boolean => JSON.stringify(one) === JSON.stringify(other);

function attempt<T>(what: () => T, otherwise: T): T {
  try {
    return what();
  } catch {
    return otherwise;
  }
}
