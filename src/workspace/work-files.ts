/**
 * The lesson's files as the learner has them in hand: what the editor shows, what the sandbox has, what the servers have read.
 * Nothing is written over without a way back: a change is undoable, and where the editor and the sandbox's shell both changed a
 * file, it is the learner who decides.
 */
import type { FileTexts } from './diagnostics.ts';
import type { Opaque } from './editor/file-text.ts';
import { type Disk, type Held, isText, readAtStart, type Texts, type Undoable, without } from './editor/texts.ts';
import { Undos } from './editor/undos.ts';
import { Reactive } from './reactive.ts';

export class WorkFiles {
  /** Called when the learner changed something here, and when a server has read its files. */
  onEdit: () => void = () => {};
  onRead: () => void = () => {};
  readonly undos = new Undos();
  readonly #state = new Reactive();
  readonly #own: readonly string[];
  #paths: readonly string[];
  #looked: FileTexts = {};
  #originals: FileTexts | null = null;
  #texts: Texts = {};
  #mounted: Texts | null = null;
  #served: Texts = {};
  #held: Readonly<Record<string, Held>> = {};
  #opaque: Readonly<Record<string, Opaque>> = {};

  constructor(paths: readonly string[]) {
    this.#own = paths;
    this.#paths = paths;
  }

  /** Files that can be edited, in the order of their tabs. */
  get paths(): readonly string[] {
    this.#state.read();
    return this.#paths;
  }

