"""Where the files that are measured lie: in the page cache or not, and on a fast disk in memory.

A virtual machine's own disk is shared with others and mostly slower than what is to be measured.
The loop device over a file in memory is as fast as the machine's memory, and nothing of it is left
behind.
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
# How to make each file system: without deferred work, which would be done while others measure.
MAKERS = {"ext4": ("mkfs.ext4", "-q", "-F", "-m", "0", "-E",
                   "lazy_itable_init=0,lazy_journal_init=0"),
          "xfs": ("mkfs.xfs", "-q", "-f")}
# The tools for root lie here; a user's PATH often lacks these directories.
SYSTEM_DIRECTORIES = ("/usr/local/sbin", "/usr/sbin", "/sbin")
# For the file system's own tables and journal.
EXTRA_BYTES = {"ext4": 96 * MIB, "xfs": 320 * MIB}
UNMOUNT_TRIES = 20
EVICTION_TRIES = 5


def search_path():
    return os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM_DIRECTORIES])


def run(*command):
    """stdout of a tool; Skip where it fails."""
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
    """Skip where it is known beforehand that a disk cannot be made, or should not be."""
    if os.geteuid() != 0:
        raise Skip("no loop disk: mounting one needs root")
    for tool in (*TOOLS, MAKERS[file_system][0]):
        if not shutil.which(tool, path=search_path()):
            raise Skip(f"no loop disk: {tool} is not installed (run scripts/setup bench)")
    # Half of the memory is for the programs, and for whatever else the machine does.
    if available_memory_bytes() < 2 * image_bytes:
        raise Skip(f"no loop disk: less than {format_size(2 * image_bytes)} of memory is free")


def undo_with(*command):
    """A failure is reported only: the steps before it are still to be undone."""
    try:
        run(*command)
    except Skip as reason:
        process.say(f"cannot remove the loop disk completely: {reason}")


def unmount(directory):
    """Waits for a process that was interrupted and is still about to end."""
    for _ in range(UNMOUNT_TRIES):
        try:
            run("umount", directory)
            return
        except Skip:
            time.sleep(0.1)
    # Another process uses it: it is unmounted when that one ends.
    undo_with("umount", "--lazy", directory)


def build(image_bytes, file_system, undo):
    """Makes the disk; each step puts its reverse on `undo` as soon as it is done."""
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
    """The directory of a disk with room for this much. Skip where it cannot be made."""
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
    """How much of the file the page cache holds."""
    command = ["fincore", "--bytes", "--noheadings", "--raw", "--output", "RES", path]
    if not shutil.which(command[0]) or (done := process.finish(command)).code != 0:
        raise Skip("fincore cannot report what is in the page cache (run scripts/setup bench)")
    return int(done.stdout)


def drop_from_cache(path):
    """Asks the kernel to drop the file, after its dirty pages have been written."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def evict(path):
    """Drops the file from the cache and checks that it is gone; Skip where it stays."""
    for _ in range(EVICTION_TRIES):
        drop_from_cache(path)
        left = resident_bytes(path)
        if left == 0:
            return
    raise Skip(f"{format_size(left)} of the file cannot be evicted from the page cache")


def put_into_cache(aiobench, path):
    """Reads the file into the page cache afresh, and checks that all of it is there.

    A file that was just written may be cached in single pages, one that was read ahead in larger
    folios, from which every program copies up to 1.7 times as fast. So it is always read ahead.
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
