import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ALL, install, onMachine, put, root, UNIT_READ } from './machine-testing.ts';

/** As Python's: an environment whose pip knows all of wheels/ but requests, and an index, where there is one, that has all. */
const PYTHON = `#!/bin/bash
case $* in
  *ensurepip*) exit ;;
  *'-m venv'*) ;;
  *) exec /bin/python3 "$@" ;;
esac
new=\${!#}
mkdir "$new/bin"
echo "home = $new" >"$new/pyvenv.cfg"
echo "#!/bin/bash
#!$new/bin/python" >"$new/bin/pip"
cat >>"$new/bin/pip" <<'PIP'
[[ $* == *' --find-links /from/wheels'* ]] || exit
[[ $* == *--no-index* || ! -e /index ]] || exit 0
! grep -q requests /from/files/srv/shop/requirements.txt
PIP
chmod 755 "$new/bin/pip"
`;
onMachine('install.sh: packages, environments and accounts of the machine', () => {
  it('fetches the packages that are missing, and names them when it is taken away', () => {
    rmSync(join(root, 'stubs/nginx'));
    const apt = [
      'echo "apt-get $*" >>/log',
      'if [[ $* == *update ]]; then touch /updated; exit; fi',
      '[[ -e /updated ]] || exit 100',
      'echo "#!/bin/bash" >/stubs/nginx; chmod 755 /stubs/nginx; sed -i "s/libc++ 1/libc++ 2/" /packages; printf "installed %s 1\\n" nginx nginx-common >>/packages',
    ];
    put('stubs/apt-get', `#!/bin/bash\n${apt.join('\n')}\n`, 0o755);
    expect(install('--dry-run').out).toContain('would: install the packages nginx, and what they need\n');
    const { status, asked, out } = install();
    expect([status, out]).toEqual([
      0,
      expect.stringMatching(/^These packages were here already, and have another version now: libc\+\+\n/),
    ]);
    expect(asked.filter((line) => line.startsWith('apt-get')).map((line) => line.replace(/ -qq| -o \S+/g, ''))).toEqual([
      'apt-get install -y --no-remove --no-install-recommends nginx',
      'apt-get update',
      'apt-get install -y --no-remove --no-install-recommends nginx',
    ]);
    expect(install('--uninstall').out).toContain(
      'These packages are from this script, and stay:  sudo apt-get remove nginx nginx-common\n',
    );
  });

  it('overwrites nothing that a package has brought, and says what it has fetched', () => {
    rmSync(join(root, 'stubs/nginx'));
    const brings =
      'echo "#!/bin/bash" >/stubs/nginx; chmod 755 /stubs/nginx; mkdir -p /etc/nginx/sites-enabled; echo mine >/etc/nginx/sites-enabled/shop; echo installed nginx 1 >>/packages';
    put('stubs/apt-get', `#!/bin/bash\n${brings}\n`, 0o755);
    expect(install()).toMatchObject({
      status: 1,
      asked: [''],
      out: expect.stringContaining('/etc/nginx/sites-enabled/shop: it is there already'),
    });
    expect(readFileSync(join(root, 'etc/nginx/sites-enabled/shop'), 'utf8')).toBe('mine\n');
    expect(existsSync(join(root, 'srv'))).toBe(false);
    expect(install('--uninstall').out).toContain('sudo apt-get remove nginx\n');
    expect(readFileSync(join(root, 'etc/nginx/sites-enabled/shop'), 'utf8')).toBe('mine\n');
  });

  it('without a network says in one list what to bring, and goes on with what is there', () => {
    rmSync(join(root, 'stubs/nginx'));
    put('stubs/apt-get', '#!/bin/bash\nexit 100\n', 0o755);
    const { status, out, asked } = install();
    expect([status, asked]).toEqual([1, [...UNIT_READ, 'restart -- shop.service']]);
    expect(out).toMatch(
      /\nMissing here, and it could not be fetched:\n- The packages nginx, [^]*Dir::State::status=\$PWD\/status[^]*packages\/ into \/from\nThen run/,
    );
    expect(readFileSync(join(root, 'srv/shop/uwsgi.ini'), 'utf8')).toBe('[uwsgi]\n');
    put('from/packages/nginx_1_all.deb', '');
    // what it leaves half done is missing, though its program is there
    put(
      'stubs/apt-get',
      '#!/bin/bash\necho "apt-get $*" >>/log\necho >/stubs/nginx; chmod 755 /stubs/nginx\necho unpacked nginx 1 >/packages\n',
      0o755,
    );
    const half = install();
    expect([half.status, half.asked.at(-1)]).toEqual([1, 'restart -- shop.service']);
    expect(half.out).toContain('\n- The packages nginx, ');
    put('stubs/apt-get', '#!/bin/bash\necho "apt-get $*" >>/log\necho installed nginx 1 >/packages\n', 0o755);
    const then = install();
    expect([then.status, then.asked[0]]).toEqual([
      0,
      expect.stringMatching(/install -y --no-remove .*SourceList=\/dev\/null .*\/from\/packages\/nginx_1_all\.deb$/),
    ]);
    expect(then.asked).toContain('reload-or-restart nginx');
  });

  /** The list has an environment, for which all is there but the package requests. */
  function withEnvironment(): void {
    put('usr/bin/python3', PYTHON, 0o755);
    for (const name of readdirSync('/lib').filter((one) => /^python3\.\d+$/.test(one)))
      symlinkSync(`/lib/${name}`, join(root, 'usr/lib', name));
    put('from/files/srv/shop/requirements.txt', 'flask\n');
    put(
      'from/files.list',
      `${readFileSync(join(root, 'from/files.list'), 'utf8')}v\t0755\troot:root\t/srv/shop/venv\t/srv/shop/requirements.txt\n`,
    );
    put('from/wheels/flask.whl', '');
  }

  it('without its environment the app is not started, and one that somebody else makes there is theirs', () => {
    withEnvironment();
    put('from/files/srv/shop/requirements.txt', 'flask\nrequests\n');
    const first = install();
    expect([first.status, first.asked]).toEqual([1, ['daemon-reload', 'enable -- shop.service', 'reload-or-restart nginx']]);
    expect(first.out).toContain('Until then the app cannot start.');
    expect(install().out).not.toMatch(/^Installed/m);
    put('srv/shop/venv/pyvenv.cfg', 'mine\n');
    expect(install()).toMatchObject({ status: 1, out: expect.stringContaining('/srv/shop/venv: it is there already') });
    install('--uninstall');
    expect(readFileSync(join(root, 'srv/shop/venv/pyvenv.cfg'), 'utf8')).toBe('mine\n');
  });

  it('counts an environment that it makes, and none that it cannot make', () => {
    install();
    withEnvironment();
    put('usr/bin/python3', PYTHON.replace('ensurepip*) exit', 'ensurepip*) exit 1'), 0o755);
    const without = install();
    expect([without.status, without.out]).toEqual([1, expect.stringContaining('- The packages python3-venv, ')]);
    // the list of its packages, and no more
    expect(without.out).toContain('Installed: 1 change.');
    expect(install().out).not.toMatch(/^Installed/m);
    put('usr/bin/python3', PYTHON, 0o755);
    expect(install('--dry-run').out).toContain('That would be 1 change to files');
    expect(install()).toMatchObject({ status: 0, out: expect.stringContaining('Installed: 1 change. ') });
  });

  it('an environment whose packages cannot be had stays as it was, and so does the app that runs', () => {
    withEnvironment();
    expect(install()).toMatchObject({ status: 0, asked: ALL });
    const made = () => readFileSync(join(root, 'srv/shop/venv/bin/pip'), 'utf8');
    expect(made()).toMatch(/^#!\/srv\/shop\/venv\/bin\/python$/m);
    put('srv/shop/venv/old', '');
    put('from/files/srv/shop/requirements.txt', 'flask\nrequests\n');
    const failed = install();
    expect([failed.status, failed.asked]).toEqual([1, [...UNIT_READ, 'reload-or-restart nginx']]);
    expect(failed.out).toMatch(/could not be fetched:\n- The packages of \/srv\/shop\/requirements\.txt\.[^]*stays as it was/);
    expect(readdirSync(join(root, 'srv/shop')).filter((name) => name.startsWith('venv'))).toEqual(['venv']);
    expect(existsSync(join(root, 'srv/shop/venv/old'))).toBe(true);
    put('index', '');
    expect(install()).toMatchObject({ status: 0, asked: ALL });
    expect(existsSync(join(root, 'srv/shop/venv/old'))).toBe(false);
    expect(install('--uninstall').status).toBe(0);
    expect(existsSync(join(root, 'srv'))).toBe(false);
  });

  /** Programs that keep /etc/passwd and /etc/group; who is busy stays. */
  function withAccounts(): void {
    const scripts = {
      groupadd: 'echo "${!#}:x:$((900 + $(wc -l </etc/group))):" >>/etc/group',
      useradd: 'echo "${!#}:x:900:901::/:/bin/sh" >>/etc/passwd',
      userdel: '[[ ! -e /busy ]] && sed -i "/^$2:/d" /etc/passwd /etc/group',
      groupdel: '[[ ! -e /busy ]] && sed -i "/^$2:/d" /etc/group',
      chown: '',
    };
    for (const [name, script] of Object.entries(scripts)) put(`stubs/${name}`, `#!/bin/bash\necho "${name} $*" >>/log\n${script}\n`, 0o755);
  }

  it('makes the groups that anything belongs to before all else, and takes away what did not go with an account', () => {
    withAccounts();
    const list = join(root, 'from/files.list');
    writeFileSync(list, `u\t0000\tweb:web\t/nonexistent\t\n${readFileSync(list, 'utf8')}d\t0750\troot:deploy\t/srv/shop/uploads\t\n`);
    const accounts = ({ asked }: { asked: string[] }) => asked.filter((line) => /group|user|deploy/.test(line));
    expect(accounts(install())).toEqual([
      'groupadd --system -- web',
      'groupadd --system -- deploy',
      'useradd --system --gid web --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin -- web',
      'chown -h -- root:deploy /srv/shop/uploads',
    ]);
    expect(accounts(install('--uninstall'))).toEqual(['userdel -- web', 'groupdel -- deploy']);
    expect(readFileSync(join(root, 'etc/group'), 'utf8')).toBe('root:x:0:\n');
  });

  it('an account that cannot go yet is said and not forgotten, and goes another time', () => {
    withAccounts();
    const list = join(root, 'from/files.list');
    writeFileSync(list, `u\t0000\tweb:web\t/nonexistent\t\n${readFileSync(list, 'utf8')}`);
    install();
    put('busy', '');
    const { status, out } = install('--uninstall');
    expect([status, out]).toEqual([1, expect.stringContaining('left: the account web\nleft: the group web\n')]);
    expect(out).toMatch(/\nNot all of it could be taken away: .* Run \.\/install\.sh --uninstall again\.\n$/);
    rmSync(join(root, 'busy'));
    expect(install('--uninstall')).toMatchObject({ status: 0, out: 'Files and links removed: 0.\n' });
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toBe('root:x:0:0::/:/bin/sh\n');
    expect(readFileSync(join(root, 'etc/group'), 'utf8')).toBe('root:x:0:\n');
    expect(existsSync(join(root, 'var/lib/follow-the-request'))).toBe(false);
    expect(install('--uninstall').out).toBe('Nothing of this is installed.\n');
  });
});
