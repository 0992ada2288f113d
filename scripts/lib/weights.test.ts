import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { sentBytes } from '../compress.ts';
import { withWeights } from './weights.ts';

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a file weighs what its compressed twin does, or what it does itself where there is none', () => {
  folder = mkdtempSync(join(tmpdir(), 'weights-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets/a.js'), 'x'.repeat(5000));
  writeFileSync(join(folder, 'assets/a.js.br'), 'x'.repeat(40));
  expect(sentBytes(folder, 'assets/a.js', '.br')).toBe(40);
  expect(sentBytes(folder, 'assets/a.js', '.gz')).toBe(5000);
});

test('figures stand where their names are, whatever the elements are', () => {
  const html = '<td class="number" data-weight="read">…</td><strong data-weight="class"></strong> and <b>…</b>';
  expect(withWeights(html, { read: '71 kB', class: '1.9 GB' })).toBe(
    '<td class="number" data-weight="read">71 kB</td><strong data-weight="class">1.9 GB</strong> and <b>…</b>',
  );
  expect(() => withWeights(html, { read: '71 kB' })).toThrow('no figure named "class"');
});
