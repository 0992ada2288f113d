import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../sandboxes/host/events.ts';
import type { Check } from '../lesson/format.ts';
import { lesson } from '../lesson/format.ts';
import { type Answer, type CheckTarget, configValue, runCheck, runChecks } from './index.ts';

const HELP = { nudge: 'Look at it, please', hint: 'Make it so, please', exact: 'Type `so`' };

/** A check as a lesson has it: through the schema, so that defaults are there. */
function check(fields: Readonly<Record<string, unknown>>): Check {
  return lesson.shape.checks.parse([{ id: 'it', text: 'It is so', ...HELP, ...fields }])[0] as Check;
}

interface Scene {
  files?: Readonly<Record<string, string>>;
  answer?: Answer | Promise<Answer>;
  command?: { exit: number; output: string };
  events?: readonly object[];
  unread?: readonly string[];
}

/** A target in which exactly this is the case. What is not there rejects, as a sandbox that is gone does. */
function target({ files = {}, answer, command, events = [], unread = [] }: Scene): CheckTarget {
  const gone = () => Promise.reject(new Error('The sandbox was closed.'));
  return {
    readFile: async (path) => files[path] ?? null,
    request: async () => answer ?? gone(),
    run: async () => command ?? gone(),
    events: () => events as readonly TraceEvent[],
    unread: async () => unread,
  };
}

const outcome = async (fields: Readonly<Record<string, unknown>>, scene: Scene) => {
  const { passed, found } = await runCheck(check(fields), target(scene));
  return [passed, found];
};

describe('file', () => {
  const files = { '/etc/motd': 'Hello\nthere\n', '/etc/empty': '' };
  test.each([
    [{ path: '/etc/motd' }, true, 'Hello\nthere'],
    [{ path: '/etc/empty' }, true, ''],
    [{ path: '/etc/none' }, false, '(missing)'],
    [{ path: '/etc/none', lacks: 'x' }, false, '(missing)'],
    [{ path: '/etc/none', matches: 'missing' }, false, '(missing)'],
    [{ path: '/etc/none', exists: false }, true, '(missing)'],
    [{ path: '/etc/motd', exists: false }, false, 'Hello\nthere'],
    [{ path: '/etc/motd', matches: '^there$' }, true, 'Hello\nthere'],
    [{ path: '/etc/motd', matches: '^her' }, false, 'Hello\nthere'],
    [{ path: '/etc/motd', lacks: 'world' }, true, 'Hello\nthere'],
    [{ path: '/etc/motd', matches: 'Hello', lacks: 'there' }, false, 'Hello\nthere'],
  ])('%o', async (fields, passed, found) => {
    expect(await outcome({ kind: 'file', ...fields }, { files })).toEqual([passed, found]);
  });
});

describe('config', () => {
  const path = '/srv/shop/uwsgi.ini';
  const ini =
    '[uwsgi]\nprocesses = 2\nmaster\nbase = /srv\nchdir = %(base)/%n ; here\nworkers = 8 ; as many as rooms\n[other]\nlisten = 5\n';

  test('reads as uWSGI does: last line or every line of a list, whole rest of it, its other name, placeholders, its section', () => {
    expect(configValue(ini, path, 'processes')).toBe('8 ; as many as rooms');
    expect(configValue(ini, path, 'workers')).toBe('8 ; as many as rooms');
    expect(configValue(ini, path, 'chdir')).toBe('/srv/uwsgi ; here');
    expect(configValue(ini, path, 'master')).toBe('true');
    expect(configValue(ini, path, 'listen')).toBeNull();
    const lists =
      '[uwsgi]\nplugin = python3\nplugins = http\npp = /a\nsocket = /s\nchdir = /a\nchdir = /b\nuwsgi-socket = :1\npythonpath = /b\n';
    expect(configValue(lists, path, 'plugin')).toBe('python3\nhttp');
    expect(configValue(lists, path, 'python-path')).toBe('/a\n/b');
    expect(configValue(lists, path, 'socket')).toBe('/s\n:1');
    expect(configValue(lists, path, 'chdir')).toBe('/b');
    expect(configValue('processes = 8', path, 'processes')).toBeNull();
  });

  test.each([
    [{ option: 'master' }, true, 'true'],
    [{ option: 'processes', matches: '^8$' }, false, '8 ; as many as rooms'],
    [{ option: 'processes', lacks: ';' }, false, '8 ; as many as rooms'],
    [{ option: 'lazy-apps' }, false, '(missing)'],
    [{ option: 'lazy-apps', matches: 'missing' }, false, '(missing)'],
    [{ option: 'lazy-apps', lacks: '^true$' }, true, '(missing)'],
    [{ option: 'lazy-apps', lacks: 'true', path: '/none.ini' }, false, '(missing)'],
  ])('%o', async (fields, passed, found) => {
    expect(await outcome({ kind: 'config', path, ...fields }, { files: { [path]: ini } })).toEqual([passed, found]);
  });
});

