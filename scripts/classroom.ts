/**
 * `npm run classroom [-- --port N] [--room NAME] [--host ADDRESS]`: serves the site and a relay in your network, and prints the teacher's
 * address and the students', with a QR code. On several machines: the same --room and CLASSROOM_KEY, and CLASSROOM_REDIS=redis://… .
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { renderUnicodeCompact } from 'uqr';
import { ROOM } from '../src/classroom/place.ts';
import { buildSite, isBuilt } from './build.ts';
import { addressesOf } from './classroom/addresses.ts';
import { MemoryBus } from './classroom/bus.ts';
import { keyFrom, stageWith } from './classroom/key.ts';
import { Relay } from './classroom/relay.ts';
import { dist } from './lib/paths.ts';
import { createStaticServer, listen } from './lib/static-server.ts';

const DEFAULT_PORT = 4321;
/** Letters that nobody mistakes for another when they type them from a wall. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

const makeRoom = (): string => Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** Errors: not a port or a room, a port that is taken, Redis that is not reached, a site that is not built. */
async function openClass(args: readonly string[]): Promise<void> {
  const options = { port: { type: 'string' }, room: { type: 'string' }, host: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const [CLASSROOM_KEY, CLASSROOM_REDIS] = [process.env['CLASSROOM_KEY'], process.env['CLASSROOM_REDIS']];
  const wanted = Number(values.port ?? DEFAULT_PORT);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) throw new Error(`Not a port: ${values.port}`);
  const room = values.room ?? makeRoom();
  const key = keyFrom(CLASSROOM_KEY);
  if (!ROOM.test(room)) throw new Error(`A room is 4 to 16 small letters and digits, not ${room}.`);
  if (!isBuilt()) await buildSite({ quick: true });
  const bus = CLASSROOM_REDIS ? await redisBus(CLASSROOM_REDIS) : new MemoryBus();

  let relay: Relay | null = null;
  const server = createStaticServer(dist, { first: (request, response) => relay?.handle(request, response) ?? false });
  const port = await listen(server, wanted, { host: '0.0.0.0', next: values.port === undefined });
  const hosts = values.host ? [values.host] : addressesOf();
  const address = `http://${hosts[0] ?? 'localhost'}:${port}`;
  relay = new Relay({ bus, rooms: { [room]: key }, address });
  await relay.start();
  const kept = CLASSROOM_REDIS ? 'Redis keeps where it is for two more minutes.' : 'Nothing of it is kept.';
  tell({ room, key, port, address, others: hosts.slice(1), kept });
}

async function redisBus(url: string) {
  const { openRedisBus } = await import('./classroom/redis-bus.ts');
  return openRedisBus(url, (error) => console.error(`Redis: ${error.message}`)).catch((error: Error) => {
    throw new Error(`Redis is not reached at ${url}: ${error.message}`);
  });
}

interface Told {
  readonly room: string;
  readonly key: string;
  readonly port: number;
  readonly address: string;
  readonly others: readonly string[];
  /** What becomes of the class, in words. */
  readonly kept: string;
}

function tell({ room, key, port, address, others, kept }: Told): void {
  const students = `${address}/r/${room}`;
  const elsewhere = others.map((host) => `http://${host}:${port}/r/${room}`);
  console.log(`
  Students   ${students}
${renderUnicodeCompact(students, { border: 2, ecc: 'M' })
  .split('\n')
  .map((line) => `             ${line}`)
  .join('\n')}
${elsewhere.length ? `  In another network of this computer:  ${elsewhere.join('  ')}\n` : ''}
  You        http://localhost:${port}/${stageWith(room, key)}
             Only for you: whoever has this address moves the class.

  Ctrl-C closes the class. ${kept}`);
}

await openClass(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
