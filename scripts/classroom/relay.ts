/**
 * The relay of a class, between the teacher's stage and the students' pages:
 *
 *     GET  /r/<room>                students begin here and are led to the lesson
 *     GET  /room/<room>/events?me=  server-sent events: where the class is
 *     POST /room/<room>/me          a page about itself: follows or not, checks passed
 *     POST /room/<room>             the teacher, with the key in X-Presenter-Key: where the class is; the answer says how many follow
 *
 * Rooms are made when the relay starts and by nobody else. All that comes in is limited and looked at.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Count,
  isMe,
  LONGEST,
  type Place,
  Refused,
  ROOM,
  readCount,
  readReport,
  readTold,
  type Told,
} from '../../src/classroom/place.ts';
import { BEAT_MS } from '../../src/classroom/stream.ts';
import type { Bus } from './bus.ts';
import { LIMITS, type Limits } from './limits.ts';
import { CODE, noClassPage } from './no-class.ts';
import { Room } from './room.ts';

/** An answer that is no success. */
class Answer extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A place with the time (ms, performance.now()) when the recording was there: what comes from another machine brings its age, not a time. */
interface Kept {
  readonly place: Place;
  readonly at: number;
}

export interface RelayOptions {
  readonly bus: Bus;
  /** Key of the presenter, by room. */
  readonly rooms: Readonly<Record<string, string>>;
  /** Where students reach the site, without a slash at the end. */
  readonly address: string;
  readonly limits?: Partial<Limits>;
}

/** How often (ms) relays tell each other what they have counted. */
const COUNT_MS = 2_000;

