/** A zip with Unix modes and links, as unzip on Linux and macOS reads them. */
import { type Zippable, zipSync } from 'fflate';
import type { Packed } from './deployable.ts';

const UNIX = 3;
const TYPES = { file: 0o100000, folder: 0o040000, link: 0o120000 } as const;
/** What MS-DOS calls a folder, for programs that know no better. */
const DOS_FOLDER = 0x10;

export function pack(entries: readonly Packed[], mtime = new Date()): Uint8Array {
  const zip: Zippable = {};
  for (const one of entries) {
    const mode = one.kind === 'link' ? 0o777 : one.mode;
    const attrs = (((TYPES[one.kind] | mode) << 16) >>> 0) + (one.kind === 'folder' ? DOS_FOLDER : 0);
    const data = one.kind === 'file' ? one.data : new TextEncoder().encode(one.kind === 'link' ? one.target : '');
    zip[one.kind === 'folder' ? `${one.path}/` : one.path] = [data, { os: UNIX, attrs, mtime, level: 6 }];
  }
  return zipSync(zip);
}
