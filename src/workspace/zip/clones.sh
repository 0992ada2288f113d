# shellcheck shell=bash
# Part of install.sh: clones, and the repositories that they are of. Once git has changed one, all of it is git's: it stays as it is, as
# one thing. To bring back half of an old state, or to take half of it away, would break it.
# shellcheck disable=SC2154  # root: of install.sh; owned, wanted, paths: of paths.sh

# Their folders, by the settings that lie in them: of these paths.
repositories() {
  local path
  for path in "$@"; do
    if [[ $path == */.git/config ]]; then
      printf '%s\n' "${path%/.git/config}"
    elif [[ $path =~ ^/var/lib/git/[^/]+/config$ ]]; then printf '%s\n' "${path%/config}"; fi
  done
}
# What somebody may do about one of them; this script never does.
removal() {
  local at=$root$1
  printf 'sudo rm -r %s' "${at@Q}"
}
# Where the path lies in a clone that is there, though none of it is from here: the line for all of that.
of_clone() {
  local one config
  while IFS= read -r one; do
    config=$one/config
    [[ ! ${wanted[$one/.git/config]:-} ]] || config=$one/.git/config
    if [[ $1 == "$one"/* && ! ${owned[$config]:-} ]] && is_there "$root$config"; then
      say "$one: git has a clone there already, and it is not from this script. If nobody needs what is in it:  $(removal "$one")"
      return
    fi
  done < <(repositories "${paths[@]}")
  return 1
}
is_wanted() { [[ ${wanted[$1/.git/config]:-}${wanted[$1/config]:-} ]]; }

# By the folder of a clone: git has changed it since all of it was in place (/clone:PATH).
declare -A moved=()
find_moved() {
  local one path git
  for one in "${!owned[@]}"; do
    [[ $one == /clone:* && ${owned[$one]} ]] || continue
    one=${one#/clone:} git=$one
    [[ ! ${owned[$one/.git/config]:-} ]] || git=$one/.git
    for path in "${!owned[@]}"; do
      [[ $path == "$git"/* && ${owned[$path]} == [fl]' '* && $path != */.git/index ]] || continue
      if ! untouched "$path"; then
        moved[$one]=1
        break
      fi
    done
  done
}

# Does the path lie in one of those?
in_moved() {
  local one
  for one in "${!moved[@]}"; do
    if [[ ${moved[$one]} && $1/ == "$one"/* ]]; then return 0; fi
  done
  return 1
}

# They stay, and are no longer from here; but for those that the list still has. With --uninstall it has none.
leave_clones() {
  local one path
  for one in "${!moved[@]}"; do
    if is_wanted "$one"; then
      say "left: $one is as git has changed it since it was installed."
      continue
    fi
    say "left: $one, which git has changed since it was installed. To remove it:  $(removal "$one")"
    for path in "${!owned[@]}"; do
      [[ $path/ != "$one"/* || ${owned[$path]} == v* ]] || owned[$path]=''
    done
    owned[/clone:$one]='' moved[$one]=''
  done
}

# Others are about to change: until all is in place again, what is missing of one is this script's doing and not git's.
open_clones() {
  local one
  for one in "${!owned[@]}"; do
    if [[ $one == /clone:* && ! ${moved[${one#/clone:}]:-} ]]; then owned[$one]=''; fi
  done
}

# All of them are in place now: what differs later is git's doing.
note_clones() {
  local one
  while IFS= read -r one; do
    if [[ ${owned[$one/.git/config]:-}${owned[$one/config]:-} ]]; then owned[/clone:$one]='x -'; fi
  done < <(repositories "${paths[@]}")
}
