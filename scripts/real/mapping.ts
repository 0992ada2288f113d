/**
 * What is changed in a lesson's files so that the real servers can run with them in a folder of their own, beside whatever else
 * runs on the machine. All of it is in the table below; everything else goes to them as the lesson has it. What is no text of a file:
 *
 * - For a recording uWSGI is given `--logformat` and `--route-run`: so its log says when a worker has a request, and when it is done with it.
 * - An environment of the sandbox (`lib/python3.14`) is also reached as that of the Python in the plugin: its packages are pure Python.
 * - systemd starts nothing, since the machine's services are not the test's: uWSGI is started as the user that its unit names, and its
 *   folder in /run is made.
 */

export interface Place {
  /** The folder that stands for `/`. */
  readonly root: string;
  /** An address of the loopback network (127.0.0.0/8) that nobody else here has. */
  readonly address: string;
  /** Another one, where nobody listens. */
  readonly nobody: string;
  /** The port there that stands for one of the lesson. */
  readonly port: (port: number) => number;
  /** Does the machine have this account, or group? */
  readonly hasAccount: (name: string) => boolean;
}

interface Mapping {
  /** Whose files. */
  readonly of: 'nginx' | 'uwsgi' | 'both';
  readonly map: (text: string, place: Place) => string;
}

/** What is put into the block `http`, see hop-log.ts. */
export const EXTRA = '/etc/nginx/real.conf';
/** Who stands for an account that only the lesson's machine has. */
export const ACCOUNT = 'www-data';

const MAPPINGS: readonly Mapping[] = [
  // Paths below /etc, /root, /run, /srv and /var begin in the temporary folder. The machine may have an Nginx and files of its own,
  // and nothing of it is touched.
  {
    of: 'both',
    map: (text, { root }) => text.replace(/(^|[\s:"'=])\/(etc|root|run|srv|var)\//gm, `$1${root}/$2/`),
  },
  // `listen 80` is port 80 of one loopback address (port 8080 where low ports are not ours to open). Port 80 of all addresses may
  // be taken, and the world is not to reach it. The number stays, since programs see it.
  {
    of: 'nginx',
    map: (text, { address, port }) =>
      text.replace(
        /((?:^|[{;])\s*listen\s+)(?:(?:\*|0\.0\.0\.0|127\.0\.0\.1|localhost):)?(\d+)(?=[\s;])/gm,
        (_, listen: string, n: string) => `${listen}${address}:${port(Number(n))}`,
      ),
  },
  // 127.0.0.1 with a port is that same loopback address. Two lessons may be tried at once.
  {
    of: 'both',
    map: (text, { address, port }) => text.replace(/\b127\.0\.0\.1:(\d+)/g, (_, n: string) => `${address}:${port(Number(n))}`),
  },
  // Another machine, 10.x.y.z, is a loopback address where nobody listens. In the sandbox it refuses at once. In your network there
  // may be one.
  {
    of: 'both',
    map: (text, { nobody }) => text.replace(/\b10\.\d+\.\d+\.\d+(?=:)/g, nobody),
  },
  // An account that the machine does not have is www-data. None is added to the machine.
  {
    of: 'uwsgi',
    map: (text, { hasAccount }) =>
      text.replace(/^(uid|gid|chown-socket)(\s*=\s*)([\w:-]+)$/gm, (_, option: string, is: string, names: string) => {
        const known = names.split(':').map((name) => (hasAccount(name) ? name : ACCOUNT));
        return `${option}${is}${known.join(':')}`;
      }),
  },
  // One line in the block http includes a second access log and the folders for temporary files. The second log has the times of
  // each hop; the folders compiled into Nginx belong to the machine.
  {
    of: 'nginx',
    map: (text, { root }) => text.replace(/^http \{/m, `http { include ${root}${EXTRA};`),
  },
];

/** The text as the real server is given it. */
export function mapped(text: string, server: 'nginx' | 'uwsgi', place: Place): string {
  return MAPPINGS.filter(({ of }) => of === server || of === 'both').reduce((now, { map }) => map(now, place), text);
}

/** Which server reads this file; null: neither does, and it is laid as it is. */
export function readerOf(path: string): 'nginx' | 'uwsgi' | null {
  if (path.startsWith('/etc/nginx/')) return 'nginx';
  return path.endsWith('.ini') ? 'uwsgi' : null;
}

/** What a real server has written, in the lesson's own words again: its paths, addresses and ports. */
export function unmapped(text: string, { root, address, nobody, port }: Place): string {
  const ports = [80, 443].map((one): [string, string] => [`${address}:${port(one)}`, `127.0.0.1:${one}`]);
  const names: [string, string][] = [...ports, [`${root}/`, '/'], [root, '/'], [address, '127.0.0.1'], [nobody, '10.0.0.12']];
  return names.reduce((now, [real, lesson]) => now.replaceAll(real, lesson), text);
}
