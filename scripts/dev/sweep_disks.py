#!/usr/bin/python3
"""Sweeps three different disks with every mechanism, as results/ shows it for a machine.

usage: scripts/sweep_disks FOLDER [--size SIZE_MIB] [--rounds N] [--quick]

The disks: that of the build folder, and two in memory (loop devices), with ext4 and with xfs;
making those takes root. In FOLDER are written
  sweep_cold.json, .txt     the page cache evicted before each pass: Linux' mechanisms, and Windows'
                            under Wine, marked as such
  sweep_direct.json, .txt   past the page cache: Linux' mechanisms
Takes about a quarter of an hour on an idle machine; --quick, a minute, shows only that it works.
Exit code: 0 done, 1 digests differ, 2 wrong arguments, 3 something could not be measured.
"""
import argparse
import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from bench_disk import loop_disk  # noqa: E402
from bench_measure import Skip  # noqa: E402
from bench_table import MIB  # noqa: E402

SCRATCH = ROOT / "build/sweep_disks"
PROGRAM = ROOT / "build/native/aiobench"
# Name, and what is asked for besides files, rounds and outputs.
SWEEPS = (("sweep_direct", ["-e", "all", "--cache", "direct"]),
          ("sweep_cold", ["-e", "all,wine", "--cache", "cold"]))


def parse_arguments():
    parser = argparse.ArgumentParser(prog="sweep_disks", description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path, help="where the results go")
    parser.add_argument("--size", type=int, default=256, metavar="MIB", help="of each file (256)")
    parser.add_argument("--rounds", type=int, default=7, help="measured rounds (7)")
    parser.add_argument("--quick", action="store_true", help="16 MiB, 1 round")
    options = parser.parse_args()
    if options.quick:
        options.size, options.rounds = 16, 1
    if options.size < 1 or options.rounds < 1:
        parser.error("at least 1 MiB and one round")
    return options


def build():
    for preset in ("windows", "native"):
        done = subprocess.run([ROOT / "scripts/build", preset, "aiobench"], check=False)
        if done.returncode != 0:
            sys.exit(3)


def make_file(disk, name, size_mib):
    """A file on that disk, under a name in SCRATCH that says the same on every machine."""
    path = disk / f"{name}.bin"
    subprocess.run([PROGRAM, "create", path, "--size", f"{size_mib}MiB"], check=True,
                   stdout=subprocess.DEVNULL)
    if disk != SCRATCH:
        (SCRATCH / path.name).symlink_to(path)
    return path.name


def evict(path):
    """A file in the page cache would make direct reads of it suspect."""
    with open(path, "r+b") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def sweep(name, arguments, files, options):
    result = options.folder / f"{name}.json"
    line = [PROGRAM, "sweep", *arguments, "-d", "1,8,32", "-b", "1MiB", "--repeat",
            str(options.rounds), "--json", result.absolute(), "--force", *files]
    print(name, flush=True)
    for file in files:
        evict(SCRATCH / file)
    with open(options.folder / f"{name}.txt", "w", encoding="utf-8") as text:
        return subprocess.run(line, stdout=text, cwd=SCRATCH, check=False).returncode


def main():
    options = parse_arguments()
    options.folder.mkdir(parents=True, exist_ok=True)
    build()
    data_bytes = options.size * MIB
    with contextlib.ExitStack() as undo:
        shutil.rmtree(SCRATCH, ignore_errors=True)
        SCRATCH.mkdir(parents=True)
        undo.callback(shutil.rmtree, SCRATCH)
        try:
            disks = {"disk": SCRATCH,
                     "loop-ext4": undo.enter_context(loop_disk(data_bytes, "ext4")),
                     "loop-xfs": undo.enter_context(loop_disk(data_bytes, "xfs"))}
        except Skip as reason:
            print(f"sweep_disks: {reason}", file=sys.stderr)
            return 3
        files = [make_file(disk, name, options.size) for name, disk in disks.items()]
        return max(sweep(name, arguments, files, options) for name, arguments in SWEEPS)


if __name__ == "__main__":
    sys.exit(main())
