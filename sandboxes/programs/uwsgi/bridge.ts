/**
 * The TypeScript side of _uwsgi_bridge.py: a request goes into Python, and its answer comes out, piece by piece, through a place
 * in Python's own memory, the desk.
 */
import type { PyBuffer, PyBufferView } from 'pyodide/ffi';
import { bytesOf, layText } from '../http/bytes.ts';
import type { UwsgiRequest } from './request.ts';

/** A piece of an answer, ready to be sent. */
export interface Piece {
  /** Is there more to ask for with `proceed`? */
  readonly more: boolean;
  /** Has the app called uwsgi.reload()? */
  readonly reload: boolean;
  /** Did an exception end it that the app did not catch? */
  readonly failed: boolean;
  /** When the app called sys.exit(): the code. */
  readonly exit: number | null;
  readonly status: number;
  readonly headers: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  readonly switches: number;
  readonly bytes: Uint8Array;
}

/** Gets what the app gives to write(). */
export type Send = (bytes: Uint8Array) => void;

/** Gets the environ right before the callable does, as texts. */
export type TellEnviron = (environ: Readonly<Record<string, string>>) => void;

/** Bytes on their way in or out: their size when they lie on the desk, or else themselves. */
type Laid = number | Uint8Array;

/** The module, as TypeScript sees it. */
export interface Bridge {
  readonly desk: PyBuffer;
  describe(worker: number, master: number, options: object): void;
  load_module(name: string, callable: string | null): boolean | number;
  load_file(path: string, callable: string | null): boolean | number;
  module_files(): string[];
  connect(send: Send, tell: (json: string) => void): void;
  readonly handle: (variables: Laid, body: Laid, told: boolean) => Laid;
  readonly proceed: () => Laid;
  readonly abandon: () => Laid;
}

/** Size of the head that PIECE in the module describes, and its first byte. */
const PIECE_HEAD = 17;
const MORE = 1;
const EXIT = 2;
const FAILED = 3;
const RELOAD = 0x80;

/** Inherits nothing: a variable may have any name. */
class Variables {
  [name: string]: string;
}
Object.setPrototypeOf(Variables.prototype, null);

/** The calls of a process that answers requests. Errors: those of Python. */
export class Calls {
  /** Each look into the module makes an object: once is enough. */
  #bridge: Pick<Bridge, 'handle' | 'proceed' | 'abandon'>;
  #heap: () => Uint8Array;
  /** Where the desk is. It never moves, and the app cannot make it smaller while this has its buffer. */
  #desk: PyBufferView;
  #start: number;
  #send: Send = () => {};
  #tell: TellEnviron = () => {};

  /** `heap`: all of Python's memory as it is now. */
  constructor(bridge: Bridge, heap: () => Uint8Array) {
    const { handle, proceed, abandon } = bridge;
    this.#bridge = { handle, proceed, abandon };
    this.#heap = heap;
    this.#desk = bridge.desk.getBuffer('u8');
    this.#start = this.#desk.data.byteOffset;
    bridge.connect(
      (bytes) => this.#send(bytes),
      (json) => this.#tell(JSON.parse(json)),
    );
  }

  /** See App.handle. */
  handle({ pairs, body }: UwsgiRequest, send: Send, tell?: TellEnviron): Piece {
    this.#send = send;
    if (tell) this.#tell = tell;
    // an object of always the same shape is written as JSON in a third of the time that one made from a Map takes
    const variables = new Variables();
    for (const [name, value] of pairs) variables[name] = value;
    const json = JSON.stringify(variables);
    const size = this.#desk.nbytes;
    const fits = json.length <= size;
    if (fits) layText(json, this.#heap(), this.#start);
    const behind = fits ? json.length : 0;
    const bodyFits = behind + body.length <= size;
    if (bodyFits) this.#heap().set(body, this.#start + behind);
    return this.#piece(this.#bridge.handle(fits ? behind : bytesOf(json), bodyFits ? body.length : body, tell !== undefined));
  }

  proceed(): Piece {
    return this.#piece(this.#bridge.proceed());
  }

  abandon(): Piece {
    return this.#piece(this.#bridge.abandon());
  }

  #piece(laid: Laid): Piece {
    // The memory may have grown in the call, and its bytes are elsewhere then.
    const bytes = typeof laid === 'number' ? this.#heap().subarray(this.#start, this.#start + laid) : laid;
    const head = new DataView(bytes.buffer, bytes.byteOffset);
    const flags = head.getUint8(0);
    const kind = flags & ~RELOAD;
    const status = head.getUint16(1, true);
    return {
      more: kind === MORE,
      reload: (flags & RELOAD) !== 0,
      failed: kind === FAILED,
      exit: kind === EXIT ? status : null,
      status,
      headers: head.getUint16(3, true),
      headerBytes: head.getUint32(5, true),
      bodyBytes: head.getUint32(9, true),
      switches: head.getUint32(13, true),
      bytes: bytes.slice(PIECE_HEAD),
    };
  }
}
