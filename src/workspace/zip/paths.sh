# shellcheck shell=bash
# Part of install.sh: what lies at the paths of the machine. What of it is from here, what is to be there, and how it gets there and goes.
# shellcheck disable=SC2154  # here, root, dry, state, manifest, changes: of install.sh

# ---- what is from this script. By path: f and a hash, l and a target, d (a folder), v and a hash (a Python environment; v - is half
# made, file or folder). By another name: /account:NAME, /group:NAME, /package:NAME, /clone:PATH, /pending (services have not read the
# files yet; with site, it is for Nginx alone). Empty: no longer from here. ----
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

# Remembers it at once: who is killed half way must still know. Lines that come later win, until the whole list is written anew.
mine() {
  owned[$1]=$2
  [[ $dry ]] || printf '%s\t%s\t%s\n' "${2%% *}" "${2#* }" "$1" >>"$manifest"
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
declare -A wanted=() hashes=()
read_list() {
  local line tabs kind mode owner path target files=()
  [[ -f $here/files.list ]] || fail "files.list is missing: unpack the whole zip."
  [[ -s $here/files.list ]] || fail "There is nothing to install in here. What another zip has installed stays."
  # the last line, too, if an editor has left it without an end
  while IFS= read -r line || [[ $line ]]; do
    tabs=${line//[!$'\t']/}
    IFS=$'\t' read -r kind mode owner path target <<<"$line"
    if ((${#tabs} != 4)) || [[ $kind$target != [fdu] && $kind$target != l?* && $kind$target != v/?* ]] ||
      [[ ! $mode =~ ^0[0-7]{3}$ || ! $owner =~ ^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*$ ]] || ! is_path "$path"; then
      fail "files.list has a line that makes no sense: ${line@Q}"
    fi
    if [[ $kind == f ]]; then
      [[ -f $here/files$path ]] || fail "files$path is missing: unpack the whole zip."
      files+=("$path")
    fi
    [[ $root && $kind == [uv] ]] && continue
    kinds+=("$kind") modes+=("$mode") owners+=("$owner") paths+=("$path") targets+=("$target") wanted[$path]=1
  done <"$here/files.list"
  ((${#files[@]})) || return 0
  # HASH, two spaces and .PATH; all by one process
  while IFS= read -r -d '' line; do hashes[${line:67}]=${line:0:64}; done < <(cd -- "$here/files" && printf '.%s\0' "${files[@]}" | xargs -0 sha256sum -z --)
}

# What the list does not name is not installed: who has added a file must hear of it.
name_unlisted() {
  local path plain='' programs=''
  [[ -d $here/files ]] || return 0
  while IFS= read -r -d '' path; do
    [[ ! ${wanted[/$path]:-} ]] || continue
    say "Not installed, because files.list has no line for it: /$path"
    if [[ -x $here/files/$path ]]; then programs+=" $(printf %q "/$path")"; else plain+=" $(printf %q "/$path")"; fi
  done < <(find "$here/files" ! -type d -printf '%P\0' | LC_ALL=C sort -z)
  [[ $plain$programs ]] || return 0
  say "  A line has five fields with tabs between: kind (f for a file), mode, owner and group, path, and for a link its target. To add them:"
  [[ ! $plain ]] || say "    printf 'f\\t0644\\troot:root\\t%s\\t\\n'$plain >>files.list"
  [[ ! $programs ]] || say "    printf 'f\\t0755\\troot:root\\t%s\\t\\n'$programs >>files.list"
}

# From an earlier version, and to go before anything is written: neither the list has it nor has somebody changed it.
goes() { [[ ${owned[$1]:-} == [flv]' '* && ! ${wanted[$1]:-} ]] && untouched "$1"; }

# What has come to be as the list has it, by somebody else's doing.
adopted=()

# What there is to do for one line of the list: nothing, write, mode (or owner), or a conflict with its reason.
answer=''
verdict() {
  local i=$1 path=${paths[$1]} above=${paths[$1]%/*}
  local at=$root$path from=${owned[$path]:-}
  answer=nothing
  if [[ ${kinds[i]} != [uv] ]] && in_moved "$path"; then return; fi
  while [[ $above && ${kinds[i]} != u ]]; do
    if goes "$above"; then
      answer=write
      return
    elif is_there "$root$above" && [[ ! -d $root$above ]]; then
      answer="conflict: $above is no folder"
      return
    fi
    above=${above%/*}
  done
  case ${kinds[i]} in
    u)
      id -u -- "${owners[i]%%:*}" >/dev/null 2>&1 || answer=write
      return
      ;;
    v) if is_there "$at" && [[ $from == "v $(hash_of "$here/files${targets[i]}")" ]]; then return; fi ;;
    # somebody else's link to a folder will do
    d) if [[ -d $at && (! -L $at || $from != l*) ]]; then
      if [[ $from == d* && ! -L $at ]]; then as_listed "$i" || answer=mode; fi
      return
    fi ;;
    f)
      # git writes it anew whenever somebody looks
      if [[ $path == */.git/index && -f $at && $from ]]; then return; fi
      if [[ -f $at && ! -L $at ]] && cmp -s -- "$at" "$here/files$path"; then
        [[ $from ]] || return 0
        # also what was changed there, and then here: who runs may have read what was before
        [[ $from == "f ${hashes[$path]}" ]] || adopted+=("$path")
        owned[$path]="f ${hashes[$path]}"
        as_listed "$i" || answer=mode
        return
      fi
      ;;
    l) if [[ -L $at && $(readlink -- "$at") == "${targets[i]}" ]]; then
      [[ $from ]] || return 0
      owned[$path]="l ${targets[i]}"
      as_listed "$i" || answer=mode
      return
    fi ;;
  esac
  if ! is_there "$at" || untouched "$path"; then
    answer=write
  elif [[ $from ]]; then
    answer="conflict: it was changed since it was installed"
  else answer="conflict: it is there already, and not from this script"; fi
}

# Can a file be given to this owner? Only by root, and only where there are such an account and group.
can_own() {
  ((EUID == 0)) && id -u -- "${1%%:*}" >/dev/null 2>&1 && { [[ ${owned[/group:${1#*:}]:-} ]] || getent group "${1#*:}" >/dev/null; }
}

# A folder may have the group of the one above it for good: that is no part of its mode.
as_listed() {
  local i=$1 mode owner
  IFS=' ' read -r mode owner < <(stat -c '%04a %U:%G' -- "$root${paths[i]}")
  [[ ${kinds[i]} != d ]] || mode=${mode: -3}
  if [[ ${kinds[i]} != l ]] && ((8#$mode != 8#${modes[i]})); then return 1; fi
  [[ $owner == "${owners[i]}" ]] || ! can_own "${owners[i]}"
}

# Gives one path the mode and the owner that the list has for it.
grant() {
  local i=$1
  # not of a file: who may write beside it could have put a link in its place meanwhile, and it has its mode
  [[ ${kinds[i]} != d ]] || act chmod -- "${modes[i]}" "$root${paths[i]}"
  if can_own "${owners[i]}"; then act chown -h -- "${owners[i]}" "$root${paths[i]}"; fi
}

# Makes a folder and those above it, and remembers which ones it has made.
make_folder() {
  local path=$1
  [[ -d $root$path || -z $path || ${owned[$path]:-} == 'd -' && $dry ]] && return 0
  make_folder "${path%/*}"
  mine "$path" 'd -'
  act mkdir -- "$root$path"
}

# The file is there whole or not at all, and takes nobody's name meanwhile.
half=''
write_file() {
  half=$(mktemp -- "$3.XXXXXX")
  mine "${half#"$root"}" 'v -'
  install -m "$2" -T -- "$1" "$half"
  mv -f -T -- "$half" "$3"
  owned[${half#"$root"}]='' half=''
}

put() {
  local i=$1 path=${paths[$1]} value
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
    d)
      # a file or a link, of an earlier version
      if untouched "$path"; then act rm -f -- "$at"; fi
      make_folder "$path"
      ;;
    f)
      make_folder "${path%/*}"
      value="f ${hashes[$path]}"
      is_there "$at" || mine "$path" "$value"
      if [[ $dry ]]; then say "would: write $at"; else write_file "$here/files$path" "${modes[i]}" "$at"; fi
      mine "$path" "$value"
      ;;
    l)
      make_folder "${path%/*}"
      value="l ${targets[i]}"
      is_there "$at" || mine "$path" "$value"
      act ln -sfn -- "${targets[i]}" "$at"
      mine "$path" "$value"
      ;;
  esac
  [[ $dry ]] || grant "$i"
}

# Removes one path of the manifest, if it is still as it was left.
take_away() {
  local path=$1
  if is_there "$root$path"; then
    if untouched "$path"; then
      # without some of its files it must still be known for an environment of ours
      [[ ${owned[$path]} != v* ]] || mine "$path" 'v -'
      # somebody may still write into it
      act rm -rf -- "$root$path" || {
        say "left: $path, which something still writes into"
        return 0
      }
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
