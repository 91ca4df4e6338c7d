# shellcheck shell=bash
# Sourced by try_deb and try_debian: creates a fresh Debian system in a directory, and removes it on
# every exit.
#
# take_option sets these variables, and make_debian reads them:
#   keep    not empty: the system is kept, and its path is printed
#   base    a tar file or a directory with a Debian system, which is used instead of debootstrap
#   mirror  the archive for debootstrap and apt; default: the one that this machine's apt uses
# make_debian sets $place, a directory that the caller may use for files, and $system in it.

name=${0##*/} keep='' base='' mirror='' system='' place=''
mounts=()

usage() {
  echo "$name: $* (see the head of scripts/dev/$name)" >&2
  exit 2
}

# take_option ARGS...: parses the first option. Sets $words to the number of words it consists of.
# shellcheck disable=SC2034  # $words is read by the callers
take_option() {
  words=1
  case $1 in
    --mirror | --base)
      (($# > 1)) || usage "$1 needs a value"
      words=2
      ;;&
    --mirror) mirror=$2 ;;
    --base) base=$2 ;;
    --keep) keep=1 ;;
    *) usage "unknown option '$1'" ;;
  esac
}

fail() {
  echo "$name: $*" >&2
  exit 3
}

# own_mounts COMMAND...: restarts the script in a mount namespace of its own. The kernel unmounts
# everything with the last process in it, even if this script is killed.
own_mounts() {
  ((EUID == 0)) || fail "this needs root, for debootstrap, mount and chroot"
  [[ ! ${AIOBENCH_OWN_MOUNTS-} ]] && unshare --mount true 2>/dev/null || return 0
  export AIOBENCH_OWN_MOUNTS=1
  exec unshare --mount --propagation private "$@"
}

codename_of() {
  case $1 in
    12) echo bookworm ;;
    13) echo trixie ;;
    *) return 1 ;;
  esac
}

# Sets $mirror to that of this machine's apt, of any release: one archive has all releases.
find_mirror() {
  [[ $mirror ]] || mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' \
    'Created-By: Packages' | sed -nE 's/ (bookworm|trixie|stable|testing) main$//p' | head -n 1)
  [[ $mirror ]] ||
    fail "apt of this machine has no package source of Debian (name a mirror with --mirror)"
}

bind() {
  mount "$@" && mounts+=("${*: -1}")
}

# Ends processes that still run in the system, such as Wine's server.
end_processes() {
  local signal link pid left
  [[ $system == /*/system ]] || return
  for signal in TERM TERM TERM KILL; do
    left=
    for link in /proc/[0-9]*/root; do
      [[ $(readlink "$link" 2>/dev/null) == "$system" ]] || continue
      pid=${link#/proc/} left=1
      kill -s "$signal" "${pid%/root}" 2>/dev/null
    done
    [[ $left ]] || return
    sleep 1
  done
}

remove_debian() {
  local i
  [[ $place ]] || return
  end_processes
  for ((i = ${#mounts[@]} - 1; i >= 0; --i)); do
    umount "${mounts[i]}" 2>/dev/null || { sleep 1; umount "${mounts[i]}"; }
  done
  if grep -qF " $place" /proc/mounts; then
    echo "$name: cannot remove $place: something is still mounted there" >&2
  elif [[ $keep ]]; then
    echo "kept: $system"
  else
    rm -rf --one-file-system "$place"
  fi
}

unpack_or_make() {
  mkdir "$system" || return
  if [[ -d $base ]]; then
    cp -a "$base/." "$system"
  elif [[ $base ]]; then
    tar -C "$system" -xpf "$base"
  else
    debootstrap --variant=minbase "$(codename_of "$1")" "$system" "$mirror"
  fi
}

# make_debian 12|13: creates a minimal system with a network and the mounts that programs expect.
make_debian() {
  if [[ ! $base ]]; then
    type -P debootstrap >/dev/null ||
      fail "debootstrap is not installed (run scripts/setup package)"
    find_mirror
  fi
  place=$(mktemp -d "${TMPDIR:-/var/tmp}/aiobench-try.XXXXXX") ||
    fail "cannot create a temporary directory"
  system=$place/system
  trap remove_debian EXIT
  trap 'exit 130' INT TERM HUP
  unpack_or_make "$1" >"$place/log" 2>&1 </dev/null || {
    cat "$place/log" >&2
    fail "cannot create a Debian $1 system"
  }
  # The system must be a mount point: otherwise Linux reports no file system for its files to
  # programs in it.
  { bind --bind "$system" "$system" && bind -t proc proc "$system/proc" &&
    bind -t sysfs sys "$system/sys" && bind --bind /dev "$system/dev" &&
    bind -t devpts -o ptmxmode=666 devpts "$system/dev/pts" &&
    bind -t tmpfs -o mode=1777 tmpfs "$system/dev/shm"; } || fail "cannot mount in $system"
  # Installers and containers provide these two files as well.
  [[ -s $system/etc/resolv.conf ]] || cp -L /etc/resolv.conf "$system/etc/resolv.conf"
  [[ -e $system/etc/hosts ]] || printf '127.0.0.1\tlocalhost\n::1\tlocalhost\n' >"$system/etc/hosts"
}

# inside [NAME=VALUE...] COMMAND...: runs a command in the system as root. Its environment has only
# these variables, PATH and HOME.
inside() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root chroot "$system" env "$@"
}
