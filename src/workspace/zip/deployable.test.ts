import { execFileSync } from 'node:child_process';
import { readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it, test } from 'vitest';
import type { Changes } from '../../runtime/changes.ts';
import { deployable, type Packed } from './deployable.ts';
import { REQUIREMENTS, RUN_FOLDER, UNIT } from './generated.ts';
import { pack } from './pack.ts';
import { CHANGES, contentOf, has, newFolder, START, text } from './testing.ts';

const paths = (entries: readonly Packed[]) => entries.map(({ path }) => path.replace('shop-one-master/', ''));

describe('what is in the folder', () => {
  it('of a lesson that was not changed: its site, its app, a unit and what the server needs; nothing of the machine', () => {
    expect(paths(deployable(START))).toEqual([
      'README.md',
      'install.sh',
      'clones.sh',
      'machine.sh',
      'services.sh',
      'paths.sh',
      '.shellcheckrc',
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
    const entries = deployable({ ...START, changes: { ...CHANGES, '/root/load.txt': text('x') } });
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
    expect(readme).toContain('stayed in the course: `/root/load.txt`.\n');
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

  it('an environment is not in it, but what was installed there, with its wheels', () => {
    const site = '/srv/shop/venv/lib/python3.14/site-packages';
    const changes: Changes = {
      '/srv/shop/venv/pyvenv.cfg': text('home = /usr/bin\n'),
      '/srv/shop/venv/bin/python': text('', 0o755),
      [`${site}/flask/app.py`]: text(''),
      [`${site}/flask-3.1.3.dist-info/METADATA`]: text(''),
      [`${site}/zope_interface-8.7.dist-info/METADATA`]: text(''),
      [`${site}/pip-26.3.dist-info/METADATA`]: text(''),
      [`${site}/--index-url=http:x-1.dist-info/METADATA`]: text(''),
      '/root/venv/pyvenv.cfg': text(''),
    };
    const names = ['flask-3.1.3-py3-none-any.whl', 'zope.interface-8.7-1course-py3-none-any.whl', 'django-5.2-py3-none-any.whl'];
    const wheelhouse = Object.fromEntries(names.map((name) => [`/srv/wheelhouse/${name}`, new Uint8Array([1])]));
    const entries = deployable({ ...START, changes, wheelhouse });
    expect(paths(entries).filter((path) => /venv|wheel/.test(path))).toEqual([
      'wheels/flask-3.1.3-py3-none-any.whl',
      'wheels/zope.interface-8.7-1course-py3-none-any.whl',
    ]);
    expect(contentOf(entries, `files${REQUIREMENTS}`)).toMatch(/\nflask==3\.1\.3\nzope_interface==8\.7\n$/);
    expect(contentOf(entries, 'files.list')).toMatch(new RegExp(`\nv\t0755\troot:root\t/srv/shop/venv\t${REQUIREMENTS}\n$`));
    expect(contentOf(entries, 'README.md')).toContain('installs flask==3.1.3, zope_interface==8.7, from `wheels/`');
  });

  it('a list of packages that the learner has written stands; what was installed goes beside it', () => {
    const changes: Changes = { '/srv/shop/venv/pyvenv.cfg': text(''), [REQUIREMENTS]: text('flask\n') };
    const entries = deployable({ ...START, changes });
    expect(contentOf(entries, `files${REQUIREMENTS}`)).toBe('flask\n');
    expect(contentOf(entries, 'files.list')).toContain('\t/srv/shop/venv\t/srv/shop/venv-requirements.txt\n');
  });

  it('accounts that a server lacks are made, and own and run what they did in the sandbox', () => {
    const passwd = [
      'root:x:0:0::/root:/bin/sh',
      'shop:x:1001:1001::/srv/shop:/usr/sbin/nologin',
      'web:x:1002:33::/:/bin/sh',
      '--x:x:1003:33::/:/bin/sh',
      'nobody:x:65534:65534::/:/bin/sh',
    ];
    const files = {
      ...START.files,
      '/etc/passwd': passwd.join('\n'),
      '/etc/group': 'shop:x:1001:\n',
      '/srv/shop/uwsgi.ini': '[uwsgi]\nuid = 1001\ngid = www-data\n',
    };
    const changes: Changes = { '/srv/shop/uploads': { kind: 'folder', mode: 0o750, uid: 1001, gid: 1002 } };
    const entries = deployable({ ...START, files, changes });
    const list = contentOf(entries, 'files.list');
    expect(list.split('\n').slice(0, 2)).toEqual(['u\t0000\tshop:shop\t/srv/shop\t', 'u\t0000\tweb:www-data\t/nonexistent\t']);
    expect(list.match(/^u/gm)).toHaveLength(2);
    expect(list).toContain('d\t0750\tshop:root\t/srv/shop/uploads\t');
    expect(contentOf(entries, `files${UNIT}`)).toContain('User=shop\nGroup=www-data\n');
    expect(contentOf(entries, 'README.md')).toContain('makes the account `shop`');
  });

  it('a certificate and its key go along, and the README says what that means', () => {
    const site = 'server { listen 443 ssl; ssl_certificate /etc/ssl/shop.crt; }\n';
    const changes = { '/etc/ssl/shop.key': text('x', 0o600), '/etc/ssl/shop.crt': text('x'), '/etc/nginx/sites-enabled/shop': text(site) };
    const entries = deployable({ ...START, changes });
    expect(contentOf(entries, 'files.list')).toContain('f\t0600\troot:root\t/etc/ssl/shop.key\t');
    expect(contentOf(entries, 'README.md')).toMatch(/curl -4 -k https:\/\/localhost\/[^]*`\/etc\/ssl\/shop\.key` is a secret/);
  });

  it('the repository goes along where it was cloned; what systemctl enable has linked does not', () => {
    const repository = { '/var/lib/git/shop.git/HEAD': new Uint8Array([1]) };
    const wants = '/etc/systemd/system/multi-user.target.wants';
    const changes: Changes = {
      [wants]: { kind: 'folder', mode: 0o755, uid: 0, gid: 0 },
      [`${wants}/shop.service`]: { kind: 'link', target: UNIT },
    };
    const clone = { '/srv/shop/app/.git/config': text('[remote "origin"]\n\turl = /var/lib/git/shop.git\n') };
    expect(paths(deployable({ ...START, repository, changes })).filter((path) => /wants|var\/lib/.test(path))).toEqual([]);
    const cloned = deployable({ ...START, start: [{ program: 'systemd', args: [] }], files: {}, repository, changes: clone });
    const readme = contentOf(cloned, 'README.md');
    expect(readme).toContain('- `/srv/shop/app/.git/`\n- `/var/lib/git/shop.git/`\n');
    expect(readme).toMatch(
      /in this order:\n\n1\. installs the packages that are missing, of git, with apt;\n2\. writes the paths below\.\n/,
    );
    expect(readme).toContain('You had no unit and no site yet');
    expect(readme).not.toMatch(/Day to day|curl|starts the services/);
    expect(paths(cloned)).toContain('files/var/lib/git/shop.git/HEAD');
    expect(contentOf(cloned, 'README.md')).toContain('`/srv/shop/app` is a clone');
  });

  it('folders below /run are those of the sandbox, and an address of the lesson is named', () => {
    const files = {
      ...START.files,
      '/etc/tmpfiles.d/a.conf': '# x\nd /run/shop 0755 shop www-data -\nd /var/log/nginx 0755 www-data adm -\n',
    };
    const changes = {
      [UNIT]: text('[Service]\nExecStart=/usr/bin/uwsgi x\n'),
      '/etc/nginx/sites-enabled/shop': text('upstream a {\n  server 127.0.0.1:1;\n  server 10.0.0.12:3031;\n}\n'),
    };
    const entries = deployable({ ...START, files, changes });
    expect(contentOf(entries, `files${RUN_FOLDER}`)).toMatch(/^# Generated.*\nd \/run\/shop 0755 shop www-data -\n$/);
    expect(contentOf(entries, 'README.md')).toMatch(/requests to 10\.0\.0\.12:3031, a machine of the lesson/);
  });

  it('takes for a unit what lies where systemd looks for it', () => {
    expect(paths(deployable({ ...START, changes: { '/srv/shop/shop.service': text('[Service]\n') } }))).toContain(`files${UNIT}`);
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
