/** What the tests of install.sh on a machine share: a system of its own, in which a zip is unpacked before each of them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe } from 'vitest';
import { type Deployed, deployable } from './deployable.ts';
import { newFolder, START } from './testing.ts';

const NEEDED = ['/lib64', '/bin/python3'].filter((path) => !existsSync(path));
const canChroot = spawnSync('unshare', ['-Urm', 'chroot', '/', 'true']).status === 0;
const whyNot = canChroot ? NEEDED.map((path) => `there is no ${path}`).join(', ') : 'the kernel allows no user namespaces';

/** It knows what it has started; who is broken or whose port is taken does not start. */
export const SYSTEMCTL = `#!/bin/bash
echo "$*" >>/log
case $1 in
  is-active) [[ -e /running/\${!#} ]] ;;
  disable) rm -f /running/\${!#} ;;
  restart) [[ ! -e /broken ]] && touch /running/\${!#} ;;
  start | reload-or-restart) [[ $2 != nginx || ! -e /taken ]] && touch /running/\${!#} ;;
esac
`;

/** With nothing but the programs of this one, and an Nginx and a systemd that only write down what is asked of them. */
export const onMachine = (name: string, tests: () => void): void => {
  describe.skipIf(whyNot !== '')(whyNot === '' ? name : `${name} (skipped: ${whyNot})`, tests);
};

export let root = '';
beforeEach(() => {
  root = newFolder();
  for (const folder of ['bin', 'lib', 'lib64', 'dev', 'proc', 'tmp', 'run/systemd/system', 'var/lib'])
    mkdirSync(join(root, folder), { recursive: true });
  put('stubs/systemctl', SYSTEMCTL, 0o755);
  put('running/nginx', '');
  put('stubs/nginx', '#!/bin/bash\n[[ ! -e /broken-site ]]\n', 0o755);
  put('stubs/uwsgi', '', 0o755);
  put('usr/lib/uwsgi/plugins/python3_plugin.so', '');
  put('stubs/dpkg-query', '#!/bin/bash\nif (($# == 3)); then cat /packages; else sed -n "s/ $4 .*//p" /packages; fi\n', 0o755);
  put('packages', 'installed dpkg 1\ninstalled libc++ 1\n');
  put('etc/passwd', 'root:x:0:0::/:/bin/sh\n');
  put('etc/group', 'root:x:0:\n');
  unpack(START);
});

export const put = (path: string, content: string, mode = 0o644) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content, { mode });
};

/** The folder that was unpacked, in place of the one that was there. */
export const unpack = (start: Deployed) => {
  rmSync(join(root, 'from'), { recursive: true, force: true });
  for (const one of deployable(start)) {
    if (one.kind === 'file') put(one.path.replace('shop-one-master', 'from'), new TextDecoder().decode(one.data), one.mode);
  }
};

export function install(...args: string[]): { out: string; status: number | null; asked: string[] } {
  writeFileSync(join(root, 'log'), '');
  const inside =
    'cd "$0"; for one in bin lib lib64 dev proc; do mount --rbind /$one $one; done; PATH=/stubs:/bin exec /usr/sbin/chroot . /bin/bash /from/install.sh "$@"';
  const { stdout, stderr, status } = spawnSync('unshare', ['-Urm', 'bash', '-c', inside, root, ...args], { encoding: 'utf8' });
  return {
    out: stdout + stderr,
    status,
    asked: readFileSync(join(root, 'log'), 'utf8')
      .replace(/^(show|is-active) .*\n/gm, '')
      .trim()
      .split('\n'),
  };
}

/** What systemd is asked where the unit is installed; and where all is new to it and to Nginx. */
export const UNIT_READ = ['daemon-reload', 'enable -- shop.service', 'reset-failed -- shop.service'];
export const ALL = [...UNIT_READ, 'restart -- shop.service', 'reload-or-restart nginx'];
