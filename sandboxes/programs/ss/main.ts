/**
 * ss -l: the sockets where somebody listens. Recv-Q is how many connections wait now, Send-Q how many may, as ss(8) has it
 * for listening sockets. `-t` TCP, `-x` Unix sockets, `-n` numbers instead of names, `-p` the processes that hold each.
 */
import type { Host, ProcessInfo, SocketInfo } from '../../host/host.ts';
import { parseArguments } from '../arguments.ts';

const USAGE = 'Usage: ss -l [-t] [-x] [-n] [-p]   (this sandbox shows listening sockets only)\n';
const SERVICES: Readonly<Record<number, string>> = { 80: 'http', 443: 'https', 8000: '8000', 8080: 'http-alt' };
const HEAD = ['Netid', 'State', 'Recv-Q', 'Send-Q', 'Local Address', 'Port', 'Peer Address', 'Port', 'Process'] as const;
/** Which columns stand to the right. */
const RIGHT = [false, false, false, false, true, false, true, false, false];

export default async function ss(host: Host): Promise<number> {
  const parsed = parseArguments(host.args, { flags: ['-l', '-t', '-x', '-n', '-p', '-a', '-h', '--help'], values: [] });
  if (!('rest' in parsed)) {
    await host.printError(`ss: invalid option -- '${('unknown' in parsed ? parsed.unknown : '').replace(/^-+/, '')}'\n${USAGE}`);
    return 255;
  }
  const { flags } = parsed;
  if (flags.has('-h') || flags.has('--help')) {
    await host.print(USAGE);
    return 0;
  }
  if (!flags.has('-l')) {
    await host.printError(`ss: this sandbox shows only the sockets where somebody listens: add -l\n`);
    return 1;
  }
  const [all, processes] = await Promise.all([host.sockets(), host.processes()]);
  const both = flags.has('-t') === flags.has('-x');
  const shown = all.filter(({ address }) => both || ('path' in address ? flags.has('-x') : flags.has('-t')));
  const rows = shown.map((socket) => [
    'path' in socket.address ? 'u_str' : 'tcp',
    'LISTEN',
    String(socket.waiting),
    String(socket.backlog),
    ...place(socket, flags.has('-n')),
    flags.has('-p') ? users(socket, processes) : '',
  ]);
  // As ss does: the kind is left out where only TCP was asked for.
  await host.print(table([[...HEAD], ...rows], both || flags.has('-x') ? 0 : 1));
  return 0;
}

function place({ id, address }: SocketInfo, numeric: boolean): string[] {
  if ('path' in address) return [address.path, String(id), '*', '0'];
  const port = numeric ? String(address.port) : (SERVICES[address.port] ?? String(address.port));
  return [address.ip ?? '0.0.0.0', port, '0.0.0.0', '*'];
}

/** `users:(("uwsgi",pid=302,fd=3),("uwsgi",pid=303,fd=3))` */
function users({ holders }: SocketInfo, processes: readonly ProcessInfo[]): string {
  const name = (pid: number): string => (processes.find((process) => process.pid === pid)?.title ?? '').split(/[:\s]/)[0] ?? '';
  return `users:(${holders.map(({ pid, fd }) => `("${name(pid)}",pid=${pid},fd=${fd})`).join(',')})`;
}

/** Address and port stand at both sides of a colon, for a Unix socket of a blank. */
function table(rows: readonly (readonly string[])[], from: number): string {
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) => {
      const colon = row[0] === 'u_str' ? ' ' : ':';
      const cells = row.map((cell, i) => (RIGHT[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)));
      const [netid, state, receive, send, local, port, peer, peerPort, process] = cells;
      const line = [netid, state, receive, send, `${local}${colon}${port}`, `${peer}${colon}${peerPort}`, process];
      return `${line.slice(from).join(' ').trimEnd()}\n`;
    })
    .join('');
}
