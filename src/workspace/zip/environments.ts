/**
 * Python environments in the learner's work. Their files stay in the course: they are of the sandbox's Python. What goes along is which
 * packages were in them, so that install.sh makes the same environment with the server's Python.
 */
export interface Environment {
  /** Its folder. */
  readonly path: string;
  /** What was installed, as `Flask==3.1.3`, in order. Without pip, which the server's Python brings. */
  readonly pins: readonly string[];
}

const CONFIG = '/pyvenv.cfg';
/** A folder that pip has left in an environment. Names and versions are held to their forms: they become lines that pip reads. */
const INSTALLED = /^\/lib\/python[\d.]+\/site-packages\/([A-Za-z0-9][\w.]*)-([\w.+!]+)\.dist-info\/METADATA$/;

export function environmentsIn(paths: readonly string[]): readonly Environment[] {
  const folders = paths.filter((path) => path.endsWith(CONFIG)).map((path) => path.slice(0, -CONFIG.length));
  return folders.map((path) => {
    const pins = paths.flatMap((file) => {
      const [, name, version] = (file.startsWith(`${path}/`) && INSTALLED.exec(file.slice(path.length))) || [];
      return name === undefined || name === 'pip' ? [] : [`${name}==${version}`];
    });
    return { path, pins: pins.sort() };
  });
}

/** Is the path that of an environment, or in one? */
export const isIn = (environments: readonly Environment[], path: string): boolean =>
  environments.some((one) => `${path}/`.startsWith(`${one.path}/`));

/** Those files of the wheelhouse that hold what the environments had. */
export function wheelsOf(
  environments: readonly Environment[],
  wheelhouse: Readonly<Record<string, Uint8Array>>,
): readonly (readonly [name: string, data: Uint8Array])[] {
  const wanted = new Set(environments.flatMap(({ pins }) => pins.map(plain)));
  return Object.entries(wheelhouse).flatMap(([path, data]) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const [project = '', version = ''] = name.split('-');
    return wanted.has(plain(`${project}==${version}`)) ? [[name, data] as const] : [];
  });
}

/** The name of a project is the same in capitals, and with any of `-_.`: https://packaging.python.org/specifications/name-normalization/ */
const plain = (pin: string): string => {
  const [name = '', version = ''] = pin.split('==');
  return `${name.toLowerCase().replace(/[-_.]+/g, '-')}==${version}`;
};
