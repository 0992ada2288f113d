/** Starts with options that are right, wrong and odd. */
import { INI, type StartCase } from './case.ts';

const SHOP = 'plugin = python3\nchdir = /srv/shop/app\nmodule = wsgi:application\n';
const SOCKET = 'socket = /run/shop/site.sock\n';

/** An INI with the shop's application in it. */
const shop = (name: string, lines: string, more: Partial<StartCase> = {}): StartCase => ({
  name,
  args: ['--ini', INI],
  ini: `[uwsgi]\n${SHOP}${lines}\n`,
  ...more,
});
/** With a master and a socket. */
const served = (name: string, lines: string, more: Partial<StartCase> = {}): StartCase =>
  shop(name, `master = true\n${SOCKET}${lines}`, more);
/** As the whole INI. */
const whole = (name: string, ini: string, more: Partial<StartCase> = {}): StartCase => ({ name, args: ['--ini', INI], ini, ...more });
const command = (name: string, ...args: string[]): StartCase => ({ name, args });

const FILES: readonly StartCase[] = [
  command('no such file', '--ini', '/run/shop/none.ini'),
  command('no such file, alone', '/run/shop/none.ini'),
  command('not a configuration', '/run/shop/site.conf'),
  served('a file that may not be read', '', { user: 'www-data', files: { '/run/shop/secret.ini': '' }, args: ['/run/shop/secret.ini'] }),
  served('a file alone', 'processes = 1', { args: [INI] }),
  whole('a section', `[uwsgi]\nprocesses = 3\n[other]\n${SHOP}${SOCKET}master = true\n`, { args: ['--ini', `${INI}:other`] }),
  whole('another section of the same file', `[uwsgi]\nini = :other\n${SHOP}[other]\n${SOCKET}master = true\n`),
  whole('an empty file', ''),
  whole('a bracket that does not close', `[uwsgi\n${SHOP}${SOCKET}`),
  whole('a comment behind a section', `[uwsgi] ; mine\n${SHOP}${SOCKET}`),
  whole('key: value', `[uwsgi]\n${SHOP}master: true\nhttp-socket: 127.0.0.1:8080\n`),
  served('blanks and tabs', '\t processes\t =\t 2 \t'),
  served('quotes', 'module = "wsgi:application"'),
  served('windows line ends', 'processes = 2\r\nthunder-lock = true\r'),
  served('letters of the file', 'env = PLACE=%p|%d|%s|%n|%e|%c|%x|%0|%1|%q|%%\nmodule = %c%(nothing)', { files: {} }),
  served('a percent at the end of a line', 'env = RATE=100%\nprocesses = 2'),
];

const PLACEHOLDERS: readonly StartCase[] = [
  served('an option as placeholder', 'module = %(one):application\none = wsgi'),
  served('the first of two values', 'one = wsgi\none = nothing\nmodule = %(one)'),
  served('a placeholder nobody knows', 'module = %(nothing)'),
  served('a variable nobody knows', 'module = $(NOTHING)'),
  served('a variable', 'module = $(MODULE)', { env: { MODULE: 'wsgi' } }),
  served('a placeholder in a placeholder', 'a = b\nb = wsgi\nmodule = x%(%(a))'),
  served('a variable in a placeholder', 'name = $(MODULE)\nmodule = %(name):application', { env: { MODULE: 'wsgi' } }),
  served('set-placeholder', 'set-placeholder = app=wsgi\nset-ph = call=application\nmodule = %(app):%(call)'),
  served('set-placeholder without =', 'set-ph = app'),
  served('strict and a made-up placeholder', 'strict = true\napp = wsgi'),
  served('an option from the environment', '', { env: { UWSGI_PROCESSES: '2', UWSGI_THUNDER_LOCK: '1' } }),
];

