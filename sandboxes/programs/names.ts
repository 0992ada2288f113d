/** The names of all programs, without the programs: whoever starts them, or only names them, needs no more. */

/** Programs that run a Python, and how many more starts of one each makes likely: uWSGI's workers. */
export const PYTHON_PROGRAMS = { pip: 0, python3: 0, uwsgi: 4 } as const;
/** Those that run none. */
export const PLAIN_PROGRAMS = [
  'ab',
  'apt',
  'apt-get',
  'browser',
  'cat',
  'chmod',
  'chown',
  'cp',
  'curl',
  'env',
  'find',
  'git',
  'grep',
  'head',
  'id',
  'journalctl',
  'kill',
  'ln',
  'ls',
  'man',
  'mkdir',
  'mv',
  'nano',
  'nginx',
  'openssl',
  'pkill',
  'ps',
  'pstree',
  'readlink',
  'rm',
  'seq',
  'sh',
  'sleep',
  'ss',
  'start-stop-daemon',
  'sudo',
  'systemctl',
  'systemd',
  'tail',
  'top',
  'touch',
  'uname',
  'uwsgitop',
  'vi',
  'wc',
  'which',
  'yes',
] as const;

export type PythonProgram = keyof typeof PYTHON_PROGRAMS;
export type PlainProgram = (typeof PLAIN_PROGRAMS)[number];

export const PROGRAM_NAMES: ReadonlySet<string> = new Set([...Object.keys(PYTHON_PROGRAMS), ...PLAIN_PROGRAMS]);