describe('http', () => {
  const answer = {
    status: 200,
    headers: [
      ['Server', 'nginx'],
      ['X-A', '1'],
      ['x-a', '2'],
    ],
    body: 'Hello from worker 3\n',
  } as const;
  const refused = { failed: 'localhost refused to connect' };
  test.each([
    [{}, answer, true, '200 Hello from worker 3'],
    [{ status: 200, matches: '^200 Hello' }, answer, true, '200 Hello from worker 3'],
    [{ status: 200, matches: 'worker 4' }, answer, false, '200 Hello from worker 3'],
    [{ status: 502 }, answer, false, '200 Hello from worker 3'],
    [{ header: 'server', matches: '^200 nginx$' }, answer, true, '200 nginx'],
    [{ header: 'X-a' }, answer, true, '200 1, 2'],
    [{ header: 'server', lacks: 'nginx' }, answer, false, '200 nginx'],
    [{ header: 'etag' }, answer, false, '200 (missing)'],
    [{ header: 'etag', lacks: '.' }, answer, true, '200 (missing)'],
    [{}, refused, false, '0 localhost refused to connect'],
    [{ lacks: '502' }, refused, false, '0 localhost refused to connect'],
    [{ status: 200, matches: 'refused' }, refused, false, '0 localhost refused to connect'],
    [{ matches: '^0 .*refused' }, refused, true, '0 localhost refused to connect'],
    [{ status: 0 }, refused, true, '0 localhost refused to connect'],
  ])('%o of %o', async (fields, got, passed, found) => {
    expect(await outcome({ kind: 'http', url: '/', ...fields }, { answer: got })).toEqual([passed, found]);
  });

  test('a request that nobody answers is found as such, and has the hints of the lesson', async () => {
    const hints = [{ when: '^0 No answer', say: 'Somebody is still busy' }];
    const silent = target({ answer: new Promise<Answer>(() => {}) });
    expect(await runCheck(check({ kind: 'http', url: '/', matches: '^0 ', hints }), silent, 20)).toEqual({
      id: 'it',
      passed: false,
      found: '0 No answer came within 0.02 seconds.',
      hint: 'Somebody is still busy',
      exact: 'Type `so`',
    });
  });
});

describe('config, of a file that no server has read', () => {
  const files = { '/etc/a.ini': '[uwsgi]\nprocesses = 8\n' };
  const eight = check({ kind: 'config', path: '/etc/a.ini', option: 'processes', matches: '^8$' });
  test('does not pass, and says what to do instead of the lesson’s hint', async () => {
    expect(await runCheck(eight, target({ files, unread: ['/etc/a.ini'] }))).toEqual({
      id: 'it',
      passed: false,
      found: '8',
      hint: 'Press Restart servers: a.ini has not been read yet. If they do not start, the server log says why.',
      exact: null,
    });
  });
  test('passes when it is another file, and a wrong value keeps the lesson’s hint', async () => {
    expect(await runCheck(eight, target({ files, unread: ['/etc/b.ini'] }))).toMatchObject({ passed: true });
    const wrong = { '/etc/a.ini': '[uwsgi]\nprocesses = 7\n' };
    expect(await runCheck(eight, target({ files: wrong, unread: ['/etc/a.ini'] }))).toMatchObject({ hint: 'Make it so, please' });
  });
});

describe('command', () => {
  const command = { exit: 1, output: 'nginx: [emerg] unknown directive\nfailed\n' };
  test.each([
    [{}, true],
    [{ exit: 1 }, true],
    [{ exit: 0 }, false],
    [{ exit: 1, matches: '^failed$' }, true],
    [{ matches: '^exit 1$' }, true],
    [{ exit: 1, lacks: 'emerg' }, false],
  ])('%o', async (fields, passed) => {
    expect(await outcome({ kind: 'command', run: 'nginx -t', ...fields }, { command })).toEqual([
      passed,
      'exit 1\nnginx: [emerg] unknown directive\nfailed',
    ]);
  });
});

