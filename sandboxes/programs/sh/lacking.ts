/** Real commands that this sandbox lacks: a word of help instead of a bare `not found`. */

const INSTEAD: Readonly<Record<string, string>> = {
  service: 'use systemctl start NAME',
  su: 'you are root already',
  vim: 'use nano, which opens the file in the Files tab',
  emacs: 'use nano, which opens the file in the Files tab',
  htop: 'use top',
  killall: 'use pkill NAME',
  pgrep: 'use ps -C NAME',
  netstat: 'use ss -lx and ss -ltn',
  lsof: 'use ss -lxp and ss -ltnp',
  realpath: 'use readlink -f',
  stat: 'use ls -ld',
  chgrp: 'use chown :GROUP',
  unlink: 'use rm',
  wget: 'use curl',
  alias: 'write a script, or call the command by its whole name',
  eval: 'write the command itself',
  exec: 'call the command as the last one of the script',
  local: 'functions are not here; write a script of its own',
  trap: 'a script ends with Ctrl-C',
  umask: 'give files their mode with chmod',
  python: 'as on Debian it is python3, and python only in a virtual environment',
  pip3: 'it is pip',
};
const PLAIN: readonly string[] = `
  awk basename cut date df diff dirname du file free gzip hostname less mktemp more nc nohup
  ping rmdir rsync scp sed sort ssh strace tar tee time tr tree uniq useradd watch whoami xargs
`
  .trim()
  .split(/\s+/);

/** A sentence about a real command, or null for what is none. */
export function lacking(name: string): string | null {
  const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined;
  if (instead !== undefined) return `${name}: not in this sandbox; ${instead}`;
  return PLAIN.includes(name) ? `${name}: a real command, but not in this sandbox (type help for what there is)` : null;
}
