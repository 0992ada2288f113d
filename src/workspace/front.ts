/** Who has port 80 in hand, and so what a visitor who is refused there can do about it. */

/**
 * `page`: the page starts and stops Nginx. The others are machines on which systemd does: Nginx `runs`, is `off` because nobody
 * has started it or somebody stopped it, or has `failed` to start. On a `bare` one nobody has started it, and there is no uWSGI behind it.
 */
export type Front = 'page' | 'runs' | 'off' | 'bare' | 'failed';

const SAID = /^systemd\[\d+\]: (Started|Stopped|Failed to start) nginx\.service\b/gm;

/** `output` is what systemd has printed, `runs` whether a process of Nginx lives, `behind` whether one of uWSGI does. */
export function frontUnder(output: string, runs: boolean, behind: boolean): Exclude<Front, 'page'> {
  if (runs) return 'runs';
  const last = [...output.matchAll(SAID)].at(-1)?.[1];
  if (last === 'Failed to start') return 'failed';
  return last || behind ? 'off' : 'bare';
}

/** The next step of a visitor whom nobody lets in at a port: why nobody does, and what to type or press. */
export function adviceAt(port: string, front: Front): string {
  if (front === 'page')
    return 'Nginx is not running, or it listens on another port. Press Restart servers, or type ps aux in the terminal to see who runs.';
  // a door that the usual site does not have: somebody else may have been meant to open it
  if (!['80', '443'].includes(port)) return 'Type ss -ltn in the terminal to see at which ports somebody listens.';
  return {
    runs: `Nginx runs, and none of its sites has this port. Look into /etc/nginx/sites-enabled, then type systemctl reload nginx in the terminal.`,
    off: 'Nginx is installed here, and does not run. Type systemctl start nginx in the terminal; systemctl is-enabled nginx says whether it starts when the machine does.',
    bare: 'Neither Nginx nor uWSGI runs on this machine. As long as you are building it from the inside out, that is as it should be: Nginx comes last.',
    failed:
      'systemd has tried to start Nginx, and it failed. Type nginx -t in the terminal: it names the mistake. Then systemctl restart nginx.',
  }[front];
}
