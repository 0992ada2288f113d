/**
 * Heap snapshots of a running Python: the fork() that a browser does not have.
 *
 * Pyodide's own snapshot is a header (what Python's heap knows of JavaScript) and the whole heap, 30 MB and more. Packed
 * here it keeps only the pages that are not all zero, about 12 MB, and a worker that starts from it touches only those.
 */

const PAGE = 4096;
const WORDS_IN_PAGE = PAGE / 4;
/** "SNP" and a version: a snapshot that an older build packed is not unpacked by guess. */
const MAGIC = 0x32504e53;
const FIXED = 24;

export interface Unpacked {
  /** What Pyodide calls the snapshot, without its heap. */
  readonly header: Uint8Array;
  /** A number for the state in which that Python began, see boot.ts; 0 when it is not known. */
  readonly origin: number;
  /** Size that the memory must have. */
  readonly heapSize: number;
  /** Writes the heap over a fresh one. */
  restore(heap: Uint8Array): void;
}

/** Packs what `makeMemorySnapshot()` gave. Its second 32-bit word says where the heap starts. */
export function packWhole(snapshot: Uint8Array, origin: number): Uint8Array {
  const headerSize = new DataView(snapshot.buffer, snapshot.byteOffset).getUint32(4, true);
  return pack(snapshot.subarray(0, headerSize), snapshot.subarray(headerSize), origin);
}

/** Packs a header of Pyodide's and the heap that belongs to it. */
export function pack(header: Uint8Array, heap: Uint8Array, origin: number): Uint8Array {
  const pages = usedPages(heap);
  const table = FIXED + align8(header.length);
  const data = table + align8(pages.length * 4);
  const packed = new Uint8Array(data + pages.length * PAGE);
  const view = new DataView(packed.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, header.length, true);
  view.setUint32(8, heap.length, true);
  view.setUint32(12, pages.length, true);
  view.setUint32(16, origin, true);
  packed.set(header, FIXED);
  for (const [index, page] of pages.entries()) {
    view.setUint32(table + index * 4, page, true);
    packed.set(heap.subarray(page * PAGE, (page + 1) * PAGE), data + index * PAGE);
  }
  return packed;
}

/** Read a packed snapshot. Throws when it is not one. */
export function unpack(packed: Uint8Array): Unpacked {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < FIXED || view.getUint32(0, true) !== MAGIC) throw new Error('not a Python snapshot');
  const headerSize = view.getUint32(4, true);
  const heapSize = view.getUint32(8, true);
  const count = view.getUint32(12, true);
  const table = FIXED + align8(headerSize);
  const data = table + align8(count * 4);
  if (packed.length !== data + count * PAGE || heapSize % PAGE !== 0) throw new Error('Python snapshot is damaged');
  return {
    header: packed.slice(FIXED, FIXED + headerSize),
    origin: view.getUint32(16, true),
    heapSize,
    restore(heap) {
      let next = 0;
      for (let index = 0; index < count; index++) {
        const page = view.getUint32(table + index * 4, true);
        clear(heap, next * PAGE, page * PAGE);
        heap.set(packed.subarray(data + index * PAGE, data + (index + 1) * PAGE), page * PAGE);
        next = page + 1;
      }
      clear(heap, next * PAGE, heap.length);
    },
  };
}

const align8 = (size: number): number => (size + 7) & ~7;

function usedPages(heap: Uint8Array): number[] {
  // The heap starts at a multiple of 16 in the snapshot; a copy is made if its buffer does not.
  const aligned = heap.byteOffset % 4 === 0 ? heap : heap.slice();
  const words = wordsOf(aligned, 0, aligned.length);
  const pages: number[] = [];
  for (let page = 0; page * PAGE < heap.length; page++) {
    const end = Math.min((page + 1) * WORDS_IN_PAGE, words.length);
    for (let word = page * WORDS_IN_PAGE; word < end; word++) {
      if (words[word] !== 0) {
        pages.push(page);
        break;
      }
    }
  }
  return pages;
}

/** Zero what is not zero: writing zeros over untouched memory would make the browser give it real pages. */
function clear(heap: Uint8Array, from: number, to: number): void {
  if (from >= to) return;
  const words = wordsOf(heap, from, to);
  for (let word = 0; word < words.length; word++) if (words[word] !== 0) words[word] = 0;
}

/** 32 bits a word: JavaScript makes an object of each word of 64, and looking through a heap of them takes ten times as long. */
function wordsOf(bytes: Uint8Array, from: number, to: number): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset + from, (to - from) >> 2);
}
