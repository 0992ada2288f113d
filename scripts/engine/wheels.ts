/**
 * The Python packages that a sandbox can install: wheels of Flask, Django, Pyramid and pip, fetched once from Python's index by
 * hash and kept in `.cache/wheels`. A machine without pip, or without a way to the index, builds the site without them.
 *
 * Python in WebAssembly loads no compiled parts of others: MarkupSafe and zope.interface, which have one and do without it,
 * lose it here; so does Django what no lesson can use and what is two thirds of it. Leaving files out of a published wheel needs no
 * compiler, runs nothing of the package, and gives the same bytes on every machine; building them anew from source would not.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPyodide, version as pyodide } from 'pyodide';
import { WHEELHOUSE } from '../../sandboxes/host/server-tree.ts';
import { WHEEL_SETS, type WheelSet } from '../../src/lesson/wheels.ts';
import type { Wheel, WheelManifest } from '../../src/runtime/wheels.ts';
import { at, cache, shortHash } from '../lib/paths.ts';
import { download } from './pip.ts';

interface Change {
  readonly unwanted: string;
  readonly said: string;
  /** It is run from the wheelhouse, as pip is, and not installed. */
  readonly runs?: true;
}

/** Wheels that are packed anew: which files are left out, and how that is said. */
const REPACKED: Readonly<Record<string, Change>> = {
  MarkupSafe: { unwanted: '\\.(so|c|pyi)$', said: 'its compiled part' },
  'zope.interface': { unwanted: '\\.(so|c)$|/tests/', said: 'its compiled part and its tests' },
  Django: {
    unwanted: '/locale/(?!en/|__init__\\.py)|^django/contrib/gis/',
    said: 'its translations other than English, and contrib.gis (maps), which needs libraries in C',
  },
  pip: { unwanted: '^pip/_vendor/distlib/.*\\.exe$', said: 'its launchers for Windows, and has its modules compiled', runs: true },
};
const BUILD = '1course';

const FOLDER = join(cache, 'wheels');
const REQUIREMENTS = join(import.meta.dirname, 'wheels');
/** A machine that could not fetch them is not asked again at every step, in milliseconds. */
const PAUSE = 600_000;

interface Requirement {
  readonly set: WheelSet;
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** What the requirement files ask for. Errors: a line that has not the form `name==version --hash=sha256:…`. */
export function requirements(): Requirement[] {
  return WHEEL_SETS.flatMap((set) =>
    readFileSync(join(REQUIREMENTS, `${set}.txt`), 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [, name, version, sha256] = /^([\w.-]+)==([\w.]+) --hash=sha256:([0-9a-f]{64})$/.exec(line) ?? [];
        if (!name || !version || !sha256) throw new Error(`scripts/engine/wheels/${set}.txt: not a pinned package with its hash: ${line}`);
        return { set, name, version, sha256 };
      }),
  );
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function cpythonVersion(): string {
  const lock: { info: { python: string } } = JSON.parse(readFileSync(at('node_modules/pyodide/pyodide-lock.json'), 'utf8'));
  return lock.info.python;
}

/** The folder with the wheels of these requirement files and of this way to make them. */
export function wheelFolder(): string {
  const made = [...WHEEL_SETS.map((set) => join('wheels', `${set}.txt`)), 'wheels.ts', 'wheels.py'];
  return join(FOLDER, shortHash(pyodide, ...made.map((file) => readFileSync(join(import.meta.dirname, file)))));
}

/** Bytes of a wheel of the manifest. */
export const wheelBytes = ({ file }: Wheel): Uint8Array => new Uint8Array(readFileSync(join(wheelFolder(), file)));

/** The wheels, fetched when they are not there yet. `insist`: also when the last try was a moment ago. Prints one line when there are none. */
export async function fetchWheels(insist = false): Promise<WheelManifest> {
  const target = wheelFolder();
  const list = join(target, 'manifest.json');
  if (existsSync(list)) return JSON.parse(readFileSync(list, 'utf8')) as WheelManifest;
  const note = join(FOLDER, 'missing.txt');
  const versions = { python: cpythonVersion(), pyodide };
  if (!insist && existsSync(note) && Date.now() - statSync(note).mtimeMs < PAUSE)
    return { ...versions, wheels: [], missing: readFileSync(note, 'utf8') };

  // Of this process's own: two builds may run at once.
  const fetched = join(FOLDER, `${process.pid}.fetched`);
  const made = join(FOLDER, `${process.pid}.part`);
  for (const one of [fetched, made]) {
    rmSync(one, { recursive: true, force: true });
    mkdirSync(one, { recursive: true });
  }
  const missing = await download(
    WHEEL_SETS.map((set) => join(REQUIREMENTS, `${set}.txt`)),
    fetched,
  );
  if (missing !== null) {
    for (const one of [fetched, made]) rmSync(one, { recursive: true, force: true });
    writeFileSync(note, missing);
    console.log(`wheels: this build has no Flask, Django and Pyramid: ${missing}`);
    return { ...versions, wheels: [], missing };
  }
  const manifest: WheelManifest = { ...versions, wheels: await pack(fetched, made), missing: null };
  writeFileSync(join(made, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  try {
    renameSync(made, target);
  } catch (error) {
    // Another build was first.
    if (!existsSync(list)) throw error;
  }
  for (const one of [fetched, made, note]) rmSync(one, { recursive: true, force: true });
  return manifest;
}

/** Lays the wheels of one folder into another, repacked where that is needed. Pip has compared the hashes; so that none is mixed up, they are told by them. */
async function pack(from: string, to: string): Promise<Wheel[]> {
  const fetched = new Map(
    readdirSync(from).map((file) => {
      const bytes = new Uint8Array(readFileSync(join(from, file)));
      return [sha256(bytes), { file, bytes }];
    }),
  );
  const repack = await repacker();
  return requirements().map(({ set, name, version, sha256: hash }) => {
    const original = fetched.get(hash);
    if (original === undefined) throw new Error(`pip downloaded no file of ${name} ${version} with the hash that is written down`);
    const change = REPACKED[name];
    const distribution = original.file.split('-')[0] ?? name;
    const file = change ? `${distribution}-${version}-${BUILD}-py3-none-any.whl` : original.file;
    const bytes = change ? repack(original.bytes, change.unwanted, change.runs ? `${WHEELHOUSE}/${file}` : null) : original.bytes;
    writeFileSync(join(to, file), bytes);
    return { set, name, version, file, bytes: bytes.length, sha256: sha256(bytes), without: change?.said ?? null };
  });
}

async function repacker(): Promise<(wheel: Uint8Array, unwanted: string, runsAt: string | null) => Uint8Array> {
  const python = await loadPyodide();
  python.runPython(readFileSync(join(import.meta.dirname, 'wheels.py'), 'utf8'));
  const call: unknown = python.runPython(
    `from pyodide.ffi import to_js\nlambda source, unwanted, runs_at: to_js(repack(source.to_bytes(), unwanted, '${BUILD}', runs_at or None))`,
  );
  return (wheel, unwanted, runsAt) => {
    const bytes: unknown = (call as (source: Uint8Array, unwanted: string, runsAt: string) => unknown)(wheel, unwanted, runsAt ?? '');
    if (!(bytes instanceof Uint8Array)) throw new Error('Packing a wheel anew gave no bytes');
    return bytes;
  };
}
