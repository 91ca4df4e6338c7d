"""The faults that every engine must survive, and the correct reaction to each.

Used by faults_test.py, which asserts the reactions, and by `dev faults`, which prints them.
The rig tests/rigs/slowfs provides devices with faults.
"""
import resource
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import aiobench_cli as cli
import signalling
from aiobench_cli import FAILED, GIB, GOOD, INTERRUPTED, KIB, MIB

sys.path.insert(0, str(cli.ROOT / "tests/rigs"))
import seccomp  # noqa: E402
from slow_file import SlowFile  # noqa: E402

SIZE, BLOCK = 4 * MIB, 16 * KIB
BAD_BYTE = 100 * BLOCK + 5000  # in the middle of the file, and of a block
HANGING_MS = 3000
# From Ctrl-C to the line that names the pending request; a sanitizer or Wine may take longer.
MAX_MESSAGE_SECONDS = 5 if cli.SANITIZED or cli.WINDOWS else 2


class Wrong(Exception):
    """The program did not react correctly; the message says how."""


@dataclass(frozen=True)
class Fault:
    """`attempt(case)` returns a description of the outcome, or raises Wrong."""
    name: str
    attempt: Callable
    cache: str = "asis"
    needs_rig: bool = True
    mostly_waits: bool = False

    @property
    def title(self):
        return f"{self.name}, past the cache" if self.cache == "direct" else self.name


@dataclass(frozen=True)
class Case:
    """One engine and one fault. `source` is a file of SIZE random bytes."""
    fault: Fault
    engine: str
    source: Path

    def arguments(self, path, *more, block=BLOCK):
        return ["hash", "-e", self.engine, "-b", str(block), "--cache", self.fault.cache,
                "--format", "xxhsum", *more, path]

    def run(self, path, *more, block=BLOCK, **options):
        arguments = self.arguments(path, *more, block=block)
        return cli.finish(cli.start(*arguments, cwd=self.source.parent, **options))


def demand(is_right, outcome):
    if not is_right:
        raise Wrong(str(outcome))


def demand_error(outcome, *words):
    """Demands one error line, exit code 3 and no digest."""
    lines = outcome.stderr.splitlines()
    demand(outcome.code == FAILED and not outcome.raw and len(lines) == 1
           and all(word in lines[0] for word in words), outcome)


def bad_block(depth):
    def attempt(case):
        with SlowFile(case.source, "--error-at", BAD_BYTE) as path:
            outcome = case.run(path, "-d", depth)
        demand_error(outcome, "cannot read", str(path).split("/")[-2], "at offset ")
        offset = int(outcome.stderr.partition("at offset ")[2].partition(":")[0])
        if cli.WINDOWS and case.engine == "mmap":
            # The whole mapping is lost: another block than the bad one may fail first.
            demand(offset <= BAD_BYTE, outcome)
            return "error, with the offset of a block"
        # The offset of the block, or of the page in it that the kernel could not read.
        demand(BAD_BYTE - BAD_BYTE % BLOCK <= offset <= BAD_BYTE, outcome)
        return "error, with the block's offset"
    return attempt


def short_reads(case):
    if cli.WINDOWS and case.engine == "mmap":
        # Wine reads a file that it cannot map with one call, and leaves the rest of the memory
        # zero.
        return "not tested: Wine fills such a view with zeros"
    # Bypasses the page cache of FUSE, in which a short answer means end of file.
    with SlowFile(case.source, "--short", 4 * KIB, "--uncached") as path:
        outcome = case.run(path, "-d", "8")
    if "cannot map" in outcome.stderr:
        demand_error(outcome, "another engine")
        return "error: such a file cannot be mapped"
    digest, = cli.digests("xxh3", case.source, cwd=case.source.parent)
    demand(outcome.code == GOOD and outcome.raw == cli.checksum_line("xxh3", digest, path), outcome)
    return "the rest is read; digest correct"


def resized(size, *words):
    def attempt(case):
        with SlowFile(case.source, "--resize", f"10:{size}", "--latency", 1) as path:
            outcome = case.run(path, "-d", "8")
        demand_error(outcome, *words)
        return "error; no digest"
    return attempt


