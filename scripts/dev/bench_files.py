"""The files that scripts/bench_peers has read, where they lie, and whether the cache holds them."""
import contextlib
import os
import subprocess
from pathlib import Path

import bench_measure as measure
from bench_disk import loop_disk
from bench_measure import Skip
from bench_rows import XXHSUM
from bench_table import MIB, format_size

EVICTION_TRIES = 5


def resident_bytes(path):
    """How much of the file the page cache holds."""
    try:
        done = subprocess.run(["fincore", "--bytes", "--noheadings", "--raw", "--output", "RES",
                               path], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Skip(f"fincore cannot tell what is in the page cache: {error}") from None
    return int(done.stdout)


def drop_from_cache(path):
    """Asks the kernel to; only what is on the disk already can go."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def evict(path):
    """Drops the file from the cache, and makes sure of it; Skip where it stays."""
    for _ in range(EVICTION_TRIES):
        drop_from_cache(path)
        left = resident_bytes(path)
        if left == 0:
            return
    raise Skip(f"{format_size(left)} of the file cannot be evicted from the page cache")


def put_into_cache(aiobench, path):
    """Reads the file into the page cache afresh, and makes sure that it is there as a whole.

    One that was just written may lie there in single pages, one that came by readahead lies in
    larger pieces, and copies from those are up to 1.7 times as fast, whoever copies. So it always
    comes by readahead.
    """
    drop_from_cache(path)
    buffer = bytearray(MIB)
    with open(path, "rb", buffering=0) as file:
        while file.readinto(buffer):
            pass
    run = measure.run_json([aiobench, "--cache", "warm", "--format", "json", path])["runs"][0]
    for warning in run["warnings"]:
        if not warning["code"].startswith("cache_"):
            continue
        measure.fail(f"{path} is not in the page cache: {warning['message']}; {warning['advice']}")


def describe(aiobench, path):
    """The file, and what lies beneath it."""
    target = measure.run_json([aiobench, "-e", "null", "-H", "none", "--format", "json",
                               path])["runs"][0]["target"]
    return {"name": path.name, "bytes": path.stat().st_size,
            "file_system": target["file_system"], "device": target["device"]}


def line_about(facts):
    text = (f"file {facts['name']}, {format_size(facts['bytes'])}, {facts['file_system']} on "
            f"{facts['device']}")
    if facts["file_system"] == "tmpfs":
        text += "\nNOTE: on tmpfs io_uring hands each read to a kernel worker; see --folder"
    return text


class Files:
    """Makes each file when it is first asked for, and removes all of them at the end.

    `described` holds what describe() says of those there are, by place.
    """

    def __init__(self, aiobench, options):
        self.aiobench = aiobench
        self.options = options
        self.described = {}
        self._made = {}
        self._digests = {}
        self._undo = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._undo.close()

    def at(self, place):
        """The path of the file; Skip, each time the same, where there can be none."""
        if place == "cold":
            place = "cached"  # the same file; who wants it cold evicts it
        if place not in self._made:
            try:
                self._made[place] = path = self._make(place)
                self.described[place] = describe(self.aiobench, path)
                print(f"{line_about(self.described[place])}\n", flush=True)
            except Skip as reason:
                self._made[place] = reason
        if isinstance(self._made[place], Skip):
            raise self._made[place]
        return self._made[place]

    def right_digest(self, place):
        path = self.at(place)
        if path not in self._digests:
            self._digests[path] = XXHSUM.run(path).digest
            if place == "disk":
                drop_from_cache(path)  # a read past the cache has to look what the cache holds
        return self._digests[path]

    def _make(self, place):
        if place == "cached":
            return self._in_cache()
        if place == "disk":
            return self._on_disk(self.options.size // 2)
        path = self._on_disk(self.options.size, copies=1)
        put_into_cache(self.aiobench, path)
        return path

    def _create(self, path, size):
        measure.run_text([self.aiobench, "create", "-q", "--force", path, "--size", str(size)])

    def _in_cache(self):
        path = self.options.file
        if not path:
            self.options.folder.mkdir(parents=True, exist_ok=True)
            path = self.options.folder / f"peers-{self.options.size}.bin"
            if not self.options.keep:
                self._undo.callback(Path.unlink, path, missing_ok=True)
            # One of another size is what an interrupt left.
            if not path.exists() or path.stat().st_size != self.options.size:
                self._create(path, self.options.size)
        put_into_cache(self.aiobench, path)
        return path

    def _on_disk(self, size, copies=0):
        """Not in the cache, on a disk of its own with room for copies."""
        disk = self._undo.enter_context(loop_disk(size * (1 + copies)))
        path = disk / f"peers-{size}.bin"
        self._create(path, size)
        drop_from_cache(path)
        return path
