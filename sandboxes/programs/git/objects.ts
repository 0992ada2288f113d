/** Git's objects as they lie in a repository: compressed files that are called by the SHA-1 of what is in them. */
import { sha1 } from '@noble/hashes/legacy.js';
import { type Host, isSystemError } from '../../host/host.ts';

/** What git says of a repository or a command line that is no good. */
export class GitProblem extends Error {
  readonly code: number;
  constructor(message: string, code = 128) {
    super(message);
    this.code = code;
  }
}

export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** `Ada <ada@shop.example>` */
  readonly author: string;
  /** Seconds since 1970, and the zone. */
  readonly date: number;
  readonly zone: string;
  readonly message: string;
}

export interface Entry {
  readonly mode: number;
  readonly id: string;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The id that a file's content has. */
export function blobId(content: Uint8Array): string {
  const head = encoder.encode(`blob ${content.length}\0`);
  const whole = new Uint8Array(head.length + content.length);
  whole.set(head);
  whole.set(content, head.length);
  return hex(sha1(whole));
}

const pathOf = (gitDir: string, id: string): string => `${gitDir}/objects/${id.slice(0, 2)}/${id.slice(2)}`;

/** What is in an object. Throws GitProblem. */
export async function readObject(host: Host, gitDir: string, id: string, type: 'blob' | 'tree' | 'commit'): Promise<Uint8Array> {
  let packed: Uint8Array;
  try {
    packed = await host.fs.read(pathOf(gitDir, id));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new GitProblem(`fatal: unable to read object ${id}: ${error.strerror}`);
  }
  const whole = await inflate(packed, id);
  const end = whole.indexOf(0);
  const head = decoder.decode(whole.subarray(0, end));
  if (hex(sha1(whole)) !== id || !head.startsWith(`${type} `)) throw new GitProblem(`fatal: object ${id} is corrupt`);
  return whole.slice(end + 1);
}

async function inflate(packed: Uint8Array, id: string): Promise<Uint8Array> {
  try {
    const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new GitProblem(`fatal: object ${id} is corrupt`);
  }
}

export async function readCommit(host: Host, gitDir: string, id: string): Promise<Commit> {
  const text = decoder.decode(await readObject(host, gitDir, id, 'commit'));
  const [head = '', ...message] = text.split('\n\n');
  const lines = head.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
  const all = (name: string): string[] => lines.flatMap(([key, value]) => (key === name ? [value] : []));
  const [, author = '', date = '0', zone = '+0000'] = /^(.*) (\d+) ([-+]\d{4})$/.exec(all('author')[0] ?? '') ?? [];
  return {
    id,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author,
    date: Number(date),
    zone,
    message: message.join('\n\n').trimEnd(),
  };
}

/** Every file below a tree by its path. */
export async function readTree(host: Host, gitDir: string, id: string, below = ''): Promise<Map<string, Entry>> {
  const bytes = await readObject(host, gitDir, id, 'tree');
  const files = new Map<string, Entry>();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    const [mode = '', ...name] = decoder.decode(bytes.subarray(at, end)).split(' ');
    const entry = hex(bytes.subarray(end + 1, end + 21));
    const path = below + name.join(' ');
    if (mode === '40000') for (const [inner, file] of await readTree(host, gitDir, entry, `${path}/`)) files.set(inner, file);
    else files.set(path, { mode: Number.parseInt(mode, 8), id: entry });
    at = end + 21;
  }
  return files;
}

/** Copies the objects that are not there yet. How many. */
export async function copyObjects(host: Host, from: string, to: string): Promise<number> {
  let copied = 0;
  for (const [path, { data }] of await host.fs.tree(`${from}/objects`)) {
    const name = path.slice(path.lastIndexOf('/objects/') + '/objects/'.length);
    const target = `${to}/objects/${name}`;
    if (!/^[\da-f]{2}\/[\da-f]{38}$/.test(name) || (await exists(host, target))) continue;
    await host.fs.makeDirectory(target.slice(0, target.lastIndexOf('/')), { parents: true });
    await host.fs.write(target, data, { mode: 0o444 });
    copied++;
  }
  return copied;
}

export async function exists(host: Host, path: string): Promise<boolean> {
  try {
    await host.fs.stat(path);
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}