  /** Those of them that the lesson does not offer by itself. */
  get added(): readonly string[] {
    return this.paths.filter((path) => !this.#own.includes(path));
  }

  /** Files that are shown and not edited. */
  get looked(): FileTexts {
    this.#state.read();
    return this.#looked;
  }

  /** The start state, once loaded; files that the learner is to create are not in it. */
  get originals(): FileTexts | null {
    this.#state.read();
    return this.#originals;
  }

  /** What the editor shows. */
  get texts(): Texts {
    this.#state.read();
    return this.#texts;
  }

  /** All that exists, for whoever looks something up in it. */
  get existing(): FileTexts {
    return Object.fromEntries(Object.entries(this.texts).flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
  }

  /** Files that became something else than text. */
  get opaque(): Readonly<Record<string, Opaque>> {
    this.#state.read();
    return this.#opaque;
  }

  /** The texts that are the learner's: all but those of files that the shell made away with or made no text. */
  get mine(): Texts {
    return Object.fromEntries(Object.entries(this.texts).filter(([path]) => this.#held[path] !== 'deleted' && !this.#opaque[path]));
  }

  get held(): Readonly<Record<string, Held>> {
    this.#state.read();
    return this.#held;
  }

  /** The last change that was made with one press, while it can be undone. */
  get undoable(): Undoable | null {
    return this.undos.last;
  }

  /** What the sandbox does not have yet, and will have at the next start of its servers. */
  get unsaved(): readonly string[] {
    this.#state.read();
    const mounted = this.#mounted;
    return mounted
      ? this.#paths.filter((path) => !this.#held[path] && !this.#opaque[path] && this.#text(path) !== (mounted[path] ?? null))
      : [];
  }

  /** What was changed since the servers read it; none of what they read anew for every request. */
  get unread(): readonly string[] {
    this.#state.read();
    const mounted = this.#mounted;
    if (!mounted) return [];
    return this.#paths.filter(
      (path) =>
        readAtStart(path) && (this.unsaved.includes(path) || (path in this.#served && this.#served[path] !== (mounted[path] ?? null))),
    );
  }

  /** What differs from the start state. */
  get changed(): readonly string[] {
    this.#state.read();
    return this.#paths.filter((path) => this.#text(path) !== (this.#originals?.[path] ?? null));
  }

  /** The start state has come, and what the learner made of it before. */
  load(originals: FileTexts, kept: Readonly<Record<string, string | null | Opaque>> = {}): void {
    this.#originals = originals;
    this.#paths = [...new Set([...this.#paths, ...Object.keys(kept)])];
    this.#texts = Object.fromEntries(this.#paths.map((path) => [path, originals[path] ?? null]));
    this.#opaque = {};
    this.#held = {};
    for (const [path, found] of Object.entries(kept)) if (this.#isText(path, found)) this.#set(path, found);
    this.#state.changed();
  }

  /** Shows a file that is not for editing. */
  look(path: string, text: string): void {
    this.#looked = { ...this.#looked, [path]: text };
    this.#state.changed();
  }

  /** One more file to edit: a solution has it, or it was opened. `now`: what it is by now, where that is something else. */
  track(path: string, original: string | null, now: string | null | Opaque = original): void {
    if (this.#paths.includes(path)) return;
    this.#paths = [...this.#paths, path];
    this.#looked = without(this.#looked, path);
    const text = this.#isText(path, now) ? now : null;
    this.#texts = { ...this.#texts, [path]: text };
    if (original !== null) this.#originals = { ...this.#originals, [path]: original };
    if (this.#mounted) {
      this.#mounted = { ...this.#mounted, [path]: text };
      this.#served = { ...this.#served, [path]: text };
    }
    this.#state.changed();
  }

  /** Files were made, changed or deleted where they lie, with these texts: here, too. */
  settle(texts: Texts): void {
    for (const [path, text] of Object.entries(texts)) {
      if (!this.#paths.includes(path)) continue;
      if (text === null && this.added.includes(path)) this.untrack(path);
      else {
        this.#put({ [path]: text });
        if (this.#mounted) this.#mounted = { ...this.#mounted, [path]: text };
      }
    }
    this.undos.forgetFiles();
    this.#state.changed();
  }

  /** A file is not looked after here any more; what it differs in from the start is for others to keep. */
  untrack(path: string): void {
    this.#paths = this.#paths.filter((one) => one !== path);
    this.#texts = without(this.#texts, path);
    this.#looked = without(this.#looked, path);
    this.#held = without(this.#held, path);
    this.#opaque = without(this.#opaque, path);
    if (this.#mounted) this.#mounted = without(this.#mounted, path);
    this.#state.changed();
  }

  /** There is a new sandbox, which has these texts. */
  mount(texts: Texts): void {
    this.#mounted = Object.fromEntries(
      this.#paths.map((path) => [path, texts[path] === undefined ? (this.#originals?.[path] ?? null) : texts[path]]),
    );
    this.#forget();
  }

  unmount(): void {
    this.#mounted = null;
    this.#forget();
  }

  /** The learner typed. */
  edit(path: string, text: string): void {
    if (text === (this.#text(path) ?? '')) return;
    this.undos.forgetFiles();
    // who goes on with a deleted file wants it; a clash stays one until it is decided
    if (this.#held[path] === 'deleted') this.#release(path);
    this.#set(path, text);
    this.#state.changed();
    this.onEdit();
  }

  /** Changes files with one press, which can be undone. Null: no such file. */
  replace(changes: Texts, what: string): void {
    const before = Object.fromEntries(Object.keys(changes).map((path) => [path, this.#text(path)]));
    this.#put(changes);
    this.undos.offer({ what, of: 'files', undo: () => this.#put(before) });
    this.onEdit();
  }

  undo(): void {
    this.undos.take()?.undo();
    this.onEdit();
  }

  reset(paths: readonly string[], what: string): void {
    this.replace(Object.fromEntries(paths.map((path) => [path, this.#originals?.[path] ?? null])), what);
  }

  /** Of two texts of a file, the editor's is to count: the next start of the servers writes it. */
  keepMine(path: string): void {
    this.#release(path);
    this.#state.changed();
    this.onEdit();
  }

  /** The sandbox's is to count. */
  takeTheirs(path: string): void {
    this.replace({ [path]: this.#mounted?.[path] ?? null }, `Took the sandbox’s ${nameOf(path)}`);
  }

  /** Looks what the sandbox has by now: the shell may have changed it. */
  async refresh(disk: Disk): Promise<void> {
    if (!this.#mounted) return;
    const now = await Promise.all(this.#paths.map(async (path) => [path, await disk.read(path)] as const));
    // the sandbox is another one by now
    if (this.#mounted === null) return;
    // one whose tab was closed meanwhile is not looked after any more
    for (const [path, found] of now) if (this.#paths.includes(path) && this.#isText(path, found)) this.#seen(path, found);
    this.#state.changed();
  }

  /** Brings into the sandbox what it does not have yet. */
  async save(disk: Disk): Promise<void> {
    await this.refresh(disk);
    for (const path of this.unsaved) {
      const text = this.#text(path);
      await (text === null ? disk.remove(path) : disk.write(path, text));
      this.#mounted = { ...this.#mounted, [path]: text };
    }
    this.#state.changed();
  }

  /** A server has read its files: nginx those under /etc/nginx, uWSGI the others, or of these only the code of its app. */
  readBy(program: string, what: 'all' | 'code' = 'all'): void {
    const its = (path: string) => path.startsWith('/etc/nginx/') === (program === 'nginx') && (what === 'all' || path.endsWith('.py'));
    const paths = this.#paths.filter(its);
    this.#served = { ...this.#served, ...Object.fromEntries(paths.map((path) => [path, this.#mounted?.[path] ?? null])) };
    this.#state.changed();
    this.onRead();
  }

  #seen(path: string, now: string | null): void {
    const before = this.#mounted?.[path] ?? null;
    if (now === before) return;
    const mine = this.#text(path);
    this.#mounted = { ...this.#mounted, [path]: now };
    if (mine === now) this.#release(path);
    else if (now === null) this.#held = { ...this.#held, [path]: 'deleted' };
    // nothing of the learner's is in the editor that the sandbox did not have: its new text is the text
    else if (mine === before && !this.#held[path]) this.#set(path, now);
    else this.#held = { ...this.#held, [path]: 'changed' };
  }

  /** What was so in the sandbox before. */
  #forget(): void {
    this.#served = {};
    this.#held = {};
    this.#opaque = {};
    this.#state.changed();
  }

  #put(changes: Texts): void {
    for (const [path, text] of Object.entries(changes)) {
      this.#release(path);
      this.#set(path, text);
    }
    this.#state.changed();
  }

  #set(path: string, text: string | null): void {
    this.#texts = { ...this.#texts, [path]: text };
  }

  /** What is none is shown as what it is. */
  #isText(path: string, found: string | null | Opaque): found is string | null {
    this.#opaque = isText(found) ? without(this.#opaque, path) : { ...this.#opaque, [path]: found };
    return isText(found);
  }

  #release(path: string): void {
    this.#held = without(this.#held, path);
  }

  #text(path: string): string | null {
    return this.#texts[path] ?? null;
  }
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
