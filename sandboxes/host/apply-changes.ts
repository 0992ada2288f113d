/** Lays a learner's work over a file tree. */
import type { Changed, Changes } from './changes.ts';
import { ROOT, resolvePath, type Tree } from './tree.ts';

/** Reasons that one error tells. */
const MOST_REASONS = 5;

/** Does what can be done. Errors: one Error with the reason for each path that could not be laid. */
export function applyChanges(tree: Tree, changes: Changes): void {
  const reasons: string[] = [];
  const attempt = (path: string, work: () => void): void => {
    try {
      if (resolvePath('/', path) !== path || path === '/') throw new Error(`${path}: not the full path of a file`);
      work();
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  };
  const paths = Object.keys(changes).sort((a, b) => a.length - b.length);
  // First what goes, from the inside out: its place may be needed. Then the rest, a folder before what is in it.
  for (const path of paths.toReversed()) if (changes[path] === null) attempt(path, () => clear(tree, path));
  for (const path of paths) {
    const changed = changes[path];
    if (changed) attempt(path, () => lay(tree, path, changed));
  }
  if (reasons.length === 0) return;
  const more = reasons.length > MOST_REASONS ? ` (and ${reasons.length - MOST_REASONS} more)` : '';
  throw new Error(`Not all of the work could be laid into the sandbox. ${reasons.slice(0, MOST_REASONS).join('; ')}${more}`);
}

function lay(tree: Tree, path: string, changed: Changed): void {
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  tree.makeDirectory(parent, ROOT, true);
  const wanted = changed.kind === 'folder' ? 'directory' : changed.kind;
  if (tree.entry(path)?.kind !== wanted) clear(tree, path);
  if (changed.kind === 'link') throw new Error(`${path}: symbolic links are not supported yet`);
  if (changed.kind === 'folder') tree.makeDirectory(path, ROOT, true);
  else tree.write(path, changed.data, ROOT);
  tree.chmod(path, changed.mode, ROOT);
  tree.chown(path, changed.uid, changed.gid, ROOT);
}

/** Removes what is there, with all that is in it. Nothing there is as good. */
function clear(tree: Tree, path: string): void {
  const parent = path.slice(0, path.lastIndexOf('/'));
  if (tree.entry(parent || '/')?.kind !== 'directory' || !tree.list(parent || '/', ROOT).includes(path.slice(parent.length + 1))) return;
  if (tree.entry(path)?.kind === 'directory') for (const name of tree.list(path, ROOT)) clear(tree, `${path}/${name}`);
  tree.remove(path, ROOT);
}
