/** ls [-l] [-a] [path…], as it prints when its output is no terminal: one name a line. */
import { type FileInfo, type Host, isSystemError } from '../../host/host.ts';
import { parseArguments } from '../arguments.ts';
import { helped } from '../coreutils.ts';

interface Entry {
  readonly name: string;
  readonly info: FileInfo;
  /** Where a link leads. */
  readonly target: string | null;
}

export default async function ls(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const parsed = parseArguments(host.args, { flags: ['-l', '-a', '-A', '-d', '-1', '-h'], values: [] });
  if (!('rest' in parsed)) {
    const option = 'unknown' in parsed ? parsed.unknown : parsed.lacksValue;
    await host.printError(`ls: invalid option -- '${option.replace(/^-+/, '')}'\nTry 'ls --help' for more information.\n`);
    return 2;
  }
  const long = parsed.flags.has('-l');
  const names = long ? await readNames(host) : null;
  const paths = parsed.rest.length > 0 ? parsed.rest : ['.'];
  const files: Entry[] = [];
  const directories: { path: string; entries: Entry[] }[] = [];
  let code = 0;
  for (const path of paths) {
    try {
      const entry = await entryOf(host, path, path, !long && !parsed.flags.has('-d'));
      if (entry.info.kind === 'directory' && !parsed.flags.has('-d'))
        directories.push({ path, entries: await entriesOf(host, path, parsed.flags) });
      else files.push(entry);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const verb = error.code === 'EACCES' ? 'cannot open directory' : 'cannot access';
      await host.printError(`ls: ${verb} '${path}': ${error.strerror}\n`);
      code = 2;
    }
  }
  const print = (entries: readonly Entry[]): string =>
    names ? longLines(entries, names) : entries.map(({ name }) => `${name}\n`).join('');
  const parts: string[] = files.length > 0 ? [print(files)] : [];
  for (const { path, entries } of directories) {
    const title = paths.length > 1 ? `${path}:\n` : '';
    parts.push(`${title}${names ? totalLine(entries) : ''}${print(entries)}`);
  }
  await host.print(parts.join('\n'));
  return code;
}

async function entriesOf(host: Host, path: string, flags: ReadonlySet<string>): Promise<Entry[]> {
  const listed = await host.fs.list(path);
  const names = flags.has('-a') ? ['.', '..', ...listed] : listed;
  const shown = names.filter((name) => flags.has('-a') || flags.has('-A') || !name.startsWith('.'));
  return Promise.all(shown.map((name) => entryOf(host, name, `${path}/${name}`, false)));
}

/** `follow`: what a link leads to, unless that is nowhere. */
async function entryOf(host: Host, name: string, path: string, follow: boolean): Promise<Entry> {
  const itself = await host.fs.lstat(path);
  if (itself.kind !== 'link') return { name, info: itself, target: null };
  const behind = follow ? await host.fs.stat(path).catch(() => null) : null;
  return behind === null ? { name, info: itself, target: await host.fs.readLink(path) } : { name, info: behind, target: null };
}

interface Names {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

async function readNames(host: Host): Promise<Names> {
  const read = async (path: string): Promise<Map<number, string>> => {
    const text = await host.fs.readText(path).catch(() => '');
    return new Map(
      text
        .split('\n')
        .map((line) => line.split(':'))
        .map(([name = '', , id]): [number, string] => [Number(id), name]),
    );
  };
  return { users: await read('/etc/passwd'), groups: await read('/etc/group') };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function longLines(entries: readonly Entry[], { users, groups }: Names): string {
  const rows = entries.map(({ name: plain, info, target }) => {
    const name = target === null ? plain : `${plain} -> ${target}`;
    const date = new Date(info.modified);
    const when = `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 16)}`;
    const owner = users.get(info.uid) ?? String(info.uid);
    const group = groups.get(info.gid) ?? String(info.gid);
    return { mode: modeText(info), owner, group, size: String(info.size), when, name };
  });
  const widest = (key: 'owner' | 'group' | 'size'): number => Math.max(0, ...rows.map((row) => row[key].length));
  const widths = { owner: widest('owner'), group: widest('group'), size: widest('size') };
  return rows
    .map(
      (row) =>
        `${row.mode} 1 ${row.owner.padEnd(widths.owner)} ${row.group.padEnd(widths.group)} ${row.size.padStart(widths.size)} ${row.when} ${row.name}\n`,
    )
    .join('');
}

/** Disk space in kB, in whole blocks of 4 kB. */
const totalLine = (entries: readonly Entry[]): string =>
  `total ${entries.reduce((sum, { info }) => sum + (info.kind === 'file' ? Math.ceil(info.size / 4096) * 4 : 0), 0)}\n`;

/** `srw-rw----` */
function modeText({ kind, mode }: FileInfo): string {
  const type = { file: '-', directory: 'd', socket: 's', link: 'l' }[kind];
  const bits = [...'rwxrwxrwx'].map((letter, i) => (mode & (0o400 >> i) ? letter : '-')).join('');
  return type + bits;
}
