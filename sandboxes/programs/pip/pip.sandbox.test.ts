/** pip as it comes from Python's index, on the sandbox's Python, with wheels from Python's index: into a virtual environment, and out of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScriptSandbox } from '../../../scripts/lib/sandbox.ts';
import { noWheels, wheelFiles } from '../../../scripts/lib/wheelhouse.ts';

const SLOW = { timeout: 300_000 };
let sandbox: ScriptSandbox;
beforeAll(async () => {
  sandbox = await ScriptSandbox.open();
});
afterAll(() => sandbox.dispose());

async function sh(line: string): Promise<{ code: number | null; out: string }> {
  const process = await sandbox.spawn('sh', ['-c', line], { cwd: '/srv/shop' });
  let out = '';
  process.onOutput((text) => (out += text));
  return { code: (await process.exited).code, out };
}

test('without wheels it says so', SLOW, async () => {
  const { code, out } = await sh('pip install flask');
  expect(code).toBe(1);
  expect(out).toMatch(/^pip: \/srv\/wheelhouse is empty, [^\n]*\n$/);
});

test('a virtual environment: its files, its interpreter, activate and deactivate', SLOW, async () => {
  expect(await sh('python3 -m venv /srv/env --prompt mine')).toEqual({ code: 0, out: '' });
  const config = new TextDecoder().decode(await sandbox.readFile('/srv/env/pyvenv.cfg'));
  expect(config).toMatch(/^home = \/usr\/bin\ninclude-system-site-packages = false\nversion = 3\.14\.\d+\nprompt = 'mine'\n/);
  await sandbox.writeFile('/srv/env/lib/python3.14/site-packages/inside.py', 'print("inside")\n');
  const prefix = "-c 'import sys, inside; print(sys.prefix, sys.base_prefix, sys.executable)'";
  const own = { code: 0, out: 'inside\n/srv/env /usr /srv/env/bin/python\n' };
  expect(await sh(`/srv/env/bin/python ${prefix}`)).toEqual(own);
  expect(await sh(`cd /srv && env/bin/python ${prefix}`)).toEqual(own);
  expect((await sh(`cd /srv && . env/bin/activate && python3 ${prefix} && deactivate && echo $PATH && python`)).out).toBe(
    'inside\n/srv/env /usr /srv/env/bin/python3\n/usr/sbin:/usr/bin:/sbin:/bin\n' +
      'sh: 1: python: not in this sandbox; as on Debian it is python3, and python only in a virtual environment\n',
  );
  expect(await sh('/srv/nothing/bin/python')).toEqual({ code: 127, out: 'sh: 1: /srv/nothing/bin/python: not found\n' });
});

const missing = await noWheels();
describe.skipIf(missing !== null)(missing === null ? 'with wheels' : `with wheels (skipped, this build has none: ${missing})`, () => {
  beforeAll(async () => sandbox.mount(await wheelFiles(['flask', 'pip'])));

  test('outside a virtual environment it refuses, as on Debian', SLOW, async () => {
    const { code, out } = await sh('pip install flask');
    expect(code).toBe(1);
    expect(await sh('pip install --break-system-packages flask')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^\[sandbox\] pip installs/),
    });
    expect(out).toMatch(
      /^error: externally-managed-environment\n\n× This environment is externally managed\n╰─> To install Python packages/,
    );
  });

  test('an error of the system has its number on Linux', SLOW, async () => {
    const { out } = await sh('python3 -m venv /srv/numbers && /srv/numbers/bin/pip install -r none.txt');
    expect(out).toBe("ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'none.txt'\n");
  });

  test('install, list, show, what is not there, uwsgi, uninstall', SLOW, async () => {
    await sandbox.writeFile('/srv/shop/requirements.txt', 'flask\n');
    const installed = await sh('python3 -m venv venv && venv/bin/pip install -r requirements.txt');
    expect(installed.out).toContain('Successfully installed ');
    expect(installed.code).toBe(0);
    expect((await sh('venv/bin/pip freeze')).out).toMatch(/^Flask==3\.\d+\.\d+$/m);
    expect((await sh('venv/bin/python -c "import flask; print(flask.__name__, flask.__cached__[-7:])"')).out).toBe('flask 314.pyc\n');
    expect((await sh('venv/bin/flask --version')).out).toMatch(/^Flask 3\./m);
    const missing = await sh('venv/bin/python -m pip install nosuchpackage');
    expect(missing.code).toBe(1);
    expect(missing.out).toContain('ERROR: No matching distribution found for nosuchpackage\n[sandbox] There is no network in here');

    await sandbox.writeFile(
      '/srv/shop/flaskapp.py',
      'from flask import Flask\napp = Flask("shop")\napp.add_url_rule("/", view_func=lambda: "from flask")\n',
    );
    const ini = [
      'plugin = python3',
      'http-socket = 127.0.0.1:8000',
      'chdir = /srv/shop',
      'virtualenv = /srv/shop/venv',
      'module = flaskapp:app',
      'need-app = true',
    ];
    await sandbox.writeFile('/srv/shop/flask.ini', `[uwsgi]\n${ini.join('\n')}\n`);
    const uwsgi = await sandbox.spawn('uwsgi', ['--ini', '/srv/shop/flask.ini']);
    await sandbox.until((events) => events.some(({ type, pid }) => type === 'uwsgi.ready' && pid === uwsgi.pid), 60_000);
    const { status, body } = await sandbox.request({ method: 'GET', url: 'http://localhost:8000/' });
    expect([status, new TextDecoder().decode(body)]).toEqual([200, 'from flask']);
    await sandbox.kill(uwsgi.pid, 'SIGKILL');

    expect((await sh('venv/bin/pip uninstall -y flask')).out).toContain('Successfully uninstalled Flask');
    expect((await sh('venv/bin/python -c "import flask"')).out).toContain("ModuleNotFoundError: No module named 'flask'");
  });
});
