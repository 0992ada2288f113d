/**
 * Bundles the conformance suite as the engine is bundled, with the suite's programs in place of the sandbox's: a process
 * module for the Node host, and the frame and process module of the browser's.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './engine/bundle.ts';
import { cache } from './lib/paths.ts';

const FOLDER = join(cache, 'conformance');

async function built(entry: string, file: string, platform: 'browser' | 'node', format: 'es' | 'iife' = 'es'): Promise<string> {
  const code = await bundle(entry, { format, platform });
  if (code === null) throw new Error(`${entry} is missing`);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, file), code);
  return join(FOLDER, file);
}

/** Path of the process module for the Node host. */
export function buildForNode(): Promise<string> {
  return built('sandboxes/host/conformance/node-process.ts', 'process.mjs', 'node');
}

/** Paths of the engine's real frame, of a bundle for its workers with the suite's programs, and of the page's side. */
export async function buildForBrowser(): Promise<{ frame: string; process: string; engineFrame: string }> {
  return {
    frame: await built('sandboxes/host/worker/frame.ts', 'frame.js', 'browser', 'iife'),
    process: await built('sandboxes/host/conformance/worker-process.ts', 'worker-process.mjs', 'browser'),
    engineFrame: await built('src/runtime/engine-frame.ts', 'engine-frame.js', 'browser'),
  };
}
