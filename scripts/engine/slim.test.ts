import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { type Python, startPython } from '../../sandboxes/programs/python/boot.ts';
import { at } from '../lib/paths.ts';
import { type Pyodide, slim } from './slim.ts';
import { compiledStdlib } from './stdlib.ts';
import { exportNames, keepExports } from './wasm-sections.ts';

const read = (file: string): Buffer => readFileSync(at('node_modules/pyodide', file));
const whole: Pyodide = {
  loader: read('pyodide.mjs').toString(),
  asm: read('pyodide.asm.mjs').toString(),
  wasm: new Uint8Array(read('pyodide.asm.wasm')),
};
const lean = slim(whole);

async function start(asm: string, wasm: Uint8Array): Promise<{ python: Python; printed: () => string }> {
  const file = join(mkdtempSync(join(tmpdir(), 'slim-')), 'asm.mjs');
  writeFileSync(file, asm);
  const runtime = {
    loaderUrl: pathToFileURL(at('node_modules/pyodide/pyodide.mjs')).href,
    asmUrl: pathToFileURL(file).href,
    wasm: await WebAssembly.compile(wasm as BufferSource),
    stdlib: new Uint8Array(readFileSync(await compiledStdlib())),
    base: null,
  };
  let text = '';
  const output = (_: number, bytes: Uint8Array): void => {
    text += new TextDecoder().decode(bytes);
  };
  const python = await startPython({ runtime, image: null, ownImage: false, memoryLimit: 2 ** 27, snapshots: true, output });
  return { python, printed: () => text };
}

/** Imports every module of the library and says which cannot be. */
const IMPORT_ALL = `
import sys, importlib, warnings
warnings.simplefilter('ignore')
missing = []
for name in sorted(sys.stdlib_module_names):
    if name in ('antigravity', 'this', 'idlelib', 'turtledemo'):
        continue
    try:
        importlib.import_module(name)
    except BaseException as error:
        missing.append(f'{name}: {error}')
'\\n'.join(missing)`;

let small: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  small = await start(lean.asm, lean.wasm);
}, 60_000);

test('is a third of the script and a tenth of the exports', () => {
  expect(lean.asm.length).toBeLessThan(whole.asm.length / 3);
  expect(exportNames(lean.wasm).length).toBeLessThan(exportNames(whole.wasm).length / 10);
});

test('imports what the whole one imports, and fails alike where that fails', { timeout: 60_000 }, async () => {
  const full = await start(whole.asm, whole.wasm);
  expect(small.python.api.runPython(IMPORT_ALL)).toBe(full.python.api.runPython(IMPORT_ALL));
});

test('files, compression, numbers, JavaScript objects, exceptions and output work as they should', () => {
  const { api } = small.python;
  const check = api.runPython(`
import bz2, decimal, hashlib, json, lzma, os, struct, tempfile, time, zlib

def check(add, data):
    assert add(2, 3) == 5 and data.key == 'value' and data.list.to_py() == [1, 2]
    for pack in (zlib, bz2, lzma):
        assert pack.decompress(pack.compress(b'x' * 1000)) == b'x' * 1000
    with tempfile.NamedTemporaryFile('w+') as file:
        file.write('text'); file.seek(0)
        assert file.read() == 'text' and os.stat(file.name).st_size == 4
    assert hashlib.sha256(b'').hexdigest().startswith('e3b0c442') and time.localtime().tm_year > 2000
    try:
        add('boom', None)
    except Exception as error:
        assert 'boom' in str(error)
    print('all', json.dumps({'is': 'well'}))
    return [1, {'two': 2}]
check`);
  const add = (a: number | string, b: number): number => {
    if (typeof a === 'string') throw new Error(a);
    return a + b;
  };
  const result = check(add, { key: 'value', list: [1, 2] });
  expect(result.toJs({ dict_converter: Object.fromEntries })).toEqual([1, { two: 2 }]);
  expect(small.printed()).toBe('all {"is": "well"}\n');
});

test('says what is not as expected in another Pyodide', () => {
  expect(() => slim({ ...whole, asm: 'var nothing = 1;' })).toThrow('not as this build knows it: var ');
});

test('of a WebAssembly file only the named exports are left, and memory', () => {
  const thin = keepExports(whole.wasm, new Set(['malloc']));
  expect(exportNames(thin)).toEqual(expect.arrayContaining(['malloc', 'memory']));
  expect(exportNames(thin).length).toBeLessThan(10);
});
