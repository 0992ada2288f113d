/** A repository on disk: where it is, its branches, and what they point to. */
import { type Host, isSystemError } from '../../host/host.ts';
import { absolute } from '../coreutils.ts';
import { type Commit, exists, GitProblem, readCommit } from './objects.ts';

export interface Repository {
  /** Where objects and refs are. */
  readonly gitDir: string;
  /** Where the files are; null of a bare one. */
  readonly files: string | null;
}

/** Is that a folder with objects and refs? */
const isGitDir = async (host: Host, path: string): Promise<boolean> =>
  (await exists(host, `${path}/objects`)) && exists(host, `${path}/HEAD`);

/** The repository that `folder` is in. Throws GitProblem. */
export async function findRepository(host: Host, folder: string): Promise<Repository> {
  for (let at = absolute(host, folder); ; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    if (await isGitDir(host, `${at}/.git`)) return { gitDir: `${at === '/' ? '' : at}/.git`, files: at };
    if (await isGitDir(host, at)) return { gitDir: at, files: null };
    if (at === '/') throw new GitProblem('fatal: not a git repository (or any of the parent directories): .git');
  }
}

async function textOf(host: Host, path: string): Promise<string | null> {
  try {
    return (await host.fs.readText(path)).trim();
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/** The branch that HEAD names. */
export async function currentBranch(host: Host, { gitDir }: Repository): Promise<string> {
  const [, branch] = /^ref: refs\/heads\/(.+)$/.exec((await textOf(host, `${gitDir}/HEAD`)) ?? '') ?? [];
  if (branch === undefined) throw new GitProblem("fatal: this sandbox's git needs a branch in HEAD");
  return branch;
}

/** The commit that a name stands for: a branch, `origin/main`, HEAD, or an id. Null when there is none. */
export async function resolve(host: Host, repository: Repository, name: string): Promise<string | null> {
  const { gitDir } = repository;
  const full = name === 'HEAD' ? await currentBranch(host, repository) : name;
  for (const folder of ['refs/heads', 'refs/remotes']) {
    const id = /^[\w./-]+$/.test(full) && !full.includes('..') ? await textOf(host, `${gitDir}/${folder}/${full}`) : null;
    if (id !== null && /^[\da-f]{40}$/.test(id)) return id;
  }
  return /^[\da-f]{40}$/.test(name) && (await exists(host, `${gitDir}/objects/${name.slice(0, 2)}/${name.slice(2)}`)) ? name : null;
}

export async function setRef(host: Host, { gitDir }: Repository, ref: string, id: string): Promise<void> {
  const path = `${gitDir}/${ref}`;
  await host.fs.makeDirectory(path.slice(0, path.lastIndexOf('/')), { parents: true });
  await host.fs.write(path, `${id}\n`);
}

/** Branches by name. */
export async function branches(host: Host, { gitDir }: Repository): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const [path, { data }] of await host.fs.tree(`${gitDir}/refs/heads`)) {
    if (!path.endsWith('/'))
      found.set(path.slice(path.lastIndexOf('/refs/heads/') + '/refs/heads/'.length), new TextDecoder().decode(data).trim());
  }
  return found;
}

/** A commit and those it stands on, the newest first. */
export async function history(host: Host, { gitDir }: Repository, from: string): Promise<Commit[]> {
  const commits: Commit[] = [];
  const seen = new Set<string>();
  for (const waiting = [from]; waiting.length > 0; ) {
    const id = waiting.shift() ?? '';
    if (seen.has(id)) continue;
    seen.add(id);
    const commit = await readCommit(host, gitDir, id);
    commits.push(commit);
    waiting.push(...commit.parents);
  }
  return commits.sort((a, b) => b.date - a.date);
}

/** Where it was cloned from. Throws GitProblem. */
export async function origin(host: Host, { gitDir }: Repository): Promise<Repository> {
  const config = (await textOf(host, `${gitDir}/config`)) ?? '';
  const [, url] = /^\[remote "origin"\][^[]*?^\s*url = (.+)$/m.exec(config) ?? [];
  if (url === undefined) throw new GitProblem("fatal: 'origin' does not appear to be a git repository");
  return remote(host, url);
}

/** The repository at a path. An address in the network leads nowhere. Throws GitProblem. */
export async function remote(host: Host, url: string): Promise<Repository> {
  if (/^\w+:\/\/|^[\w.-]+@[\w.-]+:/.test(url) && !url.startsWith('file://')) {
    throw new GitProblem(
      `fatal: unable to access '${url}': there is no network in this sandbox.\nThe repository that is here: git clone ${SHOP}`,
    );
  }
  const path = absolute(host, url.replace(/^file:\/\//, ''));
  for (const gitDir of [path, `${path}/.git`, `${path}.git`]) if (await isGitDir(host, gitDir)) return { gitDir, files: null };
  throw new GitProblem(`fatal: repository '${url}' does not exist`);
}

/** The one that every sandbox has. */
export const SHOP = '/var/lib/git/shop.git';
