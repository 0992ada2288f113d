/** Reads and thins out the lists of imports and exports of a WebAssembly file. Source: WebAssembly core specification, "Binary Format". */
const EXPORTS = 7;
/** Magic number and version. */
const HEADER = 8;

interface Section {
  readonly id: number;
  /** With its id and size. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
}

/** Reads numbers (LEB128) and names one after the other. */
class Reader {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  name(): string {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }
}

function number(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...number(value >>> 7)];
}

function* sections(wasm: Uint8Array): Generator<Section> {
  const reader = new Reader(wasm);
  reader.at = HEADER;
  while (reader.at < wasm.length) {
    const start = reader.at;
    const id = wasm[reader.at++] ?? 0;
    const size = reader.number();
    const content = wasm.subarray(reader.at, reader.at + size);
    reader.at += size;
    yield { id, bytes: wasm.subarray(start, reader.at), content };
  }
}

/** Names in the list of imports, of one module or of all. */
export function importNames(wasm: Uint8Array, module?: string): string[] {
  const all = WebAssembly.Module.imports(new WebAssembly.Module(wasm as BufferSource));
  return all.filter((entry) => module === undefined || entry.module === module).map(({ name }) => name);
}

/** Names in the list of exports. */
export function exportNames(wasm: Uint8Array): string[] {
  return WebAssembly.Module.exports(new WebAssembly.Module(wasm as BufferSource)).map(({ name }) => name);
}

interface Entry {
  readonly name: string;
  readonly kind: number;
  readonly bytes: Uint8Array;
}

function* entries(reader: Reader): Generator<Entry> {
  for (let count = reader.number(); count > 0; count--) {
    const start = reader.at;
    const name = reader.name();
    const kind = reader.bytes[reader.at++] ?? 0;
    reader.number();
    yield { name, kind, bytes: reader.bytes.subarray(start, reader.at) };
  }
}

const FUNCTION = 0;
const GLOBAL = 3;

/** The same WebAssembly, exporting of its functions and addresses only these; memory, tables and tags stay. */
export function keepExports(wasm: Uint8Array, names: ReadonlySet<string>): Uint8Array {
  const parts = [...sections(wasm)].map(({ id, bytes, content }) => {
    if (id !== EXPORTS) return bytes;
    const kept = [...entries(new Reader(content))].filter(({ name, kind }) => (kind !== FUNCTION && kind !== GLOBAL) || names.has(name));
    const body = [Uint8Array.from(number(kept.length)), ...kept.map((entry) => entry.bytes)];
    const size = body.reduce((sum, { length }) => sum + length, 0);
    return Buffer.concat([Uint8Array.from([EXPORTS, ...number(size)]), ...body]);
  });
  return new Uint8Array(Buffer.concat([wasm.subarray(0, HEADER), ...parts]));
}
