/** For tests of the supervisor: a machine with units, commands on it, and what they say. */
import { expect } from 'vitest';
import { createLocalSandbox, type LocalOptions, type LocalSandbox } from '../../host/local.ts';
import { PASSWD, server } from '../uwsgi/testing.ts';

/** The unit of the course's shop, as a lesson has it. */
export const SHOP_SERVICE = `[Unit]
Description=shop (uWSGI master and workers)
After=network.target
StartLimitIntervalSec=300
StartLimitBurst=5

[Service]
Type=notify
NotifyAccess=all
User=www-data
Group=www-data
RuntimeDirectory=shop
WorkingDirectory=/srv/shop/app
EnvironmentFile=/etc/shop.env
ExecStart=/srv/shop/venv/bin/uwsgi --ini /srv/shop/uwsgi.ini
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2
TimeoutStopSec=90

[Install]
WantedBy=multi-user.target
`;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Machine {
  readonly sandbox: LocalSandbox;
  /** Runs a command line to its end. */
  run(line: string): Promise<Ran>;
  /** What the journal has of a unit, without dates and numbers of processes. */
  journal(unit: string): Promise<string[]>;
  /** A property of a unit. */
  show(unit: string, property: string): Promise<string>;
  /** Waits until a property has this value. */
  until(unit: string, property: string, value: string): Promise<void>;
}

export function machine(units: Readonly<Record<string, string>>, options: LocalOptions = {}): Machine {
  const files = Object.fromEntries(Object.entries(units).map(([name, text]) => [`/etc/systemd/system/${name}`, text]));
  const tmpfiles = { '/etc/tmpfiles.d/shop.conf': server('etc/tmpfiles.d/shop.conf') };
  const sandbox = createLocalSandbox({
    ...options,
    files: { ...PASSWD, ...tmpfiles, '/etc/systemd/system/': '', ...files, ...options.files },
  });
  const run = async (line: string): Promise<Ran> => {
    const process = await sandbox.spawn('sh', ['-c', line]);
    const { code } = await process.exited;
    return { code, out: process.stdout(), err: process.stderr() };
  };
  const show = async (unit: string, property: string): Promise<string> =>
    (await run(`systemctl show -p ${property} --value ${unit}`)).out.trim();
  return {
    sandbox,
    run,
    show,
    journal: async (unit) => (await run(`journalctl -u ${unit} -q`)).out.split('\n').filter(Boolean).map(withoutNumbers),
    until: (unit, property, value) => expect.poll(() => show(unit, property), { timeout: 30_000, interval: 50 }).toBe(value),
  };
}

const withoutNumbers = (line: string): string =>
  line
    .replace(/^.{15} web /, '')
    .replace(/\[\d+\]: /, ': ')
    .replace(/process \d+/, 'process N');
