/**
 * What each command has in this sandbox: `man` and `--help` print it, Tab completes its options. Short on purpose: it says what is
 * here, not what the real one has.
 */

import type { Page } from './page.ts';
import { SERVERS } from './servers.ts';
import { SHELL } from './shell.ts';

const RECURSIVE = ['-R, --recursive', 'everything below a directory, too'] as const;

const FILES: Readonly<Record<string, Page>> = {
  cat: { does: 'print files, or the input', synopsis: ['cat [FILE...]'], options: [] },
  chmod: {
    does: 'change who may read, write and run a file',
    synopsis: ['chmod [-R] MODE[,MODE...] FILE...', 'chmod [-R] OCTAL FILE...'],
    options: [RECURSIVE],
    notes: 'MODE is [ugoa...][+-=][rwxX...] or what another has (g=u). OCTAL has at most four digits: 640, 1777.',
  },
  chown: {
    does: 'change the owner and the group of a file',
    synopsis: ['chown [-R] OWNER[:[GROUP]] FILE...', 'chown [-R] :GROUP FILE...'],
    options: [RECURSIVE],
    notes: 'OWNER: with nothing after the colon also gives the file to the group that OWNER logs in with. Only root may do it.',
  },
  cp: { does: 'copy files', synopsis: ['cp [-r] SOURCE... TARGET'], options: [['-r', 'directories, too, and links as links']] },
  find: {
    does: 'list the files below a directory',
    synopsis: ['find [PATH...] [TEST...]'],
    options: [
      ['-name PATTERN', 'its name matches, as in the shell: quote the pattern'],
      ['-iname PATTERN', 'the same, capital or small'],
      ['-path PATTERN', 'its whole path matches'],
      ['-type TYPE', 'f a file, d a directory, l a symbolic link, s a socket'],
      ['-user NAME', 'its owner'],
      ['-empty', 'a file or a directory with nothing in it'],
      ['-size [+-]NUMBER[ckM]', 'more or less than so much, in blocks of 512 bytes; c bytes, k KiB, M MiB'],
      ['-maxdepth NUMBER', 'go so deep and no deeper'],
      ['-mindepth NUMBER', 'leave out what is less deep'],
      ['-not', 'turn the next test round; also !'],
      ['-o', 'either what stands before it or what stands after it'],
      ['-print', 'print what is found, as it does anyway'],
    ],
    notes: 'Names come in the order of the alphabet. Actions such as -exec and -delete are not here.',
  },
  grep: {
    does: 'print the lines that match a pattern',
    synopsis: ['grep [OPTION...] PATTERN [FILE...]'],
    options: [
      ['-i', 'capital or small'],
      ['-n', 'with line numbers'],
      ['-c', 'only how many'],
      ['-v', 'the lines that do not match'],
      ['-h', 'without file names'],
      ['-q', 'print nothing, the exit code tells'],
      ['-e PATTERN', 'one more pattern'],
      ['-E', 'extended regular expressions'],
      ['-F', 'plain text'],
    ],
  },
  head: {
    does: 'print the first lines of files',
    synopsis: ['head [-n [-]NUMBER | -c [-]NUMBER] [FILE...]'],
    options: [
      ['-n, --lines NUMBER', 'so many lines, 10 unless told; -NUMBER: all but the last ones'],
      ['-c, --bytes NUMBER', 'so many bytes'],
      ['-q', 'no names above the files'],
      ['-v', 'always the names above the files'],
      ['-v', 'names always'],
    ],
  },
  ln: {
    does: 'make symbolic links',
    synopsis: ['ln -s [-f] [-n] TARGET LINK', 'ln -s [-f] TARGET... DIRECTORY'],
    options: [
      ['-s, --symbolic', 'a symbolic link: a name that leads to another'],
      ['-f, --force', 'in place of a file or link that is there'],
      ['-n, --no-dereference', 'a link to a directory is replaced, nothing is made in that directory'],
      ['-T, --no-target-directory', 'the same for every LINK'],
      ['-v, --verbose', 'say what was made'],
    ],
    notes: 'TARGET counts from the folder that LINK lies in, unless it begins with /. Hard links are not here: ln wants -s.',
  },
  ls: {
    does: 'list files',
    synopsis: ['ls [-l] [-a] [PATH...]'],
    options: [
      ['-l', 'with permissions, owner, size, time, and where a link leads'],
      ['-a', 'hidden files, too'],
      ['-A', 'hidden files, without . and ..'],
      ['-d', 'a directory itself, not what is in it'],
    ],
  },
  mkdir: { does: 'make directories', synopsis: ['mkdir [-p] DIRECTORY...'], options: [['-p, --parents', 'those it lies in, too']] },
  mv: { does: 'move or rename files', synopsis: ['mv SOURCE... TARGET'], options: [] },
  readlink: {
    does: 'print where a symbolic link leads',
    synopsis: ['readlink FILE...', 'readlink -f FILE...'],
    options: [
      ['-f, --canonicalize', 'the full path without any link; only its last name need not exist'],
      ['-e, --canonicalize-existing', 'the same, and all of it must exist'],
      ['-n, --no-newline', 'without the end of the line'],
      ['-v, --verbose', 'say why not; else only the exit code tells'],
    ],
  },
  rm: {
    does: 'remove files',
    synopsis: ['rm [-r] [-f] FILE...'],
    options: [
      ['-r, --recursive', 'directories with all in them, too'],
      ['-f, --force', 'say nothing of files that are not there'],
    ],
  },
  tail: {
    does: 'print the last lines of files',
    synopsis: ['tail [-n NUMBER] [-f] [-q] [-v] [FILE...]'],
    options: [
      ['-n, --lines NUMBER', 'so many lines, 10 unless told; +NUMBER: from that line on'],
      ['-f', 'go on printing what is added; Ctrl-C ends it'],
      ['-q', 'no names above the files'],
      ['-v', 'always the names above the files'],
    ],
  },
  touch: {
    does: 'make empty files, or set the time of files to now',
    synopsis: ['touch [-c] FILE...'],
    options: [['-c', 'make no new files']],
  },
  wc: {
    does: 'count lines, words and bytes',
    synopsis: ['wc [-l] [-w] [-m] [-c] [FILE...]'],
    options: [
      ['-l, --lines', 'lines'],
      ['-w, --words', 'words'],
      ['-m, --chars', 'characters'],
      ['-c, --bytes', 'bytes'],
    ],
  },
  yes: {
    does: 'print a line again and again',
    synopsis: ['yes [WORD...]'],
    options: [],
    notes: 'Without a WORD it prints y. Ctrl-C ends it.',
  },
};

