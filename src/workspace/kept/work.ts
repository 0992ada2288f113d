/**
 * The learner's whole work in one lesson: what their sandbox's files differ in from the start, however that was done, and the editor's
 * texts. It is in hand at any time, kept in the browser, and laid over the lesson's files when a sandbox starts.
 */
import type { Changed, Changes } from '../../runtime/changes.ts';
import type { Files, Runtime } from '../../runtime/runtime.ts';
import { diskOf } from '../disk.ts';
import { forgetOldDrafts, oldDrafts } from '../drafts.ts';
import { reasonOf } from '../failure.ts';
import { Reactive } from '../reactive.ts';
import type { WorkFiles } from '../work-files.ts';
import { Keeper } from './keeper.ts';
import { filesIn, textsIn, withTexts } from './overlay.ts';
import { type KeptRecord, VERSION } from './record.ts';
import { laidOver, stateInSandbox, stateInWork } from './states.ts';
import { openLine } from './tabs.ts';

/** A lesson whose machine this one can go on with. */
export interface Continued {
  readonly slug: string;
  readonly title: string;
}

/** From one look at all that changed to the next it takes this many times what the look took, and this long at least, in milliseconds. */
const LOOK_AGAIN = { times: 4, least: 300 };

export class Work {
  readonly keeper: Keeper;
  /** The editor's undo histories by path; the editor sets it. */
  histories: () => Readonly<Record<string, unknown>> = () => this.#histories;
  readonly #state = new Reactive();
  readonly #slug: string;
  readonly #continues: Continued | null;
  readonly #files: WorkFiles;
  readonly #sandbox: () => Runtime | null;
  #loading: Promise<void> | null = null;
  #start: Files | null = null;
  #changes: Changes = {};
  #histories: Readonly<Record<string, unknown>> = {};
  #open: readonly string[] = [];
  /** What the sandbox could not take of the work. */
  #unlaid: Changes = {};
  #trouble = '';
  #offer: (Continued & { readonly changes: Changes }) | null = null;
  #declined = false;
  #looking = false;
  #lookAgain = false;

  constructor(slug: string, files: WorkFiles, sandbox: () => Runtime | null, continues: Continued | null) {
    this.#slug = slug;
    this.#files = files;
    this.#sandbox = sandbox;
    this.#continues = continues;
    this.keeper = new Keeper({
      slug,
      openLine: () => openLine(slug),
      openStore: async () => (await import('./store.ts')).openStore(),
      collect: () => this.#collect(),
    });
    files.onEdit = () => this.keeper.touch();
  }

  /** Work of another lesson that this one could go on with, until the learner has decided. */
  get offer(): (Continued & { readonly changes: Changes }) | null {
    this.#state.read();
    return this.#offer;
  }

  /** Why the sandbox has not all of the work; empty when it has. */
  get trouble(): string {
    this.#state.read();
    return this.#trouble;
  }

  /** Is there something about it that the learner should decide, or know at once? */
  get note(): boolean {
    return this.keeper.newer || this.offer !== null || this.trouble !== '' || (this.keeper.lasting && this.keeper.trouble !== '');
  }

  /** Files that were open on the last visit beside those of the lesson. */
  get open(): readonly string[] {
    return this.#open;
  }

  /** For whoever shows what is in the folders: another value after every change that is known of. */
  get changed(): Changes {
    this.#state.read();
    return this.#changes;
  }

  /** The editor goes; its histories stay. */
  rememberHistories(): void {
    this.#histories = this.histories();
    this.histories = () => this.#histories;
  }

  /** The tab of a file was closed: its text is not lost. */
  letGo(path: string): void {
    this.#changes = this.soFar;
    this.#files.untrack(path);
    this.keeper.touch();
  }

  /** Undo histories of the last visit. */
  get keptHistories(): Readonly<Record<string, unknown>> {
    return this.#histories;
  }

  /** In the page from here on: what was kept is looked for, and what is to be kept when the page is hidden or left is kept. Call the result when the workspace goes. */
  begin(): () => void {
    const onShow = () => void (document.visibilityState === 'hidden' ? this.keeper.flush() : this.keeper.wake());
    const onLeave = () => void this.keeper.flush();
    document.addEventListener('visibilitychange', onShow);
    window.addEventListener('pagehide', onLeave);
    void this.load();
    return () => {
      document.removeEventListener('visibilitychange', onShow);
      window.removeEventListener('pagehide', onLeave);
      this.keeper.close();
    };
  }

  /** Looks what was kept. Never throws. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** The whole work as it is known here: what the sandbox had when it was last looked at, with the editor's texts. */
  get soFar(): Changes {
    return withTexts(this.#changes, this.#files.mine, this.#files.originals ?? {});
  }

  /** Is there anything that is not as at the start? */
  get any(): boolean {
    this.#state.read();
    return Object.keys(this.soFar).length > 0;
  }

  /** The whole work now. Errors: those of the sandbox. */
  async now(): Promise<Changes> {
    await this.load();
    const runtime = this.#sandbox();
    if (runtime) {
      await this.#see(runtime);
      await this.#files.refresh(diskOf(runtime));
    }
    return this.soFar;
  }

  /** What is kept makes this of the lesson's files and of those that were open. */
  files(paths: readonly string[]): ReturnType<typeof filesIn> {
    return filesIn(this.#changes, paths);
  }

  /** See Session.bringIn. */
  async bringIn(changes: Changes, what: string): Promise<void> {
    const before = await this.now();
    await this.#replace(changes);
    this.#files.offerUndo(what, () => {
      this.#replace(before).catch((error: unknown) => this.#say(error));
    });
  }

