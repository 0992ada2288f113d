# shellcheck shell=bash
# Part of install.sh: what systemd and Nginx are told once all is in place, and before it goes.
# shellcheck disable=SC2154,SC2034  # dry, uninstall, owned, paths, dropped: of install.sh; bring, failed, stale, without: of machine.sh

# Says which folders below /run are made at every boot.
run_folders=/etc/tmpfiles.d/shop.conf

# Services that were started, or have read the files anew.
told=()

runs() { systemctl is-active --quiet -- "$1"; }

# $1: has it to read its files anew where it runs? $2: has it to be started where it does not? $3: what to do where its configuration is
# wrong. As it runs, it goes on with the one it has read.
tell_nginx() {
  local verb='' workers length
  if has_systemd; then
    if runs nginx; then verb=${1:+reload-or-restart}; else verb=${2:+start}; fi
  fi
  if [[ $dry ]]; then
    say "would: nginx -t -q"
    [[ ! $verb ]] || say "would: systemctl $verb nginx"
    return
  fi
  if lacks nginx; then return; fi
  if ! nginx -t -q; then
    failed+=("Nginx does not like its configuration (above). While it runs it goes on with the one it has read, but it would not start at the next boot. $3")
  elif [[ $verb ]]; then
    workers=$(nginx_workers) length=$(log_length)
    if ! systemctl "$verb" nginx; then
      nginx_not_started
    elif ! await_end "$workers" "$length"; then
      nginx_failed "Nginx goes on with the settings that it had" "$(log_since "$length")" "tail $nginx_log"
    fi
    told+=(nginx)
  fi
}

nginx_workers() {
  local main
  main=$(systemctl show --property MainPID --value nginx)
  cat "/proc/$main/task/$main/children" 2>/dev/null || true
}

# Until a reload has told them all, some still take visitors in, for what was there before: 0 once these have heard of it. Nginx tries for
# two and a half seconds to have a port of somebody else, and then goes on as it was. At most ten seconds.
await_end() {
  local pid title tries=500
  for pid in $1; do
    while read -r -d '' title 2>/dev/null <"/proc/$pid/cmdline" && [[ $title == 'nginx: worker process' ]]; do
      if ((tries-- == 0)) || log_since "$2" | grep -q '^[^"]*\[emerg\].* still could not bind()'; then return 1; fi
      sleep 0.02
    done
  done
}

# Where Nginx on Debian and Ubuntu says what it could not do, when it runs already. Since it was so long, in bytes.
nginx_log=/var/log/nginx/error.log
log_length() { stat -c %s -- "$nginx_log" 2>/dev/null || echo 0; }
log_since() { tail -c "+$(($1 + 1))" -- "$nginx_log" 2>/dev/null || true; }

# $1: what happened. $2: what Nginx has said of it. $3: where there is more.
nginx_failed() {
  local at holder again=', and run ./install.sh again.'
  [[ ! $uninstall ]] || again=', then:  systemctl reload nginx'
  at=$(sed -n 's/^[^"]*\[emerg\].* bind() to \(\S*\) failed (98.*/\1/p' <<<"$2" | tail -n 1)
  if [[ -z $at ]]; then
    failed+=("$1. Look:  $3")
    return
  fi
  holder=$(ss -Hltnp "sport = :${at##*:}" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (see: systemctl status \2)/p' | sort -u | head -n 1) || true
  failed+=("$1, because ${holder:-another program} listens at $at already. Stop that$again")
}

nginx_not_started() {
  # what it said last may be on its way
  journalctl --sync 2>/dev/null || true
  nginx_failed "Nginx did not start" "$(journalctl --unit nginx --since -1min --output cat --no-pager 2>/dev/null)" "journalctl -u nginx"
}

start_services() {
  local unit verb=start anew=''
  # files that nobody has read yet: also those of an earlier run, whose start failed
  if [[ ${owned[/pending]:-} ]]; then
    anew=1
    [[ $stale || ${owned[/pending]} == 'x site' ]] || verb=restart
  fi
  if has_systemd && [[ $(units "${paths[@]}" "${dropped[@]}") ]]; then
    [[ ! -f $run_folders ]] || act systemd-tmpfiles --create "$run_folders"
    act systemctl daemon-reload
    for unit in $(units "${paths[@]}"); do
      act systemctl enable -- "$unit" || true
      if [[ ! $dry ]]; then
        if [[ $without ]] || lacks uwsgi-core || lacks uwsgi-plugin-python3; then continue; fi
        systemctl reset-failed -- "$unit" 2>/dev/null || true
      fi
      if [[ $verb == start ]] && runs "$unit"; then continue; fi
      act systemctl "$verb" -- "$unit" || not_started "$unit"
      told+=("$unit")
    done
  fi
  if has_site "${paths[@]}" "${dropped[@]}"; then tell_nginx "$anew" start "Mend the file in files/ and run ./install.sh again, or take all of it away: ./install.sh --uninstall"; fi
  if ((${#failed[@]} + ${#bring[@]} == 0)); then owned[/pending]=''; fi
}

not_started() {
  journalctl --unit "$1" --lines 12 --output cat --no-pager 2>/dev/null || true
  failed+=("$1 did not start. Its last words are above, and more are in  journalctl -u $1  Mend the file in files/ and run ./install.sh again.")
}

# What systemd would do, for a machine without it.
by_hand() {
  local unit file user group folder kind mode
  say "No systemd runs here, so nothing was started. By hand, as root:"
  [[ ! -f $run_folders ]] || while read -r kind folder mode user group _; do
    [[ $kind != d ]] || say "    install -d -m ${mode/#-/755} -o ${user/#-/root} -g ${group/#-/root} $folder"
  done <"$run_folders"
  for unit in $(units "${paths[@]}"); do
    file=/etc/systemd/system/$unit
    user=$(setting User "$file") group=$(setting Group "$file") folder=$(setting RuntimeDirectory "$file")
    [[ -z $folder ]] || say "    install -d -o ${user:-root} -g ${group:-root} /run/$folder"
    say "    ${user:+runuser -u $user -g ${group:-$user} -- }$(setting ExecStart "$file") &"
  done
  if has_site "${paths[@]}"; then say "    nginx    # or, where it runs: nginx -s reload"; fi
}
setting() { sed -n "s/^$1=//p" -- "$2" | tail -n 1; }

# Of these paths, which are about to go.
stop_services() {
  local unit
  has_systemd || return 0
  for unit in $(units "$@"); do act systemctl disable --now -- "$unit" || true; done
}

after_uninstall() {
  has_systemd || return 0
  act systemctl daemon-reload
  if has_site "${!owned[@]}"; then tell_nginx anew '' "Mend what it names, then: systemctl reload nginx"; fi
}