const PROCESSES: Readonly<Record<string, Page>> = {
  kill: {
    does: 'send a signal to processes',
    synopsis: ['kill [-SIGNAL] PID...', 'kill [-SIGNAL] %JOB', 'kill -l'],
    options: [
      ['-s SIGNAL', 'which one, TERM unless told'],
      ['-l', 'list the signals'],
      ['-9', 'KILL: ends it at once, it is not asked'],
      ['-HUP', 'many servers read their configuration again'],
      ['-STOP', 'stops it where it waits next: state T in ps; -TSTP, as Ctrl-Z sends it, can be handled'],
      ['-CONT', 'lets it go on'],
    ],
  },
  pkill: {
    does: 'send a signal to processes by name',
    synopsis: ['pkill [-SIGNAL] [OPTION...] PATTERN'],
    options: [
      ['-f', 'the pattern may match the whole command line'],
      ['-x', 'the whole name must match'],
      ['-i', 'capital or small'],
      ['-n', 'only the newest'],
      ['-o', 'only the oldest'],
      ['-P PID', 'only children of that process'],
      ['-u USER', 'only processes of that user'],
      ['-e', 'say what is killed'],
      ['-HUP', 'another signal than TERM, by name or number'],
    ],
    notes: 'PATTERN is an extended regular expression and matches any part of the name.',
  },
  ps: {
    does: 'list processes',
    synopsis: ['ps', 'ps aux', 'ps -ef', 'ps -o COLUMN,... [-C NAME | -p PID | --ppid PID]'],
    options: [
      ['-e', 'all of them'],
      ['-f', 'with parent and whole command'],
      ['-C NAME', 'by program'],
      ['-p PID', 'by process id'],
      ['--ppid PID', "by the parent's process id"],
      ['--forest', 'children below their parents'],
      ['-o COLUMN,...', 'pid, ppid, user, uid, tty, stat, start, stime, comm, args'],
    ],
    notes:
      'STAT: T stopped by a signal, R this ps, S all others; whether one computes now is not known. There are no columns for processor time and memory: a browser does not tell them.',
  },
  pstree: {
    does: 'draw processes as a tree',
    synopsis: ['pstree [-p] [-a] [-n] [-A] [PID]'],
    options: [
      ['-p', 'with process ids, and each process by itself'],
      ['-a', 'with arguments'],
      ['-c', 'equal ones each by itself'],
      ['-n', 'by process id, not by name'],
      ['-A', 'drawn with plain characters'],
    ],
    notes: 'Equal children are drawn once, with their number before them: 4*[uwsgi].',
  },
  ss: {
    does: 'list the sockets where somebody listens',
    synopsis: ['ss -l [-t] [-x] [-n] [-p]'],
    options: [
      ['-l', 'listening sockets, the only ones it has'],
      ['-t', 'TCP'],
      ['-x', 'Unix sockets'],
      ['-n', 'numbers instead of names'],
      ['-p', 'the processes that hold each'],
    ],
    notes: 'Recv-Q is how many connections wait in the queue now, Send-Q how many may.',
  },
  top: {
    does: 'show the processes, again and again',
    synopsis: ['top [-d SECONDS] [-n NUMBER]', 'top -b -n 1'],
    options: [
      ['-b', 'print one list after another, without a screen of its own'],
      ['-n NUMBER', 'stop after so many'],
      ['-d SECONDS', 'wait so long between two, 3 unless told'],
    ],
    notes: 'q or Ctrl-C ends it. There are no columns for processor time and memory: a browser does not tell them.',
  },
};

