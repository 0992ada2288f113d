/** For the tests of a class: relays on this machine, learners with the page's own stream, a teacher. */
import { createServer } from 'node:http';
import { type Place, type Report, readTold, type Told } from '../../src/classroom/place.ts';
import { openStream } from '../../src/classroom/stream.ts';
import { listen } from '../lib/static-server.ts';
import { type Bus, MemoryBus } from './bus.ts';
import type { Limits } from './limits.ts';
import { Relay } from './relay.ts';

export const KEY = 'the-presenters-key';
const ends: (() => unknown)[] = [];

/** Ends everything that was opened. */
export async function closing(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}

/** A relay with the room `room1`, at `port` or at any. What is not its own is answered with "a file". */
export async function openRelay(limits: Partial<Limits> = {}, bus: Bus = new MemoryBus(), port = 0) {
  let relay: Relay | null = null;
  const server = createServer((request, response) => {
    if (!relay?.handle(request, response)) response.end('a file');
  });
  const address = `http://127.0.0.1:${await listen(server, port)}`;
  relay = new Relay({ bus, rooms: { room1: KEY }, address, limits });
  await relay.start();
  const made = relay;
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await made.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  ends.push(close);
  return { address, close, dropAll: () => server.closeAllConnections() };
}

export const place = (step: number): Place => ({ lesson: 'gil', step, moment: { t: 10 * step, playing: true, speed: 0.5 } });

/** The teacher's message, and what the relay answers. Errors: with the status. */
export async function teach(address: string, message: object): Promise<unknown> {
  const answer = await fetch(`${address}/room/room1`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Presenter-Key': KEY },
    body: JSON.stringify(message),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
}

let made = 0;

export class Learner {
  readonly me = `learner${String(++made).padStart(9, '0')}`;
  readonly close: () => void;
  /** Connected for the first time. */
  readonly open: Promise<void>;
  last: Told | null = null;
  /** All that the relay has sent, as it came. */
  heard = '';
  opened = 0;
  refused = '';
  readonly #address: string;

  constructor(address: string, room = 'room1') {
    this.#address = address;
    let connected = (): void => {};
    this.open = new Promise((resolve) => (connected = resolve));
    this.close = openStream(`${address}/room/${room}/events?me=${this.me}`, {
      open: () => {
        this.opened++;
        connected();
      },
      lost: () => {},
      refused: (why) => (this.refused = why),
      message: (data) => {
        this.heard += data;
        this.last = readTold(JSON.parse(data));
      },
    });
    ends.push(this.close);
  }

  /** Says something about itself; the status of the answer. */
  async report(about: Pick<Report, 'following' | 'passed'>): Promise<number> {
    const answer = await fetch(`${this.#address}/room/room1/me`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ me: this.me, lesson: 'gil', ...about } satisfies Report),
    });
    return answer.status;
  }
}
