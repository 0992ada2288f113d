/** A virtual environment: a directory with a pyvenv.cfg, and what is installed in it. */
import { type Host, isSystemError } from '../../host/host.ts';
import type { App } from './app.ts';
import { Ended } from './ended.ts';
import type { Log } from './log.ts';
import type { Options } from './options.ts';

const stat = (host: Host, path: string): Promise<{ kind: string } | null> =>
  host.fs.stat(path).catch((error: unknown) => {
    if (isSystemError(error)) return null;
    throw error;
  });

/** The directories in it where Python looks for modules. */
export async function sitePackages(host: Host, { virtualenv }: Options): Promise<string[]> {
  if (virtualenv === null) return [];
  const home = virtualenv.replace(/\/+$/, '');
  const names = await host.fs.list(`${home}/lib`).catch(() => []);
  return names.filter((name) => name.startsWith('python3')).map((name) => `${home}/lib/${name}/site-packages`);
}

/** Say what is in it. Throws Ended when Python would not start with it. */
export async function openHome(host: Host, log: Log, app: App, { virtualenv }: Options): Promise<void> {
  if (virtualenv === null) return;
  if ((await stat(host, virtualenv))?.kind !== 'directory') log.line(`!!! Python Home is not a directory: ${virtualenv} !!!`);
  const valid = (await stat(host, `${virtualenv}/pyvenv.cfg`)) !== null;
  if (valid) log.line(`PEP 405 virtualenv detected: ${virtualenv}`);
  log.line(`Set PythonHome to ${virtualenv}`);
  if (valid) return;
  log.line(...noPython(virtualenv, app.version.split('.').slice(0, 2).join('.'), app.address));
  throw new Ended(1);
}

/** What CPython says when it does not find its library, here where no environment is. */
const noPython = (home: string, version: string, thread: string): string[] => [
  'Python path configuration:',
  `  PYTHONHOME = '${home}'`,
  '  PYTHONPATH = (not set)',
  `  program name = '${home}/bin/python'`,
  '  isolated = 0',
  '  environment = 1',
  '  user site = 1',
  '  safe_path = 0',
  '  import site = 1',
  '  is in build tree = 0',
  `  stdlib dir = '${home}/lib/python${version}'`,
  `  sys._base_executable = '${home}/bin/python'`,
  `  sys.base_prefix = '${home}'`,
  `  sys.base_exec_prefix = '${home}'`,
  "  sys.platlibdir = 'lib'",
  `  sys.executable = '${home}/bin/python'`,
  `  sys.prefix = '${home}'`,
  `  sys.exec_prefix = '${home}'`,
  '  sys.path = [',
  `    '${home}/lib/python${version.replace('.', '')}.zip',`,
  `    '${home}/lib/python${version}',`,
  `    '${home}/lib/python${version}/lib-dynload',`,
  '  ]',
  'Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding',
  'Python runtime state: core initialized',
  "ModuleNotFoundError: No module named 'encodings'",
  '',
  `Current thread ${thread} (most recent call first):`,
  '  <no Python frame>',
];
