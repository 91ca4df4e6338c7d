"""The rig slowfs as a context manager: mounts on entry, and unmounts on every exit.

The environment variable AIOBENCH_SLOWFS names the program; the default is that of the native build.
"""
import os
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("AIOBENCH_SLOWFS") or str(ROOT / "build/native/tests/rigs/slowfs")


class Unavailable(Exception):
    """This file system cannot be mounted here; the message says why."""


class SlowFile:
    """`with SlowFile(source, "--latency", 2) as path:`; the options are those of slowfs.

    Standard input of the rig is a pipe from this process: the rig also unmounts if this process
    dies."""

    def __init__(self, source, *options):
        self.command = [PROGRAM, os.fspath(source), *map(str, options)]
        self.process = None

    def __enter__(self):
        if not Path(PROGRAM).exists():
            raise Unavailable("slowfs was not built: libfuse3-dev was missing")
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        path = self.process.stdout.readline().decode().rstrip("\n")
        if not path:
            errors = self.process.communicate()[1].decode("utf-8", "replace").strip()
            if self.process.returncode != 77:
                raise AssertionError(f"{self.command}: {self.process.returncode}\n{errors}")
            raise Unavailable(f"no FUSE file system can be mounted here: {errors}")
        return Path(path)

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


def why_unavailable():
    """The reason why tests cannot use the rig here, or None."""
    try:
        with SlowFile(__file__):
            return None
    except Unavailable as reason:
        return str(reason)
