/** A sandbox as checks and recordings use it, in real processes: what they find, and that nothing they start stays behind. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROGRAM_NAMES } from '../../sandboxes/programs/names.ts';
import { runCheck } from '../../src/checks/index.ts';
import { type Check, lesson } from '../../src/lesson/format.ts';
import { at } from './paths.ts';
import { Play } from './play.ts';

const HELP = { nudge: 'Look at it, please', hint: 'Make it so, please', exact: 'Type `so`' };
const check = (fields: Readonly<Record<string, unknown>>): Check =>
  lesson.shape.checks.parse([{ id: 'it', text: 'It is so', ...HELP, ...fields }])[0] as Check;

const calm = (): AbortSignal => AbortSignal.timeout(20_000);

describe('the target of checks', () => {
  let play: Play;
  beforeAll(async () => {
    play = await Play.open([{ program: 'nginx', args: ['-g', 'daemon off;'] }], []);
  });
  afterAll(() => play.close());

  test('files: text, or null for what is not there; a directory is neither', async () => {
    expect(await play.target.readFile('/srv/shop/uwsgi.ini')).toMatch(/^\[uwsgi\]\n/);
    expect(await play.target.readFile('/srv/shop/none.ini')).toBeNull();
    expect(await play.target.readFile('/srv/none/uwsgi.ini')).toBeNull();
    expect(await play.target.readFile('/srv/shop/uwsgi.ini/x')).toBeNull();
    await expect(play.target.readFile('/srv/shop')).rejects.toThrow('Is a directory');
  });

  test('a request that nobody hears has a reason, and later an answer', async () => {
    expect(await play.target.request('/', calm())).toEqual({ failed: expect.stringMatching(/refused/) });
    await play.start();
    expect(await play.target.request('/static/site.css', calm())).toMatchObject({ status: 200, body: expect.stringContaining('{') });
  });

  test('commands: exit code and all output; standard input is empty', async () => {
    expect(await play.target.run('echo one; ls /nowhere', calm())).toEqual({
      exit: 2,
      output: expect.stringMatching(/^one\nls: .*nowhere/),
    });
    expect(await play.target.run('cat', calm())).toEqual({ exit: 0, output: '' });
  });

  test('a command that does not end is given up, and ended', async () => {
    const stuck = check({ kind: 'command', run: 'curl -s http://localhost/ & wait; sleep 600' });
    const before = play.sandbox.log.arrivals.length;
    expect(await runCheck(stuck, play.target, 1500)).toMatchObject({ passed: false, found: 'Given up: it took longer than 1.5 seconds.' });
    const since = () => play.sandbox.log.arrivals.slice(before);
    await play.sandbox.until(() => {
      const started = since().filter(({ type }) => type === 'process.start');
      const ended = new Set(since().flatMap(({ type, pid }) => (type === 'process.exit' ? [pid] : [])));
      return started.length > 0 && started.every(({ pid }) => ended.has(pid));
    }, 10_000);
  });

  test('what happened is known by its events', async () => {
    const { found } = await runCheck(check({ kind: 'event', type: 'process.start', where: { program: 'nginx' } }), play.target);
    expect(Number(found)).toBeGreaterThan(0);
  });
});

describe('steps', () => {
  test('a restart reads the files anew and waits for all workers; a respawn is waited for though it came early', {
    timeout: 120_000,
  }, async () => {
    const start = [
      { program: 'uwsgi', args: ['--ini', '/srv/shop/uwsgi.ini'] },
      { program: 'nginx', args: ['-g', 'daemon off;'] },
    ];
    const play = await Play.open(start, []);
    const ready = () => play.sandbox.events.filter(({ type }) => type === 'uwsgi.ready').length;
    try {
      await play.start();
      expect(ready()).toBe(4);
      const ini = (await play.target.readFile('/srv/shop/uwsgi.ini')) ?? '';
      await play.sandbox.writeFile('/srv/shop/uwsgi.ini', ini.replace('processes = 4', 'workers = 2'));
      const two = check({ kind: 'config', path: '/srv/shop/uwsgi.ini', option: 'processes', matches: '^2$' });
      const four = check({ kind: 'event', type: 'uwsgi.ready', distinct: 'worker', atLeast: 4 });
      expect(await play.failing([two, four], 0)).toEqual([expect.stringContaining('uwsgi.ini has not been read yet')]);
      await play.restart();
      expect(ready()).toBe(6);
      // the four of before the restart say nothing about now
      expect(await play.failing([two, four], 0)).toEqual([expect.stringContaining('it: found "2"')]);
      const [worker] = play.sandbox.events.flatMap((event) => (event.type === 'uwsgi.ready' ? [event.pid] : [])).slice(-1);
      // The master looks round once a second: the respawn comes while the first command still runs.
      await play.solve([{ run: `kill -9 ${worker}; sleep 3` }, { wait: 'uwsgi.respawn' }, { send: '/', count: 3, inTurn: true }]);
      expect(await play.failing([check({ kind: 'http', url: '/', matches: '^200 Hello' })], 5000)).toEqual([]);
      expect(await play.failing([check({ kind: 'http', url: '/none', status: 200 })], 0)).toEqual([
        expect.stringMatching(/^it: found "404 /),
      ]);
    } finally {
      play.close();
    }
  });
});

test('the programs are those that can be started: each folder with a main.ts is in the registry', () => {
  expect(PROGRAM_NAMES).toContain('uwsgi');
  expect(PROGRAM_NAMES).toContain('apt-get');
  const folder = at('sandboxes/programs');
  const folders = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'main.ts')));
  const registry = ['python', 'plain'].map((part) => readFileSync(join(folder, `registry-${part}.ts`), 'utf8')).join('');
  for (const name of folders) expect(registry).toContain(`import ${name} from './${name}/main.ts';`);
  // a name of its own, or other names for the same program
  for (const name of folders) expect(PROGRAM_NAMES.has(name) || registry.includes(`: ${name},`), name).toBe(true);
});
