/** What the commands about files have. */
import type { Page } from './page.ts';

const RECURSIVE = ['-R, --recursive', 'everything below a directory, too'] as const;

export const FILES: Readonly<Record<string, Page>> = {
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
