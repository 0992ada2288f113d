/** A tree of files as rows, and where the keys of the ARIA tree pattern lead in it. */

export interface Node {
  readonly path: string;
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'socket';
}

/** What each folder that was looked into holds. */
export type Listing = Readonly<Record<string, readonly Node[]>>;

export interface Row extends Node {
  /** From 1. */
  readonly level: number;
  /** Its place among those beside it, from 1, and how many these are. */
  readonly place: number;
  readonly of: number;
}

const ROOT = '/';
export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || ROOT;

/** Folders first, then by name. */
export function sorted(nodes: readonly Node[]): readonly Node[] {
  const rank = ({ kind }: Node) => (kind === 'folder' ? 0 : 1);
  return [...nodes].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'));
}

/** The rows that are seen: what is in the root, and in every folder that is open. */
export function rowsOf(listing: Listing, open: ReadonlySet<string>, folder = ROOT, level = 1): Row[] {
  const nodes = listing[folder] ?? [];
  return nodes.flatMap((node, index) => [
    { ...node, level, place: index + 1, of: nodes.length },
    ...(node.kind === 'folder' && open.has(node.path) ? rowsOf(listing, open, node.path, level + 1) : []),
  ]);
}

/** A listing of all folders that these files lie in. */
export function listingOf(paths: Iterable<string>): Listing {
  const folders = new Map<string, Map<string, Node>>([[ROOT, new Map()]]);
  const put = (path: string, kind: Node['kind']): void => {
    const parent = parentOf(path);
    if (parent !== ROOT) put(parent, 'folder');
    const inside = folders.get(parent) ?? new Map<string, Node>();
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (inside.get(name)?.kind !== 'folder') inside.set(name, { path, name, kind });
    folders.set(parent, inside);
    if (kind === 'folder' && !folders.has(path)) folders.set(path, new Map());
  };
  for (const path of paths)
    if (path.endsWith('/')) put(path.slice(0, -1), 'folder');
    else put(path, 'file');
  return Object.fromEntries([...folders].map(([folder, nodes]) => [folder, sorted([...nodes.values()])]));
}

/** All folders above a path, the root not among them. */
export function foldersAbove(path: string): string[] {
  const above: string[] = [];
  for (let folder = parentOf(path); folder !== ROOT; folder = parentOf(folder)) above.unshift(folder);
  return above;
}

/** What a key does: another row becomes the current one, or a folder opens or closes. Null: the tree does not know the key. */
export type Step = { readonly go: string } | { readonly open: string } | { readonly close: string } | null;

export function stepOf(key: string, rows: readonly Row[], current: string, open: ReadonlySet<string>): Step {
  const at = rows.findIndex(({ path }) => path === current);
  const row = rows[at];
  if (!row) return null;
  const go = (to: Row | undefined): Step => ({ go: to?.path ?? current });
  const isOpen = row.kind === 'folder' && open.has(row.path);
  switch (key) {
    case 'ArrowDown':
      return go(rows[at + 1]);
    case 'ArrowUp':
      return go(rows[at - 1]);
    case 'Home':
      return go(rows[0]);
    case 'End':
      return go(rows.at(-1));
    case 'ArrowRight':
      if (row.kind !== 'folder') return go(row);
      return isOpen ? go(rows[at + 1]?.level === row.level + 1 ? rows[at + 1] : row) : { open: row.path };
    case 'ArrowLeft':
      return isOpen ? { close: row.path } : go(rows.find(({ path }) => path === parentOf(row.path)));
    default:
      return null;
  }
}

/** The next row whose name begins with what was typed, from the current one on and round; with one letter the current one is passed by. */
export function typed(text: string, rows: readonly Row[], current: string): string | null {
  const at =
    Math.max(
      0,
      rows.findIndex(({ path }) => path === current),
    ) + (text.length === 1 ? 1 : 0);
  const inOrder = [...rows.slice(at), ...rows.slice(0, at)];
  return inOrder.find(({ name }) => name.toLowerCase().startsWith(text.toLowerCase()))?.path ?? null;
}
