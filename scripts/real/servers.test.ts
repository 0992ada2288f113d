import { expect, test } from 'vitest';
import { RealMachine } from './servers.ts';

test.skipIf(process.platform !== 'linux')('two uWSGIs are refused, since the logs would be mixed up (on Linux)', async () => {
  const machine = await RealMachine.open();
  const pool = { ini: '/srv/shop/uwsgi.ini', user: 'root', group: 'root', from: '/' };
  try {
    await expect(machine.start([pool, { ...pool, ini: '/srv/blog/uwsgi.ini' }])).rejects.toThrow(
      'here are /srv/shop/uwsgi.ini and /srv/blog/uwsgi.ini',
    );
  } finally {
    machine.dispose();
  }
});
