/** Real commands that this sandbox lacks: a word of help instead of a bare `not found`. */

const INSTEAD: Readonly<Record<string, string>> = {
  systemctl: "start servers directly (nginx -g 'daemon off;') and stop them with kill or nginx -s",
  service: "start servers directly (nginx -g 'daemon off;') and stop them with kill or nginx -s",
  apt: 'what the lessons need is already there',
  'apt-get': 'what the lessons need is already there',
  sudo: 'you are root already',
  su: 'you are root already',
  vi: 'edit files in the editor beside the terminal',
  vim: 'edit files in the editor beside the terminal',
  nano: 'edit files in the editor beside the terminal',
  top: 'use ps aux',
  htop: 'use ps aux',
  pkill: 'find the process with ps aux and use kill PID',
  killall: 'find the process with ps aux and use kill PID',
  pgrep: 'use ps -C NAME',
  netstat: 'use ss -lx and ss -ltn',
  pstree: 'use ps -ef --forest',
  wget: 'use curl',
  man: 'type help for what there is',
  '[': '&& and || choose by exit code',
  python: 'as on Debian it is python3, and python only in a virtual environment',
  pip3: 'it is pip',
};
const PLAIN: readonly string[] = `
  ab awk chmod chown cut date env find head id less ln more rmdir sed sort ssh
  tee test time tr uname uniq watch wc which whoami xargs
`
  .trim()
  .split(/\s+/);

/** A sentence about a real command, or null for what is none. */
export function lacking(name: string): string | null {
  const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined;
  if (instead !== undefined) return `${name}: not in this sandbox; ${instead}`;
  return PLAIN.includes(name) ? `${name}: a real command, but not in this sandbox (type help for what there is)` : null;
}
