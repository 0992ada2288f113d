import { afterEach, describe, expect, it } from 'vitest';
import type { Program } from '../../host/host.ts';
import { type Machine, machine } from './testing.ts';

const waits: Program = async (host) => {
  const told = Promise.withResolvers<number>();
  host.onSignal('SIGTERM', () => told.resolve(0));
  host.onSignal('SIGHUP', () => void host.print('read anew\n'));
  await host.print(`up as ${host.uid}:${host.gid} in ${host.cwd} with ${host.env.COLOUR ?? 'no colour'}\n`);
  return told.promise;
};
const deaf: Program = async (host) => {
  host.onSignal('SIGTERM', 'ignore');
  return new Promise(() => {});
};
const fails: Program = async () => 3;
const ready: Program = async (host) => {
  const connection = await host.connect({ path: host.env.NOTIFY_SOCKET ?? '' });
  await connection.write('STATUS=at work\nREADY=1\n');
  connection.end();
  return new Promise(() => {});
};
/** Its child is the service. */
const forks: Program = async (host) => {
  const { pid } = await host.spawn('waits', [], { stdin: 'null', stdout: 'null', stderr: 'null' });
  await host.fs.write('/run/a.pid', `${pid}\n`);
  return 0;
};
let release = Promise.withResolvers<number>();
const held: Program = () => release.promise;
const programs = { waits, deaf, fails, ready, forks, held };

const unit = (start: string, ...lines: readonly string[]): string =>
  ['[Unit]', 'Description=test', '[Service]', `ExecStart=${start}`, ...lines, '[Install]', 'WantedBy=multi-user.target', ''].join('\n');