const MACHINE: Readonly<Record<string, Page>> = {
  apt: {
    does: 'install packages',
    synopsis: ['apt install PACKAGE...', 'apt list', 'apt update'],
    options: [],
    notes:
      'There is no network here, so nothing can be installed. apt says which packages are there already, and what it does on a server.',
  },
  env: {
    does: 'print the environment, or run a command in another one',
    synopsis: ['env [-i] [-u NAME] [NAME=VALUE...] [COMMAND [ARGUMENT...]]'],
    options: [
      ['-i, --ignore-environment', 'begin with nothing'],
      ['-u, --unset NAME', 'leave this one out'],
    ],
  },
  id: {
    does: 'say who you are',
    synopsis: ['id [-u | -g | -G] [-n] [USER...]'],
    options: [
      ['-u, --user', "only the user's number"],
      ['-g, --group', "only the group's number"],
      ['-G, --groups', 'the numbers of all groups'],
      ['-n, --name', 'names instead of numbers'],
    ],
  },
  man: { does: 'show what a command has in this sandbox', synopsis: ['man COMMAND'], options: [] },
  nano: {
    does: 'edit a file',
    synopsis: ['nano FILE'],
    options: [],
    notes: 'The editor of this page is its Files tab. nano opens the file there; vi does the same.',
  },
  sudo: {
    does: 'run a command as root, or as another user',
    synopsis: ['sudo COMMAND [ARGUMENT...]', 'sudo -u USER COMMAND [ARGUMENT...]'],
    options: [
      ['-u USER', 'as this user, for example www-data'],
      ['-l', 'say what you may do'],
    ],
    notes: 'You are root in this terminal and may do everything, so sudo changes nothing. On your own server it will.',
  },
  uname: {
    does: 'name the system',
    synopsis: ['uname [-a] [-s] [-n] [-r] [-v] [-m] [-o]'],
    options: [
      ['-a, --all', 'all of it'],
      ['-s', 'the kernel'],
      ['-n', "the machine's name"],
      ['-r', "the kernel's release"],
      ['-v', "the kernel's version"],
      ['-m', 'the processor'],
      ['-o', 'the operating system'],
    ],
    notes: 'No Linux runs here: programs of this site imitate one, and uname says so.',
  },
  which: { does: 'say where a command is', synopsis: ['which [-a] COMMAND...'], options: [['-a', 'every place, not only the first']] },
};

const pages: Readonly<Record<string, Page>> = { ...FILES, ...PROCESSES, ...MACHINE, ...SERVERS, ...SHELL };

/** Commands with more than one name. */
const SAME: Readonly<Record<string, string>> = { 'apt-get': 'apt', vi: 'nano', python: 'python3', '[': 'test', '.': 'source' };

/** The page of a command, or null. */
export function pageOf(name: string): Page | null {
  const own = Object.hasOwn(SAME, name) ? (SAME[name] ?? name) : name;
  return Object.hasOwn(pages, own) ? (pages[own] ?? null) : null;
}

/** The options of a command as they are typed: `-n`, `--lines`. */
export function optionsOf(name: string): readonly string[] {
  return (pageOf(name)?.options ?? []).flatMap(([option]) => [...option.matchAll(/(?:^|, )(--?[\w-]+)/g)].map(([, found]) => found ?? ''));
}

/** The options in two columns, `indent` spaces from the left. */
export function optionLines(page: Page, indent: number): string {
  const width = Math.max(0, ...page.options.map(([option]) => option.length));
  return page.options.map(([option, does]) => `${' '.repeat(indent)}${option.padEnd(width)}  ${does}\n`).join('');
}

/** What `NAME --help` prints. */
export function helpOf(name: string, page: Page): string {
  const usage = page.synopsis.map((line, i) => `${i === 0 ? 'Usage: ' : '   or: '}${line}\n`).join('');
  const does = `${name}: ${page.does}\n`;
  const options = page.options.length > 0 ? `\n${optionLines(page, 2)}` : '';
  const notes = page.notes === undefined ? '' : `\n${page.notes}\n`;
  return `${usage}${does}${options}${notes}\nThis is what the sandbox's ${name} has; the real one has more.\n`;
}
