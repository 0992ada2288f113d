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
import { Keeper, MOST_KEPT } from './keeper.ts';
import { filesIn, sizeOf, textsIn, withTexts } from './overlay.ts';
import { type Before, type KeptRecord, VERSION } from './record.ts';
import { Soon } from './soon.ts';
import { laidOver, lay, stateInSandbox, stateInWork } from './states.ts';
import { openLine } from './tabs.ts';

/** So long, also over visits, the replaced work can be had back, in milliseconds. */
const BACK_MS = 24 * 60 * 60 * 1000;

/** A lesson whose machine this one can go on with. */
export interface Continued {
  readonly slug: string;
  readonly title: string;
}

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
  #before: Before | null = null;

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
  bringIn(changes: Changes, what: string): Promise<void> {
    return this.#bring(changes, what, `Took back “${what.split(':')[0]}”`);
  }

  /** Changes single paths, at once and wherever the files are now; one step that can be undone. Errors: those of the sandbox. */
  async change(changes: Changes, what: string): Promise<void> {
    const before = Object.fromEntries(
      await Promise.all(Object.keys(changes).map(async (path) => [path, await this.stateOf(path)] as const)),
    );
    const back = { what, of: 'files', undo: () => this.#change(before) } as const;
    // what failed may have changed a part
    await this.#change(changes).finally(() => this.#files.undos.offerBack(back, (error) => this.#say(error)));
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
    this.#say(null);
    this.#unlaid = {};
    if (Object.keys(laid).length) this.#unlaid = await lay(runtime, laid, (error) => this.#say(error));
    this.#changes = laid;
    this.#files.mount(textsIn(laid, this.#files.paths));
    // a look at much work takes long: then it is not looked again at once
    const look = new Soon(async () => {
      if (this.#sandbox() !== runtime) return;
      await this.#see(runtime);
      this.keeper.touch();
    });
    runtime.on('written', () => void look.want());
  }

  /** The learner does not want the other lesson's work. */
  decline(): void {
    this.#declined = true;
    this.#decided();
    this.keeper.touch();
  }

  /** `back`: what it is called when this is undone. */
  async #bring(changes: Changes, what: string, back: string): Promise<void> {
    const before: Before = { changes: await this.now(), what, back, at: Date.now() };
    // what failed may have replaced a part
    await this.#replace(changes).finally(() => {
      this.#offerBack(before, false);
      this.keeper.touch();
    });
  }

  #offerBack(before: Before, earlier: boolean): void {
    const { changes, what, back } = before;
    const undo = async (): Promise<void> => {
      try {
        await this.#bring(changes, back, what);
      } catch (error) {
        this.#before = before;
        throw error;
      }
    };
    this.#before = before;
    this.#files.undos.offerBack({ what, of: 'work', earlier, undo }, (error) => this.#say(error));
  }

  async #replace(changes: Changes): Promise<void> {
    await this.load();
    const runtime = this.#sandbox();
    this.#unlaid = {};
    try {
      await runtime?.apply(changes, { only: true });
      this.#changes = changes;
    } catch (error) {
      if (runtime) await this.#see(runtime);
      throw error;
    } finally {
      if (this.#files.originals) this.#files.load(this.#files.originals, this.files(this.#files.paths));
      if (runtime) await this.#files.refresh(diskOf(runtime));
    }
    this.#say(null);
    this.#decided();
  }

  async #change(changes: Changes): Promise<void> {
    const runtime = this.#sandbox();
    if (runtime) {
      try {
        await runtime.apply(changes);
      } finally {
        await this.#see(runtime);
      }
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
    if (record?.before && Date.now() - record.before.at < BACK_MS) this.#offerBack(record.before, true);
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
    if (!this.keeper.any && !this.#declined && !this.#before && Object.keys(changes).length === 0) return null;
    const before = this.#before && sizeOf(changes) + sizeOf(this.#before.changes) <= MOST_KEPT ? this.#before : null;
    return { version: VERSION, savedAt: Date.now(), changes, before, open, histories: this.histories() };
  }
}
