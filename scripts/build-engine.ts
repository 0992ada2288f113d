/**
 * Builds the engine, the part of the site that runs in the sandbox's frame, and its twin for the command line.
 *
 * - `public/engine/`: the frame's script, the bundles of its workers, Pyodide's files and the compiled standard library, the wheels of
 *   Python packages, and what a WebContainer needs beside these: StackBlitz' client and the Node host. Each has a hash of its
 *   content in its name; scripts end with `.js`, because many hosts serve `.mjs` as a type that is no script. Their addresses go to
 *   `src/runtime/generated/engine.json`, those of the wheels to `wheels.json` there.
 * - `.cache/engine/node/`: `main.mjs` and `process.mjs`, the same programs on the Node host, and `engine.json` with
 *   the paths of the Python files and of the folder with the wheels.
 *
 * Does nothing when nothing has changed, so everything that needs the engine may call it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { version as pyodideVersion } from 'pyodide';
import type { PublishedWheel, WheelManifest } from '../src/runtime/wheels.ts';
import { bundle } from './engine/bundle.ts';
import { type Pyodide, slim } from './engine/slim.ts';
import { compiledStdlib } from './engine/stdlib.ts';
import { fetchWheels, wheelBytes, wheelFolder } from './engine/wheels.ts';
import { at, cache, fingerprint, shortHash } from './lib/paths.ts';

const PUBLIC = at('public/engine');
const ADDRESSES = at('src/runtime/generated/engine.json');
const WHEELS = at('src/runtime/generated/wheels.json');
const NODE = join(cache, 'engine/node');
/** Which npm packages are in each published file, for the page of licences. */
export const ENGINE_PACKAGES = join(cache, 'engine/packages.json');
const STAMP = join(cache, 'engine/stamp');

