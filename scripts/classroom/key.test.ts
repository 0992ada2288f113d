import { expect, test, vi } from 'vitest';
import { classOfTab } from '../../src/classroom/teach.ts';
import { keyFrom, stageWith } from './key.ts';

test('whatever signs a key has, the stage reads it out of the address as it was given', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('history', { state: null, replaceState() {} });
  vi.stubGlobal('window', { sessionStorage: { setItem: (name: string, value: string) => kept.set(name, value) } });
  for (const key of ['a+b&c=d#e%20f?/"\\~', keyFrom(undefined)]) {
    vi.stubGlobal('location', new URL(stageWith('room1', keyFrom(key)), 'http://localhost/'));
    expect(classOfTab()).toEqual({ room: 'room1', key });
  }
});

test('a key that is no secret, or that no header carries, is refused', () => {
  expect(() => keyFrom('short')).toThrow('16 characters');
  for (const key of ['schlüssel-für-die-klasse', 'a key with its spaces', '鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵'])
    expect(() => keyFrom(key)).toThrow('ASCII');
});