export class Relay {
  readonly #bus: Bus;
  readonly #address: string;
  readonly #limits: Limits;
  readonly #rooms: ReadonlyMap<string, Room>;
  readonly #places = new Map<string, Kept>();
  /** Pages that listen, by address. */
  readonly #listening = new Map<string, number>();
  readonly #name = randomUUID();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor({ bus, rooms, address, limits }: RelayOptions) {
    this.#bus = bus;
    this.#address = address;
    this.#limits = { ...LIMITS, beatMs: BEAT_MS, ...limits };
    for (const room of Object.keys(rooms)) if (!ROOM.test(room)) throw new Error(`A room is 4 to 16 small letters and digits, not ${room}`);
    this.#rooms = new Map(Object.entries(rooms).map(([name, key]) => [name, new Room(key, this.#limits, Date.now())]));
  }

  /** Joins the others. Errors: the bus cannot be reached. */
  async start(): Promise<void> {
    await this.#bus.subscribe(
      (topic, room, text) => (topic === 'place' ? this.#hearPlace(room, text) : this.#hearCount(room, text)),
      // a broker that is away again says so when it is back
      () => void this.#catchUp().catch(() => {}),
    );
    await this.#catchUp();
    this.#every(this.#limits.beatMs, () => {
      for (const room of this.#rooms.values()) room.send(': beat\n\n');
    });
    this.#every(COUNT_MS, () => {
      for (const [name, room] of this.#rooms) {
        room.forget(Date.now());
        const text = JSON.stringify({ relay: this.#name, ...room.own });
        // one that is away is reported by the teacher's next message
        this.#bus.publish('count', name, text).catch(() => {});
      }
    });
  }

  /** What was said before this relay listened. Errors: the bus cannot be reached. */
  async #catchUp(): Promise<void> {
    for (const room of this.#rooms.keys()) {
      const before = this.#places.get(room);
      const last = await this.#bus.last(room);
      // what was heard meanwhile is newer
      if (last !== null && this.#places.get(room) === before) this.#hearPlace(room, last.text, last.ago);
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const room of this.#rooms.values()) room.close();
    await this.#bus.close();
  }

  /** Answers a request if it is one for the relay. Returns whether it is. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { url: asked = '/' } = request;
    // `//` is none
    if (!URL.canParse(asked, 'http://relay')) return false;
    const url = new URL(asked, 'http://relay');
    const [, kind, name = '', part = ''] = url.pathname.split('/');
    if (kind !== 'room' && kind !== 'r') return false;
    this.#answer(kind, name, part, url, request, response).catch((error: unknown) => {
      const known = error instanceof Answer || error instanceof Refused;
      const status = error instanceof Answer ? error.status : known ? 400 : 503;
      const message = known ? error.message : 'The relay has lost its connection to the other machines. It tries again by itself.';
      if (response.headersSent) response.destroy();
      else if (kind === 'r' && request.headers.accept?.includes('text/html'))
        response.writeHead(status, { ...NEVER_KEPT, 'Content-Type': 'text/html; charset=utf-8' }).end(noClassPage(message, wayUp(url)));
      else json(response, status, { error: message });
    });
    return true;
  }

  async #answer(kind: string, name: string, part: string, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const code = kind === 'r' && name === '' ? url.searchParams.get(CODE)?.trim().toLowerCase() : undefined;
    if (code && ROOM.test(code)) {
      response.writeHead(302, { ...NEVER_KEPT, Location: `${wayUp(url)}r/${code}` }).end();
      return;
    }
    const room = this.#rooms.get(name);
    if (!room) throw new Answer(404, 'There is no such class. Ask for the address again: it changes every time the class is started.');
    if (kind === 'r') return this.#lead(name, url, response);
    const { method } = request;
    if (part === 'events' && method === 'GET') return this.#listen(name, room, url.searchParams.get('me'), request, response);
    if (part === 'me' && method === 'POST') {
      if (!room.report(readReport(await body(request)), Date.now())) throw new Answer(429, 'Too many messages from this page.');
      response.writeHead(204, NEVER_KEPT).end();
      return;
    }
    if (part !== '' || method !== 'POST') throw new Answer(405, 'GET …/events, POST …/me, or POST with the presenter’s key.');
    const key = request.headers['x-presenter-key'];
    if (typeof key !== 'string' || !room.opens(key))
      throw new Answer(403, 'Only the presenter can move the class: the key is missing or wrong.');
    if (!room.allowance.take(Date.now())) throw new Answer(429, 'Too many messages a second.');
    const said = await body(request);
    if (typeof said === 'object' && said !== null && 'place' in said) {
      await this.#bus.publish('place', name, JSON.stringify(readTold(said.place)));
    }
    json(response, 200, { ...room.count, address: `${this.#address}/r/${name}`, placed: this.#places.has(name) } satisfies Count);
  }

  /** To the lesson the class is in; before there is one, to all lessons. */
  #lead(name: string, url: URL, response: ServerResponse): void {
    const lesson = this.#places.get(name)?.place.lesson;
    response.writeHead(302, { ...NEVER_KEPT, Location: `${wayUp(url)}lessons/${lesson ? `${lesson}/` : ''}?room=${name}` }).end();
  }

  #listen(name: string, room: Room, me: string | null, request: IncomingMessage, response: ServerResponse): void {
    if (!isMe(me)) throw new Answer(400, 'me is 12 to 32 small letters and digits.');
    // who comes back takes its own place again
    const back = room.has(me) ? 1 : 0;
    const listening = [...this.#rooms.values()].reduce((sum, one) => sum + one.listening, 0);
    if (listening - back >= this.#limits.clients) throw new Answer(503, 'This relay is full.');
    const { remoteAddress: from = '' } = request.socket;
    const others = this.#listening.get(from) ?? 0;
    if (others - back >= this.#limits.clientsPerAddress) throw new Answer(429, 'Too many pages from one address.');
    this.#listening.set(from, others + 1);
    response.on('close', () => {
      const left = (this.#listening.get(from) ?? 1) - 1;
      if (left > 0) this.#listening.set(from, left);
      else this.#listening.delete(from);
    });
    request.socket.setNoDelay(true);
    response.writeHead(200, { ...NEVER_KEPT, 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    response.write(': welcome\n\n');
    room.join(me, response, Date.now());
    const kept = this.#places.get(name);
    if (kept) response.write(event(kept));
  }

  /** `since`: so long ago it was said (ms). */
  #hearPlace(name: string, text: string, since = 0): void {
    const room = this.#rooms.get(name);
    const told = room && toldIn(text);
    if (!told) return;
    const { ago, ...place } = told;
    const kept: Kept = { place, at: performance.now() - ago - since };
    room.lesson = place.lesson;
    this.#places.set(name, kept);
    room.send(event(kept));
  }

  #hearCount(name: string, text: string): void {
    const said = readCounted(text);
    if (said && said.relay !== this.#name) this.#rooms.get(name)?.hearOf(said.relay, said.counted, Date.now());
  }

  #every(ms: number, what: () => void): void {
    this.#timers.push(setInterval(what, ms).unref());
  }
}

/** What is on the bus; null: another version of this relay, or somebody else, has said it. */
function toldIn(text: string): Told | null {
  try {
    return readTold(JSON.parse(text));
  } catch {
    return null;
  }
}

function readCounted(text: string): { readonly relay: string; readonly counted: Count } | null {
  try {
    const { relay, ...counted } = JSON.parse(text) as { readonly relay?: unknown };
    return typeof relay === 'string' ? { relay, counted: readCount({ ...counted, address: '' }) } : null;
  } catch {
    return null;
  }
}

/** From a page of the relay to the site's first address, which a server in front may have laid below a path. */
const wayUp = ({ pathname }: URL): string => '../'.repeat(pathname.split('/').length - 2) || './';

const NEVER_KEPT = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

const event = ({ place, at }: Kept): string => `data: ${JSON.stringify({ ...place, ago: Math.max(0, performance.now() - at) })}\n\n`;

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { ...NEVER_KEPT, 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

/** What was sent. Errors: an Answer that says what is wrong with it. */
async function body(request: IncomingMessage): Promise<unknown> {
  // a page of another site can send a form by itself, but not this
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw new Answer(415, 'Send application/json.');
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > LONGEST) throw new Answer(413, `A message has at most ${LONGEST} bytes.`);
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    throw new Answer(400, 'That is no JSON.');
  }
}
