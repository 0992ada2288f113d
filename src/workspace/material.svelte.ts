/** What a lesson gives the learner to read and to edit, each part fetched when it is wanted; and what of it the editor is to show. */
import type { Runtime } from '../runtime/runtime.ts';
import { diskOf } from './disk.ts';
import { reasonOf } from './failure.ts';
import type { Work } from './kept/work.ts';
import { fetchTask, type LessonTask } from './lesson-task.ts';
import type { SolutionFile } from './tree.ts';
import type { WorkFiles } from './work-files.ts';

export class Material {
  /** A place in a file that the editor is to show. */
  place = $state.raw<{ readonly file: string; readonly line: number | null } | null>(null);
  /** Why the last file that was to be shown is not; empty when it is. */
  trouble = $state('');
  /** What the learner is to bring about, once loaded. */
  task = $state.raw<LessonTask | null>(null);
  /** The files that are different in the solution, once loaded. */
  solution = $state.raw<readonly SolutionFile[] | null>(null);

  readonly #slug: string;
  readonly #files: WorkFiles;
  readonly #work: Work;
  /** The sandbox that runs now: a file that is only to be read comes from it. */
  readonly #sandbox: () => Runtime | null;

  constructor(slug: string, files: WorkFiles, work: Work, sandbox: () => Runtime | null) {
    this.#slug = slug;
    this.#files = files;
    this.#work = work;
    this.#sandbox = sandbox;
  }

  /** Reads the start state of the editable files, and what the learner made of it before. */
  async loadFiles(): Promise<void> {
    if (this.#files.originals) return;
    const [{ lessonFiles }] = await Promise.all([import('./tree.ts'), this.#work.load()]);
    const all = await lessonFiles(this.#slug);
    // asked for twice at once, it comes once
    if (this.#files.originals) return;
    const paths = [...this.#files.paths, ...this.#work.open];
    this.#files.load(
      Object.fromEntries(paths.flatMap((path) => (typeof all[path] === 'string' ? [[path, all[path]]] : []))),
      this.#work.files(paths),
    );
  }

  /** Reads what the learner is to bring about. */
  async loadTask(): Promise<void> {
    this.task ??= await fetchTask(this.#slug);
  }

  /** Reads the files of the solution. */
  async loadSolution(): Promise<void> {
    if (this.solution) return;
    await this.loadFiles();
    const { solutionFiles } = await import('./tree.ts');
    this.solution = await solutionFiles(this.#slug);
  }

  /** Has the editor show a file; one that is not for editing can be read. Never throws: `trouble` says why it cannot be shown. */
  async open(file: string, line: number | null): Promise<void> {
    this.trouble = '';
    try {
      await this.loadFiles();
      if (!this.#files.paths.includes(file)) {
        const { lessonFiles } = await import('./tree.ts');
        const runtime = this.#sandbox();
        const text = runtime ? await diskOf(runtime).read(file) : (await lessonFiles(this.#slug))[file];
        if (typeof text !== 'string') throw new Error('there is no such file');
        this.#files.look(file, text);
      }
      this.place = { file, line };
    } catch (error) {
      this.trouble = `${file} could not be opened: ${reasonOf(error)}.`;
    }
  }
}