const VALUES: readonly StartCase[] = [
  served('processes negative', 'processes = -1'),
  served('processes empty', 'processes ='),
  served('processes bare', 'processes'),
  served('workers', 'workers = 2'),
  shop('master bare', `master\n${SOCKET}`),
  shop('master False', `master = False\n${SOCKET}`),
  shop('master no', `master = NO\n${SOCKET}`),
  shop('no master, no workers', `processes = 0\n${SOCKET}`),
  shop('no master', SOCKET),
  shop('no master, three workers', `${SOCKET}processes = 3`),
  served('chmod-socket bare', 'chmod-socket'),
  served('chmod-socket = 1', 'chmod-socket = 1'),
  served('chmod-socket too long', 'chmod-socket = 0660'),
  served('chmod-socket not octal', 'chmod-socket = 688'),
  served('chmod-socket on the command line', '', { args: ['--chmod-socket', '--ini', INI] }),
  served('chown-socket', 'chown-socket = www-data:www-data\nuid = www-data\ngid = www-data'),
  served('buffer-size', 'buffer-size = 8192\nprocesses = 2'),
  served('buffer-size too large', 'buffer-size = 100000'),
  served('post-buffering', 'post-buffering = 1\nharakiri = 20'),
  served('harakiri', 'harakiri = 20'),
  served('lifetimes', 'max-worker-lifetime = 5'),
  served('cheaper', 'processes = 2\ncheaper = 2'),
  served('cheaper zero', 'processes = 2\ncheaper = 0'),
  served('listen on a unix socket', 'listen = 5000'),
  served('listen negative', 'listen = -5'),
  served('worker-reload-mercy', 'worker-reload-mercy = 5'),
  served('thunder-lock', 'thunder-lock = true'),
  served('memory-report', 'memory-report = true'),
  served('single-interpreter', 'single-interpreter = true'),
  served('no-default-app', 'no-default-app = true'),
  served('log-date', 'log-date = true\nprocesses = 2'),
  served('options without effect', 'so-keepalive = true\nauto-procname = true\nmax-fd = 20000\noffload-threads = 0'),
];

const PLUGINS: readonly StartCase[] = [
  whole('no plugin', `[uwsgi]\nchdir = /srv/shop/app\nmodule = wsgi\nmaster = true\n${SOCKET}`),
  whole('no plugin, need-app', `[uwsgi]\nmodule = wsgi\nmaster = true\nneed-app = true\n${SOCKET}`),
  whole('a plugin that is not there', `[uwsgi]\nplugin = python4\nchdir = /srv/shop/app\nmodule = wsgi\nmaster = true\n${SOCKET}`),
  whole('a needed plugin that is not there', `[uwsgi]\nneed-plugin = python4\n${SOCKET}`),
  whole('plugin = python', `[uwsgi]\nplugin = python\nmaster = true\n${SOCKET}`),
  whole('two plugins, one not there', `[uwsgi]\nplugins = nothing,python3\nchdir = /srv/shop/app\nmodule = wsgi\nmaster = true\n${SOCKET}`),
  whole('http without its plugin', '[uwsgi]\nplugin = python3\nhttp = 127.0.0.1:8080\nmaster = true\n'),
  whole('strict, http without its plugin', '[uwsgi]\nplugin = python3\nstrict = true\nhttp = 127.0.0.1:8080\nmaster = true\n'),
  whole('unknown before strict', `[uwsgi]\nproccesses = 3\nstrict = true\n${SHOP}${SOCKET}master = true\n`),
];

const APPLICATIONS: readonly StartCase[] = [
  served('module not there', 'module = wsgy:application'),
  served('no module', 'module ='),
  whole('no application at all', `[uwsgi]\nplugin = python3\nmaster = true\n${SOCKET}`),
  served('callable not there', 'callable = nothing\nmodule = wsgi'),
  served('callable and module with a colon', 'callable = nothing'),
  whole('wsgi-file', `[uwsgi]\nplugin = python3\nchdir = /srv/shop/app\nwsgi-file = wsgi.py\nmaster = true\n${SOCKET}`),
  whole('wsgi-file not there', `[uwsgi]\nplugin = python3\nwsgi-file = /srv/shop/none.py\nmaster = true\n${SOCKET}`),
  served('syntax error', 'module = broken', { files: { '/srv/shop/app/broken.py': 'def application(environ:\n    pass\n' } }),
  served('lazy-apps', 'lazy-apps = true'),
  served('pythonpath twice', 'pythonpath = /srv/a\npythonpath = /srv/b/'),
  served('a virtual environment', 'virtualenv = /srv/shop/venv\nmodule = uses', {
    files: {
      '/srv/shop/venv/pyvenv.cfg': 'home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.2\n',
      '/srv/shop/venv/lib/python3.11/site-packages/shop_thing.py': 'NAME = "thing"\n',
      '/srv/shop/app/uses.py':
        'import shop_thing\n\nprint(shop_thing.NAME)\n\n\ndef application(environ, start_response):\n    return []\n',
    },
  }),
  served('no virtual environment there', 'home = /srv/shop/none'),
];

