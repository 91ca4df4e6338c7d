"""The rows of scripts/bench_peers: the two programs of each row, their commands and the targets.

Options of fio that are not set here have fio's defaults. In particular, a job is a process of its
own (a thread, --thread=1, is no faster), and fio measures the latency of every request.

fio's usr_cpu and sys_cpu cover only the one thread of the job (getrusage(RUSAGE_THREAD)). They
exclude the kernel workers that serve its requests. The CPU time of both programs is therefore that
of whole processes with all their children, minus the CPU time of a run of one request. For fio
without kernel workers this agrees with fio's own figures to about 1 %.
"""
import csv
import io
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Callable

from dev import process
from dev.comparison import BYTES, REQUESTS, Comparison, Limit, Sample, Series, Target
from dev.figures import KIB, MIB, format_size
from dev.process import Skip

MINIMAL_RUNS = 3
# For a cached file a depth above 4 only uses more memory, which falls out of the processor's
# caches.
TWO_THREADS = ("-t", "2", "-d", "4")
# Each thread has one block. Two blocks of 512 KiB stay in a processor's own cache, and need half as
# many calls as the usual 256 KiB.
TWO_THREADS_BLOCKING = ("-t", "2", "-d", "2", "-b", "512KiB")
RANDOM_DEPTHS = (1, 8, 32)
SEQUENTIAL_DEPTHS = (1, 4, 16)
RANDOM_ENGINES = ("io_uring", "libaio")
CPU_DEPTH = 32

TITLES = {
    "hash.cached": "hash a file in the page cache; peer: xxhsum -H3, b3sum, cat, memory_rate",
    "rand.cached": "4 KiB random reads from the page cache, 1 thread; peer: fio",
    "copy.cached": "copy a cached file and flush it, whole processes; peer: cp, sync, xxhsum -H3",
    "copy.disk": "the same on the disk in memory",
    "hash.cold": "hash a file that is not in the page cache; peer: xxhsum -H3",
    "rand.direct": "4 KiB random reads that bypass the page cache, 1 thread; peer: fio",
    "seq.direct": "hash in blocks of 1 MiB, bypassing the page cache; peer: fio without hashing",
}


@dataclass(frozen=True)
class Contender:
    """A program that reads a file.

    `command` returns its command line for a path, and `minimal` one with the least possible work.
    `read` parses its output into fields of a Sample. `by_shell` is the program that does the work
    if the command is that of a shell. A program that is `built_beside` aiobench may be missing.
    """
    name: str
    command: Callable
    read: Callable = lambda text: {}
    minimal: Callable = None
    discard_output: bool = False
    by_shell: str = None
    built_beside: bool = False

    def program(self):
        return self.by_shell or str(self.command("FILE")[0])

    def shown_command(self):
        """The command line without the directory of the program."""
        program, *arguments = self.command("FILE")
        return [Path(program).name, *arguments]

    def installed(self):
        return shutil.which(self.program()) is not None

    def require(self):
        if self.built_beside and not self.installed():
            raise Skip(f"{self.name} is not in the build directory of this aiobench")

    def run(self, path):
        done = process.run(self.command(path), self.discard_output)
        # A program whose output does not report the bytes has read the whole file.
        figures = {"bytes": os.path.getsize(path), **self.read(done.stdout)}
        return Sample(done.wall_seconds, done.cpu_seconds, **figures)

    def setup_cpu_seconds(self, path, runs):
        if self.minimal is None:
            return 0.0
        return median([process.run(self.minimal(path)).cpu_seconds for _ in range(runs)])


@dataclass(frozen=True)
class Row:
    """One comparison to be made. `place` describes the file that it reads.

    "cached" and "cold" are a file in --directory, in the page cache or not. "disk cached" and
    "disk" are a file on a loop disk, in the page cache or not.
    """
    id: str
    place: str
    ours: Contender
    peer: Contender
    unit: str = BYTES
    target: object = None
    cpu_target: object = None
    compares_cpu: bool = True
    engine: str = None   # an engine that must run on this machine
    job: str = "hash"    # a command that this aiobench must have
    leaves_copy: bool = False  # beside the file; it is removed before each run


