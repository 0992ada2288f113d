import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, lstatSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { filesBelow } from '../../../scripts/lib/paths.ts';
import { temporaryPaths } from '../../../scripts/lib/real-server.ts';
import { deployable } from './deployable.ts';
import { from, inFolder, install, layOut, put, read, root, snapshot } from './install-testing.ts';
import { has, newFolder, START, text } from './testing.ts';

const noShellcheck = has('shellcheck') ? '' : ' (skipped: shellcheck is not installed)';
test.skipIf(noShellcheck !== '')(`shellcheck finds nothing in install.sh of a zip${noShellcheck}`, () => {
  const { stdout, status } = spawnSync('shellcheck', ['install.sh'], { cwd: from, encoding: 'utf8' });
  expect([stdout, status]).toEqual(['', 0]);
});

inFolder('install.sh, for real in a folder', () => {
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

  it('also where somebody has sh read it', () => {
    expect(spawnSync('sh', [join(from, 'install.sh'), '--root', root, '--dry-run']).status).toBe(0);
  });

  it('reads the last line of the list where an editor has left it without an end', () => {
    install();
    const list = readFileSync(join(from, 'files.list'), 'utf8');
    writeFileSync(join(from, 'files.list'), list.slice(0, -1));
    expect(install()).toEqual({ status: 0, out: 'Nothing to do: everything is in place.\n' });
    expect(read('/srv/shop/uwsgi.ini')).toContain('processes');
    writeFileSync(join(from, 'files/srv/shop/zzz.txt'), 'x\n');
    writeFileSync(join(from, 'files.list'), `${list}f\t0644\troot:root\t/srv/shop/zzz.txt\t`);
    expect(install()).toMatchObject({ status: 0, out: expect.stringContaining('Installed: 1 change.') });
    expect(read('/srv/shop/zzz.txt')).toBe('x\n');
  });

  it('names files that its list does not, and at the end how to add their lines, which works', () => {
    for (const name of ['my tool', 'tool']) writeFileSync(join(from, 'files/srv/shop', name), 'x\n', { mode: 0o755 });
    for (const name of ['a', "b's"]) writeFileSync(join(from, 'files/srv/shop', name), 'x\n');
    install();
    const { out } = install();
    const [said = '', how = ''] = out.split('  A line has five fields');
    expect(said.match(/(?<=^Not installed, because files\.list has no line for it: ).*/gm)).toEqual(
      ['a', "b's", 'my tool', 'tool'].map((name) => `/srv/shop/${name}`),
    );
    const commands = how.split('\n').slice(1);
    expect(commands).toHaveLength(3);
    expect(spawnSync('bash', ['-c', commands.join('\n')], { cwd: from }).status).toBe(0);
    expect(install()).toMatchObject({ status: 0, out: expect.stringMatching(/^Installed: 4 changes\.[^\n]*\n$/) });
    const modes = ['my tool', 'tool', 'a', "b's"].map((name) => statSync(join(root, 'srv/shop', name)).mode & 0o777);
    expect(modes).toEqual([0o755, 0o755, 0o644, 0o644]);
  });

  it('says what it would do, and does nothing', () => {
    const { out, status } = install('--dry-run');
    expect(status).toBe(0);
    expect(out).toContain(`would: mkdir -- ${root}/srv\n`);
    expect(out).toMatch(/That would be \d+ changes to [^\n]*shop\.manifest\. Nothing was done\.\n$/);
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

  it('does nothing at all where a file is in the place of a folder, unless it is its own and goes', () => {
    put('/srv/shop', 'of somebody else\n');
    for (const option of [['--dry-run'], []])
      expect(install(...option)).toMatchObject({
        status: 1,
        out: expect.stringContaining('/srv/shop/uwsgi.ini: /srv/shop is no folder\n'),
      });
    expect(filesBelow(root)).toEqual([join(root, 'srv/shop')]);
    rmSync(join(root, 'srv/shop'));
    const link = { kind: 'link', target: 'app' } as const;
    layOut(deployable({ ...START, changes: { '/srv/shop/one': text('1\n'), '/srv/shop/two': link } }));
    install();
    const wsgi = text(START.files['/srv/shop/app/wsgi.py'] as string);
    layOut(deployable({ ...START, changes: { '/srv/shop/one/x': text('2\n'), '/srv/shop/two/wsgi.py': wsgi } }));
    expect(install('--dry-run').status).toBe(0);
    expect(install().status).toBe(0);
    expect(read('/srv/shop/one/x')).toBe('2\n');
    expect(lstatSync(join(root, 'srv/shop/two')).isDirectory()).toBe(true);
    expect(install().out).toContain('Nothing to do');
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
    ['an end of line from Windows', 'f\t0644\troot:root\t/srv/shop/uwsgi.ini\t\r'],
    ['an owner that is an option', 'f\t0644\t--x\t/srv/shop/uwsgi.ini\t'],
  ])('refuses a list with %s', (_, line) => {
    appendFileSync(join(from, 'files.list'), `${line}\n`);
    const shown = line.replaceAll('\t', '\\t').replaceAll('\r', '\\r');
    expect(install()).toEqual({ status: 1, out: `files.list has a line that makes no sense: $'${shown}'\n` });
    expect(filesBelow(root)).toEqual([]);
  });

  it('refuses a folder that was not unpacked whole, and words it does not know', () => {
    rmSync(join(from, 'files/srv/shop/uwsgi.ini'));
    expect(install()).toMatchObject({
      status: 1,
      out: expect.stringContaining('files/srv/shop/uwsgi.ini is missing: unpack the whole zip.'),
    });
    expect(install('--force')).toMatchObject({ status: 2, out: expect.stringMatching(/^There is no option --force\.\n\nUsage: /) });
    expect(install('--root')).toMatchObject({ status: 2, out: expect.stringMatching(/^--root needs a folder\.\n\nUsage: /) });
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
