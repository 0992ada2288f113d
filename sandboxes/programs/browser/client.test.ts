import { describe, expect, it } from 'vitest';
import { BrowserClient } from './client.ts';
import type { HttpAnswer } from './messages.ts';

const answer = (id: number): HttpAnswer => ({
  id,
  status: 200,
  statusText: 'OK',
  headers: [],
  body: '',
  conn: '1.1',
  n: id,
  ms: 1,
  failed: null,
});
const GET = { method: 'GET', url: 'http://localhost/' };

function opened() {
  const written: string[] = [];
  return { client: new BrowserClient((text) => written.push(text)), written };
}

describe('the browser program’s client', () => {
  it('matches answers to commands in any order and in pieces of any size', async () => {
    const { client, written } = opened();
    const both = [client.send(GET), client.send(GET)];
    const text = `${JSON.stringify(answer(2))}\n${JSON.stringify(answer(1))}\n`;
    for (const character of text) client.read(character);
    expect((await Promise.all(both)).map(({ id }) => id)).toEqual([1, 2]);
    expect(written.map((line) => JSON.parse(line))).toEqual([
      { id: 1, ...GET },
      { id: 2, ...GET },
    ]);
  });

  it('asks to give a request up when its signal says so, and says nothing once it is answered', async () => {
    const { client, written } = opened();
    const signal = new AbortController();
    const first = client.send(GET, signal.signal);
    client.read(`${JSON.stringify(answer(1))}\n`);
    await first;
    void client.send(GET, signal.signal);
    signal.abort();
    void client.send(GET, signal.signal);
    expect(written.slice(1).map((line) => JSON.parse(line))).toEqual([
      { id: 2, ...GET },
      { id: 2, abort: true },
      { id: 3, ...GET },
      { id: 3, abort: true },
    ]);
  });

  it('lets nobody wait for a program that has ended', async () => {
    const { client } = opened();
    const before = client.send(GET);
    client.end(new Error('ended'));
    await expect(before).rejects.toThrow('ended');
    await expect(client.send(GET)).rejects.toThrow('ended');
  });
});
