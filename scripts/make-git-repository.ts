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

A small Flask application.

On a server:

    python3 -m venv /srv/shop/venv
    git clone /var/lib/git/shop.git /srv/shop/app
    /srv/shop/venv/bin/pip install -r /srv/shop/app/requirements.txt

The application is \`application\` in wsgi.py.
`;
const BARE = `"""The shop: one function answers every request."""


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"The shop\\n"]
`;
const REQUIREMENTS = `Flask==3.1.3
`;
const flask = (version: string, pages: string): string => `"""The shop. A WSGI server imports this module and calls \`application\`."""

import os
import time

from flask import Flask, request

VERSION = "${version}"

application = Flask(__name__)


@application.get("/")
def home():
    return f"The shop, version {VERSION}, from process {os.getpid()}\\n"


@application.get("/slow")
def slow():
    """Waits, as for a database: /slow?ms=1000"""
    ms = request.args.get("ms", 1000, int)
    time.sleep(ms / 1000)
    return f"Process {os.getpid()} waited {ms} ms\\n"
${pages}`;
const HOURS = `

@application.get("/hours")
def hours():
    return "Open from 9 to 18\\n"
`;
const STYLE = `body {
  font-family: system-ui, sans-serif;
  margin: 3rem auto;
  max-width: 40rem;
}
`;
const about = (open: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>About the shop</title>
<link rel="stylesheet" href="/static/site.css">
<h1>About the shop</h1>
<p>${open}</p>
</html>
`;

const first = { 'README.md': README, 'wsgi.py': BARE };
const second = { ...first, 'requirements.txt': REQUIREMENTS, 'wsgi.py': flask('1.0', '') };
const third = { ...second, 'static/site.css': STYLE, 'static/about.html': about('Opening soon.') };

/** Each on the one before it. The last is not published yet: the branch main is one behind. */
const COMMITS: readonly { readonly message: string; readonly date: number; readonly files: Readonly<Record<string, string>> }[] = [
  { message: 'A shop that says its name', date: 1_700_000_000, files: first },
  { message: 'Use Flask', date: 1_700_086_400, files: second },
  { message: 'A page about the shop', date: 1_700_172_800, files: third },
  {
    message: 'Say when the shop is open',
    date: 1_700_259_200,
    files: { ...third, 'wsgi.py': flask('1.1', HOURS), 'static/about.html': about('Open from 9 to 18.') },
  },
];

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

/** The tree of these files, with a tree for each folder among them. Its id. */
function tree(named: Readonly<Record<string, string>>): string {
  const entries = new Map<string, Uint8Array>();
  for (const [path, content] of Object.entries(named)) {
    const [name = '', ...rest] = path.split('/');
    if (rest.length === 0) entries.set(name, entry('100644', name, object('blob', Buffer.from(content))));
    else if (!entries.has(name)) entries.set(name, entry('40000', name, tree(inside(named, `${name}/`))));
  }
  // as git sorts: no name here is the beginning of another
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return object('tree', Buffer.concat(sorted.map(([, bytes]) => bytes)));
}

const entry = (mode: string, name: string, id: string): Uint8Array =>
  Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);

function inside(named: Readonly<Record<string, string>>, folder: string): Record<string, string> {
  const below = Object.entries(named).filter(([path]) => path.startsWith(folder));
  return Object.fromEntries(below.map(([path, content]) => [path.slice(folder.length), content]));
}

let parent: string | null = null;
const ids: string[] = [];
for (const { message, date, files: named } of COMMITS) {
  const who = `${AUTHOR} ${date} +0000`;
  const head = `tree ${tree(named)}\n${parent === null ? '' : `parent ${parent}\n`}author ${who}\ncommitter ${who}\n\n${message}\n`;
  parent = object('commit', Buffer.from(head));
  ids.push(parent);
}

text('HEAD', 'ref: refs/heads/main\n');
text('config', '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n');
text('description', "The shop's sources\n");
text('refs/heads/main', `${ids.at(-2)}\n`);
text('refs/heads/next', `${ids.at(-1)}\n`);

const lines = Object.entries(files)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([path, bytes]) => `  '${path}':\n    '${Buffer.from(bytes).toString('base64')}',`);
writeFileSync(
  at('sandboxes/programs/git/bundled.ts'),
  `/** Made by scripts/make-git-repository.ts: the files of a bare repository by path, as base64. */\nexport const BUNDLED: Readonly<Record<string, string>> = {\n${lines.join('\n')}\n};\n`,
);
