# shellcheck shell=bash
# Sourced by try_deb and try_debian: makes a fresh Debian in a directory, and always removes it.
#
# take_option sets these, which make_debian reads:
#   keep    not empty: the system is left, and its path is printed
#   base    a tar file or a directory with a Debian, instead of making one by debootstrap
#   mirror  where debootstrap and apt get Debian from; otherwise where this machine's apt does
# make_debian sets $place, a directory for the caller's own files too, and $system in it.

name=${0##*/} keep='' base='' mirror='' system='' place=''
mounts=()

usage() {
  echo "$name: $* (see the head of scripts/dev/$name)" >&2
  exit 2
}

# take_option ARGS...: takes the option in front; sets $words, the number of its arguments.
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

# What is mounted here is gone with the last process that sees it, even if this script is killed.
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

# One archive has all releases.
find_mirror() {
  [[ $mirror ]] || mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' \
    'Created-By: Packages' | sed -nE 's/ (bookworm|trixie|stable|testing) main$//p' | head -n 1)
  [[ $mirror ]] ||
    fail "apt of this machine has no package source of Debian (name a mirror with --mirror)"
}

bind() {
  mount "$@" && mounts+=("${*: -1}")
}

# Processes of the system that nobody waits for, such as Wine's server.
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

# make_debian 12|13: a minimal system, with what programs expect to be mounted, and a network.
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
  # A mount of its own: else Linux tells the system's programs no file system for their files.
  { bind --bind "$system" "$system" && bind -t proc proc "$system/proc" &&
    bind -t sysfs sys "$system/sys" && bind --bind /dev "$system/dev" &&
    bind -t devpts -o ptmxmode=666 devpts "$system/dev/pts" &&
    bind -t tmpfs -o mode=1777 tmpfs "$system/dev/shm"; } || fail "cannot mount in $system"
  # As installers and containers have them.
  [[ -s $system/etc/resolv.conf ]] || cp -L /etc/resolv.conf "$system/etc/resolv.conf"
  [[ -e $system/etc/hosts ]] || printf '127.0.0.1\tlocalhost\n::1\tlocalhost\n' >"$system/etc/hosts"
}

# inside [NAME=VALUE...] COMMAND...: as root, with nothing else of this environment.
inside() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root chroot "$system" env "$@"
}
