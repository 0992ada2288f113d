/**
 * systemd: the supervisor, as an ordinary process. It starts what is enabled and answers systemctl over SOCKET until it is told
 * to end; then it stops what it started. With --no-boot, as the first systemctl starts it on a machine that runs already, it
 * starts nothing by itself.
 */
import type { Connection, Host } from '../../host/host.ts';
import { helped } from '../coreutils.ts';
import { Journal } from './journal.ts';
import { Manager } from './manager.ts';
import { NotifySockets } from './notify.ts';
import { type Answer, type Request, SOCKET } from './protocol.ts';
import { makeTmpfiles } from './runtime-directories.ts';

export default async function systemd(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const [option] = host.args;
  if (option !== undefined && option !== '--no-boot') {
    await host.printError(`systemd: this sandbox's systemd does not have ${option}; systemd --help says what it has\n`);
    return 1;
  }
  if (host.uid !== 0) {
    await host.printError('systemd: Trying to run as system instance, but we do not have root permissions.\n');
    return 1;
  }
  if (await isSecond(host)) {
    await host.printError('systemd: another one runs already.\n');
    return 1;
  }
  const told = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) host.onSignal(signal, () => told.resolve());
  host.onSignal('SIGHUP', 'ignore');
  await makeTmpfiles(host);
  await host.fs.makeDirectory('/run/systemd', { parents: true });
  // one that nobody listens to is left over
  await host.fs.remove(SOCKET).catch(() => {});
  // who asks from now on waits until all units are read
  const listener = await host.listen({ path: SOCKET }, { mode: 0o600 });
  const journal = await Journal.open(host, option === undefined);
  const manager = new Manager(host, journal, new NotifySockets(host));
  await manager.loadAll();
  void (async () => {
    for (let connection = await listener.accept(); connection !== null; connection = await listener.accept())
      void serve(manager, connection).catch(() => connection.close());
  })();
  void manager.watch();
  if (option === undefined) void boot(host, manager, journal);
  await told.promise;
  await manager.shutDown();
  await makeTmpfiles(host);
  await host.fs.remove(SOCKET).catch(() => {});
  await journal.drained();
  return 0;
}

/** Starts what is enabled, and says when all of it has started or failed. */
async function boot(host: Host, manager: Manager, journal: Journal): Promise<void> {
  const begun = host.now();
  await manager.startEnabled();
  await journal.say('', `Startup finished in ${((host.now() - begun) / 1000).toFixed(3)}s.`);
}

/** Is there one already? Of several that start at once the oldest is the one. */
async function isSecond(host: Host): Promise<boolean> {
  const all = await host.processes();
  return all.some((process) => process.pid < host.pid && process.uid === 0 && /^(.*\/)?systemd( --no-boot)?$/.test(process.title));
}

async function serve(manager: Manager, connection: Connection): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = await connection.read(); bytes !== null; bytes = await connection.read()) {
    text += decoder.decode(bytes, { stream: true });
    if (text.includes('\n')) break;
  }
  if (text === '') return connection.close();
  const answer: Answer = await manager.answer(JSON.parse(text) as Request);
  await connection.write(`${JSON.stringify(answer)}\n`);
  connection.end();
}
