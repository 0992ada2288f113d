import { expect, test } from 'vitest';
import { engineSetting } from './engine-setting.ts';

test.each([
  [undefined, 'on'],
  ['', 'on'],
  ['on', 'on'],
  ['off', 'off'],
  ['default', 'default'],
])('%s means %s', (value, setting) => {
  expect(engineSetting(value)).toBe(setting);
});

test.each(['no', 'OFF', 'true'])('%s is an error that names the words that may stand there', (value) => {
  expect(() => engineSetting(value)).toThrow(`PUBLIC_WEBCONTAINER is "${value}"; it may be off, on, default.`);
});
