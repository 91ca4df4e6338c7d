"""Creates the fake aiobench that fake_aiobench.py describes."""
from pathlib import Path

HERE = Path(__file__).resolve().parent
# These tests have hundreds of measured runs. The shell answers each in a millisecond; Python takes
# 20 ms to start. Python answers everything else.
STARTER = r"""#!/bin/sh
here=${0%%/*} name=${0##*/} command=$1
is() {
  word=
  [ ! -e "$here/$1" ] || read -r word <"$here/$1"
  [ "$word" = "$name" ]
}
case "$command,$*" in
hash,*--help* | read,*--help* | hash,*--format* | read,*--format*) ;;
hash,* | read,*)
  engine=auto
  while [ $# -gt 0 ]; do
    case $1 in
    -e) engine=$2 ;;
    --json) json=$2 ;;
    esac
    shift
  done
  [ "$command" = hash ] || command=random
  echo "$name $command.$engine" >>"$here/log"
  if is fail; then
    echo "aiobench: error: the disk is on fire" >&2
    exit 1
  fi
  if is hang; then
    echo "hangs $$" >>"$here/log"
    exec sleep 60
  fi
  echo "{}" >"$json"
  exit 0
  ;;
esac
FAKE_PROGRAM=$0 exec /usr/bin/python3 -SE "%s" "$@"
"""


def place(path):
    path.write_text(STARTER % (HERE / "fake_aiobench.py"), encoding="utf-8")
    path.chmod(0o755)
