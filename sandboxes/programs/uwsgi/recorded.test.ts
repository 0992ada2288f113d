/** Start-up and its mistakes as uWSGI 2.0.21 on Debian 12 was recorded: the same lines in the same order, the same exit code. */
import { readFileSync } from 'node:fs';
import { describe, expect, type TestContext, test } from 'vitest';
import type { Host } from '../../host/host.ts';
import { createLocalSandbox, type LocalProcess, type LocalSandbox } from '../../host/local.ts';
import { nodePython } from '../python/testing.ts';
import { NODE_NAME } from './app.ts';
import { APP, HOME, INI, plain, type Recorded, type StartCase, USER } from './cases/case.ts';
import { STARTS } from './cases/startup.ts';
import own from './fixtures/own.json' with { type: 'json' };
import shared from './fixtures/startup-errors.json' with { type: 'json' };
import { PASSWD, until } from './testing.ts';

const recordedStarts: Readonly<Record<string, Recorded>> = own.starts;

/** Not held to their recording, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  a3_module_callable: 'Flask is not part of every build',
  a4_stats_port_in_use: 'another program of the recording held the port: stats.test.ts does the same',
  a4_daemonize: 'refused: the sandbox has no background but that of its shell',
};
const INHERIT = 'refused: include does what a lesson needs';
const OWN_LEFT_OUT: Readonly<Record<string, string>> = {
  inherit: INHERIT,
  'inherit comes behind': INHERIT,
  'placeholders in what is inherited': INHERIT,
  'py-autoreload': 'the real one switches threads on for it and says so; here there are none (reload.test.ts has the rest)',
};

/** Any worker may be next, and clients have no ports here, whose digits the real router sends along. */
const throughRouter = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replace(/req: \d+/, 'req: N').replace(/vars in \d+/, 'vars in N'));

/** Two workers write at the same time: the order is chance, and whether the second gets that far when the first ends everything. */
const CHANCE: Readonly<Record<string, (lines: readonly string[]) => readonly string[]>> = {
  a3_http_with_plugin: throughRouter,
  a2_importerr_lazy: (lines) => [...lines].sort(),
  a2_importerr_lazy_need_app: (lines) =>
    [...new Set(lines)].filter((line) => !/^OOPS ! failed loading app in worker \d|^worker \d buried/.test(line)).sort(),
};

/** Another server on the port. */
const holder = async (host: Host): Promise<number> => {
  await host.listen({ port: 8080, ip: '127.0.0.1' });
  await host.sleep(60_000);
  return 0;
};

interface Start {
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly user: 'root' | 'www-data';
  readonly env?: Readonly<Record<string, string>> | undefined;
}

const SLOW = { timeout: 90_000 };

type Finished = TestContext['onTestFinished'];

/** Several cases run side by side, for most of their time is uWSGI's own waiting. */
async function start({ args, files, user, env = {} }: Start, finished: Finished, portTaken = false): Promise<[LocalSandbox, LocalProcess]> {
  // Whoever starts it first becomes that user.
  const asUser = async (host: Host): Promise<number> => {
    await host.chdir(HOME);
    if (user === 'www-data') await host.setUser(USER, USER);
    const child = await host.spawn('uwsgi', args, { env });
    const exit = await child.exited;
    return exit.code ?? 255;
  };
  const folders = { '/run/shop/': '', [`${HOME}/`]: '', '/run/shop/rootonly/': '' };
  const sandbox = createLocalSandbox({
    files: { ...PASSWD, ...APP, ...folders, ...files },
    programs: { holder, asUser },
    python: nodePython,
  });
  finished(() => sandbox.dispose());
  if (portTaken) {
    await sandbox.spawn('holder');
    await until(() => sandbox.events.some(({ type }) => type === 'socket.listen'));
  }
  await sandbox.run(async (host) => {
    await host.fs.chown('/run/shop', USER, USER);
    await host.fs.chmod('/run/shop/rootonly', 0o700);
    if ('/run/shop/secret.ini' in files) await host.fs.chmod('/run/shop/secret.ini', 0o600);
  });
  return [sandbox, await sandbox.spawn('asUser')];
}

/** Stop it as Ctrl-C does: the first process of uwsgi. */
async function interrupt(sandbox: LocalSandbox): Promise<void> {
  await sandbox.run(async (host) => {
    const uwsgi = (await host.processes()).filter(({ title }) => title.startsWith('uwsgi'));
    await host.kill(Math.min(...uwsgi.map(({ pid }) => pid)), 'SIGINT');
  });
}

const ready = (sandbox: LocalSandbox): number => sandbox.events.filter(({ type }) => type === 'uwsgi.ready').length;
const WORKER = 'spawned uWSGI worker';
const countOf = (lines: readonly string[], start: string): number => lines.filter((line) => line.includes(start)).length;

/** Wait for what is expected before the stop, ask what was asked, stop it, and hold everything to the recording. */
async function hold(
  sandbox: LocalSandbox,
  process: LocalProcess,
  expected: readonly string[],
  { code, stays, workers, ask }: { code: number | null; stays: boolean; workers: number; ask?: (() => Promise<void>) | undefined },
): Promise<string[]> {
  const lines = (): string[] => plain(process.output());
  if (stays) {
    // Who ends too early shows it in the lines.
    let over = false;
    void process.exited.then(() => (over = true));
    await until(() => over || sandbox.events.some((event) => event.type === 'log' && /spawned uWSGI (master|worker)/.test(event.text)));
    await until(() => over || ready(sandbox) >= workers);
    if (over) return lines();
    await ask?.();
    const before = expected.findIndex((line) => line.includes('SIGINT/SIGTERM received'));
    await until(() => lines().length >= (before < 0 ? expected.length : before), 5000).catch(() => undefined);
    if (code === null) return lines();
    await interrupt(sandbox);
  }
  expect((await process.exited).code, process.output()).toBe(code);
  return lines();
}

