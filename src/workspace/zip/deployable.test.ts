import { execFileSync } from 'node:child_process';
import { readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it, test } from 'vitest';
import type { Changes } from '../../runtime/changes.ts';
import { deployable, type Packed, REQUIREMENTS, RUN_FOLDER, UNIT } from './deployable.ts';
import { pack } from './pack.ts';
import { CHANGES, has, newFolder, START, text } from './testing.ts';

const paths = (entries: readonly Packed[]) => entries.map(({ path }) => path.replace('shop-one-master/', ''));
const contentOf = (entries: readonly Packed[], path: string): string => {
  const found = entries.find((one) => one.path === `shop-one-master/${path}`);
  if (found?.kind !== 'file') throw new Error(`no file ${path}`);
  return new TextDecoder().decode(found.data);
};

describe('what is in the folder', () => {
  it('of a lesson that was not changed: its site, its app, a unit and what the server needs; nothing of the machine', () => {
    expect(paths(deployable(START))).toEqual([
      'README.md',
      'install.sh',
      'files.list',
      'files/etc/nginx/sites-enabled/shop',
      `files${UNIT}`,
      'files/srv/shop/app/wsgi.py',
      `files${REQUIREMENTS}`,
      'files/srv/shop/static/site.css',
      'files/srv/shop/uwsgi.ini',
    ]);
  });

  it('the work of the learner, with what was removed gone; the machine’s files to be read, the environment and the shell’s history not', () => {
    const entries = deployable({ ...START, changes: CHANGES });
    const names = paths(entries);
    expect(names).toContain('files/srv/shop/current');
    expect(names).toContain('not-installed/etc/nginx/nginx.conf');
    expect(names.filter((name) => /venv|site\.css|history|passwd/.test(name))).toEqual([]);
    expect(contentOf(entries, 'files/srv/shop/uwsgi.ini')).toContain('processes = 8');
    expect(contentOf(entries, 'files.list').split('\n')).toEqual(
      expect.arrayContaining([
        'f\t0640\troot:root\t/srv/shop/uwsgi.ini\t',
        'f\t0755\troot:root\t/srv/shop/bin/backup.sh\t',
        'd\t0750\twww-data:www-data\t/srv/shop/uploads\t',
        'l\t0777\troot:root\t/srv/shop/current\tapp',
      ]),
    );
    const readme = contentOf(entries, 'README.md');
    expect(readme).toContain(`- \`${UNIT}\` (generated: you had none)`);
    expect(readme).toContain('not-installed/etc/nginx/nginx.conf');
    expect(contentOf(entries, 'files/etc/systemd/system/shop.service')).toContain('ExecStart=/usr/bin/uwsgi --ini /srv/shop/uwsgi.ini\n');
  });

  it('a unit of the learner’s own stands instead; without RuntimeDirectory its folder is made at boot', () => {
    const own = (unit: string, at = UNIT) => deployable({ ...START, changes: { [at]: text(unit) } });
    const readme = contentOf(own('[Service]\n', '/etc/systemd/system/web.service'), 'README.md');
    expect(readme).toContain('systemctl status web ');
    expect(readme).not.toMatch(/(status|-u|reload) shop|as www-data/);
    expect(contentOf(deployable(START), 'README.md')).toMatch(/systemctl reload shop .*uwsgi\.ini[^]*as www-data/);
    expect(contentOf(own('[Service]\nExecStart=/usr/bin/uwsgi x\n'), `files${UNIT}`)).toBe('[Service]\nExecStart=/usr/bin/uwsgi x\n');
    expect(paths(own('[Service]\nExecStart=/usr/bin/uwsgi x\n'))).toContain(`files${RUN_FOLDER}`);
    expect(paths(own('[Service]\nRuntimeDirectory=shop\n'))).not.toContain(`files${RUN_FOLDER}`);
  });

  it('nothing that would be unpacked through a link or a file, and no line of the list that a link has forged', () => {
    const bad: Changes = {
      '/srv/a': { kind: 'link', target: '../../home' },
      '/srv/a/x': text('x'),
      '/srv/a/deep/er': text('x'),
      '/srv/b': text(''),
      '/srv/b/x': text('x'),
      '/srv/forged': { kind: 'link', target: 'x\nf\t0644\troot:root\t/etc/cron.d/x\t' },
      '/srv/back\\slash': text('x'),
      '/srv/new\nline': text('x'),
      '/etc/here': { kind: 'link', target: '/home' },
      '/etc/here/x': text('x'),
    };
    const entries = deployable({ ...START, changes: bad });
    const names = paths(entries);
    expect(names).toEqual(expect.arrayContaining(['files/srv/a', 'files/srv/b']));
    expect(names.filter((name) => /\/[abx]\/|er$|here|forged|slash|line/.test(name))).toEqual([]);
    const list = contentOf(entries, 'files.list').split('\n').slice(0, -1);
    expect(list.filter((line) => line.split('\t').length !== 5 || line.includes('cron'))).toEqual([]);
    const left = contentOf(entries, 'README.md').split('These are not in here')[1];
    for (const path of ['/srv/a/x', '/srv/a/deep/er', '/srv/b/x', '/srv/forged', '/srv/back\\slash', '/srv/new?line', '/etc/here/x']) {
      expect(left).toContain(`- \`${path}\`: `);
    }
  });

  it('not even what the course itself adds goes through a link', () => {
    const changes: Changes = {
      '/srv/shop': { kind: 'link', target: '/root' },
      '/etc/tmpfiles.d': { kind: 'link', target: '/root' },
      [UNIT]: text(''),
    };
    const names = paths(deployable({ ...START, changes }));
    expect(names).toContain('files/srv/shop');
    expect(names.filter((name) => /^files\/srv\/shop\/|tmpfiles/.test(name))).toEqual([]);
  });

  it('no setuid, setgid or sticky bit', () => {
    const changes: Changes = {
      '/srv/shop/root.sh': text('id\n', 0o6755),
      '/srv/open': { kind: 'folder', mode: 0o1777, uid: 33, gid: 33 },
      '/usr/bin/id': text('', 0o4755),
    };
    const entries = deployable({ ...START, changes });
    expect(entries.filter((one) => one.kind !== 'link' && one.mode > 0o777)).toEqual([]);
    expect(contentOf(entries, 'files.list')).toContain('f\t0755\troot:root\t/srv/shop/root.sh\t\nf');
    expect(contentOf(entries, 'files.list')).toContain('d\t0777\twww-data:www-data\t/srv/open\t\n');
  });

  it('packages that the lesson uses are named', () => {
    const entries = deployable({ ...START, wheels: ['flask', 'pip'] });
    expect(contentOf(entries, `files${REQUIREMENTS}`)).toMatch(/\nflask\n$/);
    expect(contentOf(entries, 'README.md')).toContain('apt-get install python3-flask');
  });
});

test('the zip holds the same, and unzip makes modes and links of it', () => {
  const entries = deployable({ ...START, changes: CHANGES });
  const zip = pack(entries, new Date(2026, 1, 1));
  expect(Object.keys(unzipSync(zip)).map((path) => path.replace(/\/$/, ''))).toEqual(entries.map(({ path }) => path));
  if (!has('unzip')) return;
  const folder = newFolder();
  writeFileSync(join(folder, 'a.zip'), zip);
  execFileSync('unzip', ['-q', 'a.zip'], { cwd: folder });
  const at = (path: string) => join(folder, 'shop-one-master', path);
  expect(statSync(at('install.sh')).mode & 0o7777).toBe(0o755);
  expect(statSync(at('files/srv/shop/uwsgi.ini')).mode & 0o7777).toBe(0o640);
  expect(readlinkSync(at('files/srv/shop/current'))).toBe('app');
  expect(statSync(at('files/srv/shop/uploads')).isDirectory()).toBe(true);
});