describe('a supervised service', () => {
  let m: Machine;
  const boot = (units: Readonly<Record<string, string>>): Machine => {
    release = Promise.withResolvers();
    m = machine(units, { programs, files: { '/srv/': '' } });
    return m;
  };
  afterEach(() => m.sandbox.dispose());

  it('starts as its user, in its directory, with its environment, and stops', async () => {
    boot({
      'a.service': unit('waits', 'User=www-data', 'WorkingDirectory=/srv', 'EnvironmentFile=-/etc/none', 'Environment="COLOUR=dark red"'),
    });
    expect(await m.run('systemctl start a')).toEqual({ code: 0, out: '', err: '' });
    await expect.poll(() => m.journal('a')).toContain('waits: up as 33:33 in /srv with dark red');
    expect((await m.run('systemctl is-active a')).out).toBe('active\n');
    await m.run('systemctl stop a');
    expect(await m.run('systemctl is-active a')).toMatchObject({ code: 3, out: 'inactive\n' });
    expect(await m.journal('a')).toEqual([
      'systemd: Starting a.service - test...',
      'systemd: Started a.service - test.',
      'waits: up as 33:33 in /srv with dark red',
      'systemd: Stopping a.service - test...',
      'systemd: a.service: Deactivated successfully.',
      'systemd: Stopped a.service - test.',
    ]);
  });

  it('is started again after a kill, and counts that', async () => {
    boot({ 'a.service': unit('waits', 'Restart=on-failure', 'RestartSec=50ms') });
    await m.run('systemctl start a');
    const first = await m.show('a', 'MainPID');
    await m.run(`kill -9 ${first}`);
    await m.until('a', 'NRestarts', '1');
    await m.until('a', 'ActiveState', 'active');
    expect(await m.show('a', 'MainPID')).not.toBe(first);
    expect(await m.journal('a')).toEqual(
      expect.arrayContaining([
        'systemd: a.service: Main process exited, code=killed, status=9/KILL',
        "systemd: a.service: Failed with result 'signal'.",
        'systemd: a.service: Scheduled restart job, restart counter is at 1.',
      ]),
    );
    // told to end by its own signal, it has not failed
    await m.run(`kill ${await m.show('a', 'MainPID')}`);
    await m.until('a', 'ActiveState', 'inactive');
  });

  it('is given up after so many starts, until that is forgotten', async () => {
    boot({
      'a.service': unit('fails', 'Restart=always', 'RestartSec=10ms').replace('Description=test', 'Description=test\nStartLimitBurst=3'),
    });
    await m.run('systemctl start a');
    await m.until('a', 'ActiveState', 'failed');
    const said = await m.journal('a');
    expect(said.filter((line) => line.includes('Starting a.service'))).toHaveLength(3);
    expect(said.slice(-3)).toEqual([
      'systemd: a.service: Start request repeated too quickly.',
      "systemd: a.service: Failed with result 'exit-code'.",
      'systemd: Failed to start a.service - test.',
    ]);
    expect(await m.run('systemctl status a')).toMatchObject({ code: 3 });
    expect((await m.run('systemctl start a')).err).toMatch(
      /^Job for a\.service failed because the control process exited with error code\.\nSee "systemctl status a\.service" and "journalctl -xeu a\.service" for details\.\n/,
    );
    await m.run('systemctl reset-failed a');
    expect((await m.run('systemctl is-active a')).out).toBe('inactive\n');
    expect((await m.run('systemctl start a')).code).toBe(0);
  });

  it('waits for READY=1, and says what the service says', async () => {
    boot({ 'a.service': unit('ready', 'Type=notify'), 'b.service': unit('fails', 'Type=notify') });
    expect((await m.run('systemctl start a')).code).toBe(0);
    expect(await m.show('a', 'StatusText')).toBe('at work');
    const failed = await m.run('systemctl start b');
    expect(failed).toMatchObject({
      code: 1,
      err: expect.stringContaining('Job for b.service failed because the control process exited with error code.'),
    });
    expect((await m.run('systemctl status b')).out).toMatch(
      /^× b\.service - test\n {5}Loaded: loaded \(\/etc\/systemd\/system\/b\.service; disabled; preset: enabled\)\n {5}Active: failed \(Result: exit-code\) since \w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; \d+m?s ago\n {3}Main PID: \d+ \(code=exited, status=3\/NOTIMPLEMENTED\)\n/,
    );
  });

  it('does not wait for ever, neither to start nor to stop', async () => {
    boot({
      'a.service': unit('deaf', 'Type=notify', 'TimeoutStartSec=100ms', 'TimeoutStopSec=100ms'),
      'b.service': unit('deaf', 'TimeoutStopSec=100ms'),
    });
    expect((await m.run('systemctl start a')).err).toContain('failed because a timeout was exceeded.');
    await m.run('systemctl start b');
    await m.run('systemctl stop b');
    expect(await m.journal('b')).toEqual([
      'systemd: Starting b.service - test...',
      'systemd: Started b.service - test.',
      'systemd: Stopping b.service - test...',
      "systemd: b.service: State 'stop-sigterm' timed out. Killing.",
      'systemd: b.service: Killing process N (deaf) with signal SIGKILL.',
      'systemd: b.service: Main process exited, code=killed, status=9/KILL',
      "systemd: b.service: Failed with result 'timeout'.",
      'systemd: Stopped b.service - test.',
    ]);
  });

  it('reloads by its command, and not without one', async () => {
    boot({ 'a.service': unit('waits', 'ExecReload=/bin/kill -HUP $MAINPID'), 'b.service': unit('waits') });
    expect((await m.run('systemctl reload a')).err).toBe('a.service is not active, cannot reload.\n');
    await m.run('systemctl start a b');
    await expect.poll(() => m.journal('a')).toContainEqual(expect.stringContaining('up as'));
    expect(await m.run('systemctl reload a')).toMatchObject({ code: 0 });
    await expect.poll(() => m.journal('a')).toContain('waits: read anew');
    expect((await m.run('systemctl reload b')).err).toContain('Job type reload is not applicable for unit b.service.');
  });

  it('a reload during a reload waits for that one', async () => {
    boot({ 'a.service': unit('waits', 'ExecReload=held') });
    await m.run('systemctl start a');
    const pid = await m.show('a', 'MainPID');
    const first = m.run('systemctl reload a');
    await m.until('a', 'ActiveState', 'reloading');
    const others = [m.run('systemctl reload a'), m.run('systemctl reload-or-restart a')];
    await m.show('a', 'ActiveState');
    release.resolve(0);
    for (const ran of [first, ...others]) expect(await ran).toEqual({ code: 0, out: '', err: '' });
    expect(await m.show('a', 'MainPID')).toBe(pid);
  });

  it('several who ask at once get one supervisor and one service', async () => {
    boot({ 'a.service': unit('waits') });
    const supervisors = await Promise.all([1, 2, 3].map(() => m.sandbox.spawn('systemd', ['--no-boot'])));
    const asked = [1, 2, 3].map(() => m.run('systemctl start a'));
    for (const second of supervisors.slice(1)) {
      expect((await second.exited).code).toBe(1);
      expect(second.stderr()).toBe('systemd: another one runs already.\n');
    }
    expect(await Promise.all(asked)).toEqual(asked.map(() => ({ code: 0, out: '', err: '' })));
    const titles = (): string[] => m.sandbox.kernel.list().map(({ title }) => title);
    await expect.poll(titles).toEqual(['systemd --no-boot', 'waits']);
  });

  it('the end of a main process that is not a child is seen, also when none is younger', async () => {
    boot({ 'a.service': unit('forks', 'Type=forking', 'PIDFile=/run/a.pid') });
    expect((await m.run('systemctl start a')).code).toBe(0);
    const last = m.sandbox.kernel.list().at(-1);
    expect(last?.title).toBe('waits');
    m.sandbox.kill(last?.pid ?? 0, 'SIGKILL');
    // read as a file: a command would be younger
    await expect
      .poll(() => m.sandbox.files.read('/run/log/journal/system.journal'), { timeout: 5_000 })
      .toContain('Deactivated successfully');
    expect(await m.show('a', 'ActiveState')).toBe('inactive');
  });

  it('fails before it runs: no program, no user, no directory, no environment file', async () => {
    boot({
      'a.service': unit('/opt/none', 'Type=exec'),
      'b.service': unit('waits', 'Type=exec', 'User=nobody-here'),
      'c.service': unit('waits', 'Type=exec', 'WorkingDirectory=/none'),
      'd.service': unit('waits', 'EnvironmentFile=/etc/none'),
    });
    const failed = await Promise.all(['a', 'b', 'c', 'd'].map((name) => m.run(`systemctl start ${name}`)));
    expect(failed.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(failed[3]?.err).toContain('because of unavailable resources or another system error');
    expect(await m.journal('a')).toContain('(none): a.service: Failed at step EXEC spawning /opt/none: No such file or directory');
    expect(await m.journal('b')).toContain('systemd: b.service: Main process exited, code=exited, status=217/USER');
    expect(await m.journal('c')).toContain('systemd: c.service: Main process exited, code=exited, status=200/CHDIR');
    expect(await m.journal('d')).toContain('systemd: d.service: Failed to load environment files: No such file or directory');
  });

  it('is enabled on the first boot as the presets say, and later ones change nothing', async () => {
    m = machine(
      { 'a.service': unit('waits'), 'b.service': unit('waits'), 'c.service': unit('waits') },
      {
        programs,
        files: {
          '/etc/systemd/system-preset/10-course.preset': '# the first line that fits counts\ndisable b.service\nenable *\n',
          '/lib/systemd/system-preset/90-all.preset': 'enable b.service\n',
        },
      },
    );
    const states = async (): Promise<string> => (await m.run('systemctl is-enabled a b c; systemctl is-active a b c')).out;
    const first = await m.sandbox.spawn('systemd');
    await expect.poll(() => first.stdout()).toContain('Startup finished');
    expect((await states()).split('\n').slice(0, 6)).toEqual(['enabled', 'disabled', 'enabled', 'active', 'inactive', 'active']);
    expect((await m.run('systemctl status b')).out).toContain('disabled; preset: disabled');
    expect((await m.run('systemctl status a')).out).toContain('enabled; preset: enabled');
    expect((await m.run('cat /etc/machine-id')).out).toMatch(/^[0-9a-f]{32}\n$/);
    await m.run('systemctl disable a; systemctl enable b; pkill -x systemd');
    expect((await first.exited).code).toBe(0);
    const second = await m.sandbox.spawn('systemd');
    await expect.poll(() => second.stdout()).toContain('Startup finished');
    expect((await states()).split('\n').slice(0, 6)).toEqual(['disabled', 'enabled', 'enabled', 'inactive', 'active', 'active']);
  });

  it('a preset of this boot alone: the unit is not enabled, and its status tells what is meant for it from then on', async () => {
    m = machine(
      { 'a.service': unit('waits') },
      { programs, files: { '/run/systemd/system-preset/10-course.preset': 'disable a.service\n' } },
    );
    await m.sandbox.spawn('systemd');
    await expect.poll(async () => (await m.run('systemctl status a')).out).toContain('disabled; preset: enabled');
    await m.run('systemctl enable a');
    expect((await m.run('systemctl status a')).out).toContain('enabled; preset: enabled');
    expect((await m.run('ls /run/systemd/system-preset')).out).toBe('');
  });

  it('is enabled by a link, and starts when the machine boots', async () => {
    boot({ 'a.service': unit('waits') });
    const link = '/etc/systemd/system/multi-user.target.wants/a.service';
    expect((await m.run('systemctl is-enabled a')).out).toBe('disabled\n');
    expect(await m.run('systemctl enable --now a')).toEqual({
      code: 0,
      out: '',
      err: `Created symlink ${link} → /etc/systemd/system/a.service.\n`,
    });
    expect(await m.sandbox.run((host) => host.fs.readLink(link))).toBe('/etc/systemd/system/a.service');
    expect((await m.run('systemctl is-enabled a; systemctl is-active a')).out).toBe('enabled\nactive\n');
    await m.run('pkill systemd');
    await expect.poll(async () => (await m.run('ps -C waits,systemd -o pid,args')).code).toBe(1);
    const console = await m.sandbox.spawn('systemd');
    await expect
      .poll(() => console.stdout())
      .toMatch(/^systemd\[\d+\]: Started a\.service - test\.$[^]*^systemd\[\d+\]: Startup finished in [\d.]+s\.$/m);
    expect((await m.run('systemctl is-active a')).out).toBe('active\n');
    expect((await m.run('systemctl disable --now a')).err).toBe(`Removed "${link}".\n`);
    expect((await m.run('systemctl is-active a')).out).toBe('inactive\n');
  });

  it('starts what a unit needs first, and stops what needs it', async () => {
    boot({
      'a.service': unit('ready', 'Type=notify').replace(
        'Description=test',
        'Description=test\nRequires=b.service\nAfter=b.service network.target',
      ),
      'b.service': unit('ready', 'Type=notify'),
      'c.service': unit('waits').replace('Description=test', 'Requires=none.service'),
    });
    expect((await m.run('systemctl start a')).code).toBe(0);
    expect((await m.run('systemctl is-active a b')).out).toBe('active\nactive\n');
    await m.run('systemctl stop b');
    expect((await m.run('systemctl is-active a b')).out).toBe('inactive\ninactive\n');
    expect(await m.run('systemctl start c')).toMatchObject({ code: 5, err: 'Failed to start c.service: Unit none.service not found.\n' });
  });

  it('is another one only after daemon-reload', async () => {
    boot({ 'a.service': unit('waits', 'Colour=red') });
    await m.run('systemctl start a');
    expect(await m.journal('a')).toContain(
      "systemd: /etc/systemd/system/a.service:5: Unknown key name 'Colour' in section 'Service', ignoring.",
    );
    m.sandbox.files.write('/etc/systemd/system/a.service', unit('waits', 'User=www-data'));
    const warning =
      "Warning: The unit file, source configuration file or drop-ins of a.service changed on disk. Run 'systemctl daemon-reload' to reload units.\n";
    expect((await m.run('systemctl restart a')).err).toBe(warning);
    expect(await m.show('a', 'User')).toBe('');
    expect((await m.run('systemctl daemon-reload && systemctl restart a')).err).toBe('');
    expect(await m.show('a', 'User')).toBe('www-data');
  });

  it('is nobody else’s to command, and unknown ones are said to be so', async () => {
    boot({ 'a.service': unit('waits') });
    await m.run('systemctl start a');
    expect((await m.run('sudo -u www-data systemctl stop a')).err).toContain(
      'Failed to stop a.service: Interactive authentication required.',
    );
    expect((await m.run('sudo systemctl is-active a')).out).toBe('active\n');
    expect(await m.run('systemctl status none')).toMatchObject({ code: 4, err: 'Unit none.service could not be found.\n' });
    expect(await m.run('systemctl start none')).toMatchObject({
      code: 5,
      err: 'Failed to start none.service: Unit none.service not found.\n',
    });
  });
});
