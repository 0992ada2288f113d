/**
 * The default engine: kernel and processes in the browser's own workers, inside an opaque frame. Starts in any page,
 * embedded or not, with or without cross-origin isolation.
 */
import {
  bytesOf,
  bytesOfWheels,
  dropOldFiles,
  enginePart,
  forgetSnapshot,
  keepSnapshot,
  loadWheels,
  readSnapshot,
} from './engine-files.ts';
import { EngineFrame } from './engine-frame.ts';
import { ENGINE, type Part, PYTHON } from './engine-parts.ts';
import { EngineRuntime } from './engine-runtime.ts';
import type { Files, Runtime, StartProgress } from './runtime.ts';

export interface EmbeddedOptions {
  readonly files: Files;
  /** Sets of Python packages to lay into the wheelhouse, as far as this build has them. */
  readonly wheels?: readonly string[];
  readonly onProgress?: (progress: StartProgress) => void;
  readonly signal?: AbortSignal;
}

/** What the browser tells of the device's memory (in GB, roughly; some browsers nothing), where Linux has it. */
function memoryInfo(): Record<string, string> {
  const { deviceMemory } = navigator as Navigator & { readonly deviceMemory?: number };
  return deviceMemory === undefined ? {} : { '/proc/meminfo': `MemTotal: ${String(deviceMemory * 1024 * 1024).padStart(15)} kB\n` };
}

/** What is missing in this browser for a sandbox, in words, or null. */
export function unsupported(): string | null {
  if (typeof Worker === 'undefined') return 'This browser has no Web Workers, which the sandbox needs for its processes.';
  if (typeof WebAssembly === 'undefined') return 'This browser has no WebAssembly, which Python needs.';
  return null;
}

/**
 * Downloads what is missing, opens the frame, lays the files. Python's files follow in the background: programs that need
 * them wait. Errors: an Error that says what could not be loaded and what to do.
 */
export async function startEmbedded({ files, wheels = [], onProgress, signal }: EmbeddedOptions): Promise<Runtime> {
  const missing = unsupported();
  if (missing !== null) throw new Error(missing);
  const total = bytesOf([...ENGINE, ...PYTHON]) + bytesOfWheels(wheels);
  let got = 0;
  const onBytes = (count: number): void => {
    got += count;
    const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
    onProgress?.({
      stage: got < bytesOf(ENGINE) ? 'engine' : 'python',
      value: Math.min(1, got / total) * 0.8,
      text: `Loading the sandbox and Python: ${megabytes(got)} of ${megabytes(total)} MB`,
    });
  };
  const load = (part: Part): Promise<Uint8Array> => enginePart(part, onBytes, signal);
  const wasm = load('wasm');
  const rest = Promise.all([load('loader'), load('asm'), load('stdlib'), readSnapshot()]);
  const packages = loadWheels(wheels, onBytes, signal);
  // A failure is reported where the parts are awaited; until then it must not count as unhandled.
  for (const parts of [wasm, rest, packages]) parts.catch(() => {});
  const text = async (part: Part): Promise<string> => new TextDecoder().decode(await load(part));
  const [script, kernel, plain, python] = await Promise.all([text('frame'), text('kernel'), text('plainProcess'), text('pythonProcess')]);
  const runtime = new EngineRuntime('embedded');
  try {
    const frame = await EngineFrame.open(script, { kernel, plain, python }, (notice) => {
      if (notice.op !== 'pythonBase') runtime.receive(notice);
      else void (notice.snapshot === null ? forgetSnapshot() : keepSnapshot(notice.snapshot));
    });
    runtime.attach(frame);
    await runtime.mount({ ...memoryInfo(), ...files });
    const code = await wasm;
    // It compiles while the rest is still on its way; a failure is told with the rest.
    frame.call('compile', [code], [code.buffer as ArrayBuffer]).catch(() => {});
    const [loader, asm, stdlib, base] = await rest;
    onProgress?.({ stage: 'boot', value: 0.85, text: 'Starting Python' });
    const buffers = [loader, asm, stdlib, ...(base === null ? [] : [base])].map((bytes) => bytes.buffer as ArrayBuffer);
    // Python gets ready while servers already start.
    frame
      .call('python', [{ loader, asm, stdlib, base }], buffers)
      .catch((error: Error) => runtime.receive({ op: 'fault', message: `Python did not load: ${error.message}` }));
    void runtime.openBrowser();
    await runtime.mount(await packages);
    void dropOldFiles();
    return runtime;
  } catch (error) {
    runtime.dispose();
    throw error;
  }
}
