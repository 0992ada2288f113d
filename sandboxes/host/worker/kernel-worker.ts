/**
 * The kernel in a worker of its own (a page's main thread takes several times longer for each message), and one worker a
 * process. The page hands everything in as bytes over one MessagePort; nothing here can reach the page's origin.
 */
import { EngineControl, PageOutbox } from '../engine.ts';
import type { PythonRuntime } from '../host.ts';
import { Kernel, type KernelPlatform } from '../kernel.ts';
import { MemoryTree } from '../tree.ts';
import { BOOTSTRAP, type Boot, type Up } from './channel.ts';
import type { FrameCall, FrameCalls, FromFrame, PythonFiles } from './protocol.ts';

const blobUrl = (content: BlobPart, type = 'text/javascript'): string => URL.createObjectURL(new Blob([content], { type }));

export class KernelWorker {
  #page: PageOutbox<FromFrame>;
  #kernel: Kernel;
  #control: EngineControl;
  #workers = new Map<number, MessagePort>();
  #module: string;
  #bootstrap = blobUrl(BOOTSTRAP);
  #programs: ReadonlySet<string>;
  #wasm = Promise.withResolvers<WebAssembly.Module>();
  #python = Promise.withResolvers<PythonRuntime | null>();
  /** What is known of a base snapshot: the page gave one, or one was handed to the page. */
  #base: 'none' | 'given' | 'told' = 'none';

  /** `module` is the blob: address of the bundle that every process imports. */
  constructor(module: string, programNames: readonly string[], page: MessagePort) {
    this.#module = module;
    this.#programs = new Set(programNames);
    this.#page = new PageOutbox({ post: (messages) => page.postMessage(messages) });
    const { timeOrigin } = performance;
    const clock = (): number => timeOrigin + performance.now();
    const platform: KernelPlatform = {
      epoch: clock(),
      clock,
      programs: this.#programs,
      start: (start) => {
        const worker = new Worker(this.#bootstrap, { name: start.program });
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }: MessageEvent<Up>): void => this.#kernel.receive(start.pid, data);
        worker.onerror = (event): void => {
          this.#page.push({ op: 'fault', message: `${start.program} (pid ${start.pid}): ${event.message}` });
          this.#kernel.ended(start.pid, { code: 1, signal: null });
        };
        worker.postMessage({ module: this.#module, start } satisfies Boot, [port2]);
        this.#workers.set(start.pid, port1);
        return {
          post: (messages) => port1.postMessage(messages),
          terminate: () => {
            // A terminated worker that is busy lives on for a while in some browsers: stop listening to it first.
            port1.onmessage = null;
            port1.close();
            this.#workers.delete(start.pid);
            worker.terminate();
          },
        };
      },
      link: (a, b) => {
        const { port1, port2 } = new MessageChannel();
        this.#workers.get(a)?.postMessage({ link: b }, [port1]);
        this.#workers.get(b)?.postMessage({ link: a }, [port2]);
      },
      emit: (events) => this.#page.emit(events),
      python: () => this.#python.promise,
      offerPythonBase: (snapshot) => {
        // Our own code offers one before any learner code runs, when there is none or the page's does not work. A later offer
        // could be forged; the worst that a forged one in place of the page's does is a slower start next time.
        if (this.#base === 'none') this.#page.push({ op: 'pythonBase', snapshot });
        else if (this.#base === 'given') this.#page.push({ op: 'pythonBase', snapshot: null });
        this.#base = 'told';
      },
    };
    this.#kernel = new Kernel(new MemoryTree(), platform);
    this.#control = new EngineControl(this.#kernel, (notice) => this.#page.notify(notice));
    page.onmessage = ({ data }: MessageEvent<FrameCall>): void => void this.#answer(data);
  }

  async #answer(call: FrameCall): Promise<void> {
    try {
      this.#page.push({ op: 'reply', id: call.id, value: await this.#do(call) });
    } catch (error) {
      this.#page.push({ op: 'error', id: call.id, message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #do(call: FrameCall): Promise<FrameCalls[FrameCall['name']][1]> {
    switch (call.name) {
      case 'compile':
        this.#wasm.resolve(WebAssembly.compile(call.args[0] as BufferSource));
        return null;
      case 'python':
        await this.#loadPython(call.args[0]);
        return null;
      default:
        return this.#control.do(call);
    }
  }

  async #loadPython({ loader, asm, stdlib, base }: PythonFiles): Promise<void> {
    if (base !== null) this.#base = 'given';
    try {
      const wasm = await this.#wasm.promise;
      const urls = { loaderUrl: blobUrl(loader as BlobPart), asmUrl: blobUrl(asm as BlobPart) };
      this.#python.resolve({ ...urls, wasm, stdlib, base });
    } catch (error) {
      this.#python.resolve(null);
      throw error;
    }
  }
}
