/** The sandbox's files as they are with the learner's work: the start with the changes laid over it. */
import type { Changed, Changes } from '../../runtime/changes.ts';
import type { Files } from '../../runtime/runtime.ts';

const ROOT = { uid: 0, gid: 0 } as const;

export function wholeTree(start: Files, changes: Changes): Readonly<Record<string, Changed>> {
  const tree: Record<string, Changed> = {};
  for (const [path, data] of Object.entries(start)) {
    if (path.endsWith('/')) tree[path.slice(0, -1)] = { kind: 'folder', mode: 0o755, ...ROOT };
    else tree[path] = { kind: 'file', data: typeof data === 'string' ? new TextEncoder().encode(data) : data, mode: 0o644, ...ROOT };
  }
  for (const [path, change] of Object.entries(changes)) {
    if (change === null) {
      delete tree[path];
      // a folder goes with what is in it, whether or not that is named, too
      for (const inside of Object.keys(tree)) if (inside.startsWith(`${path}/`) && !(inside in changes)) delete tree[inside];
    } else tree[path] = change;
  }
  return tree;
}
