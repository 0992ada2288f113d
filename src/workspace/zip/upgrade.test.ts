import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lchownSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow } from '../../../scripts/lib/paths.ts';
import { deployable } from './deployable.ts';
import { from, inFolder, install, installWith, layOut, put, read, root } from './install-testing.ts';
import { CHANGES, START, text } from './testing.ts';

inFolder('install.sh over another version, and without any', () => {
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

  it('takes away what was changed on the server, once files/ says the same', () => {
    install();
    put('/srv/shop/app/wsgi.py', 'mine\n');
    rmSync(join(root, 'srv/shop/current'));
    symlinkSync('static', join(root, 'srv/shop/current'));
    layOut(
      deployable({
        ...START,
        changes: { ...CHANGES, '/srv/shop/app/wsgi.py': text('mine\n'), '/srv/shop/current': { kind: 'link', target: 'static' } },
      }),
    );
    expect(install()).toEqual({ status: 0, out: 'Nothing to do: everything is in place.\n' });
    expect(install('--uninstall').out).toMatch(/^Files and links removed: \d+\.\n$/);
    expect(filesBelow(root)).toEqual([]);
  });

  it.each([
    ['mkdir', 3, 'done'],
    ['install', 2, 'half'],
    ['mv', 4, 'done'],
    ['ln', 1, 'not begun'],
  ])('knows what is its own where it was killed at %s number %i, which was %s', (program, number, how) => {
    const real = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
    const act = { done: `${real} "$@"`, half: `${real} "$@"; for last; do :; done; echo half >"$last"`, 'not begun': '' }[how];
    const stub = `echo >>"$0.count"\n(($(wc -l <"$0.count") == ${number})) || exec ${real} "$@"\n${act}\nkill -9 $PPID`;
    const killed = () => {
      const { signal } = installWith({ [program]: stub });
      expect([signal, filesBelow(root).length > 1]).toEqual(['SIGKILL', true]);
    };
    put('/srv/other.txt', 'of somebody else\n');
    killed();
    expect(install('--uninstall').out).toMatch(/^Files and links removed: \d+\.\n$/);
    expect(filesBelow(root)).toEqual([join(root, 'srv/other.txt')]);
    killed();
    expect(install()).toMatchObject({ status: 0, out: expect.stringMatching(/^Installed/) });
    const names = filesBelow(root).map((path) => path.slice(root.length));
    install('--uninstall');
    install();
    expect(names).toEqual(filesBelow(root).map((path) => path.slice(root.length)));
  });

  it('gives its own files and folders the mode and owner of the list again, a folder where its link was, and leaves those of others', () => {
    put('/srv/shop/static/site.css', 'body {}\n');
    chmodSync(join(root, 'srv/shop/static/site.css'), 0o600);
    layOut(deployable(START));
    install();
    const list = readFileSync(join(from, 'files.list'), 'utf8');
    writeFileSync(join(from, 'files.list'), `${list}d\t0700\troot:root\t/srv/shop/uploads\t\nl\t0777\troot:root\t/srv/shop/data\tapp\n`);
    expect(install().out).toMatch(/Installed: 2 changes/);
    chmodSync(join(root, 'srv/shop/uploads'), 0o2755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) for (const path of ['uploads', 'data', 'uwsgi.ini']) lchownSync(join(root, 'srv/shop', path), 33, 33);
    expect(install().out).toContain(isRoot ? 'Installed: 3 changes' : 'Installed: 1 change.');
    const state = (path: string) => lstatSync(join(root, 'srv/shop', path));
    expect([state('uploads').mode & 0o777, state('static/site.css').mode & 0o777]).toEqual([0o700, 0o600]);
    expect(['uploads', 'data', 'uwsgi.ini'].map((path) => state(path).uid)).toEqual(Array(3).fill(process.getuid?.()));
    writeFileSync(join(from, 'files.list'), `${list}l\t0777\troot:root\t/srv/shop/uploads\tapp\nd\t0755\troot:root\t/srv/shop/data\t\n`);
    expect(install()).toMatchObject({ status: 1, out: expect.stringContaining('/srv/shop/uploads: it was changed') });
    writeFileSync(join(from, 'files.list'), `${list}d\t0750\troot:root\t/srv/shop/data\t\n`);
    expect(install().status).toBe(0);
    expect([state('data').isDirectory(), state('data').mode & 0o777]).toEqual([true, 0o750]);
    expect(install().out).toContain('Nothing to do');
    install('--uninstall');
    expect(filesBelow(root)).toEqual([join(root, 'srv/shop/static/site.css')]);
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

  it('says what something still writes into, and takes it away another time', () => {
    layOut(deployable({ ...START, changes: { '/srv/shop/uploads/a': text('a\n') } }));
    install();
    const left = installWith({ rm: '[[ $* != *uploads/a ]] && exec /bin/rm "$@"' }, '--uninstall');
    expect(left).toMatchObject({
      status: 1,
      out: expect.stringContaining('left: /srv/shop/uploads/a, which something still writes into\n'),
    });
    expect(left.out).toMatch(/\nNot all of it could be taken away: .* Run \.\/install\.sh --uninstall again\.\n$/);
    expect(filesBelow(join(root, 'srv'))).toEqual([join(root, 'srv/shop/uploads/a')]);
    expect(install('--uninstall')).toEqual({ status: 0, out: 'Files and links removed: 1.\n' });
    expect(existsSync(join(root, 'srv'))).toBe(false);
  });

  it('says so too when it is of the earlier zip, and takes it away another time', () => {
    layOut(deployable({ ...START, changes: { '/srv/shop/uploads/a': text('a\n') } }));
    install();
    layOut(deployable(START));
    const left = installWith({ rm: '[[ $* != *uploads/a ]] && exec /bin/rm "$@"' });
    expect(left).toMatchObject({ status: 1, out: expect.stringContaining('Not all of the earlier zip could be taken away') });
    expect(install()).toMatchObject({ status: 0, out: expect.stringContaining('removed because only the earlier zip had it: 1.') });
    expect(filesBelow(join(root, 'srv/shop/uploads'))).toEqual([]);
  });

  it('leaves no folder behind that it has made, nor what Python has compiled there', () => {
    install();
    put('/srv/shop/app/__pycache__/wsgi.cpython-311.pyc', '');
    install('--uninstall');
    expect(spawnSync('find', [root, '-mindepth', '1'], { encoding: 'utf8' }).stdout.trim()).toMatch(/^(.*\/var(\/lib)?\n?)*$/);
  });
});
