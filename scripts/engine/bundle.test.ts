import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../lib/paths.ts';
import { bundle } from './bundle.ts';

/** Files in a folder of their own; returns a name's path as bundle() takes it. */
function project(files: Readonly<Record<string, string>>): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return (name) => relative(root, join(folder, name));
}

test('an entry, what it imports and its text files become one module', async () => {
  const path = project({
    'main.ts': "import text from './bridge.py?raw'; import { twice } from './twice.ts'; export const answer: string = twice(text);",
    'twice.ts': 'export const twice = (text: string): string => text + text;',
    'bridge.py': 'print(1)\n',
  });
  const code = (await bundle(path('main.ts'), { format: 'es', platform: 'browser' })) ?? '';
  const { answer } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  expect(answer).toBe('print(1)\nprint(1)\n');
});

test('for an inline script there is nothing to import and nothing global', async () => {
  const path = project({ 'frame.ts': 'const secret = 1; parent.postMessage(secret, "*");' });
  const code = (await bundle(path('frame.ts'), { format: 'iife', platform: 'browser' })) ?? '';
  const sent: unknown[] = [];
  new Function('parent', code)({ postMessage: (message: unknown) => sent.push(message) });
  expect(sent).toEqual([1]);
  expect(code).not.toMatch(/\b(import|export)\b/);
});

test('for Node its own modules stay imports, and the module still knows where it is', async () => {
  const source = "import { createServer } from 'node:net'; export default [createServer, import.meta.dirname, process.env.NODE_ENV];";
  const code = await bundle(project({ 'main.ts': source })('main.ts'), { format: 'es', platform: 'node' });
  expect(code).toMatch(/import .*from ["']node:net["']/);
  expect(code).toContain('import.meta.dirname');
  expect(code).toContain('process.env.NODE_ENV');
});

test('a missing entry gives nothing; a broken one is an error that names it', async () => {
  const path = project({ 'main.ts': "import './missing.ts';" });
  expect(await bundle(path('none.ts'), { format: 'es', platform: 'node' })).toBe(null);
  await expect(bundle(path('main.ts'), { format: 'es', platform: 'node' })).rejects.toThrow('./missing.ts');
});
