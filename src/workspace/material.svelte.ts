/** What a lesson gives the learner to read and to edit, each part fetched when it is wanted; and what of it the editor is to show. */
import type { Runtime } from '../runtime/runtime.ts';
import { diskOf } from './disk.ts';
import type { Opaque } from './editor/file-text.ts';
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
    const [start] = await Promise.all([this.#work.start(), this.#work.load()]);
    // asked for twice at once, it comes once
    if (this.#files.originals) return;
    const paths = [...this.#files.paths, ...this.#work.open];
    this.#files.load(Object.fromEntries(paths.flatMap((path) => (typeof start[path] === 'string' ? [[path, start[path]]] : []))), {
      ...Object.fromEntries(this.#work.open.map((path) => [path, typeof start[path] === 'string' ? start[path] : null])),
      ...this.#work.files(paths),
    });
  }

  /** Every path there is without a sandbox; a folder's ends in a slash. */
  async allPaths(): Promise<readonly string[]> {
    await this.loadFiles();
    const work = this.#work.soFar;
    const made = Object.entries(work).flatMap(([path, changed]) => (changed ? [changed.kind === 'folder' ? `${path}/` : path] : []));
    return [...Object.keys(await this.#work.start()).filter((path) => work[path] !== null), ...made];
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

  /** Has the editor show a file; one that is not for editing in this lesson can be read. Never throws: `trouble` says why it cannot be shown. */
  open(file: string, line: number | null): Promise<void> {
    return this.#show(file, line, false);
  }

  /** Has the editor open a file of the server to be edited, unless it is one of the machine's own. Never throws, as `open`. */
  edit(file: string): Promise<void> {
    return this.#show(file, null, !MACHINE.test(file));
  }

  async #show(file: string, line: number | null, toEdit: boolean): Promise<void> {
    this.trouble = '';
    try {
      await this.loadFiles();
      if (!this.#files.paths.includes(file)) {
        const found = await this.#find(file);
        if (toEdit || typeof found !== 'string') this.#files.track(file, await this.#original(file, found), found);
        else this.#files.look(file, found);
      }
      // a line can be gone to only in a file that is there: a command may have made it just now
      const runtime = this.#sandbox();
      if (runtime && this.#files.texts[file] === null) await this.#files.refresh(diskOf(runtime));
      this.place = { file, line };
    } catch (error) {
      this.trouble = `${file} could not be opened: ${reasonOf(error)}.`;
    }
  }

  async #find(file: string): Promise<string | Opaque> {
    const runtime = this.#sandbox();
    const found = runtime ? await diskOf(runtime).read(file) : (this.#work.files([file])[file] ?? (await this.#work.start())[file] ?? null);
    if (found === null) throw new Error('there is no such file');
    return found instanceof Uint8Array ? { why: 'binary', bytes: found.byteLength } : found;
  }

  /** Its text at the start. What the sandbox has of its own, and nobody changed, is so from the start. */
  async #original(file: string, found: string | Opaque): Promise<string | null> {
    const start = (await this.#work.start())[file];
    if (typeof start === 'string') return start;
    return file in (await this.#work.now()) || typeof found !== 'string' ? null : found;
  }
}

/** What the machine brings, or tells, by itself. */
const MACHINE = /^\/(proc|sys|dev|run|usr|bin|sbin|lib|var\/(log|cache|lib))\//;
