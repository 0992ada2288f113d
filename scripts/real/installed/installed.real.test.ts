/**
 * What a learner downloads, on a real server: for each lesson the zip is unpacked, installed by its own install.sh and started by the
 * real systemd in a private copy of this machine, with the real Nginx and uWSGI; then the lesson's checks are asked of it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CheckTarget, runCheck } from '../../../src/checks/index.ts';
import type { Check, LessonData } from '../../../src/lesson/format.ts';
import type { Changes } from '../../../src/runtime/changes.ts';
import { text } from '../../../src/workspace/zip/testing.ts';
import { fetchWheels } from '../../engine/wheels.ts';
import { lessonFolders, readLesson } from '../../lib/lesson.ts';
import { noWheels } from '../../lib/wheelhouse.ts';
import { inPrivateMachine, type PrivateMachine, type Ran, whyNoMachine } from './machine.ts';
import { folderOf, solutionZip, workZip } from './zips.ts';

const PLUGIN = '/usr/lib/uwsgi/plugins/python3_plugin.so';
const PROGRAMS = ['/usr/sbin/nginx', '/usr/bin/uwsgi', PLUGIN, '/usr/bin/unzip', '/usr/bin/curl'];
const missing = PROGRAMS.filter((path) => !existsSync(path));
const whyNot = missing.length > 0 ? `not installed: ${missing.join(', ')}` : whyNoMachine();
const hasVenv = spawnSync('/usr/bin/python3', ['-c', 'import ensurepip']).status === 0;
const noPackages = hasVenv ? await noWheels() : 'not installed: python3-venv';

/** A reload takes a moment, and on a busy machine a long one. */
const SOON_MS = 10_000;

/** Lessons whose start is not meant to run: nothing is there yet, or it has faults to find. */
const NOT_AT_START: readonly string[] = ['12-dependencies', '13-closing-the-gap'];

/** Checks that look at something else than what was installed. */
const OF_THE_SANDBOX: Readonly<Record<string, string>> = {
  'closing-the-gap/nobody-lost': 'it reads what the load in the sandbox has left',
  'keep-it-up/load': 'ab is no part of a server',
  'keep-it-up/memory': 'uwsgitop is no part of a server',
};

const LESSONS = lessonFolders()
  .map((folder) => {
    const { data } = readLesson(folder);
    const why = whyNot ?? (data.wheels.length > 0 ? noPackages : null);
    return { name: why === null ? basename(folder) : `${basename(folder)} (skipped: ${why})`, folder, data, skipped: why !== null };
  })
  // those with Python packages take longest, so they begin
  .sort((a, b) => b.data.wheels.length - a.data.wheels.length);

describe.concurrent.each(LESSONS)('$name', ({ folder, data, skipped }) => {
  test.skipIf(skipped)('installs, answers, stays as it is, and goes without a trace', { timeout: 180_000 }, () =>
    inPrivateMachine(async (machine) => {
      expect(await machine.run('systemctl start nginx')).toEqual({ status: 0, output: '' });
      const install = installerOf(machine, folder);
      const before = machine.differences();

      if (!NOT_AT_START.includes(basename(folder))) {
        expect(await install(await workZip(folder, data, {}))).toMatchObject({ status: 0, output: expect.stringContaining('Installed: ') });
        expect(
          await failing(
            machine,
            folder,
            data.checks.filter(({ keeps }) => keeps),
          ),
          'at the start',
        ).toEqual([]);
      }

      const solved = await solutionZip(folder, data);
      const now = machine.differences();
      expect(await install(solved, '--dry-run')).toMatchObject({ status: 0, output: expect.stringContaining('Nothing was done.') });
      expect(machine.differences()).toEqual(now);
      expect(await install(null)).toMatchObject({ status: 0, output: expect.stringContaining('Installed: ') });
      await visit(machine, data);
      expect(await failing(machine, folder, data.checks), 'with the solution').toEqual([]);

      const installed = machine.differences();
      expect(await install(null)).toMatchObject({ status: 0, output: expect.stringContaining('Nothing to do: everything is in place.') });
      expect(machine.differences()).toEqual(installed);

      const deployed = existsSync(machine.outside('/srv/shop/app/.git'));
      if (deployed) await push(machine, install);
      expect(await install(null, '--uninstall')).toMatchObject({ status: 0, output: expect.stringContaining('Files and links removed: ') });
      // what git has changed stays, whole
      if (deployed) expect((await machine.run(`${FSCK} && rm -r /srv/shop /var/lib/git/shop.git`)).status).toBe(0);
      expect(machine.differences()).toEqual(before);
    }),
  );
});

