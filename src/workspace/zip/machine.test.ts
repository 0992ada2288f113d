import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { deployable } from './deployable.ts';
import { newFolder, START } from './testing.ts';

const canChroot = spawnSync('unshare', ['-Urm', 'chroot', '/', 'true']).status === 0 && existsSync('/lib64');

/** In a system of its own with nothing but the programs of this one, and an Nginx and a systemd that only write down what is asked of them. */
describe.runIf(canChroot)('install.sh on a machine with systemd', () => {
  let root = '';
  const put = (path: string, content: string, mode = 0o644) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, { mode });
  };
  beforeEach(() => {
    root = newFolder();
    for (const folder of ['bin', 'lib', 'lib64', 'dev', 'proc', 'tmp', 'run/systemd/system', 'var/lib'])
      mkdirSync(join(root, folder), { recursive: true });
    put('stubs/systemctl', '#!/bin/bash\necho "$*" >>/log\n[[ $1 != restart || ! -e /broken ]]\n', 0o755);
    put('stubs/nginx', '#!/bin/bash\n[[ ! -e /broken-site ]]\n', 0o755);
    put('stubs/uwsgi', '', 0o755);
    put('usr/lib/uwsgi/plugins/python3_plugin.so', '');
    for (const one of deployable(START)) {
      if (one.kind === 'file') put(one.path.replace('shop-one-master', 'from'), new TextDecoder().decode(one.data), one.mode);
    }
  });

  function install(...args: string[]): { out: string; status: number | null; asked: string[] } {
    writeFileSync(join(root, 'log'), '');
    const inside =
      'cd "$0"; for one in bin lib lib64 dev proc; do mount --rbind /$one $one; done; PATH=/stubs:/bin exec /usr/sbin/chroot . /bin/bash /from/install.sh "$@"';
    const { stdout, stderr, status } = spawnSync('unshare', ['-Urm', 'bash', '-c', inside, root, ...args], { encoding: 'utf8' });
    return { out: stdout + stderr, status, asked: readFileSync(join(root, 'log'), 'utf8').trim().split('\n') };
  }
  const UNIT_READ = ['daemon-reload', 'enable -- shop.service', 'reset-failed -- shop.service'];
  const ALL = [...UNIT_READ, 'restart -- shop.service', 'reload-or-restart nginx'];

  it('after a start that failed, starts the services when it is run again; after one that did not, disturbs nobody', () => {
    put('broken', '');
    const broken = install();
    expect(broken).toMatchObject({ status: 1, asked: ALL });
    expect(broken.out).toMatch(/shop\.service did not start\. .* run \.\/install\.sh again\.\n$/);
    rmSync(join(root, 'broken'));
    const inPlace = expect.stringContaining('Nothing to do: everything is in place.');
    expect(install()).toEqual({ status: 0, asked: ALL, out: inPlace });
    const before = readFileSync(join(root, 'var/lib/follow-the-request/shop.manifest'), 'utf8');
    expect(install()).toEqual({ status: 0, asked: [...UNIT_READ, 'start -- shop.service', 'start nginx'], out: inPlace });
    expect(readFileSync(join(root, 'var/lib/follow-the-request/shop.manifest'), 'utf8')).toBe(before);
  });

  it('a dry run asks nothing of them', () => {
    install();
    expect(install('--dry-run').asked).toEqual(['']);
    expect(install('--uninstall', '--dry-run').asked).toEqual(['']);
  });

  it('says what to do where Nginx does not like what is left, and that the service is not to blame', () => {
    put('broken-site', '');
    const { out, status, asked } = install();
    expect([status, asked]).toEqual([1, ALL.slice(0, -1)]);
    expect(out).toMatch(/\nNginx does not like its configuration .* goes on with the one it has read\. Mend the file in files\/ .*\n$/);
    const gone = install('--uninstall');
    expect(gone.status).toBe(1);
    expect(gone.out).toMatch(/Files and links removed: \d+\.\nNginx does not like .* then: systemctl reload nginx\n$/);
  });

  it('fetches the packages that are missing, and names them when it is taken away', () => {
    rmSync(join(root, 'stubs/nginx'));
    const apt = [
      'echo "apt-get $*" >>/log',
      'if [[ $* == *update ]]; then touch /updated; exit; fi',
      '[[ -e /updated ]] || exit 100',
      'echo "#!/bin/bash" >/stubs/nginx; chmod 755 /stubs/nginx',
    ];
    put('stubs/apt-get', `#!/bin/bash\n${apt.join('\n')}\n`, 0o755);
    expect(install('--dry-run').out).toContain('would: install the packages nginx\n');
    const { status, asked } = install();
    expect(status).toBe(0);
    expect(asked.filter((line) => line.startsWith('apt-get')).map((line) => line.replace(/ -qq| -o \S+/g, ''))).toEqual([
      'apt-get install -y --no-install-recommends nginx',
      'apt-get update',
      'apt-get install -y --no-install-recommends nginx',
    ]);
    expect(install('--uninstall').out).toContain('These packages are from this script, and stay:  sudo apt-get remove nginx\n');
  });

  it('without a network says in one list what to bring, and goes on with what is there', () => {
    rmSync(join(root, 'stubs/nginx'));
    put('stubs/apt-get', '#!/bin/bash\nexit 100\n', 0o755);
    const { status, out, asked } = install();
    expect([status, asked]).toEqual([1, [...UNIT_READ, 'restart -- shop.service']]);
    expect(out).toMatch(
      /\nMissing here, and it could not be fetched:\n- The packages nginx\.[^]*apt-get download[^]*packages\/ into \/from\nThen run/,
    );
    expect(readFileSync(join(root, 'srv/shop/uwsgi.ini'), 'utf8')).toBe('[uwsgi]\n');
    put('from/packages/nginx_1_all.deb', '');
    put('stubs/dpkg', '#!/bin/bash\necho "dpkg $*" >>/log\necho "#!/bin/bash" >/stubs/nginx; chmod 755 /stubs/nginx\n', 0o755);
    const then = install();
    expect([then.status, then.asked[0]]).toEqual([
      0,
      'dpkg --install --skip-same-version --refuse-downgrade /from/packages/nginx_1_all.deb',
    ]);
    expect(then.asked).toContain('reload-or-restart nginx');
  });

  it('where no systemd runs, says how to start it by hand', () => {
    rmSync(join(root, 'run/systemd'), { recursive: true });
    const { status, out, asked } = install();
    expect([status, asked]).toEqual([0, ['']]);
    expect(out).toMatch(
      /By hand, as root:\n {4}install -d -o www-data -g www-data \/run\/shop\n {4}runuser -u www-data -g www-data -- \/usr\/bin\/uwsgi --ini \/srv\/shop\/uwsgi\.ini &\n {4}nginx {4}# or, where it runs: nginx -s reload\n$/,
    );
  });
});
