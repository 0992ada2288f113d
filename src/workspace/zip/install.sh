#!/usr/bin/env bash
# Puts what lies in this folder in its places on Ubuntu or Debian, and takes it away again. It overwrites nothing that it has not put
# there itself. Here: the order of things. In paths.sh: files and the list of what is from here. In clones.sh: what git may change. In
# machine.sh: packages, accounts, Python environments. In services.sh: what is started.
# as sh install.sh it is read by another shell
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
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

wrong() {
  printf '%s\n\n' "$*" >&2
  usage >&2
  exit 2
}

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root='' dry='' uninstall=''
while (($#)); do
  case $1 in
    --dry-run) dry=1 ;;
    --uninstall) uninstall=1 ;;
    --root)
      [[ ${2:-} ]] || wrong "--root needs a folder."
      root=$2
      shift
      ;;
    --root=?*) root=${1#--root=} ;;
    --root=) wrong "--root needs a folder." ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) wrong "There is no option $1." ;;
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

changes=0

do_uninstall() {
  local path
  ((${#owned[@]})) || {
    say "Nothing of this is installed."
    return
  }
  stop_services "${!owned[@]}"
  leave_clones
  open_clones
  write_manifest
  while IFS= read -r path; do
    [[ ${owned[$path]} != [flv]' '* ]] || take_away "$path"
  done < <(by_depth "${!owned[@]}")
  take_folders
  take_accounts
  if [[ $dry ]]; then
    act rm -f -- "$manifest"
    after_uninstall
    say "Files and links that would be removed: $changes. Nothing was done."
    return
  fi
  if leaves_behind; then
    write_manifest
    failed+=("Not all of it could be taken away: see what is left, above. It stays in $manifest. Run ./install.sh --uninstall again.")
  else
    rm -f -- "$manifest"
    rmdir -- "$state" 2>/dev/null || true
  fi
  say "Files and links removed: $changes."
  name_packages
  after_uninstall
}

# Is there something that is still from here, and has to go another time? Folders with somebody else's files, and packages, need not.
leaves_behind() {
  local path
  for path in "${!owned[@]}"; do
    if [[ ${owned[$path]} == [flv]' '* || ${owned[$path]} && $path == /@(account|group):* ]]; then return 0; fi
  done
  return 1
}

# Who is interrupted half way must still know what is from here.
interrupted() {
  if [[ $half ]]; then
    rm -f -- "$half"
    owned[${half#"$root"}]=''
  fi
  write_manifest
}

# What there is to do for each line of the list. Refuses where it cannot be done, before anything is.
verdicts=()
decide() {
  local i conflicts=()
  verdicts=()
  for i in "${!paths[@]}"; do
    verdict "$i"
    verdicts+=("$answer")
    [[ $answer != conflict* ]] || conflicts+=("$(of_clone "${paths[i]}" || say "${paths[i]}: ${answer#conflict: }")")
  done
  ((${#conflicts[@]})) || return 0
  say "No file was installed, because this would overwrite what is not from this script:" >&2
  # one line for all of a clone
  printf '  %s\n' "${conflicts[@]}" | uniq >&2
  fail "Move these away, or give them other names in this folder and in files.list."
}

# Who must read the files anew: Nginx its settings, and the app all but those and what is static, which it does not keep in memory.
note_pending() {
  local i path all=("${dropped[@]}" "${adopted[@]}")
  for i in "${!paths[@]}"; do [[ ${verdicts[i]} == nothing ]] || all+=("${paths[i]}"); done
  if ((changes + ${#all[@]})) && [[ ! ${owned[/pending]:-} ]]; then owned[/pending]='x site'; fi
  ((changes == 0)) || owned[/pending]='x -'
  for path in "${all[@]}"; do
    [[ $path == /etc/nginx/* || $path == */static/*.@(css|gif|html|ico|jpg|js|png|svg|txt|webp|woff2) ]] || owned[/pending]='x -'
  done
}

# What an earlier version had, and this one has not.
dropped=()

do_install() {
  local i path gone left=''
  read_list
  leave_clones
  decide
  trap interrupted EXIT
  [[ $root ]] || find_missing
  if ((${#missing[@]})); then
    get_packages
    # a package, and what it needs, may have brought files
    decide
  fi
  for path in "${!owned[@]}"; do
    [[ ${owned[$path]} != [flv]' '* || ${wanted[$path]:-} ]] || in_moved "$path" || dropped+=("$path")
  done
  [[ $root ]] || note_pending
  if [[ ${dropped[*]}${verdicts[*]//nothing/} == *[^\ ]* ]]; then open_clones; fi
  # who is killed from here on finds all of it again
  write_manifest
  [[ $root ]] || make_groups
  stop_services "${dropped[@]}"
  gone=$changes
  for path in "${dropped[@]}"; do
    take_away "$path"
    [[ ! ${owned[$path]:-} ]] || left=1
  done
  gone=$((changes - gone))
  [[ ! $left ]] || failed+=("Not all of the earlier zip could be taken away: see what is left, above. Run ./install.sh again.")
  for i in "${!paths[@]}"; do
    case ${verdicts[i]} in
      write) put "$i" ;;
      mode) if [[ ${kinds[i]} == f ]]; then put "$i"; else grant "$i"; fi ;;
      *) continue ;;
    esac
    # of an environment it is not known before
    [[ ${kinds[i]} == v ]] || changes=$((changes + 1))
  done
  note_clones
  if [[ $dry ]]; then
    trap - EXIT
    [[ $root ]] || start_services
    name_unlisted
    [[ $root ]] || has_systemd || say "No systemd runs here, so nothing would be started."
    say "That would be $(changes "$changes") to files, links, folders and accounts, noted in $manifest. Nothing was done."
    return
  fi
  if ((changes)); then
    say "Installed: $(changes "$changes"). The list of what is from this script is in $manifest."
    ((gone == 0)) || say "Of these, removed because only the earlier zip had it: $gone."
    write_manifest
  fi
  [[ $root ]] || start_services
  if ((changes + ${#bring[@]} + ${#failed[@]} == 0)); then
    if ((${#told[@]})); then say "All files were in place. Started, or told to read them anew: ${told[*]}"
    else say "Nothing to do: everything is in place."; fi
  fi
  [[ $root ]] || has_systemd || by_hand
  trap - EXIT
  write_manifest
  name_unlisted
}

if [[ -z $root && -z $dry ]] && ((EUID != 0)); then fail "Run this as root: sudo ./install.sh (or try --dry-run, or --root DIR)."; fi
[[ -z $root || -d $root ]] || fail "There is no folder $root."
for part in paths clones machine services; do [[ -f $here/$part.sh ]] || fail "$part.sh is missing: unpack the whole zip."; done
# shellcheck source-path=SCRIPTDIR
source "$here/paths.sh"
# shellcheck source-path=SCRIPTDIR
source "$here/clones.sh"
# shellcheck source-path=SCRIPTDIR
source "$here/machine.sh"
# shellcheck source-path=SCRIPTDIR
source "$here/services.sh"
read_manifest
find_moved
if [[ $uninstall ]]; then do_uninstall; else do_install; fi
report
