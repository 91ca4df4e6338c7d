"""Sweeps three different disks with every mechanism, for a machine's directory in results/.

usage: scripts/dev/dev sweep-disks DIR [--size MIB] [--rounds N] [--quick]

The disks are that of the build directory, and two in memory (loop devices) with ext4 and xfs.
Creating the disks in memory needs root. The tool writes to DIR:
  sweep_cold.json, .txt     the page cache is evicted before each pass: Linux mechanisms, and
                            Windows mechanisms under Wine, marked as such
  sweep_direct.json, .txt   the page cache is bypassed: Linux mechanisms
Takes about 15 minutes on an idle machine; --quick takes a minute and only checks that everything
works. Exit code: 0 done, 1 digests differ, 2 wrong arguments, 3 a measurement failed.
"""
import argparse
import contextlib
import shutil
from pathlib import Path

from dev import ROOT, process
from dev.figures import MIB
from dev.process import Skip
from dev.storage import drop_from_cache, loop_disk

SCRATCH = ROOT / "build/sweep_disks"
PROGRAM = ROOT / "build/native/aiobench"
# Name, and arguments besides files, rounds and outputs.
SWEEPS = (("sweep_direct", ["-e", "all", "--cache", "direct"]),
          ("sweep_cold", ["-e", "all,wine", "--cache", "cold"]))


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(prog="dev sweep-disks", description=__doc__.split("\n\n")[0])
    parser.add_argument("directory", type=Path, help="directory for the results")
    parser.add_argument("--size", type=int, default=256, metavar="MIB",
                        help="size of each file in MiB (256)")
    parser.add_argument("--rounds", type=int, default=7, help="measured rounds (7)")
    parser.add_argument("--quick", action="store_true", help="16 MiB, 1 round")
    options = parser.parse_args(arguments)
    if options.quick:
        options.size, options.rounds = 16, 1
    if options.size < 1 or options.rounds < 1:
        parser.error("--size and --rounds must be at least 1")
    return options


def make_file(disk, name, size_mib):
    """Creates a file on that disk. Its name in SCRATCH is the same on every machine."""
    path = disk / f"{name}.bin"
    process.run([PROGRAM, "create", path, "--size", f"{size_mib}MiB"])
    if disk != SCRATCH:
        (SCRATCH / path.name).symlink_to(path)
    return path.name


def sweep(name, arguments, files, options):
    result = options.directory / f"{name}.json"
    line = [PROGRAM, "sweep", *arguments, "-d", "1,8,32", "-b", "1MiB", "--repeat",
            str(options.rounds), "--json", result.absolute(), "--force", *files]
    print(name, flush=True)
    for file in files:
        # Cached pages would make the results of direct reads suspect.
        drop_from_cache(SCRATCH / file)
    with open(options.directory / f"{name}.txt", "w", encoding="utf-8") as text:
        return process.wait_for(line, stdout=text, cwd=SCRATCH)[0]


def main(arguments):
    options = parse_arguments(arguments)
    options.directory.mkdir(parents=True, exist_ok=True)
    for preset in ("windows", "native"):
        process.build(preset)
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
            process.fail(reason)
        files = [make_file(disk, name, options.size) for name, disk in disks.items()]
        return max(sweep(name, arguments, files, options) for name, arguments in SWEEPS)
