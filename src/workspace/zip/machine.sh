# shellcheck shell=bash
# Part of install.sh: what the machine itself must have, beside files. Nothing of it is done with --root.
# shellcheck disable=SC2154  # here, root, dry, owned, kinds, paths, targets, changes: of install.sh

# Debian's own Python, which uWSGI's plugin is made for. Another one that comes first in PATH has other packages.
python=/usr/bin/python3
# What could not be had, each with how to bring it; and what did not start.
bring=() failed=()
declare -A owned

has_systemd() { [[ -z $root && -d /run/systemd/system ]]; }

# Does any of these paths lie below /etc/nginx?
has_site() {
  local path
  for path in "$@"; do [[ $path != /etc/nginx/* ]] || return 0; done
  return 1
}

units() {
  local path
  for path in "$@"; do
    [[ $path =~ ^/etc/systemd/system/([A-Za-z0-9_.:-]+\.service)$ ]] && printf '%s\n' "${BASH_REMATCH[1]}"
  done
  return 0
}

# ---- packages of the system ----
lacks() {
  case $1 in
    nginx) ! command -v nginx ;;
    uwsgi-core) ! command -v uwsgi ;;
    uwsgi-plugin-python3) ! compgen -G '/usr/lib/uwsgi/plugins/python3*_plugin.so' ;;
    git) ! command -v git ;;
    python3-venv) ! "$python" -c 'import ensurepip' 2>/dev/null ;;
  esac >/dev/null
}

missing=()
find_missing() {
  local needed=() name
  missing=()
  if has_site "${paths[@]}"; then needed+=(nginx); fi
  if [[ $(units "${paths[@]}") ]]; then needed+=(uwsgi-core uwsgi-plugin-python3); fi
  [[ ${kinds[*]} != *v* ]] || needed+=(python3-venv)
  [[ " ${paths[*]} " != *"/.git/config "* ]] || needed+=(git)
  for name in "${needed[@]}"; do
    if lacks "$name"; then missing+=("$name"); fi
  done
}

fetch() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=15 "$@"; }

# From .deb files beside this script, else by apt. What is missing then is said at the end; all else goes on.
get_packages() {
  local name wanted
  find_missing
  ((${#missing[@]})) || return 0
  wanted=("${missing[@]}")
  if [[ $dry ]]; then
    say "would: install the packages ${missing[*]}"
    return
  fi
  if compgen -G "$here/packages/*.deb" >/dev/null; then
    dpkg --install --skip-same-version --refuse-downgrade "$here"/packages/*.deb || true
    find_missing
  fi
  if ((${#missing[@]})) && command -v apt-get >/dev/null; then
    fetch install -y --no-install-recommends "${missing[@]}" 2>/dev/null || { fetch update && fetch install -y --no-install-recommends "${missing[@]}"; } || true
    find_missing
  fi
  for name in "${wanted[@]}"; do
    [[ " ${missing[*]} " == *" $name "* ]] || owned[/package:$name]='x -'
  done
  changes=$((changes + ${#wanted[@]} - ${#missing[@]}))
  ((${#missing[@]})) || return 0
  bring+=("The packages ${missing[*]}. On a machine with internet and the same system as this:
    mkdir packages && cd packages
    apt-get download \$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \\
      --no-replaces --no-enhances ${missing[*]} | grep '^[a-z]' | sort -u)
  Bring the folder packages/ into $here")
}

name_packages() {
  local path names=()
  for path in "${!owned[@]}"; do
    [[ $path != /package:* ]] || names+=("${path#*:}")
  done
  ((${#names[@]} == 0)) || say "These packages are from this script, and stay:  sudo apt-get remove ${names[*]}"
}

# ---- accounts ----
make_account() {
  local name=$1 group=$2 group_option=(--user-group)
  [[ $name == "$group" ]] || group_option=(--gid "$group")
  act useradd --system "${group_option[@]}" --home-dir "$3" --no-create-home --shell /usr/sbin/nologin -- "$name"
  owned[/account:$name]='x -'
}

take_accounts() {
  local path
  for path in "${!owned[@]}"; do
    [[ $path != /account:* ]] || act userdel -- "${path#*:}" || say "left: the account ${path#*:}"
  done
}

# ---- Python environments: with the packages from wheels/ if they are there, else from Python's index ----
make_environment() {
  local path=$1 list=$here/files$2 pip
  if [[ $dry ]]; then
    say "would: make the Python environment $path with the packages of $2"
    return
  fi
  if lacks python3-venv; then return; fi
  make_folder "${path%/*}"
  # one of ours, or nothing: verdict has looked
  rm -rf -- "$path"
  owned[$path]='v -'
  "$python" -m venv -- "$path"
  pip=("$path/bin/pip" --quiet --disable-pip-version-check --retries 1 --timeout 15 install --requirement "$list")
  if ! grep -q '^[^#]' -- "$list" || "${pip[@]}" --no-index --find-links "$here/wheels" 2>/dev/null || "${pip[@]}"; then
    owned[$path]="v $(hash_of "$list")"
    return
  fi
  bring+=("The packages of $2. On a machine with internet and the same system as this:
    $python -m pip download -d wheels -r files$2
  Bring what is in wheels/ into $here/wheels")
}

# ---- services ----

# With what to do where its configuration is wrong. As it runs, it goes on with the one it has read.
tell_nginx() {
  local verb=$1
  command -v nginx >/dev/null || return 0
  if ! nginx -t -q; then
    failed+=("Nginx does not like its configuration (above), and goes on with the one it has read. $2")
  elif has_systemd; then systemctl "$verb" nginx || failed+=("Nginx did not start. Look:  journalctl -u nginx"); fi
}

start_services() {
  local unit verb=start nginx_verb=start
  # files that nobody has read yet: also those of an earlier run, whose start failed
  if [[ ${owned[/pending]:-} ]]; then verb=restart nginx_verb=reload-or-restart; fi
  if has_systemd && [[ $(units "${paths[@]}") ]]; then
    [[ ! -f /etc/tmpfiles.d/shop.conf ]] || systemd-tmpfiles --create /etc/tmpfiles.d/shop.conf
    systemctl daemon-reload
    for unit in $(units "${paths[@]}"); do
      systemctl enable -- "$unit" || true
      if lacks uwsgi-core || lacks uwsgi-plugin-python3; then continue; fi
      systemctl reset-failed -- "$unit" 2>/dev/null || true
      systemctl "$verb" -- "$unit" || not_started "$unit"
    done
  fi
  if has_site "${paths[@]}"; then tell_nginx "$nginx_verb" "Mend the file in files/ and run ./install.sh again, or take all of it away: ./install.sh --uninstall"; fi
  if ((${#failed[@]} + ${#bring[@]} == 0)); then owned[/pending]=''; fi
  has_systemd || by_hand
}

not_started() {
  journalctl --unit "$1" --lines 12 --output cat --no-pager 2>/dev/null || true
  failed+=("$1 did not start. Its last words are above, and more are in  journalctl -u $1  Mend the file in files/ and run ./install.sh again.")
}

# What systemd would do, for a machine without it.
by_hand() {
  local unit file user group folder
  say "No systemd runs here, so nothing was started. By hand, as root:"
  for unit in $(units "${paths[@]}"); do
    file=/etc/systemd/system/$unit
    user=$(setting User "$file") group=$(setting Group "$file") folder=$(setting RuntimeDirectory "$file")
    [[ -z $folder ]] || say "    install -d -o ${user:-root} -g ${group:-root} /run/$folder"
    say "    ${user:+runuser -u $user -g ${group:-$user} -- }$(setting ExecStart "$file") &"
  done
  if has_site "${paths[@]}"; then say "    nginx    # or, where it runs: nginx -s reload"; fi
}
setting() { sed -n "s/^$1=//p" -- "$2" | tail -n 1; }

stop_services() {
  local unit
  has_systemd || return 0
  for unit in $(units "${!owned[@]}"); do act systemctl disable --now -- "$unit" || true; done
}

after_uninstall() {
  has_systemd || return 0
  systemctl daemon-reload
  if has_site "${!owned[@]}"; then tell_nginx reload-or-restart "Mend what it names, then: systemctl reload nginx"; fi
}

# What the reader must know at the end, in one place.
report() {
  local one
  if ((${#bring[@]})); then
    say "Missing here, and it could not be fetched:"
    for one in "${bring[@]}"; do say "- $one"; done
    say "Then run ./install.sh again. All that does not need it is in place."
  fi
  for one in "${failed[@]}"; do say "$one"; done
  ((${#bring[@]} + ${#failed[@]} == 0)) || exit 1
}
