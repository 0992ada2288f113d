/** The bus over Redis, for relays on several machines: publish and subscribe, and one key a room for who comes late. */
import { createClient } from '@redis/client';
import type { Bus, Heard, Last, Topic } from './bus.ts';

/** So long after its last relay has gone a class is forgotten, in seconds. */
export const KEPT_S = 120;
const CONNECT_MS = 5_000;
/** A connection over which nothing comes for so long (ms) is dead, also when nobody has said so; it is asked this often. */
const SILENT_MS = 15_000;
const PING_MS = 5_000;
const PREFIX = 'ftr';

const keyOf = (room: string): string => `${PREFIX}:room:${room}`;

/** Connects to `redis://host:port`. Errors: Redis cannot be reached. One that goes away later is reconnected to by the client. */
export async function openRedisBus(url: string, onError: (error: Error) => void = () => {}): Promise<Bus> {
  let connected = false;
  const client = createClient({
    url,
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENT_MS,
      // at the start a wrong address is an error; later Redis may come back
      reconnectStrategy: (retries, cause) => (connected ? Math.min(5_000, 100 * 2 ** retries) : cause),
    },
    // what cannot be said now is old by the time it can
    disableOfflineQueue: true,
  });
  client.on('error', onError);
  await client.connect();
  const listener = client.duplicate();
  listener.on('error', onError);
  await listener.connect();
  connected = true;

  /** Milliseconds, by the one clock that all relays share. */
  async function now(): Promise<number> {
    const [seconds, microseconds] = await client.time();
    return Number(seconds) * 1000 + Number(microseconds) / 1000;
  }

  return {
    async publish(topic: Topic, room: string, text: string): Promise<void> {
      if (topic === 'place') await client.set(keyOf(room), `${await now()} ${text}`, { expiration: { type: 'EX', value: KEPT_S } });
      // as long as a relay counts, there is a class
      else await client.expire(keyOf(room), KEPT_S);
      await client.publish(`${PREFIX}:${topic}:${room}`, text);
    },
    async subscribe(heard: Heard, missed: () => void): Promise<void> {
      await listener.pSubscribe(`${PREFIX}:*:*`, (text, channel) => {
        const [, topic, room] = channel.split(':');
        if (room && (topic === 'place' || topic === 'count')) heard(topic, room, text);
      });
      // either may be the later one that is back, and asking takes both
      for (const one of [listener, client]) one.on('ready', missed);
    },
    async last(room: string): Promise<Last | null> {
      const kept = await client.get(keyOf(room));
      const [, at, text] = /^([\d.]+) (.*)$/s.exec(kept ?? '') ?? [];
      return text === undefined ? null : { text, ago: Math.max(0, (await now()) - Number(at)) };
    },
    async close(): Promise<void> {
      await Promise.allSettled([listener.close(), client.close()]);
    },
  };
}
