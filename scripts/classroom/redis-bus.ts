/** The bus over Redis, for relays on several machines: publish and subscribe, and one key a room for who comes late. */
import { createClient } from '@redis/client';
import type { Bus, Heard, Topic } from './bus.ts';

/** A class is forgotten after so long, in seconds. */
const KEPT_S = 12 * 60 * 60;
const CONNECT_MS = 5_000;
const PREFIX = 'ftr';

/** Connects to `redis://host:port`. Errors: Redis cannot be reached. One that goes away later is reconnected to by the client. */
export async function openRedisBus(url: string, onError: (error: Error) => void = () => {}): Promise<Bus> {
  let connected = false;
  const client = createClient({
    url,
    socket: {
      connectTimeout: CONNECT_MS,
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
  return {
    async publish(topic: Topic, room: string, text: string): Promise<void> {
      if (topic === 'place') await client.set(`${PREFIX}:room:${room}`, text, { expiration: { type: 'EX', value: KEPT_S } });
      await client.publish(`${PREFIX}:${topic}:${room}`, text);
    },
    async subscribe(heard: Heard): Promise<void> {
      await listener.pSubscribe(`${PREFIX}:*:*`, (text, channel) => {
        const [, topic, room] = channel.split(':');
        if (room && (topic === 'place' || topic === 'count')) heard(topic, room, text);
      });
    },
    last: (room: string) => client.get(`${PREFIX}:room:${room}`),
    async close(): Promise<void> {
      await Promise.allSettled([listener.close(), client.close()]);
    },
  };
}
