import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { at } from './paths.ts';
import { childrenOf, isRoot } from './processes.ts';
import { nginxVersion, RealServers, temporaryPaths, versionOf } from './real-server.ts';
import { freePort } from './static-server.ts';

/** Also not one that has ended and is waited for by nobody yet. */
function alive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe.runIf(process.platform === 'linux')('real servers', () => {
  it('end with whoever started them, their children too, also one that is killed', async () => {
    const script = `
      import { childrenOf } from '${pathToFileURL(at('scripts/lib/processes.ts'))}';
      import { RealServers } from '${pathToFileURL(at('scripts/lib/real-server.ts'))}';
      const servers = new RealServers('real-server-test');
      const { pid } = servers.start('sh', ['-c', 'sleep 60 & wait']);
      setInterval(() => {
        const [child] = childrenOf(pid);
        if (child) console.log(JSON.stringify({ folder: servers.folder, pids: [pid, child] }));
      }, 20);`;
    const starter = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(starter.stdout, 'data');
    const { folder, pids }: { folder: string; pids: number[] } = JSON.parse(String(said).split('\n')[0] ?? '');
    expect([existsSync(folder), pids.map(alive)]).toEqual([true, [true, true]]);
    starter.kill('SIGKILL');
    await expect.poll(() => [existsSync(folder), ...pids.map(alive)], { timeout: 5000 }).toEqual([false, false, false]);
  });

  it.runIf(nginxVersion() !== null)('are nobody’s of the machine: nginx is not root and leaves its folders alone', async () => {
    const own = '/var/lib/nginx';
    const owned = (): unknown => (existsSync(own) ? [statSync(own).mtimeMs, statSync(own).uid] : null);
    const before = owned();
    const servers = new RealServers('real-server-test');
    try {
      const port = await freePort();
      const { folder } = servers;
      const conf = join(folder, 'nginx.conf');
      const server = `server { listen 127.0.0.1:${port}; return 204; }`;
      writeFileSync(conf, `pid ${folder}/pid; events {} http { access_log off; ${temporaryPaths(folder)} ${server} }`);
      const { pid = 0 } = servers.startNginx(conf);
      await servers.answers(port);
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(204);
      expect(existsSync(join(folder, 'client_body'))).toBe(true);
      for (const one of [pid, ...childrenOf(pid)])
        if (isRoot) expect(readFileSync(`/proc/${one}/status`, 'utf8')).not.toMatch(/^Uid:.*\b0\b/m);
      expect(owned()).toEqual(before);
    } finally {
      await servers.close();
    }
    expect(existsSync(servers.folder)).toBe(false);
  });
});

it('has no version of what is not installed', () => {
  expect(versionOf('no-such-program', [], /(.)/)).toBeNull();
});

it.runIf(process.platform === 'linux')('has the parent of a process with any name', async () => {
  const child = spawn('sh', ['-c', 'printf ") S 1 (" > /proc/$$/comm; echo; read -r _'], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    expect(childrenOf(process.pid)).toContain(child.pid);
  } finally {
    child.kill('SIGKILL');
  }
});
