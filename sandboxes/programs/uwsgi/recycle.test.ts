/** Workers that are replaced before they break: max-requests, memory limits, lifetimes; and the turns of thunder-lock. */
import { afterEach, expect, test } from 'vitest';
import { body, ini, type Running, startUwsgi, until } from './testing.ts';

const APP = `
import time, uwsgi
kept = []

def application(environ, start_response):
    path, query = environ['PATH_INFO'], environ['QUERY_STRING']
    if path == '/leak':
        kept.append(bytearray(int(query) * 1024 * 1024))
    if path == '/sleep':
        time.sleep(float(query))
    start_response('200 OK', [])
    return [f'{uwsgi.worker_id()} {len(kept)}'.encode()]
`;
const SLOW = { timeout: 60_000 };
const MB = 1024 * 1024;

let running: Running;
afterEach(() => running.sandbox.dispose());
const start = async (options: string): Promise<void> => {
  running = await startUwsgi({ app: APP, text: ini(options) });
};
const page = async (path: string): Promise<string> => body(await running.ask(path));
/** The log without the lines of requests, which end in what they were for. */
const lines = (): string[] =>
  running
    .logged()
    .replace(/^.*\|req: (\d+\/\d+)\].*(GET \S+) =>.*$/gm, '$1 $2')
    .split('\n')
    .slice(0, -1);

test('max-requests: after its last answer the worker goes, and a fresh one takes its place', SLOW, async () => {
  await start('max-requests = 3\nmin-worker-lifetime = 0');
  await running.ready();
  for (let i = 0; i < 3; i++) expect(await page('/')).toBe('1 0');
  await running.ready(2);
  expect(await page('/')).toBe('1 0');
  await until(() => lines().includes('4/4 GET /'));
  expect(lines()).toEqual([
    '1/1 GET /',
    '2/2 GET /',
    '3/3 GET /',
    '...The work of process P is done. Seeya!',
    'worker 1 killed successfully (pid: P)',
    'Respawned uWSGI worker 1 (new pid: P)',
    '4/4 GET /',
  ]);
  expect(running.sandbox.events).toContainEqual(expect.objectContaining({ type: 'process.exit', code: 0, signal: null }));
});

test('no request is lost while workers come and go', SLOW, async () => {
  await start('processes = 2\nmax-requests = 5\nmin-worker-lifetime = 0');
  await running.ready(2);
  const answers = await Promise.all(Array.from({ length: 25 }, () => page('/')));
  expect(answers.every((answer) => /^[12] 0$/.test(answer))).toBe(true);
});

test('in the first seconds of its life a worker does not go, by default ten', SLOW, async () => {
  await start('max-requests = 1');
  await running.ready();
  for (let i = 1; i <= 3; i++) await page('/');
  await until(() => lines().includes('3/3 GET /'));
  expect(running.logged()).not.toContain('Seeya');
});

test('reload-on-rss: the request that crosses the line is answered, then the memory is given back', SLOW, async () => {
  await start('reload-on-rss = 60\nmin-worker-lifetime = 0\nmemory-report = true');
  await running.ready();
  const counts: string[] = [];
  for (let i = 0; i < 6; i++) counts.push(await page('/leak?10'));
  expect(counts).toEqual(['1 1', '1 2', '1 3', '1 4', '1 1', '1 2']);
  await until(() => running.logged().includes('|req: 6/6]'));
  expect(running.logged()).toMatch(/4\/4\].*\n\.\.\.The work of process P is done\. Seeya!\nworker 1 killed successfully/);
  expect(running.logged()).toMatch(
    /^\{address space usage: \d+ bytes\/\d+MB\} \{rss usage: \d+ bytes\/3[2-9]MB\} \[pid: P\|app: 0\|req: 1\/1\]/,
  );
  // For a figure: at the start and after each request, by process.
  const told = running.sandbox.events.filter((event) => event.type === 'process.memory');
  const [first] = told;
  const ofFirst = told.filter(({ pid }) => pid === first?.pid).map(({ bytes }) => Math.round(bytes / MB));
  expect(ofFirst).toHaveLength(5);
  expect(ofFirst[0]).toBeLessThan(30);
  expect(ofFirst.slice(1).every((mb, i) => mb - (ofFirst[i] ?? 0) >= 9 && mb - (ofFirst[i] ?? 0) <= 12)).toBe(true);
  expect(ofFirst.at(-1)).toBeGreaterThanOrEqual(60);
  expect(new Set(told.map(({ pid }) => pid)).size).toBe(2);
});

test('max-worker-lifetime: the master sends a worker away when its time is over', SLOW, async () => {
  await start('min-worker-lifetime = 0\nmax-worker-lifetime = 1');
  await running.ready(2);
  expect(lines().slice(0, 2)).toEqual([
    expect.stringMatching(/^worker 1 lifetime reached, it was running for [23] second\(s\)$/),
    'Respawned uWSGI worker 1 (new pid: P)',
  ]);
});

test('max-worker-lifetime must be longer than min-worker-lifetime', SLOW, async () => {
  await start('max-worker-lifetime = 3');
  expect(await running.process.exited).toEqual({ code: 1, signal: null });
  expect(running.process.stderr()).toMatch(/\ninvalid min-worker-lifetime value \(10\), must be lower than max-worker-lifetime \(3\)\n$/);
});

test('thunder-lock: workers take turns; without it any of them may be next', SLOW, async () => {
  await start('processes = 4\nthunder-lock = true');
  await running.ready(4);
  expect(running.process.stderr()).toContain('\nthunder lock: enabled\n');
  const workers: string[] = [];
  for (let i = 0; i < 12; i++) workers.push((await page('/')).charAt(0));
  const turn = workers.slice(0, 4);
  expect([...turn].sort()).toEqual(['1', '2', '3', '4']);
  expect(workers).toEqual([...turn, ...turn, ...turn]);
});

test('a worker that starts later finds the files as the shell has left them', SLOW, async () => {
  const app = "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [open('price.txt', 'rb').read()]\n";
  running = await startUwsgi({ app });
  await running.ready();
  const line = 'echo draft > new.txt; mv new.txt price.txt; cp price.txt other.txt; rm other.txt';
  await (await running.sandbox.spawn('sh', ['-c', line], { cwd: '/srv/shop/app' })).exited;
  running.sandbox.kill(running.sandbox.events.find(({ type }) => type === 'uwsgi.ready')?.pid ?? 0, 'SIGKILL');
  await running.ready(2);
  expect(await page('/')).toBe('draft\n');
});
