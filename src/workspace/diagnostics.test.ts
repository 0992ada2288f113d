import { describe, expect, it } from 'vitest';
import { diagnose } from './diagnostics.ts';

// Outputs are what nginx 1.22.1, uWSGI 2.0.21 and CPython printed on Debian 12.
const INI = '/srv/shop/uwsgi.ini';
const APP = '/srv/shop/app/wsgi.py';
const ini = (...options: string[]) => ({ [INI]: ['[uwsgi]', 'plugins = python3', 'strict = true', ...options].join('\n') });
const started = `[uWSGI] getting INI configuration from ${INI}\n*** Starting uWSGI 2.0.21-debian (64bit) on [Sun Nov 22 05:34:42 2026] ***\n`;

describe('nginx', () => {
  it.each([
    ['nginx: [emerg] unknown directive "servername" in /etc/nginx/nginx.conf:5', 5, 'unknown directive "servername"'],
    ['2026/11/22 06:00:30 [emerg] 28105#28105: unexpected "}" in /etc/nginx/nginx.conf:7', 7, 'unexpected "}"'],
    [
      'nginx: [emerg] open() "/etc/nginx/uwsgi_parms" failed (2: No such file or directory) in /etc/nginx/nginx.conf:5',
      5,
      'open() "/etc/nginx/uwsgi_parms" failed (2: No such file or directory)',
    ],
    [
      'nginx: [emerg] invalid port in "99999" of the "listen" directive in /etc/nginx/nginx.conf:3',
      3,
      'invalid port in "99999" of the "listen" directive',
    ],
  ])('%s', (text, line, message) => {
    expect(diagnose(`${text}\nnginx: configuration file /etc/nginx/nginx.conf test failed\n`, {})).toEqual([
      { file: '/etc/nginx/nginx.conf', line, message },
    ]);
  });

  it('says a thing once that is printed twice', () => {
    const text = 'nginx: [emerg] unexpected "}" in /etc/nginx/sites-enabled/shop:7\n';
    expect(diagnose(text + text, {})).toHaveLength(1);
  });

  it('has nothing to say about a good configuration or an error without a line', () => {
    const ok =
      'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n';
    expect(diagnose(`${ok}nginx: [emerg] unknown "nosuchvar" variable\n`, {})).toEqual([]);
  });
});

describe('Python', () => {
  const files = { [APP]: '' };

  it('takes the innermost frame in a file of the learner', () => {
    const output = `Traceback (most recent call last):
  File "${APP}", line 2, in <module>
    KEY = os.environ['SECRET_KEY']
          ~~~~~~~~~~^^^^^^^^^^^^^^
  File "<frozen os>", line 679, in __getitem__
KeyError: 'SECRET_KEY'
unable to load app 0 (mountpoint='') (callable not found or import error)
`;
    expect(diagnose(output, files)).toEqual([{ file: APP, line: 2, message: "KeyError: 'SECRET_KEY'" }]);
  });

  it('reads a syntax error', () => {
    const output = `  File "${APP}", line 9\n    def application(environ, start_response)\n                                            ^\nSyntaxError: expected ':'\n`;
    expect(diagnose(output, files)).toEqual([{ file: APP, line: 9, message: "SyntaxError: expected ':'" }]);
  });

  it('keeps two tracebacks apart', () => {
    const one = (line: number, text: string) =>
      `Traceback (most recent call last):\n  File "${APP}", line ${line}, in application\n    x\n${text}\n`;
    expect(diagnose(one(4, 'ValueError: a') + one(5, 'shop.Empty'), files).map((d) => [d.line, d.message])).toEqual([
      [4, 'ValueError: a'],
      [5, 'shop.Empty'],
    ]);
  });

  it("leaves out a traceback that never touches the learner's files", () => {
    expect(diagnose('  File "/usr/lib/python3/x.py", line 1, in f\n    y\nValueError: z\n', files)).toEqual([]);
  });
});

