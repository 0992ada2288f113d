/** apt and apt-get: there is no network here, so they say what is there already and what they would do on a server. */
import type { Host } from '../../host/host.ts';
import { helped } from '../coreutils.ts';

/** Debian's packages whose programs the sandbox has in some form. */
const PRESENT: Readonly<Record<string, string>> = {
  nginx: 'nginx, the web server',
  uwsgi: 'uwsgi, the application server',
  'uwsgi-core': 'uwsgi, the application server',
  'uwsgi-plugin-python3': 'the plugin that runs Python in uwsgi',
  python3: 'python3',
  'python3-venv': 'python3 -m venv',
  'python3-pip': 'pip',
  curl: 'curl',
  openssl: 'openssl',
  procps: 'ps, top and pkill',
  psmisc: 'pstree',
  iproute2: 'ss',
  sudo: 'sudo',
};
/** The exit code of apt when it cannot. */
const FAILED = 100;
const NO_NETWORK = 'There is no network in this sandbox';

export default async function apt(host: Host): Promise<number> {
  if (await helped(host)) return 0;
  const [command, ...names] = host.args.filter((arg) => !arg.startsWith('-'));
  switch (command) {
    case 'list':
      for (const [name, what] of Object.entries(PRESENT)) await host.print(`${name.padEnd(22)}${what}\n`);
      return 0;
    case 'update':
    case 'upgrade':
    case 'full-upgrade':
    case 'dist-upgrade':
      await host.print(`${NO_NETWORK}, so there is nothing to fetch. On a server, ${host.name} ${command} gets ${WHAT[command]}.\n`);
      return 0;
    case 'install':
      return install(host, names);
    default: {
      const asked = command === undefined ? '' : ` ${command}`;
      await host.printError(`${host.name}: this sandbox's ${host.name} has install, list and update${asked && `, not${asked}`}\n`);
      return FAILED;
    }
  }
}

const WHAT = {
  update: 'the newest list of packages',
  upgrade: 'newer versions of what is installed',
  'full-upgrade': 'newer versions of what is installed',
  'dist-upgrade': 'newer versions of what is installed',
} as const;

async function install(host: Host, names: readonly string[]): Promise<number> {
  let code = 0;
  for (const name of names) {
    const what = Object.hasOwn(PRESENT, name) ? PRESENT[name] : undefined;
    if (what !== undefined) await host.print(`${name} is already here: ${what}\n`);
    else {
      await host.printError(`E: ${name} is not here. ${NO_NETWORK}, so it cannot be installed\n`);
      code = FAILED;
    }
  }
  return code;
}
