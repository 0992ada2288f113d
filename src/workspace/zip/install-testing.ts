/** What the tests of install.sh in a folder share: before each of them a zip is unpacked, and there is an empty root to install it in. */
import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe } from 'vitest';
import { filesBelow } from '../../../scripts/lib/paths.ts';
import { deployable, type Packed } from './deployable.ts';
import { CHANGES, has, newFolder, START } from './testing.ts';

/** Where the zip was unpacked, and where it is installed. */
export let from = '';
export let root = '';
beforeEach(() => {
  from = newFolder();
  root = newFolder();
  layOut(deployable({ ...START, changes: CHANGES }));
});

export const inFolder = describe.runIf(process.platform === 'linux' && has('bash'));

/** In place of what was there. */
export function layOut(entries: readonly Packed[]): void {
  rmSync(from, { recursive: true });
  for (const one of entries) {
    const at = join(from, one.path.replace('shop-one-master/', ''));
    if (one.kind === 'folder') mkdirSync(at, { recursive: true });
    else {
      mkdirSync(dirname(at), { recursive: true });
      rmSync(at, { force: true });
      if (one.kind === 'link') symlinkSync(one.target, at);
      else writeFileSync(at, one.data);
      if (one.kind === 'file') chmodSync(at, one.mode);
    }
  }
}

export function install(...args: string[]): { out: string; status: number | null } {
  const { out, status } = installWith({}, ...args);
  return { out, status };
}

/** With these in place of the system's programs: by name, what bash is to do. */
export function installWith(
  programs: Readonly<Record<string, string>>,
  ...args: string[]
): { out: string; status: number | null; signal: NodeJS.Signals | null } {
  const folder = newFolder();
  for (const [name, script] of Object.entries(programs)) writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
  const { stdout, stderr, status, signal } = spawnSync('bash', [join(from, 'install.sh'), '--root', root, ...args], {
    encoding: 'utf8',
    env,
  });
  return { out: stdout + stderr, status, signal };
}

/** All that lies in the root: kind, mode, when it was written, and what it holds. */
export const snapshot = () =>
  filesBelow(root).map((path) => {
    const { mode, mtimeMs } = lstatSync(path);
    return [path.slice(root.length), mode, mtimeMs, lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path, 'utf8')];
  });
export const put = (path: string, content: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
export const read = (path: string) => readFileSync(join(root, path), 'utf8');