describe('uWSGI', () => {
  it.each([
    ['[strict-mode] unknown config directive: procesess', ['module = wsgi', 'procesess = 4'], 5],
    ['chdir(): No such file or directory [core/uwsgi.c line 2625]', ['chdir = /nope', 'module = wsgi'], 4],
    ['bind(): Permission denied [core/socket.c line 230]', ['module = wsgi', 'socket = /run/shop.sock'], 5],
    ['Listen queue size is greater than the system max net.core.somaxconn (4096).', ['socket = :1', 'listen = 9999'], 5],
    ['user nosuchuser not found.', ['uid = nosuchuser'], 4],
    ['group nosuchgroup not found.', ['uid = www-data', 'gid = nosuchgroup'], 5],
    ['invalid chmod value: true', ['chmod-socket = true'], 4],
    ["ModuleNotFoundError: No module named 'wsgy'", ['chdir = /srv', 'module = wsgy:application'], 5],
    ["unable to load app 0 (mountpoint='') (callable not found or import error)", ['module = wsgi:nope'], 4],
    ['*** Operational MODE: no-workers ***', ['processes = 4', 'processes = four'], 5],
    ['The -s/--socket option is missing and stdin is not a socket.', ['module = wsgi'], 1],
  ])('%s', (text, options, line) => {
    expect(diagnose(`${started}${text}\n`, ini(...options))).toEqual([{ file: INI, line, message: text }]);
  });

  it('what the sandbox gives less of than asked for', () => {
    const output = `${started}[sandbox] processes = 60: this sandbox has room for 8 workers\n`;
    expect(diagnose(output, ini('module = wsgi', 'processes = 60'))).toEqual([
      { file: INI, line: 5, message: 'processes = 60: this sandbox has room for 8 workers', notice: true },
    ]);
  });

  it('does not take a comment for the option', () => {
    expect(diagnose(`${started}user x not found.\n`, ini('# uid = 1', '; uid = 2', '  uid = x'))[0]?.line).toBe(6);
  });

  it('points at the module once when it is not found, and not also at "unable to load app"', () => {
    const output = `${started}ModuleNotFoundError: No module named 'wsgy'\nunable to load app 0 (mountpoint='') (callable not found or import error)\n`;
    expect(diagnose(output, ini('module = wsgy'))).toEqual([
      { file: INI, line: 4, message: "ModuleNotFoundError: No module named 'wsgy'" },
    ]);
  });

  it('points at the Python file when that was read but has no such callable', () => {
    const output = `${started}unable to load app 0 (mountpoint='') (callable not found or import error)\n*** no app loaded. GAME OVER ***\n`;
    const said = (...options: string[]) => diagnose(output, { ...ini('chdir = /srv/shop/app', ...options), [APP]: '' });
    expect(said('module = wsgi:application')).toEqual([{ file: APP, line: 1, message: 'wsgi.py has no callable named application' }]);
    expect(said('module=wsgi', 'callable = app')).toEqual([{ file: APP, line: 1, message: 'wsgi.py has no callable named app' }]);
    expect(said(`wsgi-file = ${APP}`)).toEqual([{ file: APP, line: 1, message: 'wsgi.py has no callable named application' }]);
  });

  it('leaves a failed import to the traceback, which names the Python line', () => {
    const traceback = `Traceback (most recent call last):\n  File "${APP}", line 1, in <module>\n    import nosuchlib\nModuleNotFoundError: No module named 'nosuchlib'\n`;
    const output = `${started}${traceback}unable to load app 0 (mountpoint='') (callable not found or import error)\n*** no app loaded. GAME OVER ***\n`;
    expect(diagnose(output, { ...ini('module = wsgi'), [APP]: '' })).toEqual([
      { file: APP, line: 1, message: "ModuleNotFoundError: No module named 'nosuchlib'" },
    ]);
  });

  it('says who has the address when there is another instance', () => {
    const output = `${started}probably another instance of uWSGI is running on the same address (127.0.0.1:8080).\nbind(): Address already in use [core/socket.c line 769]\n`;
    expect(diagnose(output, ini('socket = 127.0.0.1:8080'))).toEqual([
      { file: INI, line: 4, message: 'probably another instance of uWSGI is running on the same address (127.0.0.1:8080).' },
    ]);
  });

  it('says nothing when it was not started from a file of the learner', () => {
    expect(diagnose(`${started}user x not found.\n`, {})).toEqual([]);
  });
});