/** The request line says how long names, numbers and texts are that are others here. */
const sized = (lines: readonly string[]): string[] =>
  lines.map((line) =>
    line
      .replace(/vars in (\d+) bytes/, (_, bytes: string) => `vars in ${Number(bytes) + NODE_NAME.length - 'vm'.length} bytes`)
      .replace(/generated 4\d bytes/, 'generated 4N bytes'),
  );
const sizedHere = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/generated 4\d bytes/, 'generated 4N bytes'));

interface SharedRequest {
  readonly path: string;
  readonly status: string | null;
  readonly headers: readonly string[] | null;
  readonly body: string;
}
interface SharedCase {
  readonly name: string;
  readonly argv: readonly string[];
  readonly ini: string | null;
  readonly rc: number | null;
  readonly output: string;
  readonly alive_after_s?: number;
  readonly requests?: readonly SharedRequest[];
}

/** Ask over plain HTTP; null when nothing comes back. */
async function ask(sandbox: LocalSandbox, { path, status, headers, body }: SharedRequest): Promise<void> {
  const answer = sandbox.run(async (host) => {
    const connection = await host.connect({ port: 8080, ip: '127.0.0.1' });
    await connection.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    let text = '';
    for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read()) text += new TextDecoder().decode(bytes);
    return text;
  });
  // Nobody answers: the connection waits until the server stops.
  if (status === null) return void answer.catch(() => undefined);
  const shape = (text: string): string =>
    text.replace(/"(worker|pid)": \d+/g, '"$1": N').replace(/Content-Length: 4\d/, 'Content-Length: 4N');
  const expected = status === '' ? '' : `${[status, ...(headers ?? [])].join('\r\n')}\r\n\r\n${body}`;
  expect(shape(await answer)).toBe(shape(expected));
}

const cases = (shared.cases as readonly SharedCase[]).filter(({ name }) => !(name in LEFT_OUT));

describe('as recorded', () => {
  test.concurrent.for(cases)('$name', SLOW, async ({ name, argv, ini, rc, output, alive_after_s, requests = [] }, { onTestFinished }) => {
    const args = argv.slice(argv.indexOf('uwsgi') + 1);
    const files = ini === null ? {} : { [args.at(-1) ?? '']: ini };
    const user = argv[0] === 'setpriv' ? 'www-data' : 'root';
    const [sandbox, process] = await start({ args, files, user, env: { PORT: '8085' } }, onTestFinished, name === 'a3_port_in_use');
    const expected = sized(plain(output));
    const lines = await hold(sandbox, process, expected, {
      code: rc,
      stays: alive_after_s !== undefined,
      workers: countOf(expected, WORKER),
      ask: async () => {
        for (const request of requests) await ask(sandbox, request);
      },
    });
    const settled = CHANCE[name] ?? ((same: readonly string[]) => same);
    expect(settled(sizedHere(lines))).toEqual(settled(expected));
  });
});

test('the usual instance from its start to its end', SLOW, async ({ onTestFinished }) => {
  const recorded = plain(readFileSync(new URL('fixtures/startup-classic.txt', import.meta.url), 'utf8'));
  const ini =
    '[uwsgi]\nplugins = python3\nchdir = /srv/shop/app\nmodule = wsgi:application\nmaster = true\nprocesses = 4\n' +
    'socket = /run/shop/site.sock\nuid = www-data\ngid = www-data\nvacuum = true\nstats = 127.0.0.1:1717\n';
  const file = '/srv/shop/uwsgi.ini';
  const [sandbox, process] = await start({ args: ['--ini', file], files: { [file]: ini }, user: 'root' }, onTestFinished);
  expect(await hold(sandbox, process, recorded, { code: 0, stays: true, workers: 4 })).toEqual(recorded);
});

describe('our own cases', () => {
  const starts = STARTS.filter(({ name }) => !(name in OWN_LEFT_OUT));
  test.concurrent.for(starts)(
    '$name',
    SLOW,
    async ({ name, args, ini, files = {}, env, user = 'root', look = [] }: StartCase, { onTestFinished }) => {
      const recorded = recordedStarts[name];
      if (recorded === undefined) throw new Error('not recorded: run scripts/record-uwsgi.ts');
      const { code } = recorded;
      const output = plain(recorded.output.join('\n'));
      const [sandbox, process] = await start(
        { args, files: { ...files, ...(ini === undefined ? {} : { [INI]: ini }) }, user, env },
        onTestFinished,
      );
      const logged = [...output, ...Object.values(recorded.files ?? {}).flatMap((text) => text?.split('\n') ?? [])];
      const stays = countOf(logged, 'spawned uWSGI') > 0;
      expect(await hold(sandbox, process, output, { code, stays, workers: countOf(logged, WORKER) })).toEqual(output);
      for (const path of look) expect(await fileOf(sandbox, path), path).toBe(recorded.files?.[path] ?? null);
    },
  );
});

const fileOf = (sandbox: LocalSandbox, path: string): Promise<string | null> =>
  sandbox.run((host) =>
    host.fs.readText(path).then(
      (text) => plain(text).join('\n'),
      () => null,
    ),
  );
