"""Puts files into the page cache, evicts them, and creates fast disks in memory.

A virtual machine's own disk is shared with other machines, and is usually slower than the programs
to be measured. A loop device over a file in memory is as fast as the machine's memory. It is
removed completely.
"""
import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

from dev import process
from dev.figures import MIB, format_size
from dev.process import Skip, interrupts_held

TOOLS = ("mount", "umount", "losetup")
# Commands that make each file system without deferred work, which would disturb measurements.
MAKERS = {"ext4": ("mkfs.ext4", "-q", "-F", "-m", "0", "-E",
                   "lazy_itable_init=0,lazy_journal_init=0"),
          "xfs": ("mkfs.xfs", "-q", "-f")}
# The directories of tools for root, which a user's PATH often lacks.
SYSTEM_DIRECTORIES = ("/usr/local/sbin", "/usr/sbin", "/sbin")
# Space for the file system's own tables and journal.
EXTRA_BYTES = {"ext4": 96 * MIB, "xfs": 320 * MIB}
UNMOUNT_TRIES = 20
EVICTION_TRIES = 5


def search_path():
    return os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_DIRECTORIES])


def run(*command):
    """The stdout of a tool. Raises Skip if the tool fails."""
    done = process.finish(command, env={**os.environ, "PATH": search_path(), "LC_ALL": "C"})
    if done.code != 0:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.code}"]
        raise Skip(f"no loop disk: {command[0]}: {lines[0].removeprefix(command[0] + ': ')}")
    return done.stdout.strip()


def available_memory_bytes():
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


def require(image_bytes, file_system="ext4"):
    """Raises Skip if a disk cannot or should not be created on this machine."""
    if os.geteuid() != 0:
        raise Skip("no loop disk: mounting one needs root")
    for tool in (*TOOLS, MAKERS[file_system][0]):
        if not shutil.which(tool, path=search_path()):
            raise Skip(f"no loop disk: {tool} is not installed (run scripts/setup bench)")
    # Half of the free memory is left for the programs and for the rest of the machine.
    if available_memory_bytes() < 2 * image_bytes:
        raise Skip(f"no loop disk: less than {format_size(2 * image_bytes)} of memory is free")


def undo_with(*command):
    """Undoes one step. A failure is only reported, so the earlier steps are undone too."""
    try:
        run(*command)
    except Skip as reason:
        process.say(f"cannot remove the loop disk completely: {reason}")


def unmount(directory):
    """Unmounts a directory. Waits for an interrupted process that still uses it."""
    for _ in range(UNMOUNT_TRIES):
        try:
            run("umount", directory)
            return
        except Skip:
            time.sleep(0.1)
    # Another process still uses the directory. It is unmounted when that process ends.
    undo_with("umount", "--lazy", directory)


def build(image_bytes, file_system, undo):
    """Creates the disk. Each completed step adds its reverse to `undo`."""
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
    """The directory of a disk with room for `data_bytes`. Raises Skip if there can be none."""
    image_bytes = data_bytes + data_bytes // 16 + EXTRA_BYTES[file_system]
    require(image_bytes, file_system)
    undo = contextlib.ExitStack()
    try:
        with interrupts_held():
            directory = build(image_bytes, file_system, undo)
        yield directory
    finally:
        with interrupts_held():
            undo.close()


def resident_bytes(path):
    """The number of bytes of the file that are in the page cache."""
    command = ["fincore", "--bytes", "--noheadings", "--raw", "--output", "RES", path]
    if not shutil.which(command[0]) or (done := process.finish(command)).code != 0:
        raise Skip("fincore cannot report what is in the page cache (run scripts/setup bench)")
    return int(done.stdout)


def drop_from_cache(path):
    """Writes the dirty pages of the file, and drops it from the page cache if possible.

    The kernel treats posix_fadvise(POSIX_FADV_DONTNEED) as advice.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def evict(path):
    """Evicts the file from the page cache. Raises Skip if a part of it stays there."""
    for _ in range(EVICTION_TRIES):
        drop_from_cache(path)
        left = resident_bytes(path)
        if left == 0:
            return
    raise Skip(f"{format_size(left)} of the file cannot be evicted from the page cache")


def put_into_cache(aiobench, path):
    """Evicts the file, reads it into the page cache, and checks that all of it is there.

    A file that was just written may be cached in single pages. Readahead caches a file in larger
    folios, from which every program copies up to 1.7 times as fast. The file is therefore always
    read anew.
    """
    drop_from_cache(path)
    buffer = bytearray(MIB)
    with open(path, "rb", buffering=0) as file:
        while file.readinto(buffer):
            pass
    run = process.run_json([aiobench, "--cache", "warm", "--format", "json", path])["runs"][0]
    for warning in run["warnings"]:
        if not warning["code"].startswith("cache_"):
            continue
        process.fail(f"{path} is not in the page cache: {warning['message']} ({warning['advice']})")
