import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { at, filesBelow } from '../../../scripts/lib/paths.ts';
import type { Changes } from '../../runtime/changes.ts';
import { deployable } from './deployable.ts';
import { UNIT } from './generated.ts';
import { HARMFUL } from './readme.ts';
import { contentOf, START, text } from './testing.ts';

describe('the README', () => {
  const readme = (changes: Changes, more: Partial<typeof START> = {}) => contentOf(deployable({ ...START, ...more, changes }), 'README.md');
  const SHOP = '/etc/nginx/sites-enabled/shop';

  it('says where the site answers, and what it does not answer to', () => {
    const visits = (site: string) => readme({ [SHOP]: text(site) }).match(/^ {4}curl .*?(?= +#)|IPv4 only, at port [^.]*/gm);
    expect(readme({})).toContain('    curl -4 -i http://localhost:8099/ # what a visitor gets\n');
    expect(visits('server {\n listen 127.0.0.1;\n listen [::]:80;\n listen 444 ssl;\n}\n')).toEqual(
      ['curl -i http://localhost/', 'curl -4 -k https://localhost:444/', 'IPv4 only, at port 444'].map((one) =>
        one.replace(/^curl/, '    curl'),
      ),
    );
    expect(readme({ [SHOP]: null, '/etc/nginx/conf.d/shop.conf': text('server { listen 81; }\n') })).toContain(':81/');
    for (const unread of ['conf.d/shop', 'sites-enabled/.shop', 'sites-enabled/old/shop'])
      expect(readme({ [SHOP]: null, [`/etc/nginx/${unread}`]: text('server { listen 81; }\n') })).not.toContain(':81/');
    expect(visits('server {\n # listen 80;\n listen unix:/run/x.sock;\n}\n')).toBeNull();
  });

  it('warns of the pages that are made to jam a worker', () => {
    const warned = /`\/srv\/shop\/app\/wsgi\.py` still has pages of the lessons: (.*)\. Whoever/;
    const app = '/srv/shop/app/wsgi.py';
    expect(warned.exec(readme({ [app]: text("PAGES = {'/': hello, '/slow': slow, '/crash': crash}\n") }))?.[1]).toBe('`/slow`, `/crash`');
    expect(readme({ [app]: text("PAGES = {'/': hello}\n") })).not.toMatch(warned);
    expect(readme({ [app]: text('PAGES = {"/stuck": stuck}\n') })).toMatch(warned);

    // every page of the course's apps is one of these, or does no harm
    const apps = ['sandboxes/server', 'lessons'].flatMap((folder) => filesBelow(at(folder)));
    const pages = apps
      .filter((path) => path.endsWith('wsgi.py'))
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/["'](\/[a-z]*)["']: \w+/g)].map(([, page = '']) => page));
    const harmless = ['/', '/count', '/error', '/here', '/how', '/loaded', '/seen'];
    expect(new Set(pages.filter((page) => !HARMFUL.includes(page)))).toEqual(new Set(harmless));
  });

  it('says what is not there yet', () => {
    expect(readme({})).not.toContain('half way');
    const changes: Changes = {
      [SHOP]: null,
      '/etc/nginx/sites-available/shop': text('server { listen 80; }\n'),
      [UNIT]: text('[Service]\nExecStart=/srv/shop/venv/bin/uwsgi --ini /srv/shop/uwsgi.ini\n'),
      '/srv/shop/uwsgi.ini': text('[uwsgi]\nchdir = /srv/shop/app/\nvirtualenv = /srv/shop/venv\n'),
    };
    const half = readme(changes);
    expect(
      half
        .split('## You are half way')[1]
        ?.match(/^- .*$/gm)
        ?.slice(0, 3),
    ).toEqual([
      `- \`${UNIT}\` starts \`/srv/shop/venv/bin/uwsgi\`, which is not there.`,
      '- `/srv/shop/uwsgi.ini` names `/srv/shop/venv`, which is not there.',
      '- Nginx does not read `/etc/nginx/sites-available/shop`: no link in `/etc/nginx/sites-enabled/` leads to it.',
    ]);
    expect(half).not.toContain('curl');
    const linked = readme({
      ...changes,
      [SHOP]: { kind: 'link', target: '../sites-available/shop' },
      '/srv/shop/venv/pyvenv.cfg': text(''),
    });
    expect(linked.match(/which is not there|no link/g)).toEqual(['which is not there']);
    expect(linked).toContain('curl -4 -i http://localhost/ ');
  });

  it('has no section with nothing in it', () => {
    const none = { files: {}, start: [{ program: 'systemd', args: [] }] };
    const sections = (text: string) => text.match(/^## .*/gm) ?? [];
    const empty = readme({}, none);
    expect([empty, sections(empty)]).toEqual([
      expect.stringMatching(/\n\nThere is nothing to install in here yet: come back when you have made something for a server\.\n$/),
      [],
    ]);
    expect(sections(readme({ '/root/load.txt': text('x') }, none))).toEqual(['## Not installed']);
    const page = readme({ '/srv/shop/page.html': text('x') }, none);
    expect(sections(page)).toEqual(['## Install', '## What is where', '## Good to know']);
    expect(page).not.toContain('Python');
    const passwd = text('shop:x:1001:1001::/srv/shop:/usr/sbin/nologin\n');
    const account = readme({ '/etc/passwd': passwd }, none);
    expect([account, sections(account)]).toEqual([
      expect.stringContaining('in this order:\n\n1. makes the account `shop`, if there is none.\n'),
      ['## Install', '## Good to know'],
    ]);
    expect(sections(readme({}))).toEqual(['## Install', '## Without internet', '## What is where', '## Day to day', '## Good to know']);
    for (const one of [empty, page, account, readme({})]) expect(one).not.toMatch(/\n\n\n|\n\n$/);
  });
});
