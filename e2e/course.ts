/** The lessons as their own data tell them, and the parts of their pages that both ways through a lesson share: with the mouse, by keyboard. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { lessonFolders, readLesson } from '../scripts/lib/lesson.ts';
import { at } from '../scripts/lib/paths.ts';
import type { LessonData } from '../src/lesson/format.ts';
import { laidOver } from '../src/lesson/lay-over.ts';
import { serversAtStart } from '../src/lesson/starts.ts';
import { expect, Lesson, SITE_CONFIG, UWSGI_INI } from './support.ts';

export interface CourseLesson {
  readonly slug: string;
  readonly path: string;
  readonly data: LessonData;
  /** How many buttons of its text do something in the work area. */
  readonly dos: number;
  /** Paths of the files that the solution changes. */
  readonly solutionFiles: readonly string[];
  /** The line of its site that says how long Nginx waits for a worker: where it does, its workers hang. Null: it does not. */
  readonly patience: string | null;
  /** How many workers run at the start, and with the solution. */
  readonly workers: { readonly start: number; readonly end: number };
}

export const COURSE: readonly CourseLesson[] = lessonFolders().map((folder) => {
  const { slug, data, body } = readLesson(folder);
  return {
    slug,
    path: `/lessons/${slug}/`,
    data,
    dos: [...body.matchAll(/<Do\s/g)].length,
    solutionFiles: filesOf(join(folder, 'solution')),
    patience: /uwsgi_read_timeout .*;/.exec(textsOf(join(folder, 'files'))[SITE_CONFIG] ?? '')?.[0] ?? null,
    workers: { start: workers(folder, data, 'start'), end: workers(folder, data, 'end') },
  };
});

/** A machine on which uWSGI does not start has those that the solution brings. */
function workers(folder: string, { start }: LessonData, state: 'start' | 'end'): number {
  const machine = laidOver(textsOf(at('sandboxes/server')), textsOf(join(folder, 'files')));
  const runs = serversAtStart(start, machine).includes('uwsgi');
  const solution = state === 'end' ? [join(folder, 'solution')] : [];
  const places = [...solution, ...(runs ? [join(folder, 'files'), at('sandboxes/server')] : [])];
  const file = places.map((place) => join(place, UWSGI_INI)).find((one) => existsSync(one));
  if (!runs && file === undefined) return 0;
  return Number(/^processes *= *(\d+)$/m.exec(file === undefined ? '' : readFileSync(file, 'utf8'))?.[1] ?? 1);
}