def compare(row, path, pairs, prepare=lambda: None):
    """Runs A B A B ... and returns a Comparison. `prepare` is called before each run.

    The first pair is not counted if there are no minimal runs. It brings both programs into the
    cache, as minimal runs do.
    """
    sides = [(each, Series(each.name, each.shown_command())) for each in (row.ours, row.peer)]
    runs = MINIMAL_RUNS if pairs > 1 else 1
    for contender, series in sides:
        series.setup_cpu_seconds = contender.setup_cpu_seconds(path, runs)
    unpaired = 0 if row.ours.minimal and row.peer.minimal else 1
    for number in range(pairs + unpaired):
        for contender, series in sides:
            prepare()
            sample = contender.run(path)
            if not getattr(sample, row.unit):
                process.fail(f"it read nothing: {' '.join(series.command)}")
            if number >= unpaired:
                series.samples.append(sample)
    return Comparison(row.id, row.unit, sides[0][1], sides[1][1], row.target, row.cpu_target,
                      row.compares_cpu)


RANDOM, SEQUENTIAL = "random", "sequential"
PATTERNS = {RANDOM: "randread", SEQUENTIAL: "read"}


def fio_escape(path):
    """Escapes a path for fio, where a colon separates file names."""
    return str(path).replace("\\", "\\\\").replace(":", "\\:")


def fio_command(path, engine, depth, pattern, direct, *rest):
    # norandommap: like aiobench, fio keeps no record of the blocks already read.
    block = 4 * KIB if pattern == RANDOM else MIB
    return ["fio", "--name=peer", f"--filename={fio_escape(path)}", "--readonly",
            f"--ioengine={engine}", f"--iodepth={depth}", f"--bs={block}",
            f"--rw={PATTERNS[pattern]}", *(["--norandommap"] if pattern == RANDOM else []),
            f"--direct={int(direct)}", *([] if direct else ["--invalidate=0"]), "--numjobs=1",
            "--gtod_reduce=0", "--output-format=json", *rest]


def read_fio(text):
    """The fields of a Sample. fio may print notes before the JSON."""
    read = json.loads(text[text.index("{"):])["jobs"][0]["read"]
    # The runtime is in milliseconds. The minimum of 1 prevents a division by zero.
    return {"timed_seconds": max(read["runtime"], 1) / 1000, "bytes": read["io_bytes"],
            "requests": read["total_ios"]}


def fio_random_reads(engine, depth, direct, milliseconds):
    def of(*rest):
        return lambda path: fio_command(path, engine, depth, RANDOM, direct, *rest)
    return Contender("fio", of("--time_based", f"--runtime={milliseconds}ms"), read_fio,
                     of("--number_ios=1"))


def fio_one_pass(engine, depth):
    """One sequential pass over the file that bypasses the page cache."""
    return Contender("fio", lambda path: fio_command(path, engine, depth, SEQUENTIAL, True),
                     read_fio)


# The shell commands of each copy row; $0 is the file.
COPY_STEPS = {
    "plain": 'cp "$0" "$0.copy" && sync "$0.copy"',
    "digest": 'cp "$0" "$0.copy" && sync "$0.copy" && xxhsum -H3 "$0"',
    # Hashes what was written and what was read. Unlike aiobench it reads the copy from the cache.
    "verify": 'cp "$0" "$0.copy" && sync "$0.copy" && xxhsum -H3 "$0.copy" && xxhsum -H3 "$0"',
}


def copy_of(path):
    """The path of the copy that the programs of a copy row write."""
    return f"{path}.copy"


def first_row(text):
    """The single CSV row that aiobench prints for one pass, as a dictionary by column."""
    return next(csv.DictReader(io.StringIO(text)))


def warnings_of(row):
    """The warnings that make a figure suspect; all of them if aiobench has no such column."""
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
    """The digest in the last line. Without one it is the text itself, which is a wrong digest."""
    digests = [gnu or bsd for gnu, bsd in XXHSUM_LINE.findall(text)]
    return {"digest": digests[-1] if digests else text.strip()}


XXHSUM = Contender("xxhsum -H3", lambda path: ["xxhsum", "-H3", path], read_xxhsum)
B3SUM = Contender("b3sum", lambda path: ["b3sum", path])
# If its output were a file, cat would copy within the kernel and not read the data.
CAT = Contender("cat > /dev/null", lambda path: ["cat", path], discard_output=True)


