"""The comparisons that scripts/bench_peers makes: who against whom, with what target."""
import csv
import io
import re
from pathlib import Path

import bench_fio as fio
from bench_measure import Contender, Row
from bench_table import REQUESTS, Target

# Depth 4: for a cached file more requests in flight are only more memory to fall out of the
# processor's caches.
TWO_THREADS = ("-t", "2", "-d", "4")
# One block a thread, of a size that two of them stay in a processor's own cache while half as many
# calls are made as with the usual 256 KiB.
TWO_THREADS_BLOCKING = ("-t", "2", "-d", "2", "-b", "512KiB")
RANDOM_DEPTHS = (1, 8, 32)
SEQUENTIAL_DEPTHS = (1, 4, 16)
RANDOM_ENGINES = ("io_uring", "libaio")
CPU_DEPTH = 32

TITLES = {
    "hash.cached": "hash a file in the page cache; peer: xxhsum -H3, b3sum, cat, mere adding",
    "rand.cached": "4 KiB random reads from the page cache, 1 thread; peer: fio",
    "copy.cached": "copy a cached file and flush it, whole processes; peer: cp, sync, xxhsum -H3",
    "copy.disk": "the same on the disk in memory",
    "hash.cold": "hash a file that is not in the page cache; peer: xxhsum -H3",
    "rand.direct": "4 KiB random reads past the page cache, 1 thread; peer: fio",
    "seq.direct": "hash in blocks of 1 MiB, past the page cache; peer: fio, not hashing",
}


# What a shell does step by step; $0 is the file.
COPY_STEPS = {
    "plain": 'cp "$0" "$0.copy" && sync "$0.copy"',
    "digest": 'cp "$0" "$0.copy" && sync "$0.copy" && xxhsum -H3 "$0"',
    # What was read, and what was written: from the cache, unlike ours.
    "verify": 'cp "$0" "$0.copy" && sync "$0.copy" && xxhsum -H3 "$0.copy" && xxhsum -H3 "$0"',
}


def copy_of(path):
    """Where a copy row's programs put the copy."""
    return f"{path}.copy"


def first_row(text):
    """The one row of CSV that aiobench prints for one pass, by column."""
    return next(csv.DictReader(io.StringIO(text)))


def warnings_of(row):
    """What makes the figures suspect: of an aiobench that does not say which do, all."""
    return row["warnings"] if row.get("suspect", "1") == "1" else ""


def read_read(text):
    row = first_row(text)
    return {"timed_seconds": float(row["wall_seconds"]), "bytes": int(row["bytes"]),
            "requests": int(row["requests"]), "warnings": warnings_of(row)}


def read_hash(text):
    return {**read_read(text), "digest": first_row(text)["digest"]}


# A line of xxhsum -H3: "XXH3 (file) = 26c7827d889f6da3", or since 0.8.3
# "XXH3_26c7827d889f6da3  file". Both may start with a backslash.
XXHSUM_LINE = re.compile(r"^\\?XXH3(?:_(?P<gnu>[0-9a-f]{16})  .*| \(.*\) = (?P<bsd>[0-9a-f]{16}))$",
                         re.MULTILINE)


def read_xxhsum(text):
    """The digest in the last line; the text itself, which is a wrong digest, if there is none."""
    digests = [gnu or bsd for gnu, bsd in XXHSUM_LINE.findall(text)]
    return {"digest": digests[-1] if digests else text.strip()}


XXHSUM = Contender("xxhsum -H3", lambda path: ["xxhsum", "-H3", path], read_xxhsum)
B3SUM = Contender("b3sum", lambda path: ["b3sum", path])
# Into a file cat would copy within the kernel, and read nothing.
CAT = Contender("cat > /dev/null", lambda path: ["cat", path], discard_output=True)


def memory(aiobench):
    """No peer but the limit: all processors, only adding up what aiobench hashes."""
    def read(text):
        seconds, count, _ = text.split()
        return {"timed_seconds": float(seconds), "bytes": int(count)}

    program = Path(aiobench).parent / "tests/rigs/memory_rate"
    return Contender("memory_rate", lambda path: [program, path], read, built_beside=True)


def hashes(aiobench, *arguments):
    return Contender("aiobench hash", lambda path: [aiobench, "hash", "-q", "--format", "csv",
                                                    *arguments, path], read_hash)


def reads(aiobench, engine, depth, cache, milliseconds):
    def of(*rest):
        return lambda path: [aiobench, "read", "-q", "--format", "csv", "-e", engine, "-d",
                             str(depth), "-t", "1", "-b", "4KiB", "--pattern", "random",
                             "--cache", cache, *rest, path]
    return Contender("aiobench read", of("--duration", f"{milliseconds}ms"), read_read,
                     of("--bytes", "4KiB"))


