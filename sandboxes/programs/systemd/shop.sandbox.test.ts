/** The course's shop.service with real Python, and nginx in front of it: the whole way a request goes, under the supervisor. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePython } from '../python/testing.ts';
import { SHOP, server } from '../uwsgi/testing.ts';
import { type Machine, machine, SHOP_SERVICE } from './testing.ts';

const files = {
  '/etc/shop.env': 'SHOP_MODE=test\n',
  '/srv/shop/uwsgi.ini': server('srv/shop/uwsgi.ini').replace(/^processes = .*/m, 'processes = 2'),
  '/srv/shop/app/wsgi.py': SHOP,
  '/srv/shop/static/about.html': server('srv/shop/static/about.html'),
  '/srv/shop/venv/bin/': '',
  '/lib/systemd/system/nginx.service': server('lib/systemd/system/nginx.service'),
  '/etc/nginx/nginx.conf': server('etc/nginx/nginx.conf'),
  '/etc/nginx/mime.types': server('etc/nginx/mime.types'),
  '/etc/nginx/uwsgi_params': server('etc/nginx/uwsgi_params'),
  '/etc/nginx/sites-enabled/shop': server('etc/nginx/sites-enabled/shop'),
};

describe('shop.service as it stands', { timeout: 60_000 }, () => {
  let m: Machine;
  const ask = (): Promise<{ out: string }> => m.run('curl -s -o /dev/null -w %{http_code} http://127.0.0.1/count');
  beforeAll(async () => {
    m = machine({ 'shop.service': SHOP_SERVICE }, { files, python: nodePython });
    await m.sandbox.run((host) => host.fs.symlink('/usr/bin/uwsgi', '/srv/shop/venv/bin/uwsgi'));
  });
  afterAll(() => m.sandbox.dispose());

  it('starts uwsgi, and nginx answers through it', async () => {
    expect(await m.run('sudo systemctl daemon-reload && sudo systemctl enable --now shop')).toMatchObject({ code: 0 });
    expect(await m.run('systemctl start nginx')).toEqual({ code: 0, out: '', err: '' });
    await expect.poll(async () => (await ask()).out, { timeout: 30_000 }).toBe('200');
    const { out, code } = await m.run('systemctl status shop');
    expect(code).toBe(0);
    const pid = await m.show('shop', 'MainPID');
    expect(out.split('\n\n')[0]?.replace(/since .*/, 'SINCE')).toMatch(
      new RegExp(
        [
          '● shop.service - shop \\(uWSGI master and workers\\)',
          '     Loaded: loaded \\(/etc/systemd/system/shop.service; enabled; preset: enabled\\)',
          '     Active: active \\(running\\) SINCE',
          `   Main PID: ${pid} \\(uwsgi\\)`,
          '     Status: "uWSGI is ready"',
          '      Tasks: 3',
          '     CGroup: /system.slice/shop.service',
          `             ├─${pid} uwsgi --ini /srv/shop/uwsgi.ini`,
          '             ├─\\d+ uwsgi --ini /srv/shop/uwsgi.ini',
          '             └─\\d+ uwsgi --ini /srv/shop/uwsgi.ini',
        ].join('\n'),
      ),
    );
    expect(out).toMatch(/ web uwsgi\[\d+\]: /);
    const owner = await m.sandbox.run((host) => host.fs.stat('/run/shop'));
    expect([owner.uid, owner.gid]).toEqual([33, 33]);
  });

  it('reloads with HUP: the same master, other workers', async () => {
    const before = await m.show('shop', 'MainPID');
    expect((await m.run('systemctl reload shop')).code).toBe(0);
    await expect.poll(() => m.journal('shop'), { timeout: 30_000 }).toContain('uwsgi: ...gracefully killing workers...');
    await expect.poll(async () => (await ask()).out, { timeout: 30_000 }).toBe('200');
    expect(await m.show('shop', 'MainPID')).toBe(before);
  });

  it('comes back after its master was killed', async () => {
    const before = await m.show('shop', 'MainPID');
    await m.run(`kill -9 ${before}`);
    await m.until('shop', 'NRestarts', '1');
    await m.until('shop', 'ActiveState', 'active');
    await expect.poll(async () => (await ask()).out, { timeout: 30_000 }).toBe('200');
    expect(await m.show('shop', 'MainPID')).not.toBe(before);
    expect(await m.show('shop', 'TasksCurrent')).toBe('3');
  });

  it('takes its folder with it when it is stopped, and nginx says 502', async () => {
    await m.run('systemctl stop shop');
    expect((await m.run('ls /run/shop')).err).toContain('No such file or directory');
    expect((await ask()).out).toBe('502');
    expect(await m.journal('shop')).toContain('systemd: shop.service: Deactivated successfully.');
  });

  it('nginx stops without haste, and is taken over when somebody else has started it', async () => {
    await m.run('systemctl stop nginx');
    expect(await m.run('systemctl is-active nginx')).toMatchObject({ code: 3, out: 'inactive\n' });
    await m.run('pkill systemd');
    await expect.poll(async () => (await m.run('ps -C systemd')).code).toBe(1);
    const nginx = await m.sandbox.spawn('nginx', ['-g', 'daemon off;']);
    await expect.poll(async () => (await ask()).out).toBe('502');
    expect((await m.run('systemctl is-active nginx')).out).toBe('active\n');
    expect(await m.show('nginx', 'MainPID')).toBe(String(nginx.pid));
    expect((await m.run('systemctl restart nginx')).code).toBe(0);
    expect(await nginx.exited).toEqual({ code: 0, signal: null });
    await expect.poll(async () => (await ask()).out).toBe('502');
    expect(await m.show('nginx', 'MainPID')).not.toBe(String(nginx.pid));
  });
});
