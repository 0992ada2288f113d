/**
 * Makes the sandbox's bundled git repository from the commits below, the same to the byte in every run: real loose objects and
 * refs, as `git init --bare` and a few pushes leave them. Written as data into sandboxes/programs/git/bundled.ts.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { at } from './lib/paths.ts';

const AUTHOR = 'Ada <ada@shop.example>';

const README = `# shop

A small WSGI application: one function answers every request.

On a server it lives in /srv/site:

    git clone /var/lib/git/shop.git /srv/site
    uwsgi --ini /srv/site/uwsgi.ini
`;
const uwsgi = (processes: number): string => `[uwsgi]
plugins = python3
strict = true
chdir = /srv/site
module = app:application
master = true
processes = ${processes}
socket = /run/shop/shop.sock
vacuum = true
uid = www-data
gid = www-data
die-on-term = true
`;
const app = (version: string, hours: string): string => `"""The shop: one function answers every request."""
VERSION = "${version}"


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/":
        status, text = "200 OK", f"The shop, version {VERSION}\\n"
${hours}    else:
        status, text = "404 Not Found", "There is no such page.\\n"
    start_response(status, [("Content-Type", "text/plain")])
    return [text.encode()]
`;
const HOURS = `    elif path == "/hours":
        status, text = "200 OK", "Open from 9 to 18.\\n"
`;

/** Each on the one before it. */
const COMMITS = [
  { message: 'A shop that says hello', date: 1_700_000_000, files: { 'README.md': README, 'app.py': app('1.0', '') } },
  { message: 'Run it with uWSGI', date: 1_700_086_400, files: { 'README.md': README, 'app.py': app('1.0', ''), 'uwsgi.ini': uwsgi(2) } },
  {
    message: 'Say when the shop is open',
    date: 1_700_172_800,
    files: { 'README.md': README, 'app.py': app('1.1', HOURS), 'uwsgi.ini': uwsgi(4) },
  },
] as const;

const files: Record<string, Uint8Array> = {};
const text = (path: string, content: string): void => {
  files[path] = Buffer.from(content);
};

/** Its id. */
function object(type: 'blob' | 'tree' | 'commit', content: Uint8Array): string {
  const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const id = createHash('sha1').update(whole).digest('hex');
  files[`objects/${id.slice(0, 2)}/${id.slice(2)}`] = deflateSync(whole, { level: 9 });
  return id;
}

let parent: string | null = null;
const ids: string[] = [];
for (const { message, date, files: named } of COMMITS) {
  const entries = Object.entries(named)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, content]) => Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(object('blob', Buffer.from(content)), 'hex')]));
  const tree = object('tree', Buffer.concat(entries));
  const who = `${AUTHOR} ${date} +0000`;
  const head = `tree ${tree}\n${parent === null ? '' : `parent ${parent}\n`}author ${who}\ncommitter ${who}\n\n${message}\n`;
  parent = object('commit', Buffer.from(head));
  ids.push(parent);
}

text('HEAD', 'ref: refs/heads/main\n');
text('config', '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n');
text('description', "The shop's sources\n");
text('refs/heads/main', `${ids[1]}\n`);
text('refs/heads/next', `${ids[2]}\n`);

const lines = Object.entries(files)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([path, bytes]) => `  '${path}':\n    '${Buffer.from(bytes).toString('base64')}',`);
writeFileSync(
  at('sandboxes/programs/git/bundled.ts'),
  `/** Made by scripts/make-git-repository.ts: the files of a bare repository by path, as base64. */\nexport const BUNDLED: Readonly<Record<string, string>> = {\n${lines.join('\n')}\n};\n`,
);
