/** Bundles the sandbox's entry files with Vite: one file each, for the browser's workers and for Node. */
import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { build } from 'vite';
import { at } from '../lib/paths.ts';
import { packagesOf } from '../licences/packages.ts';

interface Target {
  /** `es` for a file that is imported, `iife` for one that stands inline in a page. */
  readonly format: 'es' | 'iife';
  readonly platform: 'browser' | 'node';
  /** Default: for the browser only. */
  readonly minify?: boolean;
  /** Hears which npm packages the bundle has something of. */
  readonly onPackages?: (names: readonly string[]) => void;
}

/** The bundle of `entry` (a path in the project) as text, or null while there is no such file. */
export async function bundle(
  entry: string,
  { format, platform, minify = platform === 'browser', onPackages }: Target,
): Promise<string | null> {
  if (!existsSync(at(entry))) return null;
  const forNode = platform === 'node';
  const result = await build({
    configFile: false,
    root: at(),
    logLevel: 'silent',
    publicDir: false,
    define: forNode ? {} : { 'process.env.NODE_ENV': '"production"' },
    ssr: { target: 'node', noExternal: true },
    build: {
      write: false,
      target: forNode ? 'node22' : 'es2023',
      minify,
      ssr: forNode,
      modulePreload: false,
      rolldownOptions: {
        input: at(entry),
        external: (id: string) => forNode && (isBuiltin(id) || id === 'pyodide' || id.startsWith('pyodide/')),
        output: { format, codeSplitting: false },
        preserveEntrySignatures: 'strict',
      },
    },
  });
  const outputs = Array.isArray(result) ? result.flatMap((one) => one.output) : 'output' in result ? result.output : [];
  const [chunk, ...others] = outputs;
  if (chunk?.type !== 'chunk' || others.length > 0)
    throw new Error(`${entry} did not become one file: ${outputs.map((one) => one.fileName).join(', ')}`);
  onPackages?.(packagesOf(chunk.moduleIds));
  return chunk.code;
}
