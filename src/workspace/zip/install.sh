#!/usr/bin/env bash
# Puts what lies in this folder in its places on Ubuntu or Debian, and takes it away again. It overwrites nothing that it has not put
# there itself. Here: files and the list of what is from here. In machine.sh: packages, accounts, Python environments, services.
set -euo pipefail
umask 022

usage() {
  cat <<'TEXT'
Usage: sudo ./install.sh [--dry-run] [--uninstall] [--root DIR]

  --dry-run    say what would be done, and do nothing
  --uninstall  remove what this script has made; files that were changed since stay, and so do packages of the system
  --root DIR   lay the files into DIR instead of /, and do nothing else
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
    --root=*)
      root=${1#--root=}
      : "${root:?--root needs a folder}"
      ;;
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
if [[ $root && $root -ef / ]]; then
  printf '%s\n' "--root needs a folder beside /. To install on this machine, leave it out." >&2
  exit 2
fi
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
changes() { if (($1 == 1)); then printf '1 change'; else printf '%s changes' "$1"; fi; }
hash_of() { sha256sum <"$1" | cut -d ' ' -f 1; }
# Absolute, and naming nothing above what it names.
is_path() { [[ $1 == /?* && $1/ != */../* && $1/ != */./* && $1 != *//* ]]; }
is_there() { [[ -e $1 || -L $1 ]]; }

# ---- what is from this script. By path: f and a hash, l and a target, d (a folder), v and a hash (a Python environment). By another
# name: /account:NAME, /package:NAME, /pending (services have not read the files yet). Empty: no longer from here. ----
# (no unset: it would read the path as a piece of a program)
declare -A owned=()
read_manifest() {
  local kind value path
  [[ -f $manifest ]] || return 0
  while IFS=$'\t' read -r kind value path; do
    if [[ $kind != [fdlvx] ]] || ! is_path "$path"; then fail "$manifest has a line that makes no sense: $kind $value $path"; fi
    owned[$path]="$kind $value"
  done <"$manifest"
}

write_manifest() {
  [[ $dry ]] && return 0
  local path
  mkdir -p -- "$state"
  for path in "${!owned[@]}"; do
    [[ -z ${owned[$path]} ]] || printf '%s\t%s\t%s\n' "${owned[$path]%% *}" "${owned[$path]#* }" "$path"
  done | LC_ALL=C sort -k 3 >"$manifest.new"
  if cmp -s -- "$manifest.new" "$manifest"; then rm -f -- "$manifest.new"; else mv -f -- "$manifest.new" "$manifest"; fi
}

# Is what lies at the path still as this script has left it?
untouched() {
  local path=$1 at=$root$1
  case ${owned[$path]:-} in
    'f '*) [[ -f $at && ! -L $at && ($path == */.git/index || "f $(hash_of "$at")" == "${owned[$path]}") ]] ;;
    'l '*) [[ -L $at && "l $(readlink -- "$at")" == "${owned[$path]}" ]] ;;
    'v -') [[ ! -L $at ]] ;;
    'v '*) [[ -f $at/pyvenv.cfg && ! -L $at ]] ;;
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
    if ((${#tabs} != 4)) || [[ $kind$target != [fdu] && $kind$target != l?* && $kind$target != v/?* ]] ||
      [[ ! $mode =~ ^0[0-7]{3}$ || ! $owner =~ ^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*$ ]] || ! is_path "$path"; then
      fail "files.list has a line that makes no sense: $line"
    fi
    [[ $kind != f || -f $here/files$path ]] || fail "files$path is missing: unpack the whole zip."
    [[ $root && $kind == [uv] ]] && continue
    kinds+=("$kind") modes+=("$mode") owners+=("$owner") paths+=("$path") targets+=("$target")
  done <"$here/files.list"
}

# What there is to do for one line of the list: nothing, write, mode, or a conflict with its reason.
verdict() {
  local i=$1 path=${paths[$1]}
  local at=$root$path
  case ${kinds[i]} in
    u)
      if id -u -- "${owners[i]%%:*}" >/dev/null 2>&1; then echo nothing; else echo write; fi
      return
      ;;
    v) if is_there "$at" && [[ ${owned[$path]:-} == "v $(hash_of "$here/files${targets[i]}")" ]]; then
      echo nothing
      return
    fi ;;
    d)
      if [[ -d $at ]]; then echo nothing; elif is_there "$at"; then echo "conflict: there is something that is no folder"; else echo write; fi
      return
      ;;
    f)
      # git writes it anew whenever somebody looks
      if [[ $path == */.git/index && -f $at && -n ${owned[$path]:-} ]]; then
        echo nothing
        return
      fi
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

