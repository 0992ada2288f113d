/**
 * Where a path leads in a file tree: one name after the other, symbolic links followed on the way, `..` after a link as POSIX has
 * it (up from where the link led). Nothing but names of the tree is ever looked at, so no path leads out of it.
 */
import { SystemError } from './host.ts';
import { permits, resolvePath, type User } from './tree.ts';

/** As Linux has it (path_resolution(7)). */
const MOST_LINKS = 40;

/** What a tree's nodes must tell. */
export interface Ground<N> {
  readonly root: N;
  kind(node: N): 'file' | 'directory' | 'socket' | 'link';
  /** Of a directory. Null: no such name in it. */
  child(directory: N, name: string): N | null;
  /** What a link says. */
  target(link: N): string;
  owner(node: N): { readonly uid: number; readonly gid: number; readonly mode: number };
}

export interface Found<N> {
  /** The directory that the last name lies in; of `/` itself, `/`. */
  readonly directory: N;
  /** Empty for `/`. */
  readonly name: string;
  /** Null when there is no such name in the directory. */
  readonly node: N | null;
  /** The same place without links and dots. */
  readonly path: string;
  /** The links that were followed, by such paths. */
  readonly links: readonly string[];
}

interface Step<N> {
  readonly name: string;
  readonly node: N;
}

const parts = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');

/**
 * `follow`: also a link at the end. Errors: ENOENT and ENOTDIR for what lies before the last name, EACCES where the user may not
 * search, ELOOP.
 */
export function lookUp<N>(ground: Ground<N>, path: string, user: User, follow: boolean): Found<N> {
  const told = resolvePath('/', path);
  const trail: Step<N>[] = [];
  const links: string[] = [];
  const pathOf = (name: string): string => `/${[...trail.map((step) => step.name), name].join('/')}`;
  const rest = parts(path).reverse();
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    const directory = trail.at(-1)?.node ?? ground.root;
    if (ground.kind(directory) !== 'directory') throw new SystemError('ENOTDIR', told);
    if (!permits(ground.owner(directory), user, 1)) throw new SystemError('EACCES', told);
    if (name === '..') {
      trail.pop();
      continue;
    }
    const last = rest.length === 0;
    const node = ground.child(directory, name);
    if (node === null) {
      if (!last) throw new SystemError('ENOENT', told);
      return { directory, name, node, path: pathOf(name), links };
    }
    if (ground.kind(node) === 'link' && (!last || follow)) {
      links.push(pathOf(name));
      if (links.length > MOST_LINKS) throw new SystemError('ELOOP', told);
      const target = ground.target(node);
      if (target.startsWith('/')) trail.length = 0;
      rest.push(...parts(target).reverse());
    } else trail.push({ name, node });
  }
  const end = trail.pop();
  const directory = trail.at(-1)?.node ?? ground.root;
  if (end === undefined) return { directory, name: '', node: ground.root, path: '/', links };
  return { directory, name: end.name, node: end.node, path: pathOf(end.name), links };
}

/** As `lookUp`, and there must be something. Errors: ENOENT, too. */
export function find<N>(ground: Ground<N>, path: string, user: User, follow = true): Found<N> & { readonly node: N } {
  const found = lookUp(ground, path, user, follow);
  const { node } = found;
  if (node === null) throw new SystemError('ENOENT', resolvePath('/', path));
  return { ...found, node };
}

/** Whether a directory is there, perhaps behind links. */
export function isDirectory<N>(ground: Ground<N>, path: string, user: User): boolean {
  try {
    return ground.kind(find(ground, path, user).node) === 'directory';
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}
