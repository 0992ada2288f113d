/** The machine's curl against the real servers, with a lesson's command line: it is told that localhost is their address. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mapped, unmapped } from './mapping.ts';
import { plain, plainHead } from './normal.ts';
import type { RealMachine } from './servers.ts';

const FOLDER = '/root';
/** Whoever has not answered after so long never will, in seconds. A command that says otherwise has its own way. */
const LIMIT_S = 20;

export async function typeCurl(command: string, machine: RealMachine): Promise<{ readonly exit: number; readonly output: string }> {
  const { place } = machine;
  const home = machine.path(FOLDER);
  mkdirSync(home, { recursive: true });
  const named = [...command.matchAll(/localhost:(\d+)/g)].map(([, port]) => Number(port));
  const doors = [80, 443, ...named].map((port) =>
    place.port(port) === port
      ? `resolve = "localhost:${port}:${place.address}"`
      : `connect-to = "localhost:${port}:${place.address}:${place.port(port)}"`,
  );
  writeFileSync(`${home}/.curlrc`, `${[...doors, `max-time = ${LIMIT_S}`].join('\n')}\n`);
  const child = spawn('sh', ['-c', mapped(command, 'uwsgi', place)], {
    env: { ...process.env, CURL_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString('latin1')));
  const exit = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  return { exit, output: unmapped(output, place) };
}

/** Left out: what curl says of the connection (with -v), its progress, and the advice it has on certificates; its version is not compared. */
const ASIDE = /^[*{}] |^ *% Total|Dload|--:--|^More details here|^curl failed to verify|^establish a secure|^how to fix it/;

export function plainCurl(exit: number, output: string): string[] {
  const lines = output.split(/\r?\n/).filter((line) => !ASIDE.test(line));
  const plainLine = (line: string): string =>
    plain(line)
      .replace(/\bcurl\/[\d.]+/, 'curl/V')
      .replace(/\bafter \d+ ms\b/, 'after N ms');
  return [`exit ${exit}`, ...lines.map(plainLine).map(plainHead)];
}
