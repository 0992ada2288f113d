/** sudo [-u USER] COMMAND…: runs it as root, or as another user. This learner is root already, and is told so once a line. */
import type { Host } from '../../host/host.ts';
import { readAccounts } from '../accounts.ts';
import { helped } from '../coreutils.ts';
import { start } from '../start.ts';

const MAY = 'You are root here and may run everything, so sudo changes nothing; on your own server it makes you root.\n';

export default async function sudo(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const accounts = await readAccounts(host);
  if (host.uid !== 0) {
    await host.printError(`${accounts.userName(host.uid)} is not in the sudoers file.\n`);
    return 1;
  }
  const words = [...host.args];
  let user = 'root';
  if (words[0] === '-l') {
    await host.print(MAY);
    return 0;
  }
  if (words[0] === '-u') [, user = ''] = words.splice(0, 2);
  if (words[0] === '--') words.shift();
  const [name, ...args] = words;
  if (name?.startsWith('-')) {
    await host.printError(`sudo: this sandbox's sudo does not have ${name}; sudo --help says what it has\n`);
    return 1;
  }
  if (name === undefined) {
    await host.printError('usage: sudo [-u user] command [argument ...]\n');
    return 1;
  }
  const account = accounts.user(user);
  if (account === null) {
    await host.printError(`sudo: unknown user ${user}\n`);
    return 1;
  }
  if (account.uid === 0) await host.printError(`[sandbox] ${MAY}`);
  const env = { ...host.env, USER: account.name };
  const done = await start(host, name, args, host.env.PATH ?? '', { env, uid: account.uid, gid: account.gid });
  if (typeof done === 'number') return done;
  await host.printError(`sudo: ${name}: ${done.code === 127 ? 'command not found' : done.problem}\n`);
  return 1;
}
