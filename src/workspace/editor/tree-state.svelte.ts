/** The tree of the server's files: of the sandbox while it runs, of the lesson and the learner's work before. Folders are looked into when they are opened. */
import type { Session } from '../session.svelte.ts';
import { foldersAbove, type Listing, listingOf, type Node, parentOf, type Row, rowsOf, sorted } from './tree-model.ts';

export class TreeState {
  open = $state.raw<ReadonlySet<string>>(new Set());
  current = $state('');
  listing = $state.raw<Listing>({});
  /** Why a folder could not be looked into; empty when none was refused. */
  trouble = $state('');
  readonly #session: Session;
  #reading = false;
  #again = false;

  constructor(session: Session) {
    this.#session = session;
  }

  get rows(): readonly Row[] {
    return rowsOf(this.listing, this.open);
  }

  async toggle(path: string, open: boolean): Promise<void> {
    const folders = new Set(this.open);
    if (open) folders.add(path);
    else folders.delete(path);
    this.open = folders;
    if (open) await this.refresh();
  }

  /** Opens the folders above a file and makes it the current row. */
  async reveal(path: string): Promise<void> {
    this.open = new Set([...this.open, ...foldersAbove(path)]);
    this.current = path;
    await this.refresh();
  }

  /** Looks again into all open folders. */
  async refresh(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    while (this.#again) {
      this.#again = false;
      await this.#read();
    }
    this.#reading = false;
    this.#keepCurrent();
  }

  async #read(): Promise<void> {
    const { runtime, material } = this.#session;
    if (!runtime) {
      this.listing = listingOf(await material.allPaths());
      return;
    }
    const folders = ['/', ...this.open];
    const found = await Promise.all(
      folders.map(async (folder) => {
        try {
          const nodes = await runtime.readFolder(folder);
          const inside = nodes.map(
            ({ name, kind }): Node => ({
              name,
              path: `${folder === '/' ? '' : folder}/${name}`,
              kind: kind === 'directory' ? 'folder' : kind,
            }),
          );
          return [folder, sorted(inside)] as const;
        } catch {
          // it is gone, and with it goes its row
          return [folder, []] as const;
        }
      }),
    );
    // the sandbox is another one by now
    if (this.#session.runtime === runtime) this.listing = Object.fromEntries(found);
  }

  /** A row that has gone leaves the place to the nearest folder above it. */
  #keepCurrent(): void {
    const paths = new Set(this.rows.map(({ path }) => path));
    let at = this.current;
    while (at !== '/' && at !== '' && !paths.has(at)) at = parentOf(at);
    this.current = paths.has(at) ? at : (this.rows[0]?.path ?? '');
  }
}
