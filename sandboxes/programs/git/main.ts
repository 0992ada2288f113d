/** git: clone and pull by path, and what tells of them. Real objects, refs and index, so that a real git goes on with them. */
import type { Host } from '../../host/host.ts';
import { helped } from '../coreutils.ts';
import { nearest } from '../sh/suggest.ts';
import { branch, log, status } from './asking.ts';
import { clone, pull } from './fetching.ts';
import { GitProblem } from './objects.ts';

/** The git that Debian 12 has; what is here of it is small. */
const VERSION = 'git version 2.39.5';

export interface Call {
  readonly host: Host;
  /** Where git was told to work, see -C. */
  readonly folder: string;
  readonly args: readonly string[];
}

const COMMANDS: Readonly<Record<string, (call: Call) => Promise<number>>> = { branch, clone, log, pull, status };
/** Real ones that are not here. */
const REAL: readonly string[] = `
  add bisect blame checkout cherry-pick commit config diff fetch grep init merge mv push rebase remote reset
  restore rev-parse revert rm show stash switch tag worktree
`
  .trim()
  .split(/\s+/);

export default async function git(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const args = [...host.args];
  let folder = host.cwd;
  while (args[0] === '-C' && args.length > 1) {
    const [, to = ''] = args.splice(0, 2);
    folder = to.startsWith('/') ? to : `${folder}/${to}`;
  }
  const name = args.shift();
  if (name === '--version' || name === 'version') {
    await host.print(`${VERSION}\n`);
    return 0;
  }
  if (name === undefined) {
    await host.printError('usage: git [-C FOLDER] clone | pull | status | log | branch\nman git says what each has.\n');
    return 1;
  }
  const work = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!work) return unknown(host, name);
  try {
    return await work({ host, folder, args });
  } catch (error) {
    if (!(error instanceof GitProblem)) throw error;
    await host.printError(`${error.message}\n`);
    return error.code;
  }
}

async function unknown(host: Host, name: string): Promise<number> {
  const here = Object.keys(COMMANDS);
  if (REAL.includes(name) || name.startsWith('-')) {
    await host.printError(`git: this sandbox's git does not have ${name}; it has ${here.join(', ')}\n`);
    return 1;
  }
  const meant = nearest(name, here);
  const help = meant === null ? '' : `\n\nThe most similar command is\n\t${meant}`;
  await host.printError(`git: '${name}' is not a git command. See 'git --help'.${help}\n`);
  return 1;
}
