import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { filesBelow } from '../../../scripts/lib/paths.ts';
import { temporaryPaths } from '../../../scripts/lib/real-server.ts';
import { deployable, type Packed } from './deployable.ts';
import { CHANGES, has, newFolder, START, text } from './testing.ts';

const noShellcheck = has('shellcheck') ? '' : ' (skipped: shellcheck is not installed)';
test.skipIf(noShellcheck !== '')(`shellcheck finds nothing in install.sh${noShellcheck}`, () => {
  const { stdout, status } = spawnSync('shellcheck', ['-x', join(import.meta.dirname, 'install.sh')], { encoding: 'utf8' });
  expect([stdout, status]).toEqual(['', 0]);
});

describe.runIf(process.platform === 'linux' && has('bash'))('install.sh, for real in a folder', () => {
  let from = '';
  let root = '';
  beforeEach(() => {
    from = newFolder();
    root = newFolder();
    layOut(deployable({ ...START, changes: CHANGES }));
  });

  function layOut(entries: readonly Packed[]): void {
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

  function install(...args: string[]): { out: string; status: number | null } {
    const { stdout, stderr, status } = spawnSync('bash', [join(from, 'install.sh'), '--root', root, ...args], { encoding: 'utf8' });
    return { out: stdout + stderr, status };
  }

  /** All that lies in the root: kind, mode, when it was written, and what it holds. */
  const snapshot = () =>
    filesBelow(root).map((path) => {
      const { mode, mtimeMs } = lstatSync(path);
      return [path.slice(root.length), mode, mtimeMs, lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path, 'utf8')];
    });
  const put = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const read = (path: string) => readFileSync(join(root, path), 'utf8');

  it.each([['--root', '/'], ['--root', '//'], ['--root=']])('refuses %s, which is the machine itself', (...root) => {
    expect(install('--dry-run', ...root)).toMatchObject({
      status: expect.toBeOneOf([1, 2]),
      out: expect.stringContaining('--root needs a folder'),
    });
  });

  it('puts the files in place, and a second time changes nothing', () => {
    expect(install()).toMatchObject({ status: 0, out: expect.stringMatching(/Installed: \d+ changes/) });
    expect(read('/srv/shop/uwsgi.ini')).toContain('processes = 8');
    expect(statSync(join(root, '/srv/shop/bin/backup.sh')).mode & 0o777).toBe(0o755);
    expect(statSync(join(root, '/srv/shop/uploads')).mode & 0o777).toBe(0o750);
    expect(readlinkSync(join(root, '/srv/shop/current'))).toBe('app');
    expect(read('/srv/shop/a name with spaces.txt')).toBe('x\n');
    const before = snapshot();
    expect(install()).toEqual({ status: 0, out: 'Nothing to do: everything is in place.\n' });
    expect(snapshot()).toEqual(before);
  });

  it('says what it would do, and does nothing', () => {
    const { out, status } = install('--dry-run');
    expect(status).toBe(0);
    expect(out).toContain(`would: mkdir -- ${root}/srv\n`);
    expect(out).toMatch(/That would be \d+ changes\. Nothing was done\.\n$/);
    expect(out.match(/would: mkdir -- .*\/srv\/shop\n/g)).toHaveLength(1);
    expect(filesBelow(root)).toEqual([]);
    install();
    const before = snapshot();
    expect(install('--uninstall', '--dry-run').out).toMatch(
      /would: rm -f[^]*\nFiles and links that would be removed: \d+\. Nothing was done\.\n$/,
    );
    expect(snapshot()).toEqual(before);
  });

  it('overwrites nothing that is not its own, and then does nothing at all', () => {
    put('/etc/nginx/sites-enabled/shop', 'server { listen 81; }\n');
    const before = snapshot();
    const { out, status } = install();
    expect([status, out]).toEqual([
      1,
      expect.stringContaining('/etc/nginx/sites-enabled/shop: it is there already, and not from this script'),
    ]);
    expect(snapshot()).toEqual(before);
  });

  it('brings a new version, takes away what is no longer in it, and refuses where somebody has changed what it had installed', () => {
    install();
    layOut(
      deployable({
        ...START,
        changes: { ...CHANGES, '/srv/shop/uwsgi.ini': text('[uwsgi]\nprocesses = 2\n'), '/srv/shop/bin/backup.sh': null },
      }),
    );
    expect(install().status).toBe(0);
    expect(read('/srv/shop/uwsgi.ini')).toContain('processes = 2');
    expect(filesBelow(root).filter((path) => path.endsWith('backup.sh'))).toEqual([]);
    put('/srv/shop/app/wsgi.py', 'mine\n');
    layOut(deployable({ ...START, changes: { ...CHANGES, '/srv/shop/app/wsgi.py': text('other\n') } }));
    expect(install()).toMatchObject({
      status: 1,
      out: expect.stringContaining('/srv/shop/app/wsgi.py: it was changed since it was installed'),
    });
    expect([read('/srv/shop/app/wsgi.py'), read('/srv/shop/uwsgi.ini')]).toEqual(['mine\n', expect.stringContaining('processes = 2')]);
  });

  it("takes the index of a clone for git's, which changes it whenever somebody looks", () => {
    layOut(deployable({ ...START, changes: { '/srv/shop/app/.git/index': text('a') } }));
    install();
    put('/srv/shop/app/.git/index', 'looked at');
    expect(install()).toEqual({ status: 0, out: 'Nothing to do: everything is in place.\n' });
    expect(install('--uninstall').out).not.toContain('left');
    expect(filesBelow(root)).toEqual([]);
  });

  it('uninstalls what is its own, and leaves the rest', () => {
    put('/etc/nginx/sites-enabled/default', 'server {}\n');
    put('/srv/shop/app/wsgi.py', START.files['/srv/shop/app/wsgi.py'] as string);
    install();
    put('/srv/shop/uploads/photo.txt', 'of a user\n');
    put('/srv/shop/uwsgi.ini', 'changed\n');
    expect(install('--uninstall')).toMatchObject({ status: 0, out: expect.stringContaining('left: /srv/shop/uwsgi.ini was changed') });
    expect(
      filesBelow(root)
        .map((path) => path.slice(root.length))
        .sort(),
    ).toEqual([
      '/etc/nginx/sites-enabled/default',
      // it was there before, with the same text: not from here
      '/srv/shop/app/wsgi.py',
      '/srv/shop/uploads/photo.txt',
      '/srv/shop/uwsgi.ini',
    ]);
    expect(install('--uninstall')).toEqual({ status: 0, out: 'Nothing of this is installed.\n' });
  });

  it('takes any name for a name, and for nothing to be done', () => {
    const names = ["$(touch '$MARK')", '`touch $MARK`', "a]=x'; touch $MARK; '", '] [', '"x"', '*', '-n', '$MARK', "it's"];
    const odd = Object.fromEntries(names.map((name) => [`/srv/shop/${name}`, text('odd\n')]));
    const mark = join(newFolder(), 'ran');
    const run = (...args: string[]) =>
      spawnSync('bash', [join(from, 'install.sh'), '--root', root, ...args], { encoding: 'utf8', env: { ...process.env, MARK: mark } });
    const there = () => filesBelow(join(root, 'srv/shop')).map((path) => path.slice(join(root, 'srv/shop/').length));
    layOut(deployable({ ...START, changes: odd }));
    expect(run()).toMatchObject({ status: 0, stderr: '' });
    expect(there()).toEqual(expect.arrayContaining(names));
    // an upgrade takes them away, and knows no more of them
    layOut(deployable(START));
    expect(run()).toMatchObject({ status: 0, stderr: '' });
    expect(there().filter((name) => names.includes(name))).toEqual([]);
    expect(read('/var/lib/follow-the-request/shop.manifest')).not.toContain('MARK');
    layOut(deployable({ ...START, changes: odd }));
    run();
    put('/srv/shop/$MARK', 'mine\n');
    rmSync(join(root, '/srv/shop/] ['));
    expect(run('--uninstall')).toMatchObject({ status: 0, stderr: '' });
    expect(there()).toEqual(['$MARK']);
    expect(existsSync(mark)).toBe(false);
  });

  it('writes beside a file without taking the name of another', () => {
    put('/srv/shop/uwsgi.ini.new', 'of somebody else\n');
    install();
    expect(read('/srv/shop/uwsgi.ini.new')).toBe('of somebody else\n');
    expect(filesBelow(join(root, 'srv/shop')).filter((path) => path.includes('uwsgi.ini'))).toHaveLength(2);
  });

  it.each([
    ['out of the folder', 'f\t0644\troot:root\t/srv/../etc/x\t'],
    ['a field too many', 'l\t0777\troot:root\t/srv/a\tb\tc'],
    ['a field too few', 'f\t0644\troot:root\t/srv/shop/uwsgi.ini'],
    ['a link to nowhere', 'l\t0777\troot:root\t/srv/a\t'],
    ['a mode that is a sum', 'f\ta[$(id)]\troot:root\t/srv/shop/uwsgi.ini\t'],
    ['setuid', 'f\t4755\troot:root\t/srv/shop/uwsgi.ini\t'],
    ['an owner that is an option', 'f\t0644\t--x\t/srv/shop/uwsgi.ini\t'],
  ])('refuses a list with %s', (_, line) => {
    appendFileSync(join(from, 'files.list'), `${line}\n`);
    expect(install()).toEqual({ status: 1, out: `files.list has a line that makes no sense: ${line}\n` });
    expect(filesBelow(root)).toEqual([]);
  });

  it('leaves no folder behind that it has made, nor what Python has compiled there', () => {
    install();
    put('/srv/shop/app/__pycache__/wsgi.cpython-311.pyc', '');
    install('--uninstall');
    expect(spawnSync('find', [root, '-mindepth', '1'], { encoding: 'utf8' }).stdout.trim()).toMatch(/^(.*\/var(\/lib)?\n?)*$/);
  });

  it('refuses a folder that was not unpacked whole, and words it does not know', () => {
    rmSync(join(from, 'files/srv/shop/uwsgi.ini'));
    expect(install()).toMatchObject({
      status: 1,
      out: expect.stringContaining('files/srv/shop/uwsgi.ini is missing: unpack the whole zip.'),
    });
    expect(install('--force')).toMatchObject({ status: 2, out: expect.stringContaining('Usage:') });
    expect(filesBelow(root)).toEqual([]);
  });

  it.runIf(has('nginx') || has('/usr/sbin/nginx'))('the real Nginx takes the installed site', () => {
    install();
    const prefix = newFolder();
    writeFileSync(join(prefix, 'uwsgi_params'), 'uwsgi_param REQUEST_METHOD $request_method;\n');
    writeFileSync(
      join(prefix, 'nginx.conf'),
      `pid ${prefix}/pid; error_log ${prefix}/error.log; events {} http { access_log off; ${temporaryPaths(prefix)} include ${root}/etc/nginx/sites-enabled/*; }`,
    );
    const { stderr, status } = spawnSync('/usr/sbin/nginx', ['-t', '-p', prefix, '-c', join(prefix, 'nginx.conf')], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.stringContaining('test is successful')]);
  });
});
