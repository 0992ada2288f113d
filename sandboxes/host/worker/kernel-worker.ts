/**
 * The kernel in a worker of its own (a page's main thread takes several times longer for each message), and one worker a
 * process. The page hands everything in as bytes over one MessagePort; nothing here can reach the page's origin.
 */
import { EngineControl, PageOutbox } from '../engine.ts';
import { Kernel } from '../kernel.ts';
import { MemoryTree } from '../memory-tree.ts';
import type { KernelPlatform } from '../process-table.ts';
import { BOOTSTRAP, isSpareReport, type Modules, type ProcessBoot, type Up } from './channel.ts';
import type { FrameCall, FrameCalls, FromFrame } from './protocol.ts';
import { close, PythonSupply, type Room } from './python-supply.ts';

/** What it knows of the programs. */
interface Programs {
  readonly names: ReadonlySet<string>;
  /** Those that run a Python, with the starts that each makes likely. */
  readonly users: Readonly<Record<string, number>>;
}

export class KernelWorker {
  #page: PageOutbox<FromFrame>;
  #kernel: Kernel;
  #control: EngineControl;
  #python: PythonSupply;
  #ports = new Map<number, MessagePort>();
  #bootstrap = URL.createObjectURL(new Blob([BOOTSTRAP], { type: 'text/javascript' }));

  constructor(modules: Modules, { names, users }: Programs, page: MessagePort) {
    const python = new Map(Object.entries(users));
    this.#page = new PageOutbox({ post: (messages) => page.postMessage(messages) });
    this.#python = new PythonSupply({
      module: modules.python,
      users: python,
      open: (name, boot) => this.#open(name, boot),
      tellBase: (snapshot) => this.#page.push({ op: 'pythonBase', snapshot }),
      cores: navigator.hardwareConcurrency,
    });
    const { timeOrigin } = performance;
    const clock = (): number => timeOrigin + performance.now();
    const platform: KernelPlatform = {
      epoch: clock(),
      clock,
      programs: names,
      start: (start) => {
        const spare = this.#python.take(start);
        const module = python.has(start.program) ? modules.python : modules.plain;
        const room = spare ?? this.#open(start.program, { module, as: 'process', start });
        spare?.port.postMessage({ start });
        const { port, worker } = room;
        port.onmessage = ({ data }: MessageEvent<Up>): void => {
          if (isSpareReport(data)) this.#python.heard(room, data);
          else this.#kernel.receive(start.pid, data);
        };
        worker.onerror = (event): void => {
          // one that was ended lives on for a moment, and what breaks in it then is nobody's concern
          if (this.#ports.get(start.pid) !== port) return;
          this.#page.push({ op: 'fault', message: `${start.program} (pid ${start.pid}): ${event.message}` });
          this.#python.gone(room);
          this.#kernel.ended(start.pid, { code: 1, signal: null });
        };
        this.#ports.set(start.pid, port);
        return {
          post: (messages) => port.postMessage(messages),
          terminate: () => {
            this.#ports.delete(start.pid);
            this.#python.gone(room);
            close(room);
          },
        };
      },
      link: (a, b) => {
        const { port1, port2 } = new MessageChannel();
        this.#ports.get(a)?.postMessage({ link: b }, [port1]);
        this.#ports.get(b)?.postMessage({ link: a }, [port2]);
      },
      emit: (lines) => this.#page.emit(lines),
      python: () => this.#python.runtime,
    };
    this.#kernel = new Kernel(new MemoryTree(), platform);
    this.#control = new EngineControl(this.#kernel, (notice) => this.#page.notify(notice));
    page.onmessage = ({ data }: MessageEvent<FrameCall>): void => void this.#answer(data);
  }

  #open(name: string, boot: ProcessBoot): Room {
    const worker = new Worker(this.#bootstrap, { name });
    const { port1, port2 } = new MessageChannel();
    worker.postMessage(boot, [port2]);
    return { worker, port: port1 };
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
        this.#python.compile(call.args[0]);
        return null;
      case 'python':
        await this.#python.give(call.args[0]);
        return null;
      default:
        return this.#control.do(call);
    }
  }
}
