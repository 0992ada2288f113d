/**
 * Keeps one lesson's work in the browser, soon after every change. What cannot be kept is said, and tried again with the next change.
 * Another tab's work is never written over unasked: then this tab keeps nothing until the learner has chosen.
 */
import { size } from '../answer.ts';
import { Reactive } from '../reactive.ts';
import { sizeOf } from './overlay.ts';
import { type KeptRecord, parseRecord } from './record.ts';
import type { WorkStore } from './store.ts';
import type { Line } from './tabs.ts';

/** Of one lesson so much is kept, in bytes: a browser gives a site some hundred megabytes at least. */
export const MOST_KEPT = 40_000_000;
/** A change is kept so much later, in milliseconds, with those that came meanwhile. */
const SOON_MS = 300;

export const KEEPS_NOTHING = 'This browser keeps nothing: your work goes when you leave the page.';
const KEPT_BY_NEWER =
  'Your work here was kept by a later version of this page, and stays as it is: what you change now goes when you leave the page. Reload to get that version.';

interface Options {
  readonly slug: string;
  readonly openLine: () => Line;
  readonly openStore: () => Promise<WorkStore>;
  /** The work as it is now; null when there is nothing to keep. */
  readonly collect: () => KeptRecord | null;
}

export class Keeper {
  readonly #state = new Reactive();
  readonly #options: Options;
  #store: WorkStore | null = null;
  #line: Line | null = null;
  #revision = 0;
  #dirty = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();
  #busy = false;
  /** It was to be kept while it was being kept. */
  #again = false;
  #trouble = '';
  #newer = false;
  #others = false;
  #lastKept: number | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Why the last change is not kept; empty when it is. */
  get trouble(): string {
    this.#state.read();
    return this.#trouble;
  }

  /** Has another tab kept work that is not this tab's? */
  get newer(): boolean {
    this.#state.read();
    return this.#newer;
  }

  /** Is the lesson open in another tab? */
  get others(): boolean {
    this.#state.read();
    return this.#others;
  }

  /** Does this browser keep anything at all? */
  get lasting(): boolean {
    this.#state.read();
    return this.#trouble !== KEEPS_NOTHING;
  }

  /** Is anything of the lesson kept already? */
  get any(): boolean {
    return this.#revision > 0;
  }

  /** What was kept on an earlier visit. Never throws: where nothing can be kept, `trouble` says so. */
  async open(): Promise<KeptRecord | null> {
    try {
      this.#store = await this.#options.openStore();
      const record = await this.#read();
      this.#join(this.#options.openLine());
      return record;
    } catch {
      this.#store = null;
      this.#say(KEEPS_NOTHING);
      return null;
    }
  }

  /** What is kept of another lesson; null when that is nothing. */
  async openOther(slug: string): Promise<KeptRecord | null> {
    const record = parseRecord((await this.#store?.read(slug).catch(() => null))?.record);
    return record === 'newer' ? null : record;
  }

  /** Something changed. */
  touch(): void {
    this.#dirty = true;
    this.#timer ??= setTimeout(() => void this.flush(), SOON_MS);
  }

  /** Keeps what was not kept yet. Whoever leaves the page need not wait for it. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#busy) this.#again = true;
    else if (this.#dirty && this.#store && !this.#newer) this.#saving = this.#saveInTurn(this.#store);
    return this.#saving;
  }

  /** Looks whether another tab has kept something while this one slept. */
  async wake(): Promise<void> {
    const newest = await this.#store?.newest(this.#options.slug).catch(() => 0);
    if (newest === undefined || newest <= this.#revision) return;
    this.#newer = true;
    this.#state.changed();
  }

  /**
   * Has the other tab's work brought in: this tab goes on from there once that is done, and until then nothing is decided.
   * Errors: that work cannot be read; those of `bringIn`.
   */
  async takeNewer(bringIn: (record: KeptRecord) => Promise<void>): Promise<void> {
    await this.#saving;
    const record = await this.#read().catch(() => null);
    if (!record) throw new Error('The other tab’s work cannot be read. Press Keep mine, and yours is kept in its place.');
    await bringIn(record);
    this.#decided();
    this.touch();
  }

  /** This tab's work is to count: it is kept over the other's, which then learns of it. */
  async keepMine(): Promise<void> {
    await this.#saving;
    this.#revision = (await this.#store?.newest(this.#options.slug).catch(() => this.#revision)) ?? this.#revision;
    this.#decided();
    this.#dirty = true;
    await this.flush();
  }

  close(): void {
    void this.flush();
    this.#line?.say({ kind: 'left' });
    this.#line?.close();
    this.#line = null;
  }

  /** Hears of the other tabs, and tells them of this one. */
  #join(line: Line): void {
    this.#line = line;
    line.hear = (notice) => {
      if (notice.kind === 'open') line.say({ kind: 'here' });
      // there may be a third one
      if (notice.kind === 'left') line.say({ kind: 'open' });
      if (notice.kind === 'kept' && notice.revision > this.#revision) this.#newer = true;
      this.#others = notice.kind !== 'left';
      this.#state.changed();
    };
    line.say({ kind: 'open' });
  }

  async #read(): Promise<KeptRecord | null> {
    const stored = await this.#store?.read(this.#options.slug);
    if (!stored) return null;
    const record = parseRecord(stored.record);
    this.#revision = stored.revision;
    if (record === 'newer') {
      this.#store = null;
      this.#say(KEPT_BY_NEWER);
      return null;
    }
    this.#lastKept = record?.savedAt ?? null;
    return record;
  }

  /** One at a time: whether the next may be kept, and as which revision, is known only when the browser has answered for the one before. */
  async #saveInTurn(store: WorkStore): Promise<void> {
    this.#busy = true;
    try {
      do {
        this.#again = false;
        await this.#save(store);
      } while (this.#again && this.#dirty && !this.#newer);
    } finally {
      this.#busy = false;
    }
  }

  /** The request is with the browser when this returns. */
  async #save(store: WorkStore): Promise<void> {
    const record = this.#options.collect();
    if (!record) {
      this.#dirty = false;
      return;
    }
    if (sizeOf(record.changes) > MOST_KEPT) {
      this.#say(
        `Your work takes more than ${size(MOST_KEPT)}, and of one lesson no more is kept: ${this.#notSince()} Download it, or delete what you do not need.`,
      );
      return;
    }
    this.#dirty = false;
    this.#revision++;
    const revision = this.#revision;
    try {
      if (await store.keep(this.#options.slug, revision, record)) {
        this.#lastKept = record.savedAt;
        this.#line?.say({ kind: 'kept', revision });
        this.#say('');
      } else {
        this.#dirty = true;
        this.#newer = true;
        this.#state.changed();
      }
    } catch (error) {
      this.#dirty = true;
      this.#revision--;
      this.#say(this.#why(error));
    }
  }

  #why(error: unknown): string {
    const { name = '', message = '' } = error instanceof Error ? error : {};
    if (name === 'QuotaExceededError')
      return `The browser’s storage is full: ${this.#notSince()} Download your work, or make room and change something.`;
    return `The browser did not keep your last changes (${message || String(error)}): ${this.#notSince()} Download your work, or reload the page.`;
  }

  #notSince(): string {
    return this.#lastKept === null ? 'nothing of it is kept.' : `what you did since ${timeOf(this.#lastKept)} is not kept.`;
  }

  #decided(): void {
    this.#newer = false;
    this.#state.changed();
  }

  #say(trouble: string): void {
    this.#trouble = trouble;
    this.#state.changed();
  }
}

export const timeOf = (ms: number): string => new Date(ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
