import { expect, test } from 'vitest';
import { serversAtStart } from './starts.ts';

const SYSTEMD = [{ program: 'systemd' }];
const UNITS = {
  '/etc/systemd/system/shop.service': '[Service]\nExecStart=/usr/bin/uwsgi --ini /srv/shop/uwsgi.ini\n',
  '/lib/systemd/system/nginx.service': "[Service]\nExecStart=/usr/sbin/nginx -g 'daemon on;'\n",
};

test('what is started by name runs', () => {
  expect(serversAtStart([{ program: 'uwsgi' }, { program: 'nginx' }], {})).toEqual(['nginx', 'uwsgi']);
  expect(serversAtStart([{ program: 'nginx' }], UNITS)).toEqual(['nginx']);
});

test('under systemd what the presets enable runs, and without them nothing', () => {
  const preset = (text: string) => serversAtStart(SYSTEMD, { ...UNITS, '/run/systemd/system-preset/10.preset': text });
  expect(serversAtStart(SYSTEMD, UNITS)).toEqual([]);
  expect(preset('enable shop.service\ndisable nginx.service\n')).toEqual(['uwsgi']);
  expect(preset('disable shop.service\n')).toEqual(['nginx']);
  expect(preset('disable *\n')).toEqual([]);
});
