/** The README of a deployable folder: how to install it, what is where, and what is not as it was in the course. */
import type { Environment } from './environments.ts';
import { textOf, UNIT_FILE } from './generated.ts';
import { halfWay } from './half-way.ts';
import { enabledSites, fourOnly, type Installed, visits } from './sites.ts';

export interface Contents {
  readonly title: string;
  readonly installed: Installed;
  /** Of these, what no learner has written. */
  readonly generated: readonly string[];
  readonly environments: readonly Environment[];
  /** Do the packages of the environments lie in wheels/? */
  readonly wheels: boolean;
  readonly accounts: readonly string[];
  /** Changed files of the machine, which are not installed. */
  readonly other: readonly string[];
  /** What the learner has made in homes. */
  readonly stayed: readonly string[];
  /** What is not in the zip at all, and why. */
  readonly left: readonly (readonly [path: string, why: string])[];
}

export function readme(contents: Contents): string {
  const { title, installed } = contents;
  const units = installed.flatMap(([path]) => UNIT_FILE.exec(path)?.[1] ?? []);
  const sites = installed.flatMap(([path, one]) => (path.startsWith('/etc/nginx/') ? [textOf(one)] : []));
  return `# shop, as you left it in "${title}"

Your files from the course "Follow the Request", ready for a real server with Ubuntu or Debian. Nothing in here runs until you run it.

${hasNone(contents) ? 'There is nothing to install in here yet: come back when you have made something for a server.\n' : server(contents, units, sites)}${notInstalled(contents)}`;
}

/** Is there nothing that install.sh would put on a server? */
const hasNone = ({ installed, accounts }: Contents): boolean => installed.length + accounts.length === 0;

function server(contents: Contents, units: readonly string[], sites: readonly string[]): string {
  const { installed, generated } = contents;
  return `${unfinished(contents)}## Install

Unpack the zip on the server, with \`unzip\`: other programs may lose modes and links. Then, in this folder:

    sudo ./install.sh --dry-run      # says what it would do
    sudo ./install.sh                # does it${units.length + sites.length > 0 ? ', and starts the services' : ''}
${visits(enabledSites(installed))}    sudo ./install.sh --uninstall    # takes all of it away again

${steps(contents, units, sites)}

Run it as often as you like: what is in place stays as it is. Where another file is there already that is not from here, or one of these
was changed since, it says which one and installs nothing. When you change something in \`files/\`, run it again: what you had not
changed on the server is replaced. Another zip of this course takes the place of this one: what only this one has is removed.
\`--uninstall\` leaves what was changed since, says so, and leaves packages of the system. What it has made stands in
\`/var/lib/follow-the-request/shop.manifest\`. \`--root DIR\` lays the files into a folder, to look at them first.

${offline(contents, packagesOf(contents, units, sites))}${places(contents)}${dayToDay(units, sites, generated)}## Good to know

${notes(contents, units, sites)
  .map((note) => `- ${note}\n`)
  .join('')}`;
}

/** Not for who fetches nothing. */
function offline({ environments, wheels }: Contents, packages: readonly string[]): string {
  if (packages.length + environments.length === 0) return '';
  return `## Without internet

\`install.sh\` uses what is there, and ends with a list of what is missing and how to bring it: packages of the system go as .deb files into
\`packages/\` in this folder, Python packages as wheels into \`wheels/\`.${wheels ? ' The wheels that your app needs are there already.' : ''}

`;
}

function places({ installed, generated, environments }: Contents): string {
  if (installed.length === 0) return '';
  const lines = [
    ...shown(installed).map((path) => `- \`${path}\`${generated.includes(path) ? ' (generated: you had none)' : ''}\n`),
    ...environments.map(({ path }) => `- \`${path}\` (made on the server)\n`),
  ];
  return `## What is where

${lines.join('')}
In this folder they lie below \`files/\`; \`files.list\` says with which mode and owner they are installed. A file that you add needs a
line there, too: kind, mode, owner, path, and for a link its target, with tabs between. \`install.sh\` names files that have none.

`;
}

