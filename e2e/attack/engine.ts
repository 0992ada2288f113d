/**
 * The attacker with JavaScript of its own in a process of the sandbox: as if Python's walls had fallen. Its bundle takes the
 * place of the sandbox's programs; kernel, guest and frame are the real ones.
 */
import type { Host, Program } from '../../sandboxes/host/host.ts';
import { bootWhole } from '../../sandboxes/host/worker/boot-whole.ts';
import type { Boot } from '../../sandboxes/host/worker/channel.ts';

export interface Outcome {
  readonly got?: string;
  readonly refused?: string;
}

const SOCKET = '/run/victim.sock';
const LATE_MS = 1500;
const WWW_DATA = 33;

const opened = (target: EventTarget): Promise<string> =>
  new Promise((resolve, reject) => {
    target.addEventListener('open', () => resolve('open'));
    target.addEventListener('error', () => reject(new Error('refused')));
  });

/** What a worker could try, each with the site's address. */
const TRIES: Readonly<Record<string, (site: string) => unknown>> = {
  'fetch the site': (site) => fetch(`${site}/stray`),
  'fetch elsewhere': () => fetch('https://elsewhere.example/stray'),
  XMLHttpRequest: (site) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.onload = () => resolve('loaded');
      request.onerror = () => reject(new Error('refused'));
      request.open('GET', `${site}/stray`);
      request.send();
    }),
  WebSocket: (site) => opened(new WebSocket(site.replace('http', 'ws'))),
  EventSource: (site) => opened(new EventSource(`${site}/stray`)),
  WebTransport: () => new WebTransport('https://elsewhere.example/').ready,
  'import from the site': (site) => import(/* @vite-ignore */ `${site}/stray.mjs`),
  importScripts: (site) => self['importScripts' as keyof typeof self](`${site}/stray.js`),
  'code from text': () => new Function('return self')(),
  'a worker from the site': (site) => opened(new Worker(`${site}/stray.js`)),
  indexedDB: () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open('stolen');
      request.onsuccess = () => resolve('open');
      request.onerror = () => reject(request.error);
    }),
  'cache storage': () => caches.keys(),
  'file storage': () => navigator.storage.getDirectory(),
  'service worker': () => (navigator as Navigator & { serviceWorker: ServiceWorkerContainer }).serviceWorker.register('/stray.js'),
  'a lock of the page': () => navigator.locks.request('page', () => 'locked'),
  document: () => document.title,
  'parent window': () => parent.location.href,
  opener: () => opener.location.href,
  localStorage: () => localStorage.getItem('secret'),
};

async function outcome(work: () => unknown): Promise<Outcome> {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), LATE_MS));
  try {
    return { got: String(await Promise.race([work(), late])) };
  } catch (error) {
    return { refused: String(error) };
  }
}

/** Tries everything and prints what came of it. */
const thief: Program = async (host) => {
  const results: Record<string, Outcome> = { origin: { got: self.origin } };
  for (const [name, work] of Object.entries(TRIES)) results[name] = await outcome(() => work(host.args[0] ?? ''));
  new BroadcastChannel('page').postMessage('stolen');
  self.postMessage({ op: 'trace', events: [] });
  await host.print(JSON.stringify(results));
  return 0;
};

/** Root's server: says who it is and echoes, connection by connection. */
const victim: Program = async (host) => {
  const listener = await host.listen({ path: SOCKET }, { mode: 0o666 });
  await host.spawn('liar', [String(host.pid)], { uid: WWW_DATA, gid: WWW_DATA });
  for (let connection = await listener.accept(); connection !== null; connection = await listener.accept()) {
    const one = connection;
    void (async () => {
      for (let bytes = await one.read(); bytes !== null; bytes = await one.read()) await one.write(bytes);
      one.close();
    })();
  }
  return 0;
};

/** Catches its own ports to the kernel and to the victim, and speaks over them in their language. */
const liar: Program = async (host) => {
  const victimPid = Number(host.args[0]);
  const ports = new Set<MessagePort>();
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (this: MessagePort, ...args: unknown[]) {
    ports.add(this);
    Reflect.apply(post, this, args);
  } as typeof post;
  const mine = await host.connect({ path: SOCKET });
  await mine.write('mine');
  await mine.read();
  const say = (words: unknown): void => {
    for (const port of ports) Reflect.apply(post, port, [words]);
  };
  /** A port in our words: who passes it on without care cannot copy it. */
  const sayWithPort = (words: (port: MessagePort) => unknown): void => {
    for (const port of ports) {
      const { port1 } = new MessageChannel();
      Reflect.apply(post, port, [words(port1), [port1]]);
    }
  };
  // Somebody else talks to the victim meanwhile: words are put into that connection's mouth, from both sides.
  const witness = await host.spawn('witness');
  const data = new TextEncoder().encode('forged');
  for (let turn = 0; turn < 50; turn++) {
    for (const to of ['server', 'client']) say([{ conn: `${witness.pid}.1`, to, data }]);
    await host.sleep(10);
  }
  await witness.exited;
  say([{ op: 'call', id: 900_001, name: 'kill', args: [victimPid, 'SIGKILL'] }]);
  say([{ op: 'call', id: 900_002, name: 'connect', args: [`${victimPid}.77`, { path: SOCKET }, null, null] }]);
  say([{ op: 'call', id: 900_003, name: 'setUser', args: [0, 0] }]);
  const report = (event: object): void => say([{ op: 'trace', lines: `${JSON.stringify(event)}\n` }]);
  report({ type: 'process.exit', t: 1, pid: victimPid, code: 66, signal: null });
  report({ type: 'socket.listen', t: 1, listener: 99, address: 'forged:99', backlog: 1 });
  report({ type: 'log', t: 1, pid: victimPid, text: 'forged log' });
  await host.sleep(50);
  await host.print(`uid ${(await host.processes()).find(({ pid }) => pid === host.pid)?.uid}\n`);
  sayWithPort((port) => [{ op: 'title', title: port }]);
  sayWithPort((port) => [{ op: 'call', id: 900_004, name: 'setUser', args: [port, port] }]);
  sayWithPort((port) => [{ conn: `${host.pid}.1`, to: 'server', data, port }]);
  for (const nonsense of [
    null,
    42,
    'words',
    [null],
    [{}],
    [{ op: 'call' }],
    [{ op: 'trace', lines: 'null\n{' }],
    { link: 1 },
    { spare: null },
    { spare: new Uint8Array(8) },
    [{ op: 'exit' }],
  ])
    say(nonsense);
  await host.sleep(50);
  return 0;
};

/** An honest client: prints what came back. */
const witness: Program = async (host: Host) => {
  const connection = await host.connect({ path: SOCKET });
  for (let turn = 0; turn < 10; turn++) {
    await connection.write('true');
    await host.print(`${new TextDecoder().decode((await connection.read()) ?? new Uint8Array())}\n`);
    await host.sleep(20);
  }
  return 0;
};

export function boot(boot: Boot, port: MessagePort): void {
  bootWhole({ programs: { thief, victim, liar, witness }, python: null }, {}, boot, port);
}
