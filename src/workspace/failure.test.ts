import { expect, it } from 'vitest';
import { failureOf } from './failure.ts';
import { ServerError } from './servers.ts';

const files = { '/srv/shop/uwsgi.ini': '[uwsgi]\nuid = x\n' };

it('asks to mend a file only when a file was named', () => {
  const silent = failureOf(new ServerError('uwsgi has no worker ready', 'It was given 45 seconds.', '*** Starting uWSGI ***\n'), files);
  expect(silent.next).toMatch(/^It names no file\./);
  const named = '[uWSGI] getting INI configuration from /srv/shop/uwsgi.ini\nuser x not found.\n';
  expect(failureOf(new ServerError('uwsgi ended', 'Its exit code is 1.', named), files).next).toMatch(/^Mend the file it names/);
});