/** Folders with a clone of the course's repository. */
const clones = (installed: Installed): readonly string[] =>
  installed.flatMap(([path, one]) =>
    path.endsWith('/.git/config') && textOf(one).includes('/var/lib/git/') ? [path.slice(0, -'/.git/config'.length)] : [],
  );

/** What a reader wants to see of the paths: no folder that something else is in, and of what git keeps for itself one line. */
function shown(installed: Installed): readonly string[] {
  const paths = installed.map(([path]) => path);
  const leaves = paths.filter((path, at) => !paths[at + 1]?.startsWith(`${path}/`));
  return [...new Set(leaves.map((path) => path.replace(/^(.*\/\.git|\/var\/lib\/git\/[^/]+)\/.*$/, '$1/')))];
}

function unfinished({ installed, environments }: Contents): string {
  const gaps = halfWay(installed, environments);
  return gaps.length === 0
    ? ''
    : `## You are half way\n\nThis makes no whole site yet, and some of it will not start:\n\n${gaps.map((gap) => `- ${gap}\n`).join('')}\n`;
}

/** Of the system: what is to be there. */
const packagesOf = ({ installed, environments }: Contents, units: readonly string[], sites: readonly string[]): readonly string[] => [
  ...(sites.length > 0 ? ['nginx'] : []),
  ...(units.length > 0 ? ['uwsgi-core', 'uwsgi-plugin-python3'] : []),
  ...(environments.length > 0 ? ['python3-venv'] : []),
  ...(clones(installed).length > 0 ? ['git'] : []),
];

/** What install.sh does, in its order. */
function steps(contents: Contents, units: readonly string[], sites: readonly string[]): string {
  const { installed, environments, accounts, wheels } = contents;
  const packages = packagesOf(contents, units, sites);
  const lines = [
    ...(packages.length > 0 ? [`installs the packages that are missing, of ${packages.join(', ')}, with apt`] : []),
    ...accounts.map((name) => `makes the account \`${name}\`, if there is none`),
    ...(installed.length > 0 ? ['writes the paths below'] : []),
    ...environments.map(({ path, pins }) => {
      const from = wheels ? 'from `wheels/`' : "from Python's index";
      return `makes the Python environment \`${path}\` with the server's Python${pins.length > 0 ? `, and installs ${pins.join(', ')}, ${from}` : ''}`;
    }),
    ...(units.length > 0 ? [`has systemd enable and start ${units.join(', ')}`] : []),
    ...(sites.length > 0 ? ['has Nginx test its configuration, and read it'] : []),
  ];
  return `What \`install.sh\` does, in this order:\n\n${lines.map((line, at) => `${at + 1}. ${line}`).join(';\n')}.`;
}

function dayToDay(units: readonly string[], sites: readonly string[], generated: readonly string[]): string {
  const days = units.map((name) => day(name, !generated.some((path) => path.endsWith(`/${name}.service`))));
  if (sites.length > 0) days.push('    sudo nginx -t && sudo systemctl reload nginx\n    tail -f /var/log/nginx/error.log\n');
  return days.length > 0 ? `## Day to day\n\n${days.join('')}\n` : '';
}

function day(name: string, own: boolean): string {
  return `    systemctl status ${name}                   # does it run?
    journalctl -u ${name} -f                   # what it says
    sudo systemctl reload ${name}              # ${own ? 'if the unit has an ExecReload' : 'read uwsgi.ini anew, and lose nobody'}
`;
}

/** Pages of the course's app that hold a worker up, fill its memory or end it: made for a lesson. */
export const HARMFUL = ['/slow', '/wait', '/cpu', '/burn', '/leak', '/report', '/stuck', '/crash'];

function harmful(path: string, text: string): readonly string[] {
  const pages = path.endsWith('.py') ? HARMFUL.filter((page) => new RegExp(`["']${page}["']`).test(text)) : [];
  if (pages.length === 0) return [];
  const named = pages.map((page) => `\`${page}\``).join(', ');
  return [
    `\`${path}\` still has pages of the lessons: ${named}. Whoever reaches the site can jam it with them.\n  Take them out before others come.`,
  ];
}