const FSCK = 'git -C /srv/shop/app fsck && git -C /var/lib/git/shop.git fsck';

/** Somebody works with the clone that was installed. What install.sh has to do is then no less and no more than before. */
async function push(machine: PrivateMachine, install: (zip: null) => Promise<Ran>): Promise<void> {
  const work =
    'cd /srv/shop/app && git -c user.name=me -c user.email=me@localhost commit --quiet --allow-empty -m more && git push --quiet';
  expect(await machine.run(work)).toMatchObject({ status: 0 });
  const { status, output } = await install(null);
  expect([status, output]).toEqual([0, expect.stringContaining('Nothing to do: everything is in place.')]);
  for (const path of ['/srv/shop/app', '/var/lib/git/shop.git']) expect(output).toContain(`left: ${path} is as git has changed it`);
}

const noFrameworks = whyNot ?? noPackages;
test.skipIf(noFrameworks !== null)(
  `the shop of lesson 3 on Django and on Pyramid${noFrameworks === null ? '' : ` (skipped: ${noFrameworks})`}`,
  { timeout: 180_000 },
  () =>
    inPrivateMachine(async (machine) => {
      const folder = lessonFolders().find((one) => one.endsWith('03-gateway')) ?? '';
      const { data } = readLesson(folder);
      const install = installerOf(machine, folder);
      const ini = readFileSync(join(folder, 'solution/srv/shop/uwsgi.ini'), 'utf8');
      for (const [name, module] of Object.entries({ Django: 'shop_django.wsgi:application', Pyramid: 'shop_pyramid:application' })) {
        const changes = { ...(await environment('/srv/shop/venv')), '/srv/shop/uwsgi.ini': text(ini.replace('shop_flask:app', module)) };
        expect(await install(await workZip(folder, data, changes))).toMatchObject({ status: 0 });
        const framework = data.checks.filter(({ id }) => id === 'framework-answers' || id === 'same-shop');
        expect(await failing(machine, folder, framework)).toEqual([]);
        expect((await machine.run('curl -s http://localhost/')).output).toContain(`${name}</p>`);
      }
      // a package that cannot be had here takes nothing away
      const wanted = '/srv/shop/requirements.txt';
      const more = await machine.run(`cd /tmp/${folderOf(folder)} && echo requests==2.32.3 >>files${wanted} && ./install.sh`);
      expect(more).toMatchObject({ status: 1, output: expect.stringContaining(`- The packages of ${wanted}.`) });
      expect((await machine.run('curl -s http://localhost/')).output).toContain('Pyramid</p>');
      expect(await machine.run('ls -d /srv/shop/venv* && /srv/shop/venv/bin/pip --version')).toMatchObject({
        output: expect.stringMatching(/^\/srv\/shop\/venv\npip .* from \/srv\/shop\/venv\//),
      });
    }),
);

/** An environment with all the packages that the course has, as pip leaves it behind in the sandbox. */
async function environment(path: string): Promise<Changes> {
  const { wheels } = await fetchWheels();
  const installed = wheels.map(({ file }) => `lib/python3.14/site-packages/${file.split('-').slice(0, 2).join('-')}.dist-info/METADATA`);
  return Object.fromEntries(['pyvenv.cfg', ...installed].map((file) => [`${path}/${file}`, text('')]));
}

/** A lesson with a site and an app, for a machine whose Nginx runs already. */
async function whichWorker(machine: PrivateMachine) {
  const folder = lessonFolders().find((one) => one.endsWith('11-which-worker')) ?? '';
  await machine.run('systemctl start nginx');
  return { folder, data: readLesson(folder).data, install: installerOf(machine, folder) };
}

/** What a learner may leave behind: mistakes in the app and in the site. */
const BROKEN: Changes = {
  '/srv/shop/app/wsgi.py': text('def application(environ, start_response)\n'),
  '/etc/nginx/sites-enabled/shop': text('server {\n    listen 80\n}\n'),
};

test.skipIf(whyNot !== null)(
  `what is broken is said, and mended by the next zip${whyNot === null ? '' : ` (skipped: ${whyNot})`}`,
  { timeout: 180_000 },
  () =>
    inPrivateMachine(async (machine) => {
      const { folder, data, install } = await whichWorker(machine);
      const broken = await install(await workZip(folder, data, BROKEN));
      expect(broken.status).toBe(1);
      // the word of Python, that of Nginx, and at the end what to do
      expect(broken.output).toMatch(/SyntaxError: [^]*wsgi|wsgi[^]*SyntaxError: /);
      expect(broken.output).toContain('/etc/nginx/sites-enabled/shop:3');
      expect(broken.output).toMatch(/\nshop\.service did not start\. [^]*\nNginx does not like its configuration .*\n$/);
      // who visits at once sees the site
      const mended = await install(await workZip(folder, data, {}), '&& curl -s http://localhost/');
      expect(mended).toMatchObject({ status: 0, output: expect.stringContaining('Installed: 2 changes') });
      expect(mended.output).not.toContain('Welcome to nginx');
      expect(
        await failing(
          machine,
          folder,
          data.checks.filter(({ keeps }) => keeps),
        ),
      ).toEqual([]);
    }),
);

test.skipIf(whyNot !== null)(
  `a port that another program has is said, and the site is there once it is free${whyNot === null ? '' : ` (skipped: ${whyNot})`}`,
  { timeout: 60_000 },
  () =>
    inPrivateMachine(async (machine) => {
      const { folder, data, install } = await whichWorker(machine);
      expect(await install(await workZip(folder, data, {}))).toMatchObject({ status: 0 });
      const other = 'systemd-run --quiet --unit=other /usr/bin/python3 -m http.server 8098';
      expect(await machine.run(`${other} && until curl -s http://localhost:8098/; do sleep 0.05; done`)).toMatchObject({ status: 0 });
      const site = await machine.run("sed -i 's/listen 80\\b/listen 8098/' /tmp/shop-*/files/etc/nginx/sites-enabled/shop");
      expect(site).toEqual({ status: 0, output: '' });
      const taken = await install(null);
      expect(taken).toMatchObject({ status: 1 });
      expect(taken.output).toMatch(
        /\nNginx goes on with the settings that it had, because python3 \(see: systemctl status \d+\) listens at 0\.0\.0\.0:8098 already\. .*\n$/,
      );
      expect((await machine.run('curl -s http://localhost/')).output).toContain('Hello from worker');
      await machine.run('systemctl stop other');
      expect(await install(null)).toMatchObject({ status: 0, output: expect.stringContaining('read them anew: nginx\n') });
      expect((await machine.run('curl -s http://localhost:8098/')).output).toContain('Hello from worker');
    }),
);

/** A package as that of uWSGI's plugin, which needs another, and the other. */
const BUILD = `set -e; cd /tmp; mkdir -p plugin/DEBIAN plugin/usr/lib/uwsgi/plugins needed/DEBIAN; REAL=$(realpath $PLUGIN); cp $REAL plugin$REAL; [[ -e plugin$PLUGIN ]] || ln -s $REAL plugin$PLUGIN
control() { printf 'Package: %s\\nVersion: 99\\nArchitecture: all\\nMaintainer: x\\nDescription: x\\n' "$1"; }
{ control uwsgi-plugin-python3; echo 'Depends: shop-needed'; } >plugin/DEBIAN/control; control shop-needed >needed/DEBIAN/control
for one in plugin needed; do dpkg-deb -b $one; done; dpkg --purge uwsgi-plugin-python3`;
const noPackager = whyNot ?? (existsSync('/usr/bin/apt-get') ? null : 'there is no apt-get');

test.skipIf(noPackager !== null)(
  `packages that were brought are installed together or not at all${noPackager === null ? '' : ` (skipped: ${noPackager})`}`,
  { timeout: 60_000 },
  () =>
    inPrivateMachine(async (machine) => {
      const folder = lessonFolders().find((one) => one.endsWith('11-which-worker')) ?? '';
      const install = installerOf(machine, folder);
      expect(await machine.run(`PLUGIN=${PLUGIN}; ${BUILD}`)).toMatchObject({ status: 0 });
      expect((await install(await workZip(folder, readLesson(folder).data, {}))).status).toBe(1);
      const bring = (deb: string) => machine.run(`cd /tmp/${folderOf(folder)} && mkdir -p packages && mv /tmp/${deb}.deb packages/`);
      await bring('plugin');
      expect(await install(null)).toMatchObject({
        status: 1,
        output: expect.stringMatching(/Depends: shop-needed [^]*\n- The packages uwsgi-/),
      });
      expect(existsSync(machine.outside(PLUGIN))).toBe(false);
      await bring('needed');
      expect(await install(null)).toMatchObject({ status: 0, output: expect.stringContaining('Installed: 2 changes') });
      expect((await machine.run('curl -si http://localhost/')).output).toMatch(/^HTTP\/1.1 200 /);
      const { output } = await install(null, '--uninstall');
      expect(output).toContain('and stay:  sudo apt-get remove shop-needed uwsgi-plugin-python3\n');
    }),
);

test.skipIf(whyNot !== null)(
  `a private machine reaches none of this one's devices${whyNot === null ? '' : ` (skipped: ${whyNot})`}`,
  { timeout: 60_000 },
  () =>
    inPrivateMachine(async (machine) => {
      const devices = await machine.run('cd /dev && find . -xdev -type b -o -type c | sort && mknod /tmp/disk b 8 0');
      expect(devices.output).toMatch(/^(\.\/(full|null|random|tty|urandom|zero)\n)*mknod: \/tmp\/disk: Operation not permitted\n$/);
    }),
);

/** Unpacks a zip where there is one, and runs its install.sh. */
function installerOf(machine: PrivateMachine, folder: string): (zip: Uint8Array | null, option?: string) => Promise<Ran> {
  const name = folderOf(folder);
  return async (zip, option = '') => {
    if (zip !== null) {
      await machine.run('cat >/tmp/shop.zip', zip);
      expect(await machine.run(`cd /tmp && rm -rf ${name} && unzip -q shop.zip`)).toEqual({ status: 0, output: '' });
    }
    return machine.run(`cd /tmp/${name} && ./install.sh ${option}`);
  };
}

/** The requests of the solution that commands of checks look for the traces of. */
async function visit(machine: PrivateMachine, { solution, checks }: LessonData): Promise<void> {
  if (!checks.some(({ kind }) => kind === 'command')) return;
  for (const step of solution) {
    if (!('send' in step)) continue;
    for (let i = 0; i < step.count; i++) await machine.run(`curl -s 'http://localhost${step.send}'`);
  }
}

/** The checks that do not pass. A reload takes a moment, in which the old workers still answer. */
async function failing(machine: PrivateMachine, folder: string, checks: readonly Check[]): Promise<string[]> {
  const target = targetOf(machine);
  const failures: string[] = [];
  const end = performance.now() + SOON_MS;
  for (const check of checks) {
    const name = `${basename(folder).replace(/^\d+-/, '')}/${check.id}`;
    // of what happens inside, the real programs give no such account
    if (check.kind === 'event' || OF_THE_SANDBOX[name]) continue;
    let { passed, found } = await runCheck(check, target);
    while (!passed && performance.now() < end) ({ passed, found } = await runCheck(check, target));
    if (!passed) failures.push(`${name}: found ${JSON.stringify(found)}`);
  }
  return failures;
}

function targetOf(machine: PrivateMachine): CheckTarget {
  return {
    readFile: async (path) => (existsSync(machine.outside(path)) ? readFileSync(machine.outside(path), 'utf8') : null),
    events: () => [],
    unread: async () => [],
    async run(command) {
      const { status, output } = await machine.run(`cd /root; ${command}`);
      return { exit: status, output };
    },
    async request(url) {
      const { status, output } = await machine.run(`curl -sS -i --path-as-is 'http://localhost${url}'`);
      if (status !== 0) return { failed: output };
      const [head = '', ...body] = output.split('\r\n\r\n');
      const [first = '', ...lines] = head.split('\r\n');
      const headers = lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      });
      return { status: Number(first.split(' ')[1]), headers, body: body.join('\r\n\r\n') };
    },
  };
}
