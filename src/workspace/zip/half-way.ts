/** What is not finished yet in a learner's work, as far as its files tell: it can be installed, and will not start or not be seen. */
import { type Environment, isIn } from './environments.ts';
import { textOf, UNIT_FILE } from './generated.ts';
import { enabledSites, type Installed } from './sites.ts';

const AVAILABLE = '/etc/nginx/sites-available/';
/** Where a deployment brings what it needs; what lies elsewhere the server may have. */
const BROUGHT = /^\/(srv|opt|var\/www)\//;

/** Of an ini of uWSGI: where its app and its packages lie. */
const FOLDERS = /^(?:chdir|virtualenv|venv|home)\s*=\s*(\/\S+?)\/?\s*$/gm;

export function halfWay(installed: Installed, environments: readonly Environment[]): readonly string[] {
  const all = new Map(installed);
  const isThere = (path: string) => isIn(environments, path) || installed.some(([one]) => one === path || one.startsWith(`${path}/`));
  const isMissing = (path: string) => BROUGHT.test(path) && (!isThere(path) || isWithoutServer(path));
  const isWithoutServer = (path: string) =>
    environments.some((one) => path === `${one.path}/bin/uwsgi` && !one.pins.some((pin) => /^uwsgi==/i.test(pin)));
  const gaps = installed.flatMap(([path, one]) => {
    if (!UNIT_FILE.test(path)) return [];
    const [program = '', ...args] = (/^ExecStart=[-@:+!]*(\/.*)/m.exec(textOf(one))?.[1] ?? '').split(/\s+/);
    const ini = args.find((arg) => arg.endsWith('.ini')) ?? '';
    const folders = [...textOf(all.get(ini)).matchAll(FOLDERS)].map(([, folder = '']) => folder);
    return [
      ...(isMissing(program) ? [`\`${path}\` starts \`${program}\`, which is not there.`] : []),
      ...folders.filter(isMissing).map((folder) => `\`${ini}\` names \`${folder}\`, which is not there.`),
    ];
  });
  if (enabledSites(installed).length > 0) return gaps;
  const available = [...all.keys()].filter((path) => path.startsWith(AVAILABLE));
  return [...gaps, ...available.map((path) => `Nginx does not read \`${path}\`: no link in \`/etc/nginx/sites-enabled/\` leads to it.`)];
}