const PLACES: readonly StartCase[] = [
  shop('a directory that is not there', 'master = true\nsocket = /run/none/site.sock'),
  shop('an empty socket', 'master = true\nsocket ='),
  shop('a bad port', 'master = true\nsocket = 127.0.0.1:http'),
  served('user not there', 'uid = nobody-at-all'),
  served('user by number', 'uid = 33\ngid = 33'),
  served('user root', 'uid = root\ngid = root'),
  served('group alone', 'gid = www-data'),
  served('not root, user by number', 'uid = 1', { user: 'www-data' }),
  served('not root, group by number', 'gid = 1', { user: 'www-data' }),
  served('not root, user by name', 'uid = root', { user: 'www-data' }),
  served('pidfile and vacuum', 'pidfile = /run/shop/shop.pid\nvacuum = true', { look: ['/run/shop/shop.pid', '/run/shop/site.sock'] }),
  served('pidfile2', 'pidfile2 = /run/shop/shop.pid\nvacuum = true\nuid = www-data\ngid = www-data'),
  served('pidfile2 not there', 'pidfile2 = /run/none/shop.pid'),
  served('vacuum as another user', 'pidfile = /run/shop/shop.pid\nvacuum = true\nuid = www-data', { look: ['/run/shop/site.sock'] }),
  served('logto', 'logto = /run/shop/shop.log\nprocesses = 2', { look: ['/run/shop/shop.log'] }),
  served('logto as another user', 'logto = /run/shop/shop.log\nuid = www-data\ngid = www-data', { look: ['/run/shop/shop.log'] }),
  served('logto not there', 'logto = /run/none/shop.log'),
];

const COMMANDS: readonly StartCase[] = [
  command('unknown', '--procesess', '4'),
  command('unknown with a value', '--procesess=4'),
  command('ambiguous', '--proc', '4'),
  command('a flag with a value', '--master=true'),
  command('without its value', '--processes'),
  command('unknown letter', '-X'),
  command('letter without its value', '-p'),
  command('nothing at all'),
  command('an option of a plugin before it', '--module', 'wsgi', '--plugin', 'python3'),
  served('letters', '', { args: ['-Mp2', '-l', '50', '--ini', INI] }),
  served('a beginning', '', { args: ['--thunder-lock', '--proces', '2', '--ini', INI] }),
  served('a file first, options after', 'processes = 2', { args: [INI, '--listen', '30'] }),
  served('later wins', 'processes = 2', { args: ['--ini', INI, '--processes', '3'] }),
];

const PART = '/run/shop/part.ini';
const TOOLS: readonly StartCase[] = [
  served('a file in a value', 'processes = @(/run/shop/count)', { files: { '/run/shop/count': '3\n' } }),
  served('a file without a line end in a value', 'module = @(/run/shop/name):application', { files: { '/run/shop/name': 'wsgi' } }),
  served('a file of two lines in a value', 'processes = @(/run/shop/count)', { files: { '/run/shop/count': '2\n3\n' } }),
  served('a file in a value, not there', 'processes = @(/run/shop/none)'),
  served('a file named by a variable', 'processes = @($(FILE))', { env: { FILE: '/run/shop/count' }, files: { '/run/shop/count': '2' } }),
  served('an at sign alone', 'env = MAIL=me@example.org\nprocesses = 2'),
  served('include', `include = ${PART}`, { files: { [PART]: '[uwsgi]\nprocesses = 2\nthunder-lock = true\n' } }),
  served('include wins when it comes later', `processes = 4\ninclude = ${PART}`, { files: { [PART]: '[uwsgi]\nprocesses = 2\n' } }),
  served('include loses when it comes first', `include = ${PART}\nprocesses = 3`, { files: { [PART]: '[uwsgi]\nprocesses = 2\n' } }),
  served('include a section', `include = ${PART}:two`, { files: { [PART]: '[uwsgi]\nprocesses = 2\n[two]\nprocesses = 3\n' } }),
  served('include, not there', 'include = /run/shop/none.ini'),
  served('include, no ini', 'include = /run/shop/none.conf'),
  served('inherit', `inherit = ${PART}`, { files: { [PART]: '[uwsgi]\nprocesses = 2\n' } }),
  served('inherit comes behind', `inherit = ${PART}\nprocesses = 3`, { files: { [PART]: '[uwsgi]\nprocesses = 2\n' } }),
  served('placeholders in what is included', `app = wsgi\ninclude = ${PART}`, {
    files: { [PART]: '[uwsgi]\nmodule = %(app):application\n' },
  }),
  served('placeholders in what is inherited', `app = wsgi\ninherit = ${PART}`, { files: { [PART]: '[uwsgi]\nmodule = %(app)\n' } }),
  served('letters of what is included', `include = ${PART}`, { files: { [PART]: '[uwsgi]\nmodule = %n%N:application\n' } }),
  served('strict in what is included', `include = ${PART}\nnonsense = 1`, { files: { [PART]: '[uwsgi]\nstrict = true\n' } }),
  served('ini in a file', `ini = ${PART}`, { files: { [PART]: '[uwsgi]\nprocesses = 2\n' } }),
  served('two files on the command line', 'processes = 2', {
    args: ['--ini', INI, '--ini', PART],
    files: { [PART]: '[uwsgi]\nprocesses = 3\n' },
  }),
  served('a section twice', 'processes = 2\n[other]\nprocesses = 3\n[uwsgi]\nlisten = 50'),
  served('a section with blanks', 'processes = 2\n[ uwsgi ]\nlisten = 50'),
];