def interrupt_on_slow_device(case):
    """Returns (seconds until the first message, the first line, the outcome)."""
    # One request per thread, because an engine that blocks in submit waits for each request. The
    # first reads are not slower than others, because Wine itself reads when it opens a file.
    with SlowFile(case.source, "--slow-from", 6, "--slow", HANGING_MS) as path:
        process = cli.start(*case.arguments(path, "-d", "2", "-t", "2"), cwd=case.source.parent)
        signalling.wait_until_watching(process, cli.WINDOWS)
        time.sleep(1)
        if process.poll() is not None:
            raise Wrong("it ended before the signal")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        first = process.stderr.readline().decode("utf-8", "replace")
        message_seconds = time.monotonic() - began
        return message_seconds, first, cli.finish(process)


def interrupted_on_slow_device(case):
    # A busy disk may keep the program from running for a second. Only a message that is late every
    # time is a fault of the program.
    for _ in range(4):
        message_seconds, first, outcome = interrupt_on_slow_device(case)
        demand(outcome.code == INTERRUPTED and not outcome.raw, outcome)
        if message_seconds < MAX_MESSAGE_SECONDS:
            break
    demand(message_seconds < MAX_MESSAGE_SECONDS,
           f"no message for {message_seconds} s: {outcome}")
    if "waiting for requests" in first:
        return "reports that it waits for requests; partial"
    demand("interrupted" in first, first)
    return "ended at once; partial"


def no_memory(case):
    large = case.source.parent / "large"
    with open(large, "wb") as file:
        file.truncate(16 * GIB)
    outcome = case.run(large, "-d", "64", block=64 * MIB,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (GIB, GIB)))
    demand_error(outcome, "ENOMEM")
    demand("for buffers" in outcome.stderr or "cannot map" in outcome.stderr, outcome)
    return "error, with a hint"


def no_descriptors(case):
    outcome = case.run(case.source, preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_NOFILE, (4, 4)))
    if outcome.code == GOOD:
        return "needs none"
    demand_error(outcome, "EMFILE", "ulimit -n")
    return "error, with a hint"


SYSTEM_CALLS = {"io_uring": "io_uring_setup", "libaio": "io_setup"}


def no_system_call(case):
    if case.engine not in SYSTEM_CALLS or seccomp.NUMBERS[SYSTEM_CALLS[case.engine]] is None:
        return "does not need it"
    options = {"preexec_fn": seccomp.taken_away(SYSTEM_CALLS[case.engine])}
    outcome = case.run(case.source, **options)
    demand_error(outcome, "EPERM", "disabled", "seccomp")
    listed = cli.finish(cli.start("engines", cwd=case.source.parent, **options))
    row = next(line for line in listed.stdout.splitlines() if line.startswith(case.engine + " "))
    demand(" no " in row and "EPERM" in row, row)
    return "error, with the reason; in `engines` too"


FAULTS = [
    *(Fault(f"EIO at a block, depth {depth}", bad_block(depth), cache)
      for cache in ("asis", "direct") for depth in ("1", "32", "256")),
    Fault("short reads", short_reads),
    Fault("short reads", short_reads, "direct"),
    *(Fault("file shrinks", resized(MIB + 1, "cannot read", "shrank"), cache)
      for cache in ("asis", "direct")),
    *(Fault("file grows", resized(8 * MIB, "changed while"), cache)
      for cache in ("asis", "direct")),
    *(Fault("slow device, Ctrl-C", interrupted_on_slow_device, cache, mostly_waits=True)
      for cache in ("asis", "direct")),
    Fault("no memory for buffers", no_memory, needs_rig=False),
    Fault("too many open files", no_descriptors, needs_rig=False),
    Fault("its system call is forbidden", no_system_call, needs_rig=False),
]


def applies(fault, engine):
    """Whether this fault can occur with this engine in this build."""
    if fault.cache == "direct" and engine == "mmap":
        return False
    # The limits would apply to Wine as well, which does not run with them.
    return fault.needs_rig or not (cli.WINDOWS or cli.SANITIZED)
