/** The WebContainer back end over the double in Node, without a browser: for tests. */
import { readFileSync } from 'node:fs';
import addresses from '../../src/runtime/generated/engine.json' with { type: 'json' };
import type { Files } from '../../src/runtime/runtime.ts';
import type { BootPage, ContainerClient } from '../../src/runtime/webcontainer/boot.ts';
import { type ContainerStart, openContainer, type PartsSource } from '../../src/runtime/webcontainer/container-runtime.ts';
import type { EngineParts } from '../../src/runtime/webcontainer/layout.ts';
import { at } from '../lib/paths.ts';
import { type DoubleFrame, doubleOf } from './client.ts';
import type { DoubleHost } from './host.ts';

/** The engine's parts as the page would load them. */
export function engineParts(): EngineParts {
  const part = (address: string): Uint8Array => new Uint8Array(readFileSync(at('public', address)));
  return {
    'main.mjs': part(addresses.node),
    'process.mjs': part(addresses.nodeProcess),
    'pyodide.mjs': part(addresses.loader),
    'pyodide.asm.mjs': part(addresses.asm),
    'pyodide.asm.wasm': part(addresses.wasm),
    'python_stdlib.zip': part(addresses.stdlib),
  };
}

/** These parts, there at once. */
export function partsOf(parts: EngineParts, wheelhouse: Readonly<Record<string, Uint8Array>> = {}): PartsSource {
  const size = Object.values(parts).reduce((sum, { length }) => sum + length, 0);
  const load: PartsSource['load'] = async (onBytes) => {
    onBytes(size);
    return { engine: parts, wheelhouse };
  };
  return { size, load };
}

/** A page with the double for StackBlitz' client, a fresh one each time, and a list in place of its frames. */
export function pageOver({ call }: Pick<DoubleHost, 'call'>): BootPage & { readonly frames: readonly DoubleFrame[] } {
  const messages = new EventTarget();
  const frames: { isConnected: boolean }[] = [];
  const openFrame = (): DoubleFrame => {
    const frame = { isConnected: true };
    frames.push(frame);
    return frame;
  };
  return {
    load: async () => doubleOf(call, messages, openFrame) as unknown as ContainerClient,
    messages,
    removeFrame: () => {
      for (const frame of frames.splice(0)) frame.isConnected = false;
    },
    frames,
  };
}

/** Starts a sandbox in a container of this machine. */
export function openOver(host: DoubleHost, files: Files, more: Partial<ContainerStart> = {}): ReturnType<typeof openContainer> {
  return openContainer({ page: pageOver(host), parts: partsOf(engineParts()), files, ...more });
}
