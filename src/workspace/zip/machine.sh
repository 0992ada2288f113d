# shellcheck shell=bash
# Part of install.sh: what the machine itself must have, beside files. Nothing of it is done with --root.
# shellcheck disable=SC2154  # here, root, dry, owned, kinds, paths, targets, dropped, changes: of install.sh

# Debian's own Python, which uWSGI's plugin is made for. Another one that comes first in PATH has other packages.
python=/usr/bin/python3
# What could not be had, each with how to bring it; and what did not start.
bring=() failed=()
# An environment is not what the files ask for: an app that starts anew might not find its packages.
stale=''
# There is none at all: the app cannot start.
without=''
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
  # what is unpacked and no more has its programs, which may not work
  case $(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null || true) in
    unpacked | half-*) return 0 ;;
  esac
  case $1 in
    nginx) ! command -v nginx ;;
    uwsgi-core) ! command -v uwsgi ;;
    uwsgi-plugin-python3) ! compgen -G '/usr/lib/uwsgi/plugins/python3*_plugin.so' ;;
    git) ! command -v git ;;
    python3-venv) ! "$python" -I -c 'import ensurepip' 2>/dev/null ;;
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
add_packages() { fetch install -y --no-remove --no-install-recommends "$@"; }
# All or none of them. Where apt knows of no others, it names those that the set lacks.
bring_packages() {
  add_packages -o quiet=1 -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=/dev/null -o APT::Sandbox::User=root \
    "$here"/packages/*.deb
}
# With their versions.
whole_packages() { dpkg-query --show --showformat '${db:Status-Status} ${Package} ${Version}\n' | sed -n 's/^installed //p' | sort -u; }

# From .deb files beside this script, else by apt. What is missing then is said at the end; all else goes on.
get_packages() {
  local name before upgraded=''
  find_missing
  ((${#missing[@]})) || return 0
  if [[ $dry ]]; then
    say "would: install the packages ${missing[*]}, and what they need"
    return
  fi
  if command -v apt-get >/dev/null; then
    before=$(whole_packages)
    if compgen -G "$here/packages/*.deb" >/dev/null; then
      bring_packages || say "The packages in packages/ cannot be installed as they are: see above."
      find_missing
    fi
    if ((${#missing[@]})); then
      add_packages "${missing[@]}" 2>/dev/null || { fetch update && add_packages "${missing[@]}"; } || true
      find_missing
    fi
    while read -r name _; do
      if [[ $'\n'$before == *$'\n'"$name "* ]]; then
        upgraded+=" $name"
        continue
      fi
      owned[/package:$name]='x -'
      changes=$((changes + 1))
    done < <(comm -13 <(echo "$before") <(whole_packages))
    [[ ! $upgraded ]] || say "These packages were here already, and have another version now:$upgraded"
  fi
  ((${#missing[@]})) || return 0
  bring+=("The packages ${missing[*]}, and what they need. On a machine with internet and the same system as this, make a folder packages/,
  copy the file /var/lib/dpkg/status of this machine into it, and in there:
    sudo apt-get update
    apt-get download \$(apt-get install --simulate --no-install-recommends -o Dir::State::status=\$PWD/status \\
      ${missing[*]} | sed -n 's/^Inst \\([^ ]*\\).*/\\1/p')
  Bring the folder packages/ into $here")
}

name_packages() {
  local path names=()
  for path in "${!owned[@]}"; do
    [[ $path != /package:* ]] || names+=("${path#*:}")
  done
  ((${#names[@]} == 0)) || say "These packages are from this script, and stay:  sudo apt-get remove $(printf '%s\n' "${names[@]}" | sort | paste -sd ' ')"
}

# ---- groups and accounts ----

# All that anything is to belong to: an account and a file may have one that is not named after an account.
make_groups() {
  local owner name
  for owner in "${owners[@]}"; do
    name=${owner#*:}
    if [[ ${owned[/group:$name]:-} && $dry ]] || getent group "$name" >/dev/null; then continue; fi
    act groupadd --system -- "$name"
    mine "/group:$name" 'x -'
    changes=$((changes + 1))
  done
}

make_account() {
  act useradd --system --gid "$2" --home-dir "$3" --no-create-home --shell /usr/sbin/nologin -- "$1"
  mine "/account:$1" 'x -'
}

take_accounts() {
  local path
  for path in "${!owned[@]}"; do
    [[ $path != /account:* ]] || take_name "$path" passwd userdel account
  done
  # some have gone with their account
  for path in "${!owned[@]}"; do
    [[ $path != /group:* ]] || take_name "$path" group groupdel group
  done
}

# One that cannot go, as an account that a program still runs as, stays in the list.
take_name() {
  local path=$1 name=${1#*:}
  if getent "$2" "$name" >/dev/null && ! act "$3" -- "$name"; then say "left: the $4 $name"; else owned[$path]=''; fi
}

# ---- Python environments: with the packages from wheels/ as far as they are there, else from Python's index ----

# Made beside the one that is there: the app goes on with that until all of the new one is in place, and if it cannot be made. It counts as
# a change if something has come of it.
make_environment() {
  local path=$1 list=$here/files$2 before=${owned[$1]:-} new pip meanwhile
  if [[ $dry ]]; then
    say "would: make the Python environment $path with the packages of $2"
    changes=$((changes + 1))
    return
  fi
  if lacks python3-venv; then
    stale=1
    [[ -d $path ]] || without=1
    return
  fi
  make_folder "${path%/*}"
  new=$(mktemp -d -- "$path.XXXXXX")
  # also whoever is killed half way must know it for his
  mine "$new" 'v -'
  chmod 755 -- "$new"
  "$python" -I -m venv --prompt="${path##*/}" -- "$new"
  pip=("$new/bin/pip" --quiet --disable-pip-version-check --retries 1 --timeout 15 install --requirement "$list")
  [[ ! -d $here/wheels ]] || pip+=(--find-links "$here/wheels")
  if ! grep -q '^[^#]' -- "$list" || "${pip[@]}" --no-index 2>/dev/null || "${pip[@]}"; then
    name_environment "$new" "$path"
    # one of ours, or nothing: verdict has looked
    rm -rf -- "$path"
    [[ $before ]] || mine "$path" 'v -'
    mv -T -- "$new" "$path"
    mine "$path" "v $(hash_of "$list")"
    changes=$((changes + 1))
  else
    stale=1
    rm -rf -- "$new"
    owned[$path]=$before
    if [[ -d $path ]]; then meanwhile="Until then $path stays as it was, and uWSGI goes on with what it has read."
    else without=1 meanwhile='Until then the app cannot start.'; fi
    bring+=("The packages of $2. On a machine with internet and the same system as this:
    $python -m pip download -d wheels -r files$2
  Bring what is in wheels/ into $here/wheels
  $meanwhile")
  fi
  owned[$new]=''
}

# The programs of an environment, and its settings, name its folder.
name_environment() {
  "$python" -I - "$@" <<'PYTHON'
import pathlib, sys

new, path = sys.argv[1:]
for file in [pathlib.Path(new, "pyvenv.cfg"), *pathlib.Path(new, "bin").iterdir()]:
    if file.is_symlink() or not file.is_file():
        continue
    content = file.read_bytes()
    if new.encode() in content and b"\0" not in content:
        file.write_bytes(content.replace(new.encode(), path.encode()))
PYTHON
}

# ---- the end ----

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