  /** Changes single paths, at once and wherever the files are now; one step that can be undone. Errors: those of the sandbox. */
  async change(changes: Changes, what: string): Promise<void> {
    const before = Object.fromEntries(
      await Promise.all(Object.keys(changes).map(async (path) => [path, await this.stateOf(path)] as const)),
    );
    await this.#change(changes);
    this.#files.offerUndo(what, () => {
      this.#change(before).catch((error: unknown) => this.#say(error));
    });
  }

  /** What lies at a path now, the editor's text where it has one that was not saved; null when nothing does. Errors: those of the sandbox. */
  async stateOf(path: string): Promise<Changed | null> {
    const runtime = this.#sandbox();
    if (!runtime) return stateInWork(await this.start(), this.soFar, path);
    const state = await stateInSandbox(runtime, path);
    const text = this.#files.texts[path];
    if (state?.kind !== 'file' || typeof text !== 'string' || !this.#files.unsaved.includes(path)) return state;
    return { ...state, data: new TextEncoder().encode(text) };
  }

  /** The files of the lesson as they are at the start. */
  async start(): Promise<Files> {
    this.#start ??= await (await import('../tree.ts')).lessonFiles(this.#slug);
    return this.#start;
  }

  /** Lays the work over a new sandbox, and follows what becomes of it there. What cannot be laid is said, and stays kept. */
  async mount(runtime: Runtime): Promise<void> {
    const laid = this.soFar;
    this.#unlaid = {};
    this.#say(null);
    if (Object.keys(laid).length) {
      try {
        await runtime.apply(laid);
      } catch (error) {
        this.#say(error);
        const there = await runtime.changes();
        this.#unlaid = Object.fromEntries(Object.entries(laid).filter(([path]) => !(path in there)));
      }
    }
    this.#changes = laid;
    this.#files.mount(textsIn(laid, this.#files.paths));
    runtime.on('written', () => void this.#look(runtime));
  }

  /** The learner does not want the other lesson's work. */
  decline(): void {
    this.#declined = true;
    this.#decided();
    this.keeper.touch();
  }

  async #replace(changes: Changes): Promise<void> {
    await this.load();
    const runtime = this.#sandbox();
    this.#unlaid = {};
    if (runtime) await runtime.apply(changes, { only: true });
    this.#changes = changes;
    if (this.#files.originals) this.#files.load(this.#files.originals, this.files(this.#files.paths));
    if (runtime) await this.#files.refresh(diskOf(runtime));
    this.#say(null);
    this.#decided();
    this.keeper.touch();
  }

  async #change(changes: Changes): Promise<void> {
    const runtime = this.#sandbox();
    if (runtime) {
      await runtime.apply(changes);
      await this.#see(runtime);
    } else this.#changes = laidOver(await this.start(), this.soFar, changes);
    this.#files.settle(textsIn(changes, Object.keys(changes)));
    this.#state.changed();
    this.keeper.touch();
  }

  async #see(runtime: Runtime): Promise<void> {
    this.#changes = { ...this.#unlaid, ...(await runtime.changes()) };
    this.#state.changed();
  }

  #say(error: unknown): void {
    this.#trouble = error === null ? '' : reasonOf(error);
    this.#state.changed();
  }

  #decided(): void {
    this.#offer = null;
    this.#state.changed();
  }

  async #load(): Promise<void> {
    const record = await this.keeper.open();
    const drafts = oldDrafts(this.#slug);
    this.#changes = { ...withTexts({}, drafts, {}), ...record?.changes };
    this.#open = [...new Set([...(record?.open ?? []), ...Object.keys(drafts)])];
    this.#histories = record?.histories ?? {};
    if (Object.keys(drafts).length) {
      this.keeper.touch();
      await this.keeper.flush();
      if (!this.keeper.trouble) forgetOldDrafts(this.#slug);
    }
    if (this.#continues && !record) {
      const other = await this.keeper.openOther(this.#continues.slug);
      if (other && Object.keys(other.changes).length) this.#offer = { ...this.#continues, changes: other.changes };
    }
    this.#state.changed();
  }

  /** Nothing needs to be kept of a lesson that was only looked at. */
  #collect(): KeptRecord | null {
    const changes = this.soFar;
    // a file of the engine's own is found again when a sandbox runs
    const isKnown = (path: string) => path in changes || (this.#start !== null && path in this.#start);
    const open = this.#files.originals ? this.#files.added.filter(isKnown) : this.#open;
    if (!this.keeper.any && !this.#declined && Object.keys(changes).length === 0) return null;
    return { version: VERSION, savedAt: Date.now(), changes, open, histories: this.histories() };
  }

  /** Something was written in the sandbox. A look at much work takes long: then it is not looked again at once. */
  async #look(runtime: Runtime): Promise<void> {
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (this.#lookAgain && this.#sandbox() === runtime) {
        this.#lookAgain = false;
        const from = performance.now();
        await this.#see(runtime);
        this.keeper.touch();
        await new Promise((resolve) => setTimeout(resolve, Math.max(LOOK_AGAIN.least, LOOK_AGAIN.times * (performance.now() - from))));
      }
    } catch {
      // a sandbox that breaks meanwhile says so itself, and what was known of it is kept
    } finally {
      this.#looking = false;
    }
  }
}
