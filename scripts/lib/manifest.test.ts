// What makes the site an app that can be installed: every icon is there and as large as it says.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { at } from './paths.ts';

interface Manifest {
  readonly start_url: string;
  readonly scope: string;
  readonly icons: readonly { readonly src: string; readonly sizes: string; readonly type: string; readonly purpose?: string }[];
}
const manifest = JSON.parse(readFileSync(at('public/app.webmanifest'), 'utf8')) as Manifest;

/** Width and height of a PNG, as `192x192`. */
function sizeOf(png: Buffer): string {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

test('icons are as large as they say, one of them drawn to be cut round', () => {
  for (const { src, sizes, type } of manifest.icons)
    if (type === 'image/png') expect(sizeOf(readFileSync(at('public', src))), src).toBe(sizes);
  expect(manifest.icons.map(({ sizes, purpose = 'any' }) => `${sizes} ${purpose}`)).toEqual([
    'any any',
    '192x192 any',
    '512x512 any',
    '512x512 maskable',
  ]);
  expect(sizeOf(readFileSync(at('public/icons/180.png')))).toBe('180x180');
});

test('it works below any path: every address counts from the manifest', () => {
  for (const address of [manifest.start_url, manifest.scope, ...manifest.icons.map(({ src }) => src)]) expect(address).not.toMatch(/^\/|:/);
});
