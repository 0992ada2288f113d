/** The benchmark's page: opens the product's embedded runtime and lets the script outside drive it, through `globalThis.bench`. */
import type { TraceEvent } from '../../../sandboxes/host/events.ts';
import { startEmbedded } from '../../../src/runtime/embedded.ts';
import type { Files, Runtime } from '../../../src/runtime/runtime.ts';

let runtime: Runtime | null = null;
const events: TraceEvent[] = [];
let keep = true;
const faults: string[] = [];

const opened = (): Runtime => {
  if (runtime === null) throw new Error('no sandbox is open');
  return runtime;
};

const driver = {
  async open(files: Files): Promise<void> {
    runtime = await startEmbedded({ files });
    runtime.on('trace', (batch) => {
      if (keep) events.push(...batch);
    });
    runtime.on('fault', ({ message }) => faults.push(message));
  },

  /** Under load the trace is received, as in a lesson, but not stored. */
  keepTrace(wanted: boolean): void {
    keep = wanted;
  },

  async spawn(program: string, args: string[]): Promise<void> {
    await opened().spawn(program, args);
  },

  /** Waits until `count` events of the type have come, and gives them. */
  async until(type: TraceEvent['type'], count: number, ms: number): Promise<TraceEvent[]> {
    const end = performance.now() + ms;
    for (;;) {
      const found = events.filter((event) => event.type === type);
      if (found.length >= count) return found;
      if (performance.now() > end || faults.length > 0)
        throw new Error(`${found.length} of ${count} ${type} in ${ms} ms ${faults.join(' ')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  },

  events: (): TraceEvent[] => events,

  /** What the program prints, when it has ended. */
  async run(program: string, args: string[]): Promise<string> {
    const process = await opened().spawn(program, args);
    let output = '';
    process.onOutput((text) => {
      output += text;
    });
    const exit = await process.exited;
    if (exit.code !== 0) throw new Error(`${program} ended with ${exit.code ?? exit.signal}: ${output}`);
    return output;
  },

  /** A request by the sandbox's browser. */
  async request(): Promise<number> {
    return (await opened().request({ method: 'GET', url: 'http://localhost/', headers: {} })).status;
  },

  portEcho,
};

/** Round trips a second over plain MessagePorts between three workers: what the browser itself gives. */
async function portEcho(
  clients: number,
  ms: number,
  sizes: { request: number; packet: number; reply: number; answer: number },
): Promise<number> {
  const worker = (code: string): Worker => new Worker(URL.createObjectURL(new Blob([code])));
  const answering = (size: number): string =>
    `onmessage = ({ ports: [port] }) => { const bytes = new Uint8Array(${size}); port.onmessage = ({ data }) => port.postMessage({ n: data.n, bytes }); };`;
  const relaying = `onmessage = ({ ports: [front, back] }) => {
    const [packet, answer] = [new Uint8Array(${sizes.packet}), new Uint8Array(${sizes.answer})];
    front.onmessage = ({ data }) => back.postMessage({ n: data.n, bytes: packet });
    back.onmessage = ({ data }) => front.postMessage({ n: data.n, bytes: answer });
  };`;
  const asking = `onmessage = ({ ports: [port] }) => {
    const bytes = new Uint8Array(${sizes.request});
    const end = performance.now() + ${ms};
    let count = 0;
    port.onmessage = ({ data }) => {
      if (performance.now() >= end) return postMessage(count);
      count++;
      port.postMessage({ n: data.n, bytes });
    };
    for (let n = 0; n < ${clients}; n++) port.postMessage({ n, bytes });
  };`;
  const [front, back] = [new MessageChannel(), new MessageChannel()];
  const workers = [worker(answering(sizes.reply)), worker(relaying), worker(asking)] as const;
  workers[0].postMessage(0, [back.port2]);
  workers[1].postMessage(0, [front.port2, back.port1]);
  const count = await new Promise<number>((resolve) => {
    workers[2].onmessage = ({ data }: MessageEvent<number>): void => resolve(data);
    workers[2].postMessage(0, [front.port1]);
  });
  for (const one of workers) one.terminate();
  return (count / ms) * 1000;
}

declare global {
  var bench: BenchPage;
}
export type BenchPage = typeof driver;
globalThis.bench = driver;
