import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { filesBelow } from '../../../scripts/lib/paths.ts';
import { deployable } from './deployable.ts';
import { inFolder, install, installWith, layOut, put, read, root, snapshot } from './install-testing.ts';
import { START, text } from './testing.ts';

inFolder('install.sh and git', () => {
  it("takes the index of a clone for git's, which changes it whenever somebody looks", () => {
    layOut(deployable({ ...START, changes: { '/srv/shop/app/.git/index': text('a') } }));
    install();
    put('/srv/shop/app/.git/index', 'looked at');
    expect(install()).toEqual({ status: 0, out: 'Nothing to do: everything is in place.\n' });
    expect(install('--uninstall').out).not.toContain('left');
    expect(filesBelow(root)).toEqual([]);
  });

  describe('a clone', () => {
    const CLONE = {
      '/srv/shop/app/.git/config': text('[remote "origin"]\n\turl = /var/lib/git/shop.git\n'),
      '/srv/shop/app/.git/refs/heads/main': text('a\n'),
      '/srv/shop/app/.git/objects/aa': text('old'),
      '/srv/shop/app/.git/refs/tags': { kind: 'folder', mode: 0o755, uid: 0, gid: 0 },
    } as const;
    const repository = { '/var/lib/git/shop.git/config': new Uint8Array(), '/var/lib/git/shop.git/HEAD': new Uint8Array() };
    const all = () => filesBelow(root).map((path) => path.slice(root.length));
    /** As `git pull` does it. */
    const pull = () => {
      put('/srv/shop/app/wsgi.py', 'new\n');
      put('/srv/shop/app/.git/refs/heads/main', 'b\n');
      put('/srv/shop/app/.git/objects/bb', 'new');
      rmSync(join(root, '/srv/shop/app/.git/objects/aa'));
    };
    beforeEach(() => {
      layOut(deployable({ ...START, changes: CLONE, repository }));
      install();
    });

    it('that git has not changed goes as it came', () => {
      install('--uninstall');
      expect(all()).toEqual([]);
    });

    it('that was half taken away when install.sh was killed is not taken for changed', () => {
      const rm = '/bin/rm "$@"\n[[ $* != */.git/refs/heads/main ]] || kill -9 $PPID';
      expect(installWith({ rm }, '--uninstall').signal).toBe('SIGKILL');
      install('--uninstall');
      expect(all()).toEqual([]);
    });

    it('that git has changed stays whole, and the rest is brought up to date', () => {
      pull();
      layOut(
        deployable({ ...START, changes: { ...CLONE, '/srv/shop/uwsgi.ini': text('new\n'), '/srv/shop/app/wsgi.py': null }, repository }),
      );
      const before = snapshot().filter(([path]) => String(path).startsWith('/srv/shop/app/'));
      for (const said of ['Installed: 1 change.', 'Nothing to do']) {
        const { status, out } = install();
        expect([status, out]).toEqual([0, expect.stringContaining(said)]);
        expect(out).toContain('left: /srv/shop/app is as git has changed it since it was installed.\n');
      }
      expect(snapshot().filter(([path]) => String(path).startsWith('/srv/shop/app/'))).toEqual(before);
      expect(read('/srv/shop/uwsgi.ini')).toBe('new\n');
    });

    it.each(['it is taken away', 'another version has none'])('that git has changed stays whole where %s', (when) => {
      pull();
      layOut(deployable({ ...START, files: { ...START.files, '/srv/shop/app/wsgi.py': 'new\n' } }));
      const { out, status } = install(...(when === 'it is taken away' ? ['--uninstall'] : []));
      expect([status, out]).toEqual([
        0,
        expect.stringContaining(
          `left: /srv/shop/app, which git has changed since it was installed. To remove it:  sudo rm -r '${root}/srv/shop/app'\n`,
        ),
      ]);
      install('--uninstall');
      expect(all()).toEqual(
        ['config', 'objects/bb', 'refs/heads/main'].map((name) => `/srv/shop/app/.git/${name}`).concat('/srv/shop/app/wsgi.py'),
      );
      expect(existsSync(join(root, '/srv/shop/app/.git/refs/tags'))).toBe(true);
    });

    it('that stayed is one line of what is in the way later, with what would remove it', () => {
      pull();
      put('/var/lib/git/shop.git/HEAD', 'of git\n');
      install('--uninstall');
      put('/srv/shop/uwsgi.ini', 'mine\n');
      const before = snapshot();
      const line = (path: string) =>
        `  ${path}: git has a clone there already, and it is not from this script. If nobody needs what is in it:  sudo rm -r '${root}${path}'\n`;
      expect(install()).toEqual({
        status: 1,
        out: expect.stringMatching(/script:\n(.*\n){3}Move these away/),
      });
      expect(install().out).toContain(
        `${line('/srv/shop/app')}  /srv/shop/uwsgi.ini: it is there already, and not from this script\n${line('/var/lib/git/shop.git')}`,
      );
      expect(snapshot()).toEqual(before);
      for (const path of ['srv/shop/app', 'var/lib/git/shop.git', 'srv/shop/uwsgi.ini']) rmSync(join(root, path), { recursive: true });
      expect(install().status).toBe(0);
    });
  });
});
