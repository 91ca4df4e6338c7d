"""Shared by the tests of packages: cmake and cpack on the build directory under test.

The default is build/native: python3 tests/packages/deb_test.py
"""
import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import aiobench_cli as cli  # noqa: E402  (its directory is not this script's own)

WINDOWS_BUILD = cli.BUILD.parent / "windows/aiobench.exe"
COMMIT_TIME = "1700000000"


def run(*command, code=0, cwd=None, **environment):
    """Returns stdout and stderr together. `code` None accepts every exit code but 0."""
    done = subprocess.run(list(map(os.fspath, command)), cwd=cwd, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          encoding="utf-8", errors="replace",
                          env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
    wanted = done.returncode != 0 if code is None else done.returncode == code
    if not wanted:
        raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}")
    return done.stdout


def pack(generator):
    """Runs cpack in a directory of its own. Returns the paths of the packages by name."""
    directory = Path(tempfile.mkdtemp(prefix="packages-", dir=cli.BUILD))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    run("cpack", "-G", generator, "--config", cli.BUILD / "CPackConfig.cmake", "-B", directory,
        cwd=directory, SOURCE_DATE_EPOCH=COMMIT_TIME)
    return {path.name: path for path in directory.iterdir() if path.is_file()}


def sums(packages):
    """The SHA-256 of each package, by name."""
    return {name: hashlib.sha256(path.read_bytes()).hexdigest()
            for name, path in packages.items()}


def version():
    """The version that the program prints: "0.1.0"."""
    return run(*cli.command("--version")).split()[1]
