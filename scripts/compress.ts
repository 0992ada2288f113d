/**
 * Writes a `.br` and a `.gz` beside every file of a folder that gets smaller by it.
 * Best quality takes half a minute for each big engine file, so results are kept in .cache by content, and a quick build
 * gives big files a lower quality.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { cache, filesBelow, shortHash } from './lib/paths.ts';

const COMPRESSED = new Set(['.css', '.html', '.js', '.json', '.mjs', '.ndjson', '.svg', '.txt', '.wasm', '.webmanifest', '.xml', '.zip']);
const SMALLEST = 1024;
const BIG = 500_000;
const BEST = 11;
const QUICK = 5;
const KEPT = join(cache, 'compressed');

async function brotli(content: Uint8Array, quality: number): Promise<Uint8Array> {
  return promisify(brotliCompress)(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: content.byteLength },
  });
}

/** The result of an earlier run for the same content, or a new one. */
async function kept(content: Uint8Array, kind: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const path = join(KEPT, `${shortHash(content)}.${kind}`);
  if (existsSync(path)) return readFileSync(path);
  const made = await make();
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(path, made);
  return made;
}

/** Compresses one file. */
export async function compressFile(path: string, quick: boolean): Promise<void> {
  const content = readFileSync(path);
  if (content.byteLength < SMALLEST) return;
  const big = content.byteLength > BIG;
  const best = (): Promise<Uint8Array> => brotli(content, BEST);
  const br = !big
    ? await best()
    : quick && !existsSync(join(KEPT, `${shortHash(content)}.br${BEST}`))
      ? await kept(content, `br${QUICK}`, () => brotli(content, QUICK))
      : await kept(content, `br${BEST}`, best);
  const zip = (): Promise<Uint8Array> => promisify(gzip)(content, { level: quick && big ? 6 : 9 });
  const gz = big ? await kept(content, quick ? 'gz6' : 'gz9', zip) : await zip();
  if (br.byteLength < content.byteLength) writeFileSync(`${path}.br`, br);
  if (gz.byteLength < content.byteLength) writeFileSync(`${path}.gz`, gz);
}

/** Compresses everything below `folder`. */
export async function compress(folder: string, { quick = false } = {}): Promise<void> {
  const files = filesBelow(folder).filter((path) => COMPRESSED.has(extname(path)));
  await Promise.all(files.map((path) => compressFile(path, quick)));
}

/** Bytes of a file as a host sends it in this encoding: its compressed twin, or itself where compressing gains nothing. */
export function sentBytes(folder: string, name: string, ending: '.br' | '.gz'): number {
  const twin = join(folder, name + ending);
  return statSync(existsSync(twin) ? twin : join(folder, name)).size;
}
