/** `git clone` and `git pull`, from a repository on the same machine. */
import type { Host } from '../../host/host.ts';
import { absolute, statOrNull } from '../coreutils.ts';
import { refused, short } from './asking.ts';
import type { Call } from './main.ts';
import { copyObjects, GitProblem, readObject } from './objects.ts';
import { branches, currentBranch, findRepository, history, origin, type Repository, remote, resolve, setRef } from './repository.ts';
import { checkOut, differences, type Files, filesOf } from './worktree.ts';

export async function clone({ host, folder, args }: Call): Promise<number> {
  const option = args.find((arg) => arg.startsWith('-'));
  if (option !== undefined) throw refused('clone', option);
  const [url, named, more] = args;
  if (url === undefined) throw new GitProblem('fatal: You must specify a repository to clone.', 129);
  if (more !== undefined) throw new GitProblem('fatal: Too many arguments.', 129);
  const source = await remote(host, url);
  const name =
    named ??
    url
      .replace(/\/+$/, '')
      .replace(/(\/?\.git)$/, '')
      .replace(/^.*\//, '');
  const target = absolute(host, name.startsWith('/') ? name : `${folder}/${name}`);
  const there = await statOrNull(host, target);
  if (there && (there.kind !== 'directory' || (await host.fs.list(target)).length > 0)) {
    throw new GitProblem(`fatal: destination path '${name}' already exists and is not an empty directory.`);
  }
  await host.printError(`Cloning into '${name}'...\n`);
  const repository: Repository = { gitDir: `${target}/.git`, files: target };
  const branch = await currentBranch(host, source);
  const head = await resolve(host, source, branch);
  await lay(host, repository.gitDir, branch, url.startsWith('file://') ? url : source.gitDir);
  await copyObjects(host, source.gitDir, repository.gitDir);
  for (const [other, id] of await branches(host, source)) await setRef(host, repository, `refs/remotes/origin/${other}`, id);
  if (head === null) {
    await host.printError('warning: You appear to have cloned an empty repository.\n');
    return 0;
  }
  await setRef(host, repository, `refs/heads/${branch}`, head);
  await checkOut(host, repository, new Map(), await filesOf(host, repository, head));
  await host.printError('done.\n');
  return 0;
}

/** What `git init` and `git remote add` leave. */
async function lay(host: Host, gitDir: string, branch: string, url: string): Promise<void> {
  for (const folder of ['objects', 'refs/heads', 'refs/remotes/origin'])
    await host.fs.makeDirectory(`${gitDir}/${folder}`, { parents: true });
  await host.fs.write(`${gitDir}/HEAD`, `ref: refs/heads/${branch}\n`);
  await host.fs.write(`${gitDir}/refs/remotes/origin/HEAD`, `ref: refs/remotes/origin/${branch}\n`);
  await host.fs.write(
    `${gitDir}/config`,
    `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n` +
      `[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n` +
      `[branch "${branch}"]\n\tremote = origin\n\tmerge = refs/heads/${branch}\n`,
  );
}

export async function pull({ host, folder, args }: Call): Promise<number> {
  const wrong = args.find((arg) => arg !== '--ff-only');
  if (wrong !== undefined) throw refused('pull', wrong);
  const repository = await findRepository(host, folder);
  const { files } = repository;
  if (files === null) throw new GitProblem('fatal: this operation must be run in a work tree');
  const branch = await currentBranch(host, repository);
  const source = await origin(host, repository);
  await fetch(host, repository, source);
  const [ours, theirs] = [await resolve(host, repository, branch), await resolve(host, repository, `origin/${branch}`)];
  if (theirs === null || ours === null) throw new GitProblem(`fatal: couldn't find remote ref ${branch}`);
  const known = (await history(host, repository, ours)).some(({ id }) => id === theirs);
  if (known) {
    await host.print('Already up to date.\n');
    return 0;
  }
  if (!(await history(host, repository, theirs)).some(({ id }) => id === ours)) {
    throw new GitProblem('fatal: Not possible to fast-forward, aborting.');
  }
  await host.print(`Updating ${short(ours)}..${short(theirs)}\n`);
  const [before, after] = [await filesOf(host, repository, ours), await filesOf(host, repository, theirs)];
  await refuseLoss(host, files, before, after);
  await checkOut(host, repository, before, after);
  await setRef(host, repository, `refs/heads/${branch}`, theirs);
  await host.print(`Fast-forward\n${await statistics(host, repository.gitDir, before, after)}`);
  return 0;
}

/** Brings objects and branches over, and says which have moved. */
async function fetch(host: Host, repository: Repository, source: Repository): Promise<void> {
  await copyObjects(host, source.gitDir, repository.gitDir);
  let told = false;
  for (const [name, id] of await branches(host, source)) {
    const before = await resolve(host, repository, `origin/${name}`);
    if (before === id) continue;
    if (!told) await host.printError(`From ${source.gitDir.replace(/\.git$/, '')}\n`);
    told = true;
    const how = before === null ? ' * [new branch]     ' : `   ${short(before)}..${short(id)} `;
    await host.printError(`${how} ${name.padEnd(10)} -> origin/${name}\n`);
    await setRef(host, repository, `refs/remotes/origin/${name}`, id);
  }
}

/** What was edited here is not written over. Throws GitProblem. */
async function refuseLoss(host: Host, files: string, before: Files, after: Files): Promise<void> {
  const { modified, untracked } = await differences(host, files, before);
  const comes = (path: string): boolean => before.get(path)?.id !== after.get(path)?.id;
  const edited = modified.filter(comes);
  if (edited.length > 0) {
    throw new GitProblem(
      `error: Your local changes to the following files would be overwritten by merge:\n${edited.map((path) => `\t${path}\n`).join('')}` +
        'Please commit your changes or stash them before you merge.\nAborting',
      1,
    );
  }
  const inTheWay = untracked.filter((path) => after.has(path));
  if (inTheWay.length === 0) return;
  throw new GitProblem(
    `error: The following untracked working tree files would be overwritten by merge:\n${inTheWay.map((path) => `\t${path}\n`).join('')}` +
      'Please move or remove them before you merge.\nAborting',
    1,
  );
}

/** How many lines came and went in each file. */
async function statistics(host: Host, gitDir: string, before: Files, after: Files): Promise<string> {
  const text = async (id: string | undefined): Promise<string[]> =>
    id === undefined
      ? []
      : new TextDecoder()
          .decode(await readObject(host, gitDir, id, 'blob'))
          .split(/(?<=\n)/)
          .filter(Boolean);
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort().filter((path) => before.get(path)?.id !== after.get(path)?.id);
  const width = Math.max(...paths.map((path) => path.length));
  const total = { added: 0, removed: 0 };
  let lines = '';
  for (const path of paths) {
    const { added, removed } = count(await text(before.get(path)?.id), await text(after.get(path)?.id));
    total.added += added;
    total.removed += removed;
    lines += ` ${path.padEnd(width)} | ${added + removed} ${'+'.repeat(added)}${'-'.repeat(removed)}\n`;
  }
  const plural = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  const parts = [
    `${plural(paths.length, 'file')} changed`,
    ...(total.added > 0 ? [`${plural(total.added, 'insertion')}(+)`] : []),
    ...(total.removed > 0 ? [`${plural(total.removed, 'deletion')}(-)`] : []),
  ];
  return `${lines} ${parts.join(', ')}\n`;
}

/** By the longest lines that both have in the same order. */
function count(before: readonly string[], after: readonly string[]): { added: number; removed: number } {
  let row = new Array<number>(after.length + 1).fill(0);
  for (const line of before) {
    const next = [0];
    for (const [j, other] of after.entries()) next.push(line === other ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
    row = next;
  }
  const same = row.at(-1) ?? 0;
  return { added: after.length - same, removed: before.length - same };
}
