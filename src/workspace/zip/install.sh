#!/usr/bin/env bash
# Puts the files of this folder in their places on Ubuntu or Debian, and takes them away again.
# It writes nothing but the paths of files.list and one manifest, and never overwrites a file that it has not put there itself.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo ./install.sh [--dry-run] [--uninstall] [--root DIR]

  --dry-run    say what would be done, and do nothing
  --uninstall  remove what this script has put in place; files that were changed since stay
  --root DIR   install into DIR instead of /, and leave services alone
TEXT
}

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root='' dry='' uninstall=''
while (($#)); do
  case $1 in
    --dry-run) dry=1 ;;
    --uninstall) uninstall=1 ;;
    --root)
      root=${2:?--root needs a folder}
      shift
      ;;
    --root=*) root=${1#--root=} ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  shift
done
root=${root%/}
state=$root/var/lib/follow-the-request
manifest=$state/shop.manifest

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}
# Does a command, or says that it would.
act() { if [[ $dry ]]; then say "would: $*"; else "$@"; fi; }
hash_of() { sha256sum <"$1" | cut -d ' ' -f 1; }
# Absolute, and naming nothing above what it names.
is_path() { [[ $1 == /?* && $1/ != */../* && $1/ != */./* && $1 != *//* ]]; }
is_there() { [[ -e $1 || -L $1 ]]; }
has_systemd() { [[ -z $root && -d /run/systemd/system ]]; }

# ---- what this script has installed before: path -> kind and hash (f), target (l) or nothing (d); empty: no longer from here ----
# (no unset: it would read the path as a piece of a program)
declare -A owned=()
read_manifest() {
  local kind value path
  [[ -f $manifest ]] || return 0
  while IFS=$'\t' read -r kind value path; do
    if [[ $kind != [fdl] ]] || ! is_path "$path"; then fail "$manifest has a line that makes no sense: $kind $value $path"; fi
    owned[$path]="$kind $value"
  done <"$manifest"
}

write_manifest() {
  [[ $dry ]] && return 0
  local path
  mkdir -p -- "$state"
  for path in "${!owned[@]}"; do
    [[ -z ${owned[$path]} ]] || printf '%s\t%s\t%s\n' "${owned[$path]%% *}" "${owned[$path]#* }" "$path"
  done | sort -k 3 >"$manifest.new"
  mv -f -- "$manifest.new" "$manifest"
}

# Is what lies at the path still as this script has left it?
untouched() {
  local path=$1 at=$root$1
  case ${owned[$path]:-} in
    'f '*) [[ -f $at && ! -L $at && "f $(hash_of "$at")" == "${owned[$path]}" ]] ;;
    'l '*) [[ -L $at && "l $(readlink -- "$at")" == "${owned[$path]}" ]] ;;
    *) return 1 ;;
  esac
}

# ---- what is to be installed ----
kinds=() modes=() owners=() paths=() targets=()
read_list() {
  local line tabs kind mode owner path target
  [[ -f $here/files.list ]] || fail "files.list is missing: unpack the whole zip."
  while IFS= read -r line; do
    tabs=${line//[!$'\t']/}
    IFS=$'\t' read -r kind mode owner path target <<<"$line"
    if ((${#tabs} != 4)) || [[ $kind$target != [fd] && $kind$target != l?* || ! $mode =~ ^0[0-7]{3}$ || ! $owner =~ ^[a-z-]+:[a-z-]+$ ]] ||
      ! is_path "$path"; then
      fail "files.list has a line that makes no sense: $line"
    fi
    [[ $kind != f || -f $here/files$path ]] || fail "files$path is missing: unpack the whole zip."
    kinds+=("$kind") modes+=("$mode") owners+=("$owner") paths+=("$path") targets+=("$target")
  done <"$here/files.list"
}

# What there is to do for one line of the list: nothing, write, mode, or a conflict with its reason.
verdict() {
  local i=$1 path=${paths[$1]}
  local at=$root$path
  case ${kinds[i]} in
    d)
      if [[ -d $at ]]; then echo nothing; elif is_there "$at"; then echo "conflict: there is something that is no folder"; else echo write; fi
      return
      ;;
    f)
      if [[ -f $at && ! -L $at ]] && cmp -s -- "$at" "$here/files$path"; then
        if [[ -n ${owned[$path]:-} ]] && ((8#$(stat -c %a -- "$at") != 8#${modes[i]})); then echo mode; else echo nothing; fi
        return
      fi
      ;;
    l) if [[ -L $at && $(readlink -- "$at") == "${targets[i]}" ]]; then
      echo nothing
      return
    fi ;;
  esac
  if ! is_there "$at" || untouched "$path"; then
    echo write
  elif [[ -n ${owned[$path]:-} ]]; then
    echo "conflict: it was changed since it was installed"
  else echo "conflict: it is there already, and not from this script"; fi
}

own() { if ((EUID == 0)) && id -u "${2%%:*}" >/dev/null 2>&1; then chown -h -- "$2" "$1"; fi; }

# Makes a folder and those above it, and remembers which ones it has made.
make_folder() {
  local path=$1
  [[ -d $root$path || -z $path || ${owned[$path]:-} == 'd -' && $dry ]] && return 0
  make_folder "${path%/*}"
  act mkdir -- "$root$path"
  owned[$path]='d -'
}

# The file is there whole or not at all, and takes nobody's name meanwhile.
half=''
write_file() {
  half=$(mktemp -- "$3.XXXXXX")
  install -m "$2" -T -- "$1" "$half"
  mv -f -T -- "$half" "$3"
  half=''
}

put() {
  local i=$1 path=${paths[$1]}
  local at=$root$path
  if [[ ${kinds[i]} == d ]]; then
    make_folder "$path"
  else make_folder "${path%/*}"; fi
  case ${kinds[i]} in
    d) ;;
    f)
      if [[ $dry ]]; then say "would: write $at"; else write_file "$here/files$path" "${modes[i]}" "$at"; fi
      owned[$path]="f $(hash_of "$here/files$path")"
      ;;
    l)
      act ln -sfn -- "${targets[i]}" "$at"
      owned[$path]="l ${targets[i]}"
      ;;
  esac
  if [[ ! $dry ]]; then
    [[ ${kinds[i]} != d ]] || chmod -- "${modes[i]}" "$at"
    own "$at" "${owners[i]}"
  fi
}

units() {
  local path
  for path in "$@"; do
    [[ $path =~ ^/etc/systemd/system/([A-Za-z0-9_.:-]+\.service)$ ]] && printf '%s\n' "${BASH_REMATCH[1]}"
  done
  return 0
}

# The packages must be there already: this script does not use the network.
check_packages() {
  local missing=()
  command -v nginx >/dev/null || missing+=(nginx-light)
  command -v uwsgi >/dev/null || missing+=(uwsgi-core)
  compgen -G '/usr/lib/uwsgi/plugins/python3_plugin.so' >/dev/null || missing+=(uwsgi-plugin-python3)
  ((${#missing[@]})) || return 0
  say "These packages are missing: ${missing[*]}"
  say "Install them first:  sudo apt-get install ${missing[*]}"
  [[ $dry ]] || exit 1
}

# With what to do where its configuration is wrong.
reload_nginx() {
  nginx -t || fail "Nginx does not like its configuration (above), and goes on with the one it has read. $1"
  systemctl reload-or-restart nginx
}

start_services() {
  if ! has_systemd; then
    say "No systemd runs here, so nothing was started. Start by hand what README.md says."
    return
  fi
  local unit
  systemctl daemon-reload
  for unit in $(units "${paths[@]}"); do
    systemctl enable -- "$unit"
    systemctl restart -- "$unit" || fail "$unit did not start. Look:  journalctl -u $unit  Then run ./install.sh again."
  done
  reload_nginx "Mend the file and run ./install.sh again, or take all of it away: ./install.sh --uninstall"
  say "Look:  systemctl status $(units "${paths[@]}" | tr '\n' ' ')"
}

# Removes one path of the manifest, if it is still as it was left.
take_away() {
  local path=$1
  if ! is_there "$root$path"; then
    owned[$path]=''
  elif untouched "$path"; then
    act rm -f -- "$root$path"
    owned[$path]=''
    changes=$((changes + 1))
  else
    say "left: $path was changed since it was installed"
    owned[$path]=''
  fi
}

by_depth() { printf '%s\n' "$@" | LC_ALL=C sort -r; }

# Of the folders it has made, those that are empty go, the deepest first.
take_folders() {
  local path
  while IFS= read -r path; do
    [[ ${owned[$path]:-} == 'd -' ]] || continue
    [[ $dry ]] || rmdir -- "$root$path" 2>/dev/null || true
    [[ -d $root$path ]] || owned[$path]=''
  done < <(by_depth "${!owned[@]}")
}

changes=0

do_uninstall() {
  local path unit
  ((${#owned[@]})) || {
    say "Nothing of this is installed."
    return
  }
  if has_systemd; then
    for unit in $(units "${!owned[@]}"); do act systemctl disable --now -- "$unit" || true; done
  fi
  while IFS= read -r path; do
    [[ ! ${owned[$path]} || ${owned[$path]} == 'd -' ]] || take_away "$path"
  done < <(by_depth "${!owned[@]}")
  take_folders
  act rm -f -- "$manifest"
  if [[ $dry ]]; then
    say "Files and links that would be removed: $changes. Nothing was done."
    return
  fi
  rmdir -- "$state" 2>/dev/null || true
  say "Files and links removed: $changes."
  if has_systemd; then
    systemctl daemon-reload
    if command -v nginx >/dev/null; then reload_nginx "Mend what it names, then: systemctl reload nginx"; fi
  fi
}

# Who is interrupted half way must still know what is from here.
interrupted() {
  [[ -z $half ]] || rm -f -- "$half"
  write_manifest
}

do_install() {
  local i answer path conflicts=() verdicts=()
  read_list
  [[ $root ]] || check_packages
  for i in "${!paths[@]}"; do
    answer=$(verdict "$i")
    verdicts+=("$answer")
    [[ $answer != conflict* ]] || conflicts+=("${paths[i]}: ${answer#conflict: }")
  done
  if ((${#conflicts[@]})); then
    say "Nothing was installed, because this would overwrite what is not from this script:" >&2
    printf '  %s\n' "${conflicts[@]}" >&2
    fail "Move these away, or give them other names in this folder and in files.list."
  fi
  trap interrupted EXIT
  # an earlier version had these
  declare -A wanted=()
  for path in "${paths[@]}"; do wanted[$path]=1; done
  for path in "${!owned[@]}"; do
    [[ ! ${owned[$path]} || ${owned[$path]} == 'd -' || ${wanted[$path]:-} ]] || take_away "$path"
  done
  for i in "${!paths[@]}"; do
    case ${verdicts[i]} in
      write)
        put "$i"
        changes=$((changes + 1))
        ;;
      mode)
        act chmod -- "${modes[i]}" "$root${paths[i]}"
        changes=$((changes + 1))
        ;;
    esac
  done
  trap - EXIT
  if ((changes == 0)); then
    say "Nothing to do: everything is in place."
    # the last start may have failed
    if [[ ! $root && ! $dry ]]; then start_services; fi
    return
  fi
  write_manifest
  if [[ $dry ]]; then
    say "That would be $changes changes. Nothing was done."
    return
  fi
  say "Installed: $changes changes. The list of what is from this script is in $manifest."
  if [[ -z $root ]]; then start_services; fi
}

if [[ -z $root && -z $dry ]] && ((EUID != 0)); then fail "Run this as root: sudo ./install.sh (or try --dry-run, or --root DIR)."; fi
[[ -z $root || -d $root ]] || fail "There is no folder $root."
read_manifest
if [[ $uninstall ]]; then do_uninstall; else do_install; fi