def memory(aiobench):
    """The upper limit, which is not a peer program.

    All processors only add up the data that aiobench hashes.
    """
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
    """The rows of copies. The time ends when the copy is flushed.

    It is the time of the whole process, because a shell reports no other.
    """
    def ours(*arguments):
        return Contender("aiobench copy", lambda path: [aiobench, "copy", "-q", "--format", "csv",
                                                        *arguments, path, copy_of(path)],
                         lambda text: {"digest": first_row(text)["digest"] or None})

    def peer(name):
        # The last line of its output is a digest of the source, if there is any output.
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
    """One row. The peer of `sync` is fio's psync, which makes the same system calls."""
    target, cpu_target = targets
    group = "rand.direct" if direct else "rand.cached"
    ours = reads(aiobench, engine, depth, "direct" if direct else "asis", milliseconds)
    peer = fio_random_reads({"sync": "psync"}.get(engine, engine), depth, direct, milliseconds)
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
        # aiobench hashes and fio does not, so their CPU times are not comparable.
        rows.append(Row(f"seq.direct.io_uring.d{depth}", "disk", ours,
                        fio_one_pass("io_uring", depth), target=Target(0.97, 1.0),
                        compares_cpu=False, engine="io_uring"))
    return rows


def all_rows(aiobench, milliseconds):
    """All rows, in the order of measuring.

    The rows that need the file in the page cache come before those that evict it.
    """
    cold = Row("hash.cold.default", "cold", hashes(aiobench), XXHSUM, target=Target(1.2, 1.6))
    return [*cached_hash_rows(aiobench), *cached_random_rows(aiobench, milliseconds),
            *copy_rows(aiobench), cold,
            *direct_random_rows(aiobench, milliseconds), *direct_sequential_rows(aiobench)]


def select(ids, wanted):
    """The ids that `wanted` names, by a full id or a prefix; all ids if `wanted` is empty.

    Raises ValueError for a name that matches no id.
    """
    if not wanted:
        return list(ids)
    chosen = set()
    for name in wanted:
        found = {name} & set(ids) or {each for each in ids if each.startswith(name)}
        if not found or not name:
            raise ValueError(f"unknown row '{name}' (--list shows all rows)")
        chosen |= found
    return [each for each in ids if each in chosen]


NULL_LIMIT_NS = 60
NULL_DEPTHS = (1, 8, 32)
START_LIMIT_MS = 15
STARTS_A_PAIR = 7
MEMORY_ALLOWANCE = 30 * MIB
MEMORY_SHAPES = (("io_uring", 1, 4 * KIB), ("io_uring", 8, MIB), ("io_uring", 256, 64 * KIB),
                 ("io_uring", 64, 4 * MIB), ("io_uring", 4096, 4 * KIB), ("sync", 32, MIB),
                 ("threadpool", 32, MIB))


def null_costs(aiobench, path, pairs):
    """The cost of a request in aiobench itself, in ns: no I/O, no hash, one thread."""
    limits = []
    for depth in NULL_DEPTHS:
        result = process.run_json([aiobench, "-e", "null", "-H", "none", "-b", "4KiB", "-t", "1",
                                   "-d", str(depth), "--warmup", "1", "--repeat", str(pairs),
                                   "--format", "json", path])
        costs = [r["wall_seconds"] * 1e9 / r["requests"]
                 for r in result["runs"][0]["repetitions"]]
        limits.append(Limit(f"null, depth {depth}", median(costs), NULL_LIMIT_NS, "ns"))
    return limits


def peak_memories(aiobench, path, _):
    """Peak resident memory. The limit is depth x block plus an allowance for the rest."""
    limits = []
    for engine, depth, block in MEMORY_SHAPES:
        peak = process.peak_memory_bytes([aiobench, "-q", "-e", engine, "-d", str(depth), "-b",
                                          str(block), "--format", "xxhsum", path])
        name = f"{engine}, depth {depth}, block {format_size(block)}"
        limits.append(Limit(name, peak, depth * block + MEMORY_ALLOWANCE, "B"))
    return limits


def start_up(aiobench, _, pairs):
    """The time of a whole process, from before its creation until its end."""
    times = [process.run([aiobench, "--version"]).wall_seconds * 1e3
             for _ in range(STARTS_A_PAIR * pairs)]
    return [Limit("aiobench --version", median(times), START_LIMIT_MS, "ms")]


# By id of --only: the title of the table, and the function that measures.
LIMITS = {"limit.null": ("cost of a request", null_costs),
          "limit.memory": ("peak memory", peak_memories),
          "limit.start": ("start-up", start_up)}
