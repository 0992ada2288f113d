/** Start-up as uWSGI 2.0.21 on Debian 12 was recorded doing it: the same lines in the same order, the same exit code. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { Host } from '../../host/host.ts';
import { createLocalSandbox, type LocalSandbox } from '../../host/local.ts';
import { nodePython } from '../python/testing.ts';

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly ini: string | null;
  /** Null when it kept running. */
  readonly code: number | null;
  readonly output: readonly string[];
}

const here = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const cases = JSON.parse(here('startup.fixtures.json')) as Case[];

const APP = `import os
print(f'app: module imported in pid {os.getpid()}')
def application(environ, start_response):
    start_response('200 OK', [])
    return [b'hello']
`;
const FILES = {
  '/etc/passwd': here('../../server/etc/passwd'),
  '/etc/group': here('../../server/etc/group'),
  '/srv/shop/app/wsgi.py': APP,
  '/srv/shop/app/notcallable.py': 'application = 42\n',
  '/srv/shop/app/importerr.py': 'import nosuchlib\n',
  '/srv/shop/app/exiter.py': 'import sys\nsys.exit(7)\n',
};

/** Facts about the machine, which is another one here. */
const MACHINE =
  /^(compiled with|os: |nodename: |machine: |detected number|current working|your processes number|detected max|Python version|Python main interpreter)/;

function comparable(lines: readonly string[]): string[] {
  return lines
    .filter((line) => line !== '' && !MACHINE.test(line))
    .map((line) =>
      line
        .replace(/\[\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}\]/, '[DATE]')
        .replace(/^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4} - /, 'DATE - ')
        .replace(/(pid:? |pid: )\d+/g, '$1PID')
        .replace(/interpreter 0x[0-9a-f]+/, 'interpreter ADDRESS'),
    );
}

let sandbox: LocalSandbox;
afterEach(() => sandbox.dispose());

/** Another server on the port. */
const holder = async (host: Host): Promise<number> => {
  await host.listen({ port: 8080, ip: '127.0.0.1' });
  await host.sleep(60_000);
  return 0;
};

/** Two workers fail at the same time: in which order, and whether the second gets that far, is chance. */
const CHANCE = 'importerr lazy need app';
const withoutChance = (lines: readonly string[]): Set<string> =>
  new Set(lines.filter((line) => !/^OOPS ! failed loading app in worker \d|^worker \d buried/.test(line)));

describe.each(cases)('$name', ({ name, args, ini, code, output }) => {
  test('starts or fails as recorded', { timeout: 30_000 }, async () => {
    sandbox = createLocalSandbox({
      files: { ...FILES, '/run/shop/': '', ...(ini === null ? {} : { [args.at(-1) ?? '']: ini }) },
      programs: { holder },
      python: nodePython,
    });
    if (name === 'port in use') {
      await sandbox.spawn('holder');
      await expect.poll(() => sandbox.events.some(({ type }) => type === 'socket.listen')).toBe(true);
    }
    await sandbox.run((host) => host.fs.chown('/run/shop', 33, 33));
    const process = await sandbox.spawn('uwsgi', args, { cwd: '/srv/shop', env: { PORT: '8085' } });
    const lines = (): string[] => comparable(process.output().split('\n'));
    const expected = comparable(output);
    if (code === null) {
      const last = expected.at(-1);
      await expect.poll(lines, { timeout: 20_000, interval: 20 }).toContain(last);
      expect(lines().slice(0, expected.length)).toEqual(expected);
    } else if (code === 30) {
      await expect.poll(lines, { timeout: 20_000, interval: 20 }).toContain(expected.at(-1));
      await expect.poll(() => sandbox.events.some((event) => event.type === 'uwsgi.ready' && event.worker === 1)).toBe(true);
      sandbox.kill(process.pid, 'SIGINT');
      expect(await process.exited).toEqual({ code, signal: null });
      expect(lines()).toEqual(expected);
    } else {
      expect(await process.exited).toEqual({ code, signal: null });
      if (name === CHANCE) expect(withoutChance(lines())).toEqual(withoutChance(expected));
      else expect(lines()).toEqual(expected);
    }
  });
});
