/**
 * What travels between the page and the engine inside a WebContainer, and the form it has on the engine's terminal.
 *
 * A WebContainer gives the page one merged terminal stream for each process: what the engine prints, what Node itself prints
 * for any process, and the echo of what the page typed, in chunks that may cut a character in two. So messages to the page are
 * pure ASCII between two control characters; everything around them is noise. Only the engine has this terminal: what Node prints
 * for the others comes to it by pipes and loses the two characters, because Python can print there, too. Lines to the engine are
 * short, because a terminal takes only so much before it is read; what is longer goes by a file that the line names.
 */
import type { EngineCalls, EngineNews } from '../engine.ts';
import type { TraceLines } from '../wire.ts';

/** Calls the page makes; each is answered. */
export interface ContainerCalls extends EngineCalls {
  /** Opens a real port of the container that leads to a port of the sandbox; the answer is the process that holds it open. */
  publish: [[port: number, sandboxPort: number], number];
}

/** A line to the engine holds a batch of these, or `@` and the name of a file in the spool folder that does. */
export type ContainerCall = {
  [K in keyof ContainerCalls]: { readonly id: number; readonly name: K; readonly args: ContainerCalls[K][0] };
}[keyof ContainerCalls];

export type FromContainer =
  | { readonly op: 'ready' }
  /** The line was read: the next may come. */
  | { readonly op: 'heard' }
  | { readonly op: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly op: 'error'; readonly id: number; readonly message: string }
  | EngineNews
  | TraceLines
  | { readonly op: 'fault'; readonly message: string };

/** Characters of a line to the engine. A terminal of Linux keeps 4096 unread. */
export const LINE_LIMIT = 600;
/** Characters of a part of a message to the page: a terminal of Linux writes 2048 in one piece. */
const PART = 1200;

const [BEGIN, END] = ['\x1e', '\x1f'];
const [MORE, LAST] = ['+', '.'];
/** Name that stands for bytes in the JSON; none of our objects has it. */
const BYTES = '\0';

/** A value as JSON in printable ASCII, its bytes as base64. */
export function toAscii(value: unknown): string {
  // `this` and not the value: a Buffer would already have turned itself into something else.
  const json = JSON.stringify(value, function (this: Record<string, unknown>, key, plain: unknown) {
    const original = this[key];
    return original instanceof Uint8Array ? { [BYTES]: toBase64(original) } : plain;
  });
  return json.replace(/[\x7f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Reads what toAscii made. Errors: SyntaxError. */
export function fromAscii(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (value === null || typeof value !== 'object' || !(BYTES in value) || typeof value[BYTES] !== 'string') return value;
    return Uint8Array.from(atob(value[BYTES]), (character) => character.charCodeAt(0));
  });
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x2000) text += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  return btoa(text);
}

/** A message as it goes to the page: one frame or more. */
export function framed(message: FromContainer): string[] {
  const text = toAscii(message);
  const frames: string[] = [];
  for (let at = 0; at < text.length; at += PART) {
    frames.push(`${BEGIN}${at + PART < text.length ? MORE : LAST}${text.slice(at, at + PART)}${END}\n`);
  }
  return frames;
}

/** What another process printed, fit to stand between messages: it can begin and end none. */
export function asNoise(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte === BEGIN.charCodeAt(0) || byte === END.charCodeAt(0) ? 0x3f : byte));
}

/** Finds the messages in what a terminal shows. */
export class FrameReader {
  #rest = '';
  #parts = '';
  /** The end of what came between messages: what Node itself has to say. */
  noise = '';

  /** The messages that are complete with this chunk. Errors: SyntaxError, one was damaged on its way. */
  push(chunk: string): FromContainer[] {
    const messages: FromContainer[] = [];
    this.#rest += chunk;
    for (let begin = this.#rest.indexOf(BEGIN); begin !== -1; begin = this.#rest.indexOf(BEGIN)) {
      const end = this.#rest.indexOf(END, begin);
      if (end === -1) break;
      const body = this.#rest.slice(begin + 1, end);
      this.#ignore(this.#rest.slice(0, begin));
      this.#rest = this.#rest.slice(end + 1);
      this.#parts += body.slice(1);
      if (body[0] === MORE) continue;
      const text = this.#parts;
      this.#parts = '';
      messages.push(fromAscii(text) as FromContainer);
    }
    if (!this.#rest.includes(BEGIN)) {
      this.#ignore(this.#rest);
      this.#rest = '';
    }
    return messages;
  }

  #ignore(noise: string): void {
    if (/[^\r\n]/.test(noise)) this.noise = `${this.noise}${noise}`.slice(-2000);
  }
}