const FLAGS: readonly StartCase[] = [
  'true',
  'True',
  '1',
  '0',
  'false',
  'off',
  'OFF',
  'no',
  'yes',
  '2',
  '',
  'falsch',
  '"false"',
  '00',
  '-1',
].map((word) => served(`lazy-apps = ${word}`, `lazy-apps = ${word}`));
const NUMBERS: readonly StartCase[] = [
  ...['2.9', '+2', '0x2', '2k', ' 2', '1e1', '02', '2,3', "'2'"].map((word) => served(`processes = ${word}`, `processes = ${word}`)),
  ...['50.5', '+50', '0', 'many', '100k'].map((word) => served(`listen = ${word}`, `listen = ${word}`)),
  ...['65535', '65536', '8k', '0x2000', '-1'].map((word) => served(`buffer-size = ${word}`, `buffer-size = ${word}\nprocesses = 2`)),
  ...['20', '0', 'soon', '1.5'].map((word) => served(`harakiri = ${word}`, `harakiri = ${word}`)),
  served('worker-reload-mercy = 0', 'worker-reload-mercy = 0'),
  served('min above max lifetime', 'min-worker-lifetime = 30\nmax-worker-lifetime = 20'),
  served('post-buffering = 4096', 'post-buffering = 4096'),
];
const MIXED: readonly StartCase[] = [
  served('a comment behind a value', 'processes = 2 # two'),
  served('a comment with blanks before it', '   ; a comment\n\t# another\nprocesses = 2'),
  served('a value with equals signs', 'env = A=b=c\nprocesses = 2'),
  served('no blanks around the equals sign', 'processes=2\nlisten=50'),
  served('a name in capitals', 'PROCESSES = 3\nprocesses = 2'),
  served('a name with an underscore', 'thunder_lock = true'),
  served('a name with a colon', 'processes: 3'),
  served('a placeholder in a name', 'x = processes\n%(x) = 3'),
  served('an empty placeholder', 'module = %()wsgi'),
  served('a placeholder that does not close', 'module = wsgi%(x'),
  served('a placeholder from the command line', 'module = %(app)', { args: ['--set-ph', 'app=wsgi', '--ini', INI] }),
  served('set', 'processes = %(n)', { args: ['--set', 'n=2', '--ini', INI] }),
  served('set an option', '', { args: ['--set', 'processes=2', '--ini', INI] }),
  served('set without =', 'set = app'),
  served('set, strict, a made-up name', 'strict = true\nset = n=2\nprocesses = %(n)'),
  served('pidfile as another user, no folder', 'pidfile = /run/none/shop.pid'),
  served('no-orphans', 'no-orphans = true\nprocesses = 2'),
  served('py-autoreload', 'py-autoreload = 1\nprocesses = 2'),
  served('stop, no such file', '', { args: ['--stop', '/run/shop/none.pid'] }),
  served('reload, no such file', '', { args: ['--reload', '/run/shop/none.pid'] }),
  served('stop, no such process', '', { args: ['--stop', '/run/shop/old.pid'], files: { '/run/shop/old.pid': '999999\n' } }),
  whole(
    'http with its plugin and a socket',
    `[uwsgi]\nplugins = python3,http\nchdir = /srv/shop/app\nmodule = wsgi\nmaster = true\n${SOCKET}http = 127.0.0.1:8085\n`,
  ),
  whole(
    'two addresses for http',
    `[uwsgi]\nplugins = python3,http\nchdir = /srv/shop/app\nmodule = wsgi\nmaster = true\n${SOCKET}http = 127.0.0.1:8085\nhttp = :8086\nuid = 33\n`,
  ),
  whole('http at a foreign address', `[uwsgi]\nplugins = http,python3\n${SOCKET}master = true\nhttp = 192.0.2.1:80\n`),
  whole(
    'http alone and stats',
    '[uwsgi]\nplugins = python3,http\nchdir = /srv/shop/app\nmodule = wsgi\nmaster = true\nhttp = 127.0.0.1:8085\nstats = 127.0.0.1:1717\n',
  ),
  whole(
    'http and stats',
    `[uwsgi]\nplugins = python3,http\nchdir = /srv/shop/app\nmodule = wsgi\nmaster = true\nprocesses = 2\n${SOCKET}http = 127.0.0.1:8085\nstats = /run/shop/stats.sock\n`,
  ),
];

export const STARTS: readonly StartCase[] = [
  ...FILES,
  ...PLACEHOLDERS,
  ...VALUES,
  ...PLUGINS,
  ...APPLICATIONS,
  ...PLACES,
  ...COMMANDS,
  ...TOOLS,
  ...FLAGS,
  ...NUMBERS,
  ...MIXED,
];