function notes(
  { installed, generated, environments, wheels, accounts }: Contents,
  units: readonly string[],
  sites: readonly string[],
): string[] {
  const texts = installed.map(([path, one]) => [path, textOf(one)] as const);
  const unit = texts.find(([path]) => generated.includes(path) && path.endsWith('.service'))?.[1];
  const user = /^User=(.*)$/m.exec(unit ?? '')?.[1];
  const elsewhere = [...sites.join('\n').matchAll(/^\s*(?:server|\w+_pass)\s+(?:https?:\/\/)?(\d+\.\d+\.\d+\.\d+:\d+)/gm)]
    .map(([, address = '']) => address)
    .filter((address) => !/^(127|0)\./.test(address));
  const four = fourOnly(enabledSites(installed));
  const keys = installed.flatMap(([path]) => (path.startsWith('/etc/ssl/') && path.endsWith('.key') ? [path] : []));
  return [
    ...(user ? [`The unit starts uWSGI as ${user}, so \`uid\` and \`gid\` of uwsgi.ini have nothing left to do there.`] : []),
    ...texts.flatMap(([path, one]) => harmful(path, one)),
    ...(units.length + sites.length === 0 ? ['You had no unit and no site yet, so nothing is started.'] : []),
    ...(sites.length > 0
      ? [
          'The site answers to its `server_name`. Write your own host name there, or every other name goes to the site\n  `/etc/nginx/sites-enabled/default`, which this script leaves alone.',
        ]
      : []),
    ...(four.length > 0
      ? [
          `The site listens by IPv4 only, at port ${four.join(' and ')}. Who comes by IPv6, as some programs do to \`localhost\`, gets another site,\n  such as Nginx's own page, or none. For both, add the same \`listen\` once more with \`[::]:\` before the port.`,
        ]
      : []),
    ...(units.length + environments.length > 0 || installed.some(([path]) => path.endsWith('.py'))
      ? ["Python on the server is the system's, and mostly older than that of the course: what is newer in the language fails there."]
      : []),
    ...(environments.length > 0
      ? [
          `The environment is made anew when its list of packages changes, and is removed with all that was added to it later.${
            wheels
              ? '\n  The wheels are those of the course: where `1course` is in the name, compiled parts or translations are left out. Empty `wheels/`, and\n  pip fetches the published ones.'
              : ''
          }`,
        ]
      : []),
    ...keys.map(
      (key) =>
        `\`${key}\` is a secret, and it lies in this zip. Its certificate signed itself: for trying. For visitors, get one, by certbot for example.`,
    ),
    ...elsewhere.map(
      (address) =>
        `The site also sends requests to ${address}, a machine of the lesson. Where nobody answers there, some visitors wait: take the line out.`,
    ),
    ...clones(installed).map(
      (path) =>
        `\`${path}\` is a clone of \`/var/lib/git/shop.git\`, the course's, which goes along. For your own: \`git remote set-url origin …\` in there.\n  Once git has changed one of them (a pull is enough), \`install.sh\` leaves all of it as it is, also with \`--uninstall\`.`,
    ),
    ...accounts.map((name) => `Files that \`${name}\` makes later are not removed by \`--uninstall\`, which removes the account.`),
  ];
}

function notInstalled({ other, stayed, left }: Contents): string {
  const parts = [
    ...(other.length ? ['You have also changed these. They belong to the machine, so compare them with what your server has:'] : []),
    ...(other.length ? [other.map((path) => `- \`not-installed${path}\``).join('\n')] : []),
    ...(stayed.length
      ? [`These are yours, and no part of the server. They stayed in the course: ${stayed.map((path) => `\`${path}\``).join(', ')}.`]
      : []),
    ...(left.length ? ['These are not in here, because they cannot be laid out on another machine as they are:'] : []),
    ...(left.length ? [left.map(([path, why]) => `- \`${path.replace(/[\u0000-\u001f\u007f]/g, '?')}\`: ${why}`).join('\n')] : []),
  ];
  return parts.length ? `\n## Not installed\n\n${parts.join('\n\n')}\n` : '';
}
