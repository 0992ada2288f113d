/** The second engine: the same sandbox on real Node, inside a WebContainer. Loaded only when somebody asks for it. */
import { bytesOf, bytesOfWheels, containerClient, enginePart, loadWheels } from '../engine-files.ts';
import type { Part } from '../engine-parts.ts';
import type { Files, Runtime, StartProgress } from '../runtime.ts';
import type { BootPage, ContainerClient } from './boot.ts';
import { openContainer, type PartsSource } from './container-runtime.ts';
import type { EngineParts } from './layout.ts';

export { WebContainerError, type WebContainerReason } from './error.ts';

export interface WebContainerOptions {
  readonly files: Files;
  /** Sets of Python packages to lay into the wheelhouse, as far as this build has them. */
  readonly wheels?: readonly string[];
  readonly onProgress?: (progress: StartProgress) => void;
  readonly signal?: AbortSignal;
  /** The site's key for commercial use of StackBlitz' service. */
  readonly apiKey?: string;
}

const PARTS: Readonly<Record<keyof EngineParts, Part>> = {
  'main.mjs': 'node',
  'process.mjs': 'nodeProcess',
  'pyodide.mjs': 'loader',
  'pyodide.asm.mjs': 'asm',
  'pyodide.asm.wasm': 'wasm',
  'python_stdlib.zip': 'stdlib',
};

const page: BootPage = {
  load: (attempt) =>
    import(/* @vite-ignore */ attempt === 0 ? containerClient() : `${containerClient()}?attempt=${attempt}`) as Promise<ContainerClient>,
  messages: window,
  removeFrame: (origin) => {
    for (const frame of document.querySelectorAll(`iframe[src^="${origin}/headless"]`)) frame.remove();
  },
};

/**
 * Boots a container, puts the engine, Python and `files` into it and starts the engine. The page must be isolated, on top and
 * online, and the visitor must have agreed: that is for the caller to see to. Errors: WebContainerError; an Error when a file
 * of this site could not be loaded; the signal's reason. After an error, and after `dispose`, nothing is left behind.
 */
export async function startWebContainer({ files, wheels = [], onProgress, signal, apiKey }: WebContainerOptions): Promise<Runtime> {
  const size = bytesOf(Object.values(PARTS)) + bytesOfWheels(wheels);
  const load: PartsSource['load'] = async (onBytes) => {
    const [engine, wheelhouse] = await Promise.all([loadParts(onBytes, signal), loadWheels(wheels, onBytes, signal)]);
    return { engine, wheelhouse };
  };
  return openContainer({ page, parts: { size, load }, files, onProgress, signal, apiKey });
}

async function loadParts(onBytes: (count: number) => void, signal: AbortSignal | undefined): Promise<EngineParts> {
  const loaded = Object.entries(PARTS).map(async ([name, part]) => [name, await enginePart(part, onBytes, signal)] as const);
  return Object.fromEntries(await Promise.all(loaded)) as unknown as EngineParts;
}
