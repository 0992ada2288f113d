import { expect, it } from 'vitest';
import { brokenFailure, failureOf, LoadError } from './failure.ts';
import { ServerError } from './servers.ts';

const files = { '/srv/shop/uwsgi.ini': '[uwsgi]\nuid = x\n' };

it('asks to mend a file only when a file was named', () => {
  const silent = failureOf(new ServerError('uwsgi has no worker ready', 'It was given 45 seconds.', '*** Starting uWSGI ***\n'), files);
  expect(silent.next).toMatch(/^It names no file\./);
  const named = '[uWSGI] getting INI configuration from /srv/shop/uwsgi.ini\nuser x not found.\n';
  expect(failureOf(new ServerError('uwsgi ended', 'Its exit code is 1.', named), files).next).toMatch(/^Mend the file it names/);
});

it('a notice is nobody’s fault', () => {
  const noticed =
    '[uWSGI] getting INI configuration from /srv/shop/uwsgi.ini\n[sandbox] processes = 60: this sandbox has room for 8 workers\n';
  expect(failureOf(new ServerError('uwsgi ended', '', noticed), files).next).toMatch(/^It names no file\./);
  expect(failureOf(new ServerError('uwsgi ended', '', `${noticed}RangeError: out of memory\n`), files).next).toMatch(/^Close other tabs/);
});

it.each([
  'uwsgi (pid 7): Uncaught RangeError: Array buffer allocation failed',
  'Python did not load: WebAssembly.Memory(): could not allocate memory',
  'uwsgi (pid 7): Uncaught RuntimeError: out of memory',
])('says of a sandbox without memory what helps: %s', (message) => {
  const { what, why, next, retry } = brokenFailure(message);
  expect([what, why, retry]).toEqual(['The sandbox ran out of memory', expect.stringContaining(message), 'Start it again']);
  expect(next).toMatch(/^Your files are kept\. Close other tabs, or write fewer processes/);
  expect(failureOf(new LoadError(message), files).next).toMatch(/^Close other tabs/);
  expect(failureOf(new ServerError('uwsgi ended', 'Its exit code is 1.', `${message}\n`), files)).toMatchObject({
    why: expect.stringContaining('no memory left'),
  });
});

it('says of another break that the files are kept, and how to go on', () => {
  expect(brokenFailure('nginx (pid 4): Uncaught TypeError: x')).toEqual({
    what: 'The sandbox broke',
    why: 'nginx (pid 4): Uncaught TypeError: x.',
    next: 'Your files are kept.',
    output: '',
    retry: 'Start it again',
  });
});
