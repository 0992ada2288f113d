/** `git status`, `git log` and `git branch`. */

import type { Call } from './main.ts';
import { GitProblem } from './objects.ts';
import { branches, currentBranch, findRepository, history, type Repository, resolve, setRef } from './repository.ts';
import { differences, filesOf } from './worktree.ts';

/** An option or an argument that is not here. */
export const refused = (command: string, arg: string): GitProblem =>
  new GitProblem(`git: this sandbox's git ${command} does not have ${arg}; man git says what it has`, 129);

export const short = (id: string): string => id.slice(0, 7);

export async function status({ host, folder, args }: Call): Promise<number> {
  const [unknown] = args;
  if (unknown !== undefined) throw refused('status', unknown);
  const repository = await findRepository(host, folder);
  if (repository.files === null) throw new GitProblem('fatal: this operation must be run in a work tree');
  const branch = await currentBranch(host, repository);
  const id = await resolve(host, repository, 'HEAD');
  if (id === null) throw new GitProblem(`fatal: your current branch '${branch}' does not have any commits yet`);
  const { modified, deleted, untracked } = await differences(host, repository.files, await filesOf(host, repository, id));
  const changed = [
    ...modified.map((path) => [path, 'modified:   '] as const),
    ...deleted.map((path) => [path, 'deleted:    '] as const),
  ].sort();
  let text = `On branch ${branch}\n${await beside(host, repository, branch, id)}`;
  if (changed.length > 0) {
    text += '\nChanges not staged for commit:\n  (use "git add@ <file>..." to update what will be committed)\n'.replace(
      '@',
      deleted.length > 0 ? '/rm' : '',
    );
    text += '  (use "git restore <file>..." to discard changes in working directory)\n';
    text += changed.map(([path, how]) => `\t${how}${path}\n`).join('');
  }
  if (untracked.length > 0) {
    text += '\nUntracked files:\n  (use "git add <file>..." to include in what will be committed)\n';
    text += untracked.map((path) => `\t${path}\n`).join('');
  }
  const last =
    changed.length > 0
      ? 'no changes added to commit (use "git add" and/or "git commit -a")'
      : untracked.length > 0
        ? 'nothing added to commit but untracked files present (use "git add" to track)'
        : 'nothing to commit, working tree clean';
  await host.print(`${text}\n${last}\n`);
  return 0;
}

/** Where the branch stands beside that of the origin, as far as was fetched. */
async function beside(host: Call['host'], repository: Repository, branch: string, id: string): Promise<string> {
  const there = await resolve(host, repository, `origin/${branch}`);
  if (there === null) return '';
  if (there === id) return `Your branch is up to date with 'origin/${branch}'.\n`;
  return `Your branch and 'origin/${branch}' are not at the same commit.\n`;
}

export async function log({ host, folder, args }: Call): Promise<number> {
  let most = Number.POSITIVE_INFINITY;
  let oneLine = false;
  const words = [...args];
  let start = 'HEAD';
  for (let arg = words.shift(); arg !== undefined; arg = words.shift()) {
    const [, count] = /^-n?(\d+)$/.exec(arg) ?? [];
    if (arg === '--oneline') oneLine = true;
    else if (count !== undefined) most = Number(count);
    else if (arg === '-n' && /^\d+$/.test(words[0] ?? '')) most = Number(words.shift());
    else if (arg.startsWith('-')) throw refused('log', arg);
    else start = arg;
  }
  const repository = await findRepository(host, folder);
  const from = await resolve(host, repository, start);
  if (from === null) throw new GitProblem(`fatal: ambiguous argument '${start}': unknown revision or path not in the working tree.`);
  const commits = (await history(host, repository, from)).slice(0, most);
  const texts = commits.map(({ id, author, date, zone, message }) => {
    if (oneLine) return `${short(id)} ${message.split('\n')[0]}\n`;
    const body = message.split('\n').map((line) => `    ${line}\n`);
    return `commit ${id}\nAuthor: ${author}\nDate:   ${dateText(date, zone)}\n\n${body.join('')}`;
  });
  await host.print(texts.join(oneLine ? '' : '\n'));
  return 0;
}

/** `Tue Nov 14 22:13:20 2023 +0000` */
function dateText(seconds: number, zone: string): string {
  const minutes = (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)));
  const [, week = '', day = '', month = '', year = '', time = ''] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date((seconds + minutes * 60) * 1000).toUTCString()) ?? [];
  return `${week} ${month} ${Number(day)} ${time} ${year} ${zone}`;
}

/** Lists the branches; `-f NAME START` moves one, as a push from elsewhere would. */
export async function branch({ host, folder, args }: Call): Promise<number> {
  const repository = await findRepository(host, folder);
  const current = await currentBranch(host, repository);
  if (args.length === 0) {
    const names = [...(await branches(host, repository)).keys()].sort();
    await host.print(names.map((name) => `${name === current ? '*' : ' '} ${name}\n`).join(''));
    return 0;
  }
  const [force, name, start] = args;
  if (force !== '-f' || name === undefined || start === undefined || args.length > 3) throw refused('branch', args.join(' '));
  const id = await resolve(host, repository, start);
  if (id === null) throw new GitProblem(`fatal: not a valid object name: '${start}'`);
  if (repository.files !== null && name === current) {
    throw new GitProblem(`fatal: cannot force update the branch '${name}' checked out at '${repository.files}'`);
  }
  if (!/^[\w-][\w./-]*$/.test(name) || name.includes('..')) throw new GitProblem(`fatal: '${name}' is not a valid branch name`);
  await setRef(host, repository, `refs/heads/${name}`, id);
  return 0;
}