def copy_rows(aiobench):
    """The clock runs until the copy is flushed, and a shell has no other than the whole process."""
    def ours(*arguments):
        return Contender("aiobench copy", lambda path: [aiobench, "copy", "-q", "--format", "csv",
                                                        *arguments, path, copy_of(path)],
                         lambda text: {"digest": first_row(text)["digest"] or None})

    def peer(name):
        # The last of what it prints is a digest of the source, if anything is.
        return Contender(name, lambda path: ["sh", "-c", COPY_STEPS[name], path],
                         lambda text: read_xxhsum(text) if text else {}, by_shell="cp")

    rows = [("plain", ours("-H", "none"), Target(1.2, 1.7)), ("digest", ours(), Target(1.5, 2.0)),
            ("verify", ours("--verify"), Target(0.9, 1.2))]
    return [Row(f"copy.{group}.{name}", place, each, peer(name), target=target, job="copy",
                leaves_copy=True)
            for group, place in (("cached", "cached"), ("disk", "disk cached"))
            for name, each, target in rows]


def cached_hash_rows(aiobench):
    def row(name, ours, peer, target=None, engine=None):
        return Row(f"hash.cached.{name}", "cached", ours, peer, target=target, engine=engine)

    def two_threads(engine, target=None, how=TWO_THREADS):
        return row(engine, hashes(aiobench, "-e", engine, *how), XXHSUM, target, engine)

    default = hashes(aiobench)
    return [row("default", default, XXHSUM, Target(2.3, 2.9)),
            two_threads("sync", Target(2.0), TWO_THREADS_BLOCKING),
            two_threads("io_uring", Target(1.5)), two_threads("threadpool"),
            row("b3sum", default, B3SUM), row("cat", default, CAT),
            row("memory", default, memory(aiobench))]


def random_row(aiobench, engine, depth, direct, milliseconds, targets):
    """One row; the peer of `sync` is fio's psync, which is the same calls."""
    target, cpu_target = targets
    group = "rand.direct" if direct else "rand.cached"
    ours = reads(aiobench, engine, depth, "direct" if direct else "asis", milliseconds)
    peer = fio.random_reads({"sync": "psync"}.get(engine, engine), depth, direct, milliseconds)
    return Row(f"{group}.{engine}.d{depth}", "disk" if direct else "cached", ours, peer, REQUESTS,
               target, cpu_target, engine=engine, job="read")


def cached_random_rows(aiobench, milliseconds):
    rows = []
    for engine in RANDOM_ENGINES:
        for depth in RANDOM_DEPTHS:
            target = Target(1.1, 1.3) if depth == 1 else Target(1.6, 2.2)
            cpu = Target(0.55, 0.45, at_most=True) if depth == CPU_DEPTH else None
            rows.append(random_row(aiobench, engine, depth, False, milliseconds, (target, cpu)))
    sync = random_row(aiobench, "sync", 1, False, milliseconds, (Target(1.1, 1.3), None))
    return [*rows, sync]


def direct_random_rows(aiobench, milliseconds):
    return [random_row(aiobench, engine, depth, True, milliseconds, (Target(1.0, 1.15), None))
            for engine in RANDOM_ENGINES for depth in RANDOM_DEPTHS]


def direct_sequential_rows(aiobench):
    rows = []
    for depth in SEQUENTIAL_DEPTHS:
        ours = hashes(aiobench, "-e", "io_uring", "-b", "1MiB", "--cache", "direct", "-d",
                      str(depth))
        # Ours hashes and fio does not, so their CPU is not for the same work.
        rows.append(Row(f"seq.direct.io_uring.d{depth}", "disk", ours,
                        fio.one_pass("io_uring", depth), target=Target(0.97, 1.0),
                        compares_cpu=False, engine="io_uring"))
    return rows


def all_rows(aiobench, milliseconds):
    """In the order of measuring: what needs the file in the cache comes before its eviction."""
    cold = Row("hash.cold.default", "cold", hashes(aiobench), XXHSUM, target=Target(1.2, 1.6))
    return [*cached_hash_rows(aiobench), *cached_random_rows(aiobench, milliseconds),
            *copy_rows(aiobench), cold,
            *direct_random_rows(aiobench, milliseconds), *direct_sequential_rows(aiobench)]


def select(ids, wanted):
    """Those of `ids` that `wanted` names: an id as a whole, or how ids begin; all without any.
    ValueError for one that names none."""
    if not wanted:
        return list(ids)
    chosen = set()
    for name in wanted:
        found = {name} & set(ids) or {each for each in ids if each.startswith(name)}
        if not found or not name:
            raise ValueError(f"no row is called '{name}'; --list tells them all")
        chosen |= found
    return [each for each in ids if each in chosen]