/** What `src/runtime/generated/engine.json` holds. A part is missing while its source is. */
interface Addresses {
  readonly pyodide: string;
  /** Address of each part below the site's root. */
  readonly frame?: string;
  readonly kernel?: string;
  readonly plainProcess?: string;
  readonly pythonProcess?: string;
  readonly loader?: string;
  readonly asm?: string;
  readonly wasm?: string;
  readonly stdlib?: string;
  /** StackBlitz' client, and the Node host that runs in its containers. */
  readonly container?: string;
  readonly node?: string;
  readonly nodeProcess?: string;
  /** Bytes of each part, for a progress bar. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** Writes a part under a name that changes with its content, so that browsers may keep it for ever. */
function publish(name: string, content: string | Uint8Array): string {
  const extension = extname(name);
  const file = `${name.slice(0, -extension.length)}.${shortHash(content)}${extension}`;
  if (!existsSync(join(PUBLIC, file))) writeFileSync(join(PUBLIC, file), content);
  return file;
}

/** Writes only what differs, so that watchers do not wake for nothing. */
function writeIfNew(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Pyodide's files, as small as they get. */
function pyodide(): Pyodide {
  const read = (file: string): Buffer => readFileSync(at('node_modules/pyodide', file));
  const whole = {
    loader: read('pyodide.mjs').toString(),
    asm: read('pyodide.asm.mjs').toString(),
    wasm: new Uint8Array(read('pyodide.asm.wasm')),
  };
  return { ...whole, ...slim(whole) };
}

async function buildForBrowser({ loader, asm, wasm }: Pyodide, manifest: WheelManifest): Promise<void> {
  const packages: Record<string, readonly string[]> = {};
  const made = (part: string, entry: string, target: Parameters<typeof bundle>[1]): Promise<string | null> =>
    bundle(entry, {
      ...target,
      onPackages: (names) => {
        packages[part] = names;
      },
    });
  const script = (part: string, entry: string): Promise<string | null> => made(part, entry, { format: 'es', platform: 'browser' });
  const frame = await made('frame', 'sandboxes/host/worker/frame.ts', { format: 'iife', platform: 'browser' });
  const parts: Readonly<Record<string, readonly [string, string | Uint8Array | null]>> = {
    // It stands inline in the frame's document, and the page's policy knows it by its hash: no end tag may occur in it.
    frame: ['frame.js', frame?.replaceAll('</script', '<\\/script') ?? null],
    kernel: ['kernel.js', await script('kernel', 'sandboxes/host/worker/kernel.ts')],
    plainProcess: ['plain-process.js', await script('plainProcess', 'sandboxes/host/worker/plain-process.ts')],
    pythonProcess: ['python-process.js', await script('pythonProcess', 'sandboxes/host/worker/python-process.ts')],
    loader: ['pyodide.js', loader],
    asm: ['pyodide.asm.js', asm],
    wasm: ['pyodide.asm.wasm', wasm],
    stdlib: ['python-stdlib.zip', readFileSync(await compiledStdlib())],
    // Not one of the site's chunks: a client whose boot hangs can only be loaded anew, by another address.
    container: ['webcontainer.js', await script('container', 'scripts/engine/webcontainer-client.ts')],
    node: ['node.js', await made('node', 'sandboxes/host/webcontainer/main.ts', { format: 'es', platform: 'node', minify: true })],
    nodeProcess: [
      'node-process.js',
      await made('nodeProcess', 'sandboxes/host/node/process.ts', { format: 'es', platform: 'node', minify: true }),
    ],
  };
  mkdirSync(PUBLIC, { recursive: true });
  const addresses: Record<string, string> = {};
  const sizes: Record<string, number> = {};
  const files = new Set<string>();
  for (const [part, [name, content]] of Object.entries(parts)) {
    if (content === null) continue;
    const file = publish(name, content);
    files.add(file);
    addresses[part] = `/engine/${file}`;
    sizes[part] = Buffer.byteLength(content);
  }
  // As zip files, which they are: every host knows the type of those.
  const wheels = manifest.wheels.map((wheel) => {
    const file = publish(wheel.file.replace(/whl$/, 'zip'), wheelBytes(wheel));
    files.add(file);
    return { ...wheel, address: `/engine/${file}` };
  });
  const named = Object.entries(packages).map(([part, names]) => [addresses[part]?.slice(1) ?? part, names]);
  writeIfNew(ENGINE_PACKAGES, JSON.stringify(Object.fromEntries(named)));
  for (const old of readdirSync(PUBLIC)) if (!files.has(old)) rmSync(join(PUBLIC, old));
  writeIfNew(ADDRESSES, `${JSON.stringify({ pyodide: pyodideVersion, ...addresses, sizes } satisfies Addresses, null, 2)}\n`);
  writeIfNew(WHEELS, `${JSON.stringify({ ...manifest, wheels } satisfies WheelManifest<PublishedWheel>, null, 2)}\n`);
}

async function buildForNode({ asm, wasm }: Pyodide, { missing }: WheelManifest): Promise<void> {
  mkdirSync(NODE, { recursive: true });
  for (const name of ['main', 'process']) {
    const code = await bundle(`sandboxes/host/node/${name}.ts`, { format: 'es', platform: 'node' });
    if (code !== null) writeIfNew(join(NODE, `${name}.mjs`), code);
  }
  writeFileSync(join(NODE, 'pyodide.asm.mjs'), asm);
  writeFileSync(join(NODE, 'pyodide.asm.wasm'), wasm);
  const python = {
    // Of the package itself: under Node it looks for other files beside it.
    loader: at('node_modules/pyodide/pyodide.mjs'),
    asm: join(NODE, 'pyodide.asm.mjs'),
    wasm: join(NODE, 'pyodide.asm.wasm'),
    stdlib: await compiledStdlib(),
    wheels: missing === null ? wheelFolder() : null,
  };
  writeIfNew(join(NODE, 'engine.json'), `${JSON.stringify(python, null, 2)}\n`);
}

/** Builds what is out of date. True when something was built. `insist`: tries to fetch wheels also when that failed a moment ago. */
export async function buildEngine({ insist = false } = {}): Promise<boolean> {
  const wheels = await fetchWheels(insist);
  const sources = fingerprint([at('sandboxes'), at('scripts/engine'), import.meta.filename, at('package-lock.json')]);
  const stamp = `${sources} ${shortHash(JSON.stringify(wheels))}`;
  const complete = [STAMP, ADDRESSES, WHEELS, PUBLIC, ENGINE_PACKAGES, NODE].every((path) => existsSync(path));
  if (complete && readFileSync(STAMP, 'utf8') === stamp) return false;
  const python = pyodide();
  await buildForBrowser(python, wheels);
  await buildForNode(python, wheels);
  writeIfNew(STAMP, stamp);
  return true;
}

if (import.meta.main) {
  const started = performance.now();
  const built = await buildEngine({ insist: true }).catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
  console.log(built ? `engine: built in ${((performance.now() - started) / 1000).toFixed(1)} s` : 'engine: up to date');
}
