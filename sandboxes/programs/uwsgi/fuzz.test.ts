/**
 * Bad input: 100,000 mutations of configurations, command lines and packets, the same ones in every run. Nothing may crash,
 * hang or end in anything but uWSGI's own words; and a worker that is fed garbage goes on working.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { mutate, numbers } from '../fuzzing.ts';
import { bytesOf, byteText } from '../http/bytes.ts';
import { INI } from './cases/case.ts';
import { STARTS } from './cases/startup.ts';
import wire from './fixtures/wire.json' with { type: 'json' };
import { readOptions } from './options/read.ts';
import { ConfigError } from './options.ts';
import { readRequest, Skipped, type UwsgiRequest } from './request.ts';
import { body, type Running, SOCKET, startUwsgi } from './testing.ts';

const BUFFER = 4096;

describe('configurations', () => {
  const TOKENS =
    '[ ] = ; # %( $( @( ) % %d %% \n \r\n \0 \t [uwsgi] [x] ini=:x plugins=python3 strict processes= -1 99999999999 %(x) x=%(x)'
      .split(' ')
      .concat(' ');

  test('50,000 files', async () => {
    const next = numbers(1);
    const texts = STARTS.flatMap(({ ini }) => (ini === undefined ? [] : [ini]));
    const pick = (): string => texts[next(texts.length)] ?? '';
    let taken = 0;
    for (let i = 0; i < 50_000; i++) {
      const text = mutate(pick(), pick(), TOKENS, next);
      taken += await reads([INI], text);
    }
    // Both outcomes happen, or the mutations are no good.
    expect(taken).toBeGreaterThan(10_000);
    expect(taken).toBeLessThan(49_000);
  }, 60_000);

  test('10,000 command lines', async () => {
    const next = numbers(2);
    const texts = STARTS.map(({ args }) => args.join(' '));
    const pick = (): string => texts[next(texts.length)] ?? '';
    const tokens = ['-', '--', '=', ' ', '-p', '-M', '--master', '--ini', INI, '--plugin', 'python3', '--stats', '\0'];
    let taken = 0;
    for (let i = 0; i < 10_000; i++) taken += await reads(mutate(pick(), pick(), tokens, next).split(' '), '[uwsgi]\nmaster = true\n');
    expect(taken).toBeGreaterThan(300);
    expect(taken).toBeLessThan(9_700);
  }, 60_000);

  /** 1 when the options are taken, 0 when they are refused in words. */
  async function reads(args: readonly string[], text: string): Promise<0 | 1> {
    const read = async (file: string): Promise<{ path: string; text: string }> => {
      if (file === INI) return { path: INI, text };
      throw new ConfigError(`realpath() of ${file} failed`);
    };
    try {
      const options = await readOptions({
        args,
        env: { HOME: '/root' },
        read,
        say: async () => {},
        signal: () => Promise.reject(new ConfigError('no process')),
      });
      if (!Number.isSafeInteger(options.processes) || options.processes < 0) throw new Error(`processes: ${options.processes}`);
      return 1;
    } catch (error) {
      if (error instanceof ConfigError && error.message !== '') return 0;
      throw new Error(`${String(error)} for ${JSON.stringify({ args, text })}`, { cause: error });
    }
  }
});

/** What the real one says of a packet that it does not take. */
const WORDS = [
  /^invalid request block size: \d+ \(max 4096\)\.\.\.skip$/,
  /^uwsgi_proto_uwsgi_parser\(\): Success \[proto\/uwsgi\.c line 40\]$/,
  /^-- unavailable modifier requested: \d+ --$/,
  /^Empty python request\. skip\.$/,
  /^invalid uwsgi request \(current strsize: \d+\)\. skip\.$/,
];

describe('packets', () => {
  const packets = wire.map(({ hex }) => Buffer.from(hex, 'hex').toString('latin1'));
  const tokens = ['\0', '\xff', '\xff\xff', '\0\0\0\0', '\x01\0A', '\x0e\0REQUEST_METHOD', '\x0e\0CONTENT_LENGTH\x03\x00999', '\x05'];

  test('40,000 of them, in pieces', async () => {
    const next = numbers(3);
    const pick = (): string => packets[next(packets.length)] ?? '';
    const seen = { taken: 0, gone: 0, refused: 0 };
    for (let i = 0; i < 40_000; i++) {
      const text = mutate(pick(), pick(), tokens, next);
      const rest = [...cut(bytesOf(text), next)];
      try {
        const request = await readRequest(async () => rest.shift() ?? null, BUFFER, true);
        seen[request === null ? 'gone' : 'taken']++;
        if (request !== null) whole(request, text);
      } catch (error) {
        if (!(error instanceof Skipped) || !WORDS.some((words) => words.test(error.message))) {
          throw new Error(`${String(error)} for ${JSON.stringify(text)}`, { cause: error });
        }
        seen.refused++;
      }
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
  }, 60_000);

  function* cut(bytes: Uint8Array, next: (below: number) => number): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + 1 + next(300));
      at += piece.length;
      yield piece;
    }
  }

  /** Nothing is read that was not sent: the variables lie in the packet, the body is behind it. */
  function whole({ body, packetBytes, variables }: UwsgiRequest, sent: string): void {
    expect(sent.startsWith(byteText(body), 4 + packetBytes)).toBe(true);
    const head = sent.slice(0, 4 + packetBytes);
    for (const [name, value] of variables) if (!head.includes(name) || !head.includes(value)) throw new Error(`${name} was not sent`);
  }
});

describe('a worker', () => {
  let running: Running;
  afterEach(() => running.sandbox.dispose());

  test('that is fed garbage closes each connection and goes on', { timeout: 60_000 }, async () => {
    running = await startUwsgi();
    await running.ready();
    const who = body(await running.ask('/')).trim();
    const next = numbers(4);
    for (let i = 0; i < 300; i++) {
      const random = (): Uint8Array => Uint8Array.from({ length: next(64) }, () => next(256));
      const good = Buffer.from(wire[next(wire.length)]?.hex ?? '', 'hex');
      const bytes = next(2) === 0 ? random() : bytesOf(mutate(good.toString('latin1'), '', ['\0', '\xff'], next));
      await running.sandbox.run(async (host) => {
        const connection = await host.connect({ path: SOCKET });
        await connection.write(bytes).catch(() => undefined);
        connection.end();
        // It always ends, whatever comes before.
        while ((await connection.read().catch(() => null)) !== null);
        connection.close();
      });
    }
    expect(body(await running.ask('/')).trim()).toBe(who);
    expect(who).toMatch(/^Hello from worker 1 /);
    const respawns = running.sandbox.events.filter(({ type }) => type === 'uwsgi.respawn');
    expect(respawns).toEqual([]);
  });
});
