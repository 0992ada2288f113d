// Services under systemd, from the terminal of a lesson whose servers the page started: taken over, stopped, started, measured.
import { expect, Lesson, test } from './support.ts';

// room for what systemctl prints
test.use({ viewport: { width: 1600, height: 1400 } });

test('systemctl takes over what the page started, journalctl tells, ab measures, and the page can restart it all', async ({ page }) => {
  const lesson = await Lesson.open(page);
  await lesson.run();
  await lesson.openTab('Terminal');
  const text = async (): Promise<string> => (await lesson.screen()).join('\n');
  const after = async (line: string): Promise<void> => {
    await lesson.type('clear');
    await lesson.type(line);
    await lesson.prompted();
  };

  await test.step('status of the page’s nginx', async () => {
    await after('systemctl status nginx');
    await expect.poll(text).toMatch(/Active: active \(running\) since/);
    expect(await text()).toMatch(/Main PID: \d+ \(nginx\)/);
  });

  await test.step('stop, and nobody answers; start, and somebody does', async () => {
    await after('sudo systemctl stop nginx');
    await after('systemctl is-active nginx; curl -sS http://localhost/count');
    await expect.poll(text).toMatch(/inactive[^]*Couldn't connect to server/);
    await after('systemctl start nginx; curl -so /dev/null -w "%{http_code}" http://localhost/count; echo');
    await expect.poll(text).toMatch(/^200$/m);
    await after('journalctl -u nginx -n 2');
    await expect.poll(text).toMatch(/systemd\[\d+\]: Started nginx\.service/);
  });

  await test.step('ab', async () => {
    // -l: from its tenth answer on, a worker's count has a digit more
    await after('ab -l -n 20 -c 4 http://localhost/count | grep requests:');
    await expect.poll(text).toMatch(/^Complete requests: +20$/m);
    expect(await text()).toMatch(/^Failed requests: +0$/m);
  });

  await test.step('Restart servers: the supervisor is gone, the page’s own servers are back', async () => {
    const before = /pid \d+/.exec((await lesson.room(1).getAttribute('aria-label')) ?? '')?.[0];
    expect(before).toBeDefined();
    await lesson.restartButton.first().click();
    // those of before are idle too until they are told to end
    await expect(lesson.room(1)).not.toHaveAccessibleName(new RegExp(`${before}\\b`));
    await lesson.started();
    await after('ps -C systemd; curl -so /dev/null -w "%{http_code}" http://localhost/count; echo');
    await expect.poll(text).toMatch(/^200$/m);
    expect(await text()).not.toMatch(/\bsystemd$/m);
    await after('systemctl is-active nginx');
    await expect.poll(text).toMatch(/^active$/m);
  });
});
