/**
 * What the real servers do otherwise than ours, in the lessons: all of it, as `npm run test:real` finds it. That test fails when it
 * meets a difference that does not stand here, and when one that stands here is met no more. The site prints the same table.
 */

export interface KnownDifference {
  readonly id: string;
  /** Where one sees it. */
  readonly where: string;
  /** What stands there in the sandbox, and on a server. */
  readonly here: string;
  readonly real: string;
  readonly why: string;
  /** Which lines the test takes for it: the name of what was asked or of the log, and the line that only one side has. */
  readonly lines: { readonly where: RegExp; readonly here?: RegExp; readonly real?: RegExp };
}

/** The versions whose words and ways ours have. */
export const LIKE = { nginx: '1.22.1', uwsgi: '2.0.21-debian' } as const;

export const DIFFERENCES: readonly KnownDifference[] = [
  {
    id: 'machine',
    where: 'The first lines of uWSGI’s log',
    here: 'os: the sandbox of this course, machine: wasm32, and nothing about cores, limits and compilers.',
    real: 'Kernel, processor, number of cores, limits on processes and open files, and the compiler.',
    why: 'There is no such machine here, and no line of the log is made up.',
    lines: {
      where: /^start log$/,
      here: /^(os|nodename|machine): /,
      real: /^(compiled with version|os|nodename|machine|detected number of CPU cores|your processes number limit is|detected max file descriptor number)\b/,
    },
  },
  {
    id: 'python',
    where: 'The Python that runs the app',
    here: 'Python 3.14, compiled to WebAssembly.',
    real: 'The Python of the system: 3.11 on Debian 12, 3.12 on Ubuntu 24.04.',
    why: 'It is the newest that exists for WebAssembly. The lessons use what both have.',
    lines: { where: /^start log$/, here: /^Python version: 3\.14\./, real: /^Python version: 3\./ },
  },
  {
    id: 'traceback',
    where: 'Tracebacks in uWSGI’s log',
    here: 'The place in the line is marked as Python 3.14 does it: ~~~~^^^^^^^.',
    real: 'It is marked as an older Python does it: ^^^^^^^^^^^, and before 3.11 not at all.',
    why: 'Each Python writes its own.',
    lines: { where: /^uwsgi log$/, here: /^ +[~^]+$/, real: /^ +\^+$/ },
  },
];
