/** The checks of a session: made when the learner asks for it, and looked at again, where that costs nothing, when something has happened. */
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import { runChecks } from '../checks/index.ts';
import { progress } from '../progress/index.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { CheckRun } from './check-run.ts';
import { CheckWatch } from './check-watch.ts';
import { HintsSeen } from './hints-seen.ts';
import type { LessonTask } from './lesson-task.ts';
import type { Session } from './session.svelte.ts';

/** After these a configuration may be in force, a worker may be another one, a request may have been answered. */
const SIGNS: readonly TraceEvent['type'][] = ['process.role', 'process.signal', 'process.exit', 'client.response', 'client.failed'];

class CheckBoard {
  readonly run: CheckRun;
  readonly #session: Session;
  readonly #signs: ReadonlySet<string>;
  readonly #watch = new CheckWatch(() => this.#look(), document);
  #watched: Runtime | null = null;
  #say: (text: string) => void = () => {};

  constructor(session: Session, { checks }: LessonTask) {
    const { slug } = session;
    const hints = new HintsSeen(slug);
    this.#session = session;
    this.#signs = new Set<string>([...SIGNS, ...checks.flatMap((check) => (check.kind === 'event' ? [check.type] : []))]);
    this.run = new CheckRun(checks, {
      passed: () => progress.lesson(slug).checks,
      remember: (id) => progress.checkPassed(slug, id),
      revealed: (id) => hints.of(id),
      reveal: (id, levels) => hints.set(id, levels),
    });
    progress.subscribe(() => this.run.recall());
  }

  /** To be called whenever the servers are up. `say` is told, in a sentence, what has become so or is so no more. */
  follow(say: (text: string) => void): void {
    const { runtime } = this.#session;
    if (!runtime) return;
    this.#say = say;
    if (runtime !== this.#watched) {
      this.#watched = runtime;
      runtime.on('trace', (events) => {
        if (events.some(({ type }) => this.#signs.has(type))) this.#watch.sign();
      });
      runtime.on('written', () => this.#watch.sign());
      // it comes a moment after the trace has told of it: what was looked at before counted the files as unread
      this.#session.files.onRead = () => this.#watch.sign();
    }
    this.#watch.sign();
  }

  async #look(): Promise<void> {
    // while servers start, what they did before says nothing
    const target = this.#session.state === 'ready' ? this.#session.target : null;
    const said = target ? await this.run.look(target, runChecks) : '';
    if (said) this.#say(said);
  }
}

const boards = new WeakMap<Session, CheckBoard>();

/** The board of a session that `boardOf` has already made. */
export function loadedBoard(session: Session): CheckBoard {
  const board = boards.get(session);
  if (!board) throw new Error('The checks are not loaded yet.');
  return board;
}

/** The one board of a session, which fetches the lesson's task first. Throws when that cannot be had. */
export async function boardOf(session: Session): Promise<CheckBoard> {
  await session.material.loadTask();
  const board = boards.get(session) ?? new CheckBoard(session, session.material.task as LessonTask);
  boards.set(session, board);
  return board;
}