describe('event', () => {
  const events = [
    { type: 'uwsgi.ready', pid: 1, worker: 1 },
    { type: 'uwsgi.ready', pid: 2, worker: 2 },
    { type: 'uwsgi.ready', pid: 3, worker: 2 },
    { type: 'process.exit', pid: 2, code: null, signal: 'SIGKILL' },
  ];
  test.each([
    [{ type: 'uwsgi.ready' }, true, '3'],
    [{ type: 'uwsgi.ready', atLeast: 4 }, false, '3'],
    [{ type: 'uwsgi.ready', distinct: 'worker', atLeast: 3 }, false, '2'],
    [{ type: 'uwsgi.ready', distinct: 'worker', atLeast: 2 }, true, '2'],
    [{ type: 'uwsgi.ready', where: { worker: 2 }, atLeast: 2 }, true, '2'],
    [{ type: 'process.exit', where: { signal: 'SIGKILL', code: null } }, true, '1'],
    [{ type: 'process.exit', where: { signal: 'SIGTERM' } }, false, '0'],
    [{ type: 'uwsgi.respawn' }, false, '0'],
  ])('%o', async (fields, passed, found) => {
    expect(await outcome({ kind: 'event', ...fields }, { events })).toEqual([passed, found]);
  });
});

describe('results', () => {
  const hints = [
    { when: '^8 .', say: 'Leave only the number' },
    { when: 'four', say: 'Write a number' },
    { when: 'comment$', say: 'No comments at the end' },
  ];
  const hintFor = async (line: string) => {
    const one = check({ kind: 'config', path: '/a.ini', option: 'processes', matches: '^8$', hints });
    return (await runCheck(one, target({ files: { '/a.ini': `[uwsgi]\n${line}\n` } }))).hint;
  };

  test('the first hint that fits what was found, else the general one, none when all is well', async () => {
    expect(await hintFor('processes = 8 ; four')).toBe('Leave only the number');
    expect(await hintFor('processes = four')).toBe('Write a number');
    expect(await hintFor('processes = 4')).toBe('Make it so, please');
    expect(await hintFor('processes = 8')).toBeNull();
  });

  test('the line to type is that of the hint, else that of the check; what the hint says in full needs none', async () => {
    const own = [{ when: 'four', say: 'Write a number', exact: 'Write `8`' }];
    const exactFor = async (line: string, hints: readonly object[]) => {
      const one = check({ kind: 'config', path: '/a.ini', option: 'processes', matches: '^8$', hints });
      return (await runCheck(one, target({ files: { '/a.ini': `[uwsgi]\n${line}\n` } }))).exact;
    };
    expect(await exactFor('processes = four', own)).toBe('Write `8`');
    expect(await exactFor('processes = 4', own)).toBe('Type `so`');
    expect(await exactFor('processes = 8', own)).toBeNull();
    expect((await runCheck(check({ kind: 'command', run: 'ps' }), target({}))).exact).toBeNull();
  });

  test('hints see all that was found, the display is short', async () => {
    expect(await hintFor(`processes = ${'x'.repeat(500)} comment`)).toBe('No comments at the end');
    const { found } = await runCheck(check({ kind: 'file', path: '/long' }), target({ files: { '/long': '🦉'.repeat(500) } }));
    expect(found).toBe(`${'🦉'.repeat(159)}…`);
  });

  test('what breaks is a failed check with a reason, and the next ones are made', async () => {
    const heard: string[] = [];
    const checks = [
      check({ kind: 'command', run: 'ps' }),
      check({ kind: 'http', url: '/', id: 'web' }),
      check({ kind: 'event', type: 'log', id: 'log' }),
    ];
    const results = await runChecks(checks, target({ events: [{ type: 'log' }] }), ({ id, passed }) => heard.push(`${id} ${passed}`));
    expect(heard).toEqual(['it false', 'web false', 'log true']);
    expect(results.map(({ id }) => id)).toEqual(['it', 'web', 'log']);
    expect(results[0]).toMatchObject({
      found: 'This could not be checked: The sandbox was closed.',
      hint: expect.stringContaining('sandbox runs'),
    });
  });

  test('a command that does not end is given up, and told so', async () => {
    const { promise: told, resolve } = Promise.withResolvers<boolean>();
    const stuck: CheckTarget = {
      ...target({}),
      run: (_, signal) => {
        signal.addEventListener('abort', () => resolve(true));
        return new Promise(() => {});
      },
    };
    const result = await runCheck(check({ kind: 'command', run: 'sleep 99' }), stuck, 20);
    expect(result).toMatchObject({ passed: false, found: 'Given up: it took longer than 0.02 seconds.' });
    expect(await told).toBe(true);
  });
});
