import { beforeEach, describe, expect, it } from 'vitest';
import type { PythonRuntime } from '../../host/host.ts';
import { startPython } from './boot.ts';
import { MEMORY_LIMIT, takeSpare, warm } from './spare.ts';
import { nodePython } from './testing.ts';

let runtime: PythonRuntime;
/** A base is used up by the spare that starts from it. */
const withBase = (): PythonRuntime => ({ ...runtime, base: runtime.base?.slice() ?? null });
const quiet = (): void => {};

async function take(image: Uint8Array | null, output: (stream: 1 | 2, bytes: Uint8Array) => void = quiet) {
  await warm(withBase());
  return takeSpare(image, MEMORY_LIMIT, output);
}

describe('a spare Python', () => {
  beforeEach(async () => {
    runtime = await nodePython();
  });

  it('continues the memory of another one, and goes its own way from there', { timeout: 30_000 }, async () => {
    const parent = await take(null);
    parent?.api.runPython('import decimal\nlog = []\nhook = None\ndef count(x): log.append(x); return len(log)');
    const setHook = parent?.api.runPython('def set_hook(f):\n  global hook\n  hook = f\nset_hook');
    // As with sleep(): a function of JavaScript that Python holds for a while, and must have let go of.
    setHook((ms: number) => ms);
    parent?.api.runPython('hook(5)');
    setHook(null);
    parent?.api.runPython('count(1)');
    const child = await take(parent?.snapshot() ?? null);
    expect(child?.api.runPython('str(decimal.Decimal(2) / 8), count(2)').toString()).toBe("('0.25', 2)");
    child?.api.runPython('set_hook')((ms: number) => ms * 2);
    expect(child?.api.runPython('hook(21)')).toBe(42);
    expect(parent?.api.runPython('len(log)')).toBe(1);
  });

  it('grows to the size of the one it continues', { timeout: 30_000 }, async () => {
    const parent = await take(null);
    parent?.api.runPython('table = bytearray(20_000_000)\ntable[-1] = 7');
    const child = await take(parent?.snapshot() ?? null);
    expect(child?.memory().size).toBeGreaterThanOrEqual(parent?.memory().size ?? 0);
    expect(child?.api.runPython('len(table) + table[-1]')).toBe(20_000_007);
    child?.api.runPython('more = bytearray(10_000_000)');
  });

  it('prints where the program that takes it says', async () => {
    const printed: string[] = [];
    const python = await take(null, (stream, bytes) => printed.push(`${stream} ${new TextDecoder().decode(bytes)}`));
    python?.api.runPython("print('hello')");
    expect(printed).toEqual(['1 hello\n']);
  });

  it('is not taken twice, and not where its base did not work', async () => {
    await warm(withBase());
    expect(await takeSpare(null, MEMORY_LIMIT, quiet)).not.toBe(null);
    expect(await takeSpare(null, MEMORY_LIMIT, quiet)).toBe(null);
    await expect(warm({ ...runtime, base: new Uint8Array(100) })).rejects.toThrow('not a Python snapshot');
    expect(await takeSpare(null, MEMORY_LIMIT, quiet)).toBe(null);
  });

  it('does not continue a Python that began otherwise', async () => {
    const plain = await startPython({ runtime, image: null, ownImage: false, memoryLimit: MEMORY_LIMIT, snapshots: true, output: quiet });
    expect(await take(plain.snapshot())).toBe(null);
  });

  it('fails at once where there can be no instance', async () => {
    const wasm = await WebAssembly.compile(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    await expect(warm({ ...withBase(), wasm })).rejects.toThrow('Pyodide exports no memory');
  });

  it('keeps the memory limit of the program that takes it', async () => {
    await warm(withBase());
    const python = await takeSpare(null, 64 * 1024 * 1024, quiet);
    expect(() => python?.api.runPython('x = bytearray(70_000_000)')).toThrow('MemoryError');
  });
});
