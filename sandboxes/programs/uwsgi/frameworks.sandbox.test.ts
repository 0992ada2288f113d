/**
 * The same small shop on plain WSGI, Flask, Django and Pyramid, behind nginx, with the same uwsgi.ini but for `module` and
 * `virtualenv`. Skipped where the build could fetch no wheels.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from '../../../scripts/lib/paths.ts';
import { ScriptSandbox } from '../../../scripts/lib/sandbox.ts';
import { SHOP, VENV, venvFolder } from '../../../scripts/lib/venv.ts';
import { noWheels } from '../../../scripts/lib/wheelhouse.ts';
import type { WheelSet } from '../../../src/lesson/wheels.ts';

/** The first start of a framework in a run also makes its environment. */
const START = 180_000;

interface Kind {
  readonly name: string;
  readonly module: string;
  readonly set: WheelSet | null;
  /** Of its own page for an exception, and of its page for an address that there is not. */
  readonly fault: string;
  readonly nothing: string;
}

const KINDS: readonly Kind[] = [
  { name: 'plain WSGI', module: 'shop_wsgi:application', set: null, fault: 'The shop has a fault.', nothing: 'There is no page /nothing' },
  {
    name: 'Flask',
    module: 'shop_flask:app',
    set: 'flask',
    fault: '<h1>Internal Server Error</h1>',
    nothing: 'The requested URL was not found on the server.',
  },
  {
    name: 'Django',
    module: 'shop_django.wsgi:application',
    set: 'django',
    fault: '<h1>Server Error (500)</h1>',
    nothing: 'The requested resource was not found on this server.',
  },
  {
    name: 'Pyramid',
    module: 'shop_pyramid:application',
    set: 'pyramid',
    fault: 'The server has either erred or is incapable of performing',
    nothing: 'The resource could not be found.',
  },
];

const missing = await noWheels();
if (missing !== null) console.log(`skipped: Flask, Django and Pyramid, because this build has no wheels: ${missing}`);

/** The server's own ini with another application in it. */
function iniFor({ module, set }: Kind): string {
  const own = readFileSync(at('sandboxes/server/srv/shop/uwsgi.ini'), 'utf8');
  return own
    .replace('module = wsgi:application', `module = ${module}${set === null ? '' : `\nvirtualenv = ${VENV}`}`)
    .replace('processes = 4', 'processes = 2');
}

for (const kind of KINDS) {
  const skipped = kind.set !== null && missing !== null;
  const title = skipped ? `${kind.name} (skipped, this build has no wheels: ${missing})` : kind.name;
  describe.skipIf(skipped)(title, () => {
    let sandbox: ScriptSandbox;
    let printed = '';

    beforeAll(async () => {
      const overlays = [SHOP, ...(kind.set === null ? [] : [await venvFolder(kind.set)])];
      sandbox = await ScriptSandbox.open(overlays);
      await sandbox.mount({ '/srv/shop/uwsgi.ini': iniFor(kind) });
      const uwsgi = await sandbox.spawn('uwsgi', ['--ini', '/srv/shop/uwsgi.ini']);
      uwsgi.onOutput((text) => {
        printed += text;
      });
      const stopped = uwsgi.exited.then(() => {
        throw new Error(`uwsgi has ended:\n${printed}`);
      });
      const ready = (count: number) =>
        sandbox.until((events) => events.filter(({ type }) => type === 'uwsgi.ready').length >= count, START);
      await Promise.race([ready(2), stopped]);
      stopped.catch(() => {});
      await sandbox.spawn('nginx', ['-g', 'daemon off;']);
      await sandbox.until((events) => events.some((event) => event.type === 'process.role' && event.server === 'nginx'), START);
    }, START);
    afterAll(() => sandbox?.dispose());

    async function ask(path: string, form?: string): Promise<{ status: number; type: string; text: string }> {
      const answer = await sandbox.request({
        method: form === undefined ? 'GET' : 'POST',
        url: `http://localhost${path}`,
        ...(form === undefined ? {} : { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: form }),
      });
      const type = answer.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
      return { status: answer.status, type, text: answer.failed ?? new TextDecoder().decode(answer.body) };
    }

    test('the home page says which worker answers', async () => {
      const { status, type, text } = await ask('/');
      expect([status, type.toLowerCase()]).toEqual([200, 'text/html; charset=utf-8']);
      expect(text).toMatch(new RegExp(`Hello from worker [12] \\(pid \\d+\\), ${kind.name}`));
    });

    test('a page of a template, with what needs it escaped', async () => {
      const { status, text } = await ask('/products/');
      expect(status).toBe(200);
      expect(text).toContain('<title>Products</title>');
      expect(text.match(/<li>.*<\/li>/g)).toEqual([
        '<li>Tea &amp; a cup: 12 euros</li>',
        '<li>Notebook: 5 euros</li>',
        '<li>Lamp &lt;small&gt;: 30 euros</li>',
      ]);
    });

    test('JSON', async () => {
      const { status, type, text } = await ask('/products.json');
      expect([status, type]).toEqual([200, 'application/json']);
      expect(JSON.parse(text)).toEqual([
        { id: 1, name: 'Tea & a cup', price: 12 },
        { id: 2, name: 'Notebook', price: 5 },
        { id: 3, name: 'Lamp <small>', price: 30 },
      ]);
    });

    test('one product by its number, and 404 for what is not there', async () => {
      expect(await ask('/products/2/')).toMatchObject({ status: 200, text: expect.stringContaining('<p>Notebook</p>') });
      expect((await ask('/products/9/')).status).toBe(404);
      expect(await ask('/nothing')).toMatchObject({ status: 404, text: expect.stringContaining(kind.nothing) });
    });

    test('a form', async () => {
      const { status, text } = await ask('/orders/', 'product=1&quantity=3');
      expect(status).toBe(200);
      expect(text).toContain('<p>3 x Tea &amp; a cup: 36 euros</p>');
      expect((await ask('/orders/', 'product=1&quantity=none')).status).toBe(400);
    });

    test('an exception: its page for it, the traceback in the log, and the worker lives', async () => {
      const { status, text } = await ask('/error');
      expect(status).toBe(500);
      expect(text).toContain(kind.fault);
      expect((await ask('/')).status).toBe(200);
      expect(printed).toContain('RuntimeError: the shop is broken');
      expect(sandbox.events.some(({ type }) => type === 'uwsgi.respawn')).toBe(false);
    });

    test('a static file comes from nginx alone', async () => {
      const uri = '/static/style.css';
      expect(await ask(uri)).toMatchObject({ status: 200, type: 'text/css' });
      await sandbox.until((events) => events.some((event) => event.type === 'nginx.file' && event.path.endsWith(uri)), START);
      // by their address: the event of a call before this one may come only now
      expect(sandbox.events.filter((event) => event.type === 'wsgi.call' && event.uri === uri)).toEqual([]);
    });
  });
}
