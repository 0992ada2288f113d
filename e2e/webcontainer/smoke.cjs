/**
 * Runs inside a container, under its Node: what the engine needs of it, and what else the course says about it. Prints one line
 * of JSON a finding between RS and US, as the engine does. `node smoke.cjs`; with a role it is one of its own processes.
 */
const net = require('node:net');
const http = require('node:http');
const { fork, spawn } = require('node:child_process');
const { once } = require('node:events');

const say = (name, ok, detail = '') =>
  process.stdout.write(`\x1e${JSON.stringify({ name, ok, detail: String(detail) }).replace(/[^\x20-\x7e]/g, '?')}\x1f\n`);
const within = (ms, work) =>
  Promise.race([work, new Promise((_, no) => setTimeout(() => no(new Error(`not within ${ms} ms`)), ms).unref())]);

const roles = {
  /** Tells its port on standard output, echoes what comes. */
  echo: (port) => {
    const server = net.createServer((socket) => socket.pipe(socket));
    server.on('error', (error) => {
      console.log(error.code);
      process.exit(1);
    });
    server.listen(Number(port ?? 0), '127.0.0.1', () => console.log(server.address().port));
  },
  ipc: () => process.on('message', (message) => process.send({ got: message }, () => process.exit(7))),
  idle: () => {
    setInterval(() => {}, 1000);
    console.log('up');
  },
  loop: () => {
    console.log('up');
    setTimeout(() => {
      for (;;);
    }, 50);
  },
};

/** Starts itself in a role; gives the process and the first line that it prints. */
async function start(role, ...args) {
  const child = spawn(process.execPath, [__filename, role, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await within(10_000, once(child.stdout.setEncoding('latin1'), 'data'));
  return { child, line: line.trim() };
}

async function killed(role, signal) {
  const { child } = await start(role);
  if (role === 'loop') await new Promise((resolve) => setTimeout(resolve, 200));
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code, by] = await within(5000, exit);
  return `code ${code}, signal ${by}`;
}

const checks = {
  'fork, a message each way, exit code': async () => {
    const child = fork(__filename, ['ipc']);
    child.send('hello');
    const [message] = await within(10_000, once(child, 'message'));
    const [code] = await once(child, 'exit');
    if (message.got !== 'hello' || code !== 7) throw new Error(JSON.stringify({ message, code }));
  },
  'bytes between two processes over loopback, with half-close': async () => {
    const { child, line } = await start('echo');
    const socket = net.connect({ port: Number(line), host: '127.0.0.1', allowHalfOpen: true });
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
    socket.end(sent);
    const parts = [];
    await within(
      10_000,
      (async () => {
        for await (const part of socket) parts.push(part);
      })(),
    );
    child.kill('SIGKILL');
    if (!Buffer.concat(parts).equals(sent)) throw new Error('other bytes came back');
  },
  'a closed port refuses': async () => {
    const [error] = await within(5000, once(net.connect(9, '127.0.0.1'), 'error'));
    if (error.code !== 'ECONNREFUSED') throw new Error(error.code);
    return error.code;
  },
  'SIGTERM ends an idle process': () => killed('idle', 'SIGTERM'),
  'SIGKILL ends an idle process': () => killed('idle', 'SIGKILL'),
  'SIGKILL ends a process in a hot loop': () => killed('loop', 'SIGKILL'),
  'a port can be used again after its process was killed': async () => {
    for (let round = 0; round < 2; round++) {
      const { child, line } = await start('echo', '9321');
      child.kill('SIGKILL');
      await once(child, 'exit');
      if (!/^\d+$/.test(line)) throw new Error(line);
    }
  },
  '200 requests on one kept connection': async () => {
    const server = http.createServer((_, answer) => answer.end('ok')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set();
    for (let count = 0; count < 200; count++) {
      const request = http.get({ port: server.address().port, host: '127.0.0.1', agent });
      const [answer] = await within(5000, once(request, 'response'));
      ports.add(answer.socket.localPort);
      await once(answer.resume(), 'end');
    }
    agent.destroy();
    server.close();
    if (ports.size !== 1) throw new Error(`${ports.size} connections`);
  },
};

/** What a line of input says comes back, so that the page can take the time of a round trip. */
function answerLines() {
  process.stdin.setEncoding('latin1').on('data', (text) => {
    for (const [, number] of text.matchAll(/ping (\d+)/g)) say('pong', true, number);
  });
}

async function main() {
  say('node', true, `${process.version}, webcontainer ${process.versions.webcontainer}`);
  for (const [name, check] of Object.entries(checks)) {
    try {
      say(name, true, (await check()) ?? '');
    } catch (error) {
      say(name, false, error.message);
    }
  }
  say('over', true);
  answerLines();
}

const [role, ...args] = process.argv.slice(2);
if (role !== undefined) roles[role](...args);
else void main();
