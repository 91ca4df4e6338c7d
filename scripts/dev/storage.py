"""The fast disk of scripts/bench_peers: a loop device over a file in memory, with a file system.

A virtual machine's own disk is shared with others and mostly slower than what is to be measured.
This one is as fast as the machine's memory, and nothing of it is left behind.
"""
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_measure import Skip, interrupts_held
from bench_table import MIB, format_size

TOOLS = ("mount", "umount", "losetup")
# How to make one of each; no work that is put off: it would be done while others measure.
MAKERS = {"ext4": ("mkfs.ext4", "-q", "-F", "-m", "0", "-E",
                   "lazy_itable_init=0,lazy_journal_init=0"),
          "xfs": ("mkfs.xfs", "-q", "-f")}
# Where those lie that are meant for root; a user's PATH often lacks them.
SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
# For the file system's own tables and journal.
EXTRA_BYTES = {"ext4": 96 * MIB, "xfs": 320 * MIB}
UNMOUNT_TRIES = 20


def search_path():
    return os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS])


def run(*command):
    """stdout of a tool; Skip where it fails."""
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False,
                          env={**os.environ, "PATH": search_path(), "LC_ALL": "C"})
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise Skip(f"no loop disk: {command[0]}: {lines[0].removeprefix(command[0] + ': ')}")
    return done.stdout.strip()


def available_memory_bytes():
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


def require(image_bytes, file_system="ext4"):
    """Skip where it is known beforehand that a disk cannot be made, or had better not be."""
    if os.geteuid() != 0:
        raise Skip("no loop disk: only root may mount one")
    for tool in (*TOOLS, MAKERS[file_system][0]):
        if not shutil.which(tool, path=search_path()):
            raise Skip(f"no loop disk: {tool} is not installed; run scripts/setup bench")
    # Half is for the programs, and for whatever else the machine does.
    if available_memory_bytes() < 2 * image_bytes:
        raise Skip(f"no loop disk: less than {format_size(2 * image_bytes)} of memory is free")


def undo_with(*command):
    """Where it fails, what comes after is still to be undone."""
    try:
        run(*command)
    except Skip as reason:
        print(f"bench_peers: something of the loop disk is left: {reason}", file=sys.stderr)


def unmount(folder):
    """Waits for a process that was interrupted and is still about to end."""
    for _ in range(UNMOUNT_TRIES):
        try:
            run("umount", folder)
            return
        except Skip:
            time.sleep(0.1)
    # Someone else is in there: it goes when he leaves.
    undo_with("umount", "--lazy", folder)


def build(image_bytes, file_system, undo):
    """The steps, each with its reverse put on `undo` as soon as it is done."""
    top = Path(tempfile.mkdtemp(prefix="bench_peers."))
    undo.callback(shutil.rmtree, top, ignore_errors=True)
    memory, disk = top / "memory", top / "disk"
    memory.mkdir()
    disk.mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={image_bytes + MIB},mode=700", "bench_peers", memory)
    undo.callback(unmount, memory)
    image = memory / "image"
    with open(image, "xb") as file:
        file.truncate(image_bytes)
    device = run("losetup", "--find", "--show", "--direct-io=off", image)
    undo.callback(undo_with, "losetup", "--detach", device)
    run(*MAKERS[file_system], device)
    run("mount", "-t", file_system, "-o", "noatime", device, disk)
    undo.callback(unmount, disk)
    return disk


@contextlib.contextmanager
def loop_disk(data_bytes, file_system="ext4"):
    """The folder of a disk with room for this much. Skip where it cannot be had."""
    image_bytes = data_bytes + data_bytes // 16 + EXTRA_BYTES[file_system]
    require(image_bytes, file_system)
    undo = contextlib.ExitStack()
    try:
        with interrupts_held():
            folder = build(image_bytes, file_system, undo)
        yield folder
    finally:
        with interrupts_held():
            undo.close()
