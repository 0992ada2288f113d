import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Changes } from '../../runtime/changes.ts';
import { ALL, install, onMachine, put, root, SYSTEMCTL, UNIT_READ, unpack } from './machine-testing.ts';
import { START, text } from './testing.ts';

/** As ss shows it. */
const TAKEN = 'LISTEN 0 5 0.0.0.0:8099 0.0.0.0:* users:(("python3",pid=4711,fd=3),("python3",pid=4712,fd=3))';
onMachine('install.sh: what systemd and Nginx are told', () => {
  it('after a start that failed, starts the services when it is run again; after one that did not, disturbs nobody', () => {
    put('broken', '');
    const broken = install();
    expect(broken).toMatchObject({ status: 1, asked: ALL });
    expect(broken.out).toMatch(/shop\.service did not start\. .* run \.\/install\.sh again\.\n$/);
    rmSync(join(root, 'broken'));
    const began = (...names: string[]) => `All files were in place. Started, or told to read them anew: ${names.join(' ')}\n`;
    expect(install()).toEqual({ status: 0, asked: ALL, out: began('shop.service', 'nginx') });
    const before = readFileSync(join(root, 'var/lib/follow-the-request/shop.manifest'), 'utf8');
    expect(install()).toEqual({ status: 0, asked: UNIT_READ, out: 'Nothing to do: everything is in place.\n' });
    expect(readFileSync(join(root, 'var/lib/follow-the-request/shop.manifest'), 'utf8')).toBe(before);
    rmSync(join(root, 'running'), { recursive: true });
    mkdirSync(join(root, 'running'));
    expect(install()).toEqual({
      status: 0,
      asked: [...UNIT_READ, 'start -- shop.service', 'start nginx'],
      out: began('shop.service', 'nginx'),
    });
  });

  it('stops the unit that the next version no longer has before its file goes, and has Nginx forget its site', () => {
    install();
    const before = readFileSync(join(root, 'from/files.list'), 'utf8');
    writeFileSync(join(root, 'from/files.list'), before.replace(/.*shop\.service.*\n/, '').replace(/.*nginx.*\n/, ''));
    put('stubs/systemctl', '#!/bin/bash\necho "$*$([[ ! -e /etc/systemd/system/shop.service ]] || echo " with its file")" >>/log\n', 0o755);
    expect(install().asked).toEqual(['disable --now -- shop.service with its file', 'daemon-reload', 'reload-or-restart nginx']);
    expect(existsSync(join(root, 'etc/systemd/system/shop.service'))).toBe(false);
    expect(install()).toMatchObject({ status: 0, asked: [''] });
  });

  it('does not start the app anew for what Nginx alone reads, until that has read it', () => {
    const change = (changes: Changes) => unpack({ ...START, changes });
    install();
    put('broken-site', '');
    change({ '/srv/shop/static/site.css': text('a {}\n'), '/etc/nginx/sites-enabled/shop': text('server {}\n') });
    expect(install()).toMatchObject({ status: 1, asked: UNIT_READ });
    rmSync(join(root, 'broken-site'));
    expect(install()).toMatchObject({ status: 0, asked: [...UNIT_READ, 'reload-or-restart nginx'] });
    // a change of the app that nobody has read is not forgotten for one of the site
    put('broken', '');
    change({ '/srv/shop/uwsgi.ini': text('[uwsgi]\nworkers = 2\n') });
    expect(install().status).toBe(1);
    rmSync(join(root, 'broken'));
    change({ '/srv/shop/uwsgi.ini': text('[uwsgi]\nworkers = 2\n'), '/srv/shop/static/site.css': text('b {}\n') });
    expect(install().asked).toContain('restart -- shop.service');
  });

  it('a dry run asks nothing of them, and says what it would', () => {
    const said = (...asked: string[]) => ({
      status: 0,
      asked: [''],
      out: expect.stringContaining(asked.map((one) => `would: ${one}\n`).join('')),
    });
    const reload = ['nginx -t -q', 'systemctl reload-or-restart nginx'];
    const start = ['nginx -t -q', 'systemctl start nginx'];
    const stop = (name: string) => rmSync(join(root, 'running', name));
    const unit = ['daemon-reload', 'enable -- shop.service', 'restart -- shop.service'].map((one) => `systemctl ${one}`);
    expect(install('--dry-run')).toEqual(said(...unit, ...reload));
    stop('nginx');
    expect(install('--dry-run')).toEqual(said(...unit, ...start));
    install();
    expect(install('--dry-run').out).not.toMatch(/start|reload-or/);
    expect(install('--uninstall', '--dry-run')).toEqual(said('systemctl daemon-reload', ...reload));
    expect(install('--uninstall', '--dry-run')).toEqual(said('systemctl disable --now -- shop.service'));
    stop('nginx');
    stop('shop.service');
    expect(install('--dry-run')).toEqual(said('systemctl start -- shop.service', ...start));
    expect(install('--uninstall', '--dry-run').out).not.toMatch(/systemctl .*nginx/);
    expect(install('--uninstall').asked).toEqual(['disable --now -- shop.service', 'daemon-reload']);
  });

  it('says what to do where Nginx does not like what is left, and that the service is not to blame', () => {
    put('broken-site', '');
    const { out, status, asked } = install();
    expect([status, asked]).toEqual([1, ALL.slice(0, -1)]);
    expect(out).toMatch(
      /\nNginx does not like its configuration .* goes on with the one it has read, but it would not start at the next boot\. Mend the file in files\/ .*\n$/,
    );
    const gone = install('--uninstall');
    expect(gone.status).toBe(1);
    expect(gone.out).toMatch(/Files and links removed: \d+\.\nNginx does not like .* then: systemctl reload nginx\n$/);
  });

  it('has what was changed on the server read anew, once files/ says the same', () => {
    install();
    put('srv/shop/uwsgi.ini', '[uwsgi]\nprocesses = 9\n');
    put('from/files/srv/shop/uwsgi.ini', '[uwsgi]\nprocesses = 9\n');
    expect(install().asked).toContain('restart -- shop.service');
    expect(install().asked).not.toContain('restart -- shop.service');
  });

  it('where a port is taken, says by whom', () => {
    put('taken', '');
    rmSync(join(root, 'running/nginx'));
    put('stubs/journalctl', '#!/bin/bash\necho "nginx: [emerg] bind() to 0.0.0.0:8099 failed (98: Address already in use)"\n', 0o755);
    put('stubs/ss', `#!/bin/bash\n[[ $* != *:8099* ]] || echo '${TAKEN}'\n`, 0o755);
    const said = 'Nginx did not start, because python3 (see: systemctl status 4711) listens at 0.0.0.0:8099 already. ';
    expect(install()).toMatchObject({ status: 1, out: expect.stringContaining(said) });
    put('stubs/journalctl', '', 0o755);
    expect(install()).toMatchObject({ status: 1, out: expect.stringContaining('Nginx did not start. Look:  journalctl -u nginx\n') });
  });

  it('where a port is taken as Nginx is to read its files anew, says by whom, and goes on trying', async () => {
    const worker = 'exec -a "nginx: worker process" sleep 600';
    const main = spawn('bash', ['-c', `(${worker}) & echo; wait`], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    const end = async () => {
      if (main.signalCode !== null) return;
      process.kill(-(main.pid ?? 0));
      await once(main, 'exit');
    };
    onTestFinished(end);
    await once(main.stdout, 'data');
    const log = 'bind() to 0.0.0.0:8099 failed (98: Address already in use)';
    put('var/log/nginx/error.log', `[emerg] ${log.replace('8099', '80')}\n[emerg] still could not bind()\n`);
    const reload = `printf '[emerg] %s\\n' '${log}' 'still could not bind()' >>/var/log/nginx/error.log`;
    put('stubs/systemctl', `${SYSTEMCTL}case $1 in show) echo ${main.pid} ;; reload-or-restart) ${reload} ;; esac\n`, 0o755);
    const failed = { status: 1, asked: ALL };
    put('stubs/ss', `#!/bin/bash\n[[ $* != *:8099* ]] || echo '${TAKEN}'\n`, 0o755);
    const said =
      /\nNginx goes on with the settings that it had, because python3 \(see: systemctl status 4711\) listens at 0\.0\.0\.0:8099 already\. Stop that, and run \.\/install\.sh again\.\n$/;
    expect(install()).toEqual({ ...failed, out: expect.stringMatching(said) });
    expect(install()).toMatchObject(failed);
    // who hears of it has read them
    await end();
    expect(install()).toMatchObject({ status: 0, asked: ALL });
  });

  it('where no systemd runs, says how to start it by hand', () => {
    rmSync(join(root, 'run/systemd'), { recursive: true });
    put('etc/tmpfiles.d/shop.conf', '# x\nd /run/own 0750 shop www-data -\nd /run/more - - -\n');
    const { status, out, asked } = install();
    expect([status, asked]).toEqual([0, ['']]);
    expect(out).toMatch(
      /By hand, as root:\n {4}install -d -m 0750 -o shop -g www-data \/run\/own\n {4}install -d -m 755 -o root -g root \/run\/more\n {4}install -d -o www-data -g www-data \/run\/shop\n {4}runuser -u www-data -g www-data -- \/usr\/bin\/uwsgi --ini \/srv\/shop\/uwsgi\.ini &\n {4}nginx {4}# or, where it runs: nginx -s reload\n$/,
    );
  });
});
