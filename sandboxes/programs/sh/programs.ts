/** Programs the shell tells about in `help` (the registry imports the shell, so the shell cannot import the registry). */
export const programs: readonly string[] = `
  ab apt apt-get cat chmod chown cp curl env find git grep head id
  journalctl kill ln ls man mkdir mv nano nginx openssl pip pkill ps
  pstree python3 readlink rm seq sh sleep ss start-stop-daemon sudo
  systemctl systemd tail top touch uname uwsgi uwsgitop vi wc which yes
`
  .trim()
  .split(/\s+/);
