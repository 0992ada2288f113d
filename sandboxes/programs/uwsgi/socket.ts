/** The socket of an instance: where it listens, and what uWSGI says when it cannot. */
import { type Address, type Host, isSystemError, type Listener } from '../../host/host.ts';
import type { Options, SocketOption } from './options.ts';

/** Number of the first socket: 0 to 2 are taken. */
export const FIRST_FD = 3;
/** Room for the path in sockaddr_un, less what uWSGI keeps. */
const LONGEST_PATH = 102;
/** A Unix socket's permissions when nobody says otherwise: nginx under another user may not connect. */
const DEFAULT_MODE = 0o755;

/** Is this a TCP address, not a Unix socket's path? */
export const isTcp = (address: string): boolean => address.includes(':');

/** Bind it. Gives the lines to print when that fails. */
export async function bindSocket(
  host: Host,
  { address }: SocketOption,
  options: Options,
): Promise<Listener | { readonly lines: string[] }> {
  return isTcp(address) ? bindTcp(host, address, options) : bindUnix(host, address, options);
}

/** Bind the stats server's, which is like any other. */
export const openStats = (host: Host, address: string, options: Options): Promise<Listener | { readonly lines: string[] }> =>
  bindSocket(host, { address, protocol: 'uwsgi' }, options);

/** A pair of sockets through which master and router could talk. */
const ROUTER_PAIR = 2;

/** The number of the workers' socket: a router's come before one that was asked for, and after one that was not. */
export const socketFd = ({ http, automatic }: Options): number =>
  FIRST_FD + (http.length > 0 && !automatic ? http.length + ROUTER_PAIR : 0);

/** The number of the router's socket at this place of the configuration. */
export const routerFd = ({ automatic }: Options, place: number): number => FIRST_FD + (automatic ? 1 : 0) + place;

/** The number of the stats server's: each worker costs the real one a pair of pipes, and three more are its own. */
export const statsFd = ({ sockets, http, processes }: Options): number =>
  FIRST_FD + sockets.length + 2 * processes + 3 + (http.length > 0 ? http.length + ROUTER_PAIR : 0);

/** The line of the start-up log about it. */
export function fdLine(how: 'bound' | 'inherited', { address }: SocketOption, options: Options): string {
  const kind = isTcp(address) ? (how === 'bound' ? 'TCP' : 'INET') : 'UNIX';
  const where = options.automatic ? `${address} (port auto-assigned)` : address;
  return `uwsgi socket 0 ${how === 'bound' ? 'bound to' : how} ${kind} address ${where} fd ${socketFd(options)}`;
}

async function bindTcp(host: Host, address: string, options: Options): Promise<Listener | { lines: string[] }> {
  const colon = address.lastIndexOf(':');
  try {
    return await host.listen(tcpAddress(address.slice(0, colon), address.slice(colon + 1)), { backlog: options.listen });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const lines = [`bind(): ${error.strerror} [core/socket.c line 769]`];
    if (error.code === 'EADDRINUSE') lines.unshift(`probably another instance of uWSGI is running on the same address (${address}).`);
    return { lines };
  }
}

function tcpAddress(name: string, port: string): Address {
  // As inet_addr(3): a name that nobody knows is the broadcast address.
  const ip = name === '' ? '0.0.0.0' : name === 'localhost' ? '127.0.0.1' : /^\d+(\.\d+){3}$/.test(name) ? name : '255.255.255.255';
  return { port: Number.parseInt(port, 10) || 0, ip };
}

async function bindUnix(host: Host, path: string, options: Options): Promise<Listener | { lines: string[] }> {
  if (path.length > LONGEST_PATH) return { lines: ['invalid socket name'] };
  const lines: string[] = [];
  try {
    // Whatever is there, even a socket that another instance listens on.
    await host.fs.remove(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code !== 'ENOENT') lines.push(`error removing unix socket, unlink(): ${error.strerror} [core/socket.c line 198]`);
  }
  try {
    const listener = await host.listen({ path }, { backlog: options.listen, mode: options.chmodSocket ?? DEFAULT_MODE });
    if (options.chownSocket !== null) await chown(host, path, options.chownSocket);
    return listener;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { lines: [...lines, `bind(): ${error.strerror} [core/socket.c line 230]`] };
  }
}

/** The sandbox's files have no inode numbers: the time when the name was made tells two sockets apart. */
export async function nameMade(host: Host, listener: Listener | null): Promise<number | null> {
  if (listener === null || !('path' in listener.address)) return null;
  return (await host.fs.stat(listener.address.path).catch(() => null))?.modified ?? null;
}

/** `user` or `user:group`, by name or number. */
async function chown(host: Host, path: string, owner: string): Promise<void> {
  const [user = '', group = ''] = owner.split(':');
  const id = async (name: string, find: (name: string) => Promise<number | null>, otherwise: number): Promise<number> =>
    name === '' ? otherwise : /^\d+$/.test(name) ? Number(name) : ((await find(name)) ?? otherwise);
  await host.fs.chown(path, await id(user, (name) => host.user(name), host.uid), await id(group, (name) => host.group(name), host.gid));
}
