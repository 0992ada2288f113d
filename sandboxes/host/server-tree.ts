/**
 * Makes a file tree a machine that has booted: the directories every Linux has, the files, and what
 * systemd-tmpfiles(8) makes at boot from /etc/tmpfiles.d (lines `d PATH MODE USER GROUP`), and what the first boot leaves.
 */
import { bundledRepository } from '../programs/git/bundled-files.ts';
import { bootFirst } from './first-boot.ts';
import { layFiles, ROOT, type Tree } from './tree.ts';
import { idsByName } from './users.ts';

export { bundledRepository };

/** Where the Python packages lie that can be installed without a network. */
export const WHEELHOUSE = '/srv/wheelhouse';

/** How pip is set up: there is no index to ask, and packages lie in a folder. */
const PIP_CONF = `[global]\nno-index = true\nfind-links = ${WHEELHOUSE}\n`;

const TMPFILES = '/etc/tmpfiles.d';
const decoder = new TextDecoder();

/** Lays `files` over the tree and makes the volatile directories, with their owners. */
export function layServer(tree: Tree, files: Readonly<Record<string, string | Uint8Array>>): void {
  layFiles(tree, { '/root/': '', '/run/': '', '/tmp/': '', '/etc/': '', '/var/lib/': '', ...files });
  if (!tree.list('/etc', ROOT).includes('pip.conf')) tree.write('/etc/pip.conf', new TextEncoder().encode(PIP_CONF), ROOT);
  if (!tree.list('/var/lib', ROOT).includes('git')) layFiles(tree, bundledRepository());
  tree.chmod('/root', 0o700, ROOT);
  tree.chmod('/tmp', 0o1777, ROOT);
  makeTmpfiles(tree);
  bootFirst(tree);
}

function makeTmpfiles(tree: Tree): void {
  if (!tree.list('/etc', ROOT).includes('tmpfiles.d')) return;
  const ids = (file: string): Map<string, number> => idsByName(decoder.decode(tree.read(file, ROOT)));
  for (const name of tree.list(TMPFILES, ROOT)) {
    const lines = decoder.decode(tree.read(`${TMPFILES}/${name}`, ROOT)).split('\n');
    for (const line of lines) {
      const [type, path, mode, user, group] = line.trim().split(/\s+/);
      if (type !== 'd' || path === undefined) continue;
      tree.makeDirectory(path, ROOT, true);
      tree.chmod(path, Number.parseInt(mode ?? '0755', 8), ROOT);
      tree.chown(path, ids('/etc/passwd').get(user ?? 'root') ?? 0, ids('/etc/group').get(group ?? 'root') ?? 0, ROOT);
    }
  }
}