function textsOf(folder: string): Record<string, string> {
  return Object.fromEntries(filesOf(folder).map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/'))
    .sort();
}

/** What a button of the text asks for: the same attributes as Do.astro writes. */
export type Wish =
  | { readonly kind: 'send'; readonly count: number }
  | { readonly kind: 'run'; readonly command: string }
  | { readonly kind: 'open'; readonly file: string; readonly line: number | null }
  | { readonly kind: 'restart' }
  | { readonly kind: 'check' };

export async function wishOf(button: Locator): Promise<Wish> {
  const { send, count, run, open, line, restart } = await button.evaluate((element) => ({ ...(element as HTMLElement).dataset }));
  if (send !== undefined) return { kind: 'send', count: Number(count) };
  if (run !== undefined) return { kind: 'run', command: run };
  if (open !== undefined) return { kind: 'open', file: open, line: line === undefined ? null : Number(line) };
  return { kind: restart === undefined ? 'check' : 'restart' };
}

/** Text of the lesson as it stands in the page: `code` loses its backticks. */
export const shown = (text: string): string => text.replaceAll('`', '');

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** For what takes real seconds: a start on a busy machine, Nginx that waits for a worker which hangs, checks that wait for both. */
export const SLOW = { timeout: 45_000 };

/** A lesson's page in a learner's hands; knows what was sent so far. */
export class Learner {
  readonly page: Page;
  readonly course: CourseLesson;
  readonly lesson: Lesson;
  /** How many workers the servers that run, or start next, have. */
  workers: number;
  #sent = 0;

  constructor(page: Page, course: CourseLesson) {
    this.page = page;
    this.course = course;
    this.workers = course.workers.start;
    this.lesson = new Lesson(page);
  }

  get dos(): Locator {
    return this.lesson.text.locator('.step .do').getByRole('button');
  }
  get checkPane(): Locator {
    return this.lesson.panel('Check');
  }
  get checkButton(): Locator {
    return this.checkPane.getByRole('button', { name: 'Check', exact: true });
  }
  get checkRows(): Locator {
    return this.checkPane.getByRole('list', { name: 'Checks' }).locator(':scope > li');
  }
  /** In the solution, what to do after its files are taken. */
  get solutionSteps(): Locator {
    return this.checkPane.getByRole('list').last().getByRole('listitem');
  }
  takeButton(path: string): Locator {
    return this.checkPane.getByRole('button', { name: `Take all of ${fileName(path)}`, exact: true });
  }
  question(index: number): Locator {
    return this.lesson.text.locator('#quiz').getByRole('group').nth(index);
  }
  get rooms(): Locator {
    return this.lesson.figure.getByRole('button', { name: /^worker \d/ });
  }

  /** The servers run: all their workers are idle, and none of them is one of these. */
  async started(before: readonly string[] = []): Promise<void> {
    await expect(this.lesson.restartButton.first()).toBeEnabled(SLOW);
    await expect.poll(async () => (await this.pids('idle ')).filter((pid) => !before.includes(pid)).length, SLOW).toBe(this.workers);
  }

  /** The pids of the workers in the picture: of all, or of those in a state. */
  async pids(state = ''): Promise<string[]> {
    const names = await this.rooms.evaluateAll((rooms) => rooms.map((room) => room.getAttribute('aria-label') ?? ''));
    return names.flatMap((name) => new RegExp(`\\b${state}pid (\\d+)`).exec(name)?.[1] ?? []);
  }

  /** So many more rows stand in the Browser tab, which is open. */
  async sent(count: number): Promise<void> {
    this.#sent += count;
    await expect(this.lesson.answers).toHaveCount(this.#sent, SLOW);
  }

  /** All answers have come; the status of each, newest first. */
  async answered(): Promise<string[]> {
    const states = this.lesson.answers.locator('.summary > strong');
    await expect(states.filter({ hasText: 'Waiting' })).toHaveCount(0, SLOW);
    return states.allTextContents();
  }

  /** The file is open in the editor, at its line. */
  async opened(file: string, line: number | null): Promise<void> {
    const files = this.lesson.panel('Files');
    await expect(files.getByRole('button', { name: fileName(file), pressed: true })).toBeVisible();
    await expect(files.getByRole('textbox', { name: file })).toBeFocused();
    if (line === null) return;
    const gutter = files.locator('.cm-activeLineGutter').filter({ hasText: /\d/ });
    await expect(gutter).toHaveText(String(line));
    await expect(gutter).toBeInViewport({ ratio: 1 });
  }

  /** All checks were made. */
  async checksMade(): Promise<void> {
    await expect(this.checkButton).toBeVisible();
    await expect(this.checkPane.getByText(/not checked$|passed earlier$/)).toHaveCount(0, SLOW);
    await expect(this.checkButton).toHaveAttribute('aria-disabled', 'false', SLOW);
    await expect(this.checkRows).toHaveCount(this.course.data.checks.length);
  }

  /** All checks were made, each that fell short has its help, and how many of them passed. */
  async checked(): Promise<number> {
    const { checks } = this.course.data;
    await this.checksMade();
    for (const [index, { text, nudge }] of checks.entries()) {
      const row = this.checkRows.nth(index);
      await expect(row).toContainText(shown(text));
      const words = (await row.textContent()) ?? '';
      if (!words.includes('not yet')) continue;
      // what is missing comes with the lesson's own help, one level at a time; what was revealed stays
      const first = row.getByRole('button', { name: 'Hint 1 of 3' });
      if (await first.isVisible()) await first.click();
      await expect(row).toContainText(shown(nudge));
    }
    return this.checkRows.filter({ hasText: / passed\s*$/ }).count();
  }
}