own() { if ((EUID == 0)) && id -u -- "${2%%:*}" >/dev/null 2>&1; then chown -h -- "$2" "$1"; fi; }

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
  case ${kinds[i]} in
    u)
      make_account "${owners[i]%%:*}" "${owners[i]#*:}" "$path"
      return
      ;;
    v)
      make_environment "$path" "${targets[i]}"
      return
      ;;
    # a package may have brought it meanwhile
    d)
      [[ ! -d $at ]] || return 0
      make_folder "$path"
      ;;
    f)
      make_folder "${path%/*}"
      if [[ $dry ]]; then say "would: write $at"; else write_file "$here/files$path" "${modes[i]}" "$at"; fi
      owned[$path]="f $(hash_of "$here/files$path")"
      ;;
    l)
      make_folder "${path%/*}"
      act ln -sfn -- "${targets[i]}" "$at"
      owned[$path]="l ${targets[i]}"
      ;;
  esac
  if [[ ! $dry ]]; then
    [[ ${kinds[i]} != d ]] || chmod -- "${modes[i]}" "$at"
    own "$at" "${owners[i]}"
  fi
}

# Removes one path of the manifest, if it is still as it was left.
take_away() {
  local path=$1
  if is_there "$root$path"; then
    if untouched "$path"; then
      act rm -rf -- "$root$path"
      changes=$((changes + 1))
    else say "left: $path was changed since it was installed"; fi
  fi
  owned[$path]=''
}

by_depth() { printf '%s\n' "$@" | LC_ALL=C sort -r; }

# Of the folders it has made, those that are empty go, the deepest first. What Python has compiled in them is nobody's work.
take_folders() {
  local path
  while IFS= read -r path; do
    [[ ${owned[$path]:-} == 'd -' ]] || continue
    [[ $dry || -L $root$path ]] || rm -rf -- "$root$path/__pycache__"
    [[ $dry ]] || rmdir -- "$root$path" 2>/dev/null || true
    [[ -d $root$path ]] || owned[$path]=''
  done < <(by_depth "${!owned[@]}")
}

changes=0

do_uninstall() {
  local path
  ((${#owned[@]})) || {
    say "Nothing of this is installed."
    return
  }
  stop_services
  while IFS= read -r path; do
    [[ ${owned[$path]} != [flv]' '* ]] || take_away "$path"
  done < <(by_depth "${!owned[@]}")
  take_folders
  take_accounts
  act rm -f -- "$manifest"
  if [[ $dry ]]; then
    say "Files and links that would be removed: $changes. Nothing was done."
    return
  fi
  rmdir -- "$state" 2>/dev/null || true
  say "Files and links removed: $changes."
  name_packages
  after_uninstall
}

# Who is interrupted half way must still know what is from here.
interrupted() {
  [[ -z $half ]] || rm -f -- "$half"
  write_manifest
}

do_install() {
  local i answer path conflicts=() verdicts=()
  read_list
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
  [[ $root ]] || get_packages
  # an earlier version had these
  declare -A wanted=()
  for path in "${paths[@]}"; do wanted[$path]=1; done
  for path in "${!owned[@]}"; do
    [[ ${owned[$path]} != [flv]' '* || ${wanted[$path]:-} ]] || take_away "$path"
  done
  for i in "${!paths[@]}"; do
    case ${verdicts[i]} in
      write) put "$i" ;;
      mode) act chmod -- "${modes[i]}" "$root${paths[i]}" ;;
      *) continue ;;
    esac
    changes=$((changes + 1))
  done
  if [[ $dry ]]; then
    trap - EXIT
    say "That would be $(changes "$changes"). Nothing was done."
    return
  fi
  if ((changes)); then
    [[ $root ]] || owned[/pending]='x -'
    say "Installed: $(changes "$changes"). The list of what is from this script is in $manifest."
  else say "Nothing to do: everything is in place."; fi
  ((changes == 0)) || write_manifest
  [[ $root ]] || start_services
  trap - EXIT
  write_manifest
}

if [[ -z $root && -z $dry ]] && ((EUID != 0)); then fail "Run this as root: sudo ./install.sh (or try --dry-run, or --root DIR)."; fi
[[ -z $root || -d $root ]] || fail "There is no folder $root."
[[ -f $here/machine.sh ]] || fail "machine.sh is missing: unpack the whole zip."
# shellcheck source-path=SCRIPTDIR
source "$here/machine.sh"
read_manifest
if [[ $uninstall ]]; then do_uninstall; else do_install; fi
report
