/** Our own cases against what the real nginx made of them (fixtures/own.json). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Program } from '../../host/host.ts';
import { createLocalSandbox } from '../../host/local.ts';
import { ROOT } from '../../host/tree.ts';
import { bytesOf, byteText } from '../http/bytes.ts';
import { type Backend, isNotice, plainAnswer, plainError, type Recorded, wholeConf } from './cases/case.ts';
import { CONFIGS, GROUPS } from './cases/index.ts';
import own from './fixtures/own.json' with { type: 'json' };
import { exchange, GROUP, PASSWD, type Served, serving, until } from './testing.ts';

const configs: Readonly<Record<string, { stderr: string; exit_code: number | null }>> = own.configs;
const groups: Readonly<Record<string, Readonly<Record<string, Recorded>>>> = own.groups;

describe('configurations', () => {
  test.each(CONFIGS)('$name', async ({ name, conf }) => {
    const sandbox = createLocalSandbox({
      files: { '/etc/nginx/nginx.conf': conf, '/etc/passwd': PASSWD, '/etc/group': GROUP, '/var/log/nginx/': '', '/run/': '' },
    });
    const nginx = await sandbox.spawn('nginx', ['-t']);
    const { code } = await nginx.exited;
    sandbox.dispose();
    expect({ stderr: nginx.stderr(), exit_code: code }).toEqual(configs[name]);
  });
});

const isWhole = (text: string): boolean => {
  const end = text.indexOf('\r\n\r\n');
  return end >= 0 && text.length >= end + 4 + Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
};

/** The recorder's servers, as a program of the sandbox. */
function backend({ listen, does, bytes = '' }: Backend): Program {
  return async (host) => {
    const address = listen.startsWith('unix:') ? { path: listen.slice(5) } : { port: Number(listen.split(':')[1]), ip: '127.0.0.1' };
    const listener = await host.listen(address, { backlog: 100, mode: 0o666 });
    await host.print('ready\n');
    const serve = async (connection: NonNullable<Awaited<ReturnType<typeof listener.accept>>>): Promise<void> => {
      let text = '';
      for (let data = await connection.read(); data !== null; data = await connection.read()) {
        text += byteText(data);
        const head = `HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n${bytes}\r\n`;
        if (does === 'raw') await connection.write(bytesOf(bytes));
        else if (does === 'dump' && isWhole(text)) await connection.write(bytesOf(head + text));
        else if (does !== 'close' || !isWhole(text)) continue;
        return connection.close();
      }
    };
    for (let next = await listener.accept(); next !== null; next = await listener.accept()) void serve(next).catch(() => undefined);
    return 0;
  };
}

for (const group of GROUPS) {
  describe(group.name, () => {
    let served: Served;
    beforeAll(async () => {
      const backends = group.backends ?? [];
      const programs = Object.fromEntries(backends.map((one, i) => [`backend${i}`, backend(one)]));
      served = await serving(wholeConf(group), group.files, programs);
      for (const name of Object.keys(programs)) {
        const process = await served.sandbox.spawn(name);
        await until(() => process.output() !== '');
      }
    });
    afterAll(() => served.sandbox.dispose());

    /** A log's lines as byte text. */
    const lines = (name: string): string[] =>
      byteText(served.sandbox.kernel.tree.read(`/var/log/nginx/${name}`, ROOT))
        .split('\n')
        .filter((line) => line !== '');
    const errors = (): string[] => lines('error.log').filter((line) => !isNotice(line));

    test.each(group.exchanges)('$name', async ({ name, port = 80, send, end }) => {
      const expected = groups[group.name]?.[name];
      const before = errors().length;
      const accessBefore = lines('access.log').length;
      const answer = plainAnswer(await exchange(served.sandbox, port, send, end));
      expect(answer).toBe(expected?.answer);
      await until(
        () =>
          errors().length - before >= (expected?.errors.length ?? 0) &&
          lines('access.log').length - accessBefore >= (expected?.access.length ?? 0),
      ).catch(() => undefined);
      expect(errors().slice(before).map(plainError)).toEqual(expected?.errors);
      expect(lines('access.log').slice(accessBefore).map(plainAnswer)).toEqual(expected?.access);
    });
  });
}
