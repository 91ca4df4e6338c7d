"""Shared by the command-line tests: the program, scratch directories, files, and xxhsum.

Environment variables, set by ctest:
  AIOBENCH_PROGRAM   the program under test
  AIOBENCH_RUNNER    runs the program if this system cannot: the path of scripts/wine, or empty
  AIOBENCH_BUILD     the build directory, for scratch files
  AIOBENCH_SANITIZE  the sanitizers that the program was built with, or empty
  AIOBENCH_LONG      1: tests run in their long form, as in scripts/test all
Without them the native build is tested: python3 tests/cli/digest_test.py
"""
import functools
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("AIOBENCH_PROGRAM") or str(ROOT / "build/native/aiobench")
RUNNER = os.environ.get("AIOBENCH_RUNNER", "")
BUILD = Path(os.environ.get("AIOBENCH_BUILD") or Path(PROGRAM).parent)
SANITIZED = bool(os.environ.get("AIOBENCH_SANITIZE"))
THREAD_SANITIZED = os.environ.get("AIOBENCH_SANITIZE") == "thread"
WINDOWS = PROGRAM.endswith(".exe")
LONG = os.environ.get("AIOBENCH_LONG") == "1"
SKIPPED_EXIT = 77  # ctest counts this exit code as skipped

# The exit codes of every command.
GOOD, BAD, UNUSABLE, FAILED, UNCLEAR, INTERRUPTED = 0, 1, 2, 3, 5, 130

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
# Names of --hash, and the corresponding value of xxhsum's -H.
ALGORITHMS = {"xxh32": "0", "xxh64": "1", "xxh128": "2", "xxh3": "3"}

linux_only = unittest.skipIf(WINDOWS, "only on Linux")
# In a chroot whose root is not a mount point, Linux reports no file system for a file.
MOUNTS_REPORTED = any(line.split()[1] == "/" for line in Path("/proc/self/mounts").open())
needs_mounts = unittest.skipUnless(MOUNTS_REPORTED, "/ is not a mount point here (a bare chroot)")
# For tests that are too slow, too large or too time-dependent for a sanitizer or Wine.
plain_only = unittest.skipIf(WINDOWS or SANITIZED, "only with the native release build")


# A start under Wine takes several times as long, so the short form makes fewer of them there.
BRIEF = WINDOWS and not LONG


def part_of(depths, threads, blocks, first=0):
    """A part of all combinations of 8 depths, 3 thread counts and 4 block sizes, from the one with
    index `first`: callers that count `first` up for each engine try more of them in all. run_test
    tries all combinations, in one process."""
    if LONG:
        step = 11 if WINDOWS else 5
    else:
        step = 29 if WINDOWS else 11 if SANITIZED else 7
    return list(itertools.product(depths, threads, blocks))[first % step::step]


def some_of(values, index):
    """All values. In the short form under Wine, one of them, chosen by `index` in turn."""
    return [values[index % len(values)]] if BRIEF else values


def pairs_of(some, others):
    """All pairs of two lists. In the short form, each item of the first list with one item of the
    second, in turn."""
    if LONG:
        return list(itertools.product(some, others))
    return list(zip(some, itertools.cycle(others)))


def random_bytes(size, seed):
    """Pseudo-random bytes for a seed. Each MiB of a large file is a different slice of the same
    bytes, because generating random bytes takes longer than reading them."""
    if size <= 2 * MIB:
        return random.Random(f"{seed} {size}").randbytes(size)
    source = random.Random(f"{seed} {size}").randbytes(2 * MIB)
    cuts = (source[at * 7919 % MIB:][:MIB] for at in range(size // MIB + 1))
    return b"".join(cuts)[:size]


class Outcome:
    """The result of a run: exit code, and output as text (bytes that are not UTF-8 are kept)."""

    def __init__(self, code, stdout, stderr, seconds):
        self.code = code
        self.raw = stdout
        self.stdout = stdout.decode("utf-8", "surrogateescape")
        self.errors = stderr
        self.stderr = stderr.decode("utf-8", "surrogateescape")
        self.seconds = seconds

    @property
    def text(self):
        """A text result with each wrapped row joined into one line."""
        return re.sub(r"\n {13}(?=\S)", " ", self.stdout)

    @property
    def json(self):
        return json.loads(self.stdout)

    def __repr__(self):
        return f"exit code {self.code}\nstdout: {self.stdout}\nstderr: {self.stderr}"


def command(*arguments):
    return [*([RUNNER] if RUNNER else []), PROGRAM, *map(os.fspath, arguments)]


def start(*arguments, cwd, **options):
    """Starts the program with its output connected to pipes."""
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
               **options}
    return subprocess.Popen(command(*arguments), cwd=cwd, **options)


# Seconds after which a program counts as hanging. Far more than any test needs, even on an
# overloaded machine, where the first start of Wine alone can take minutes.
HANGS_AFTER = 500


class WineBroke(Exception):
    """Wine itself failed, in its Linux part, so the run proves nothing about the program.

    Wine's SIGINT handler creates a thread, and so allocates memory, inside the handler. If the
    signal interrupts malloc() during the start of a program, it corrupts Wine's heap, which is
    glibc's: glibc reports that, and often the process never ends. The program has a separate heap,
    which glibc does not manage."""


GLIBC_HEAP_DAMAGED = re.compile(
    rb"^(Fatal glibc error: malloc|(malloc|malloc_consolidate|free|realloc|munmap_chunk)\(\): |"
    rb"corrupted |double free)", re.MULTILINE)


def wine_broke(stderr):
    return WINDOWS and GLIBC_HEAP_DAMAGED.search(stderr or b"") is not None


def finish(process, timeout=HANGS_AFTER):
    """Waits for a program from start(). A program that hangs is killed, and the test fails."""
    began = time.monotonic()
    while True:
        try:
            stdout, stderr = process.communicate(timeout=10)
            break
        except subprocess.TimeoutExpired as expired:
            broke = wine_broke(expired.stderr)
            if not broke and time.monotonic() - began < timeout:
                continue
            process.kill()
            stdout, stderr = process.communicate()
            if broke:
                raise WineBroke() from None
            outcome = Outcome(None, stdout or b"", stderr or b"", timeout)
            raise AssertionError(f"no end after {timeout} s: {process.args}\n{outcome}") from None
    if process.returncode != INTERRUPTED and wine_broke(stderr):
        raise WineBroke()
    return Outcome(process.returncode, stdout or b"", stderr or b"", time.monotonic() - began)


def xxhsum(*arguments, cwd, code=0):
    """The standard output of xxhsum."""
    done = subprocess.run(["xxhsum", *arguments], cwd=cwd, stdin=subprocess.DEVNULL,
                          capture_output=True, check=False)
    if done.returncode != code:
        raise AssertionError(f"xxhsum {arguments}: {done.returncode} {done.stdout} {done.stderr}")
    return done.stdout


@functools.lru_cache
def xxhsum_is_current():
    """Whether the installed xxhsum prints the same lines as aiobench: since 0.8.3 it adds a prefix
    for XXH3, since 0.8.2 it escapes names. Debian 12 has 0.8.1, Debian 13 has 0.8.3."""
    told = subprocess.run(["xxhsum", "--version"], capture_output=True, check=True).stderr
    found = re.match(rb"xxhsum (\d+)\.(\d+)\.(\d+)", told)
    return tuple(map(int, found.groups())) >= (0, 8, 3)


def checksum_line(algorithm, digest, name, tag=False):
    """The line of xxhsum 0.8.3, as bytes; `tag`: the line of xxhsum --tag."""
    name = os.fsencode(name)
    escaped = name.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    mark = b"" if escaped == name else b"\\"
    if tag:
        return b"%s%s (%s) = %s\n" % (mark, algorithm.upper().encode(), escaped, digest)
    prefix = b"XXH3_" if algorithm == "xxh3" else b""
    return b"%s%s%s  %s\n" % (mark, prefix, digest, escaped)


def digests(algorithm, *names, cwd):
    """The digests of files, as bytes, computed by the installed xxhsum."""
    lines = xxhsum(f"-H{ALGORITHMS[algorithm]}", "--tag", "--", *names, cwd=cwd)
    found = re.findall(rb"\) = ([0-9a-f]+)$", lines, re.MULTILINE)
    if len(found) != len(names):
        raise AssertionError(f"{len(names)} digests expected: {lines}")
    return found


@functools.lru_cache
def engines():
    """The engines available in the program itself that transfer data, without auto."""
    process = start("engines", "--format", "json", cwd=ROOT)
    system = "Windows" if WINDOWS else "Linux"
    return [row["engine"] for row in finish(process).json["engines"]
            if row["available"] and row["system"] == system
            and row["engine"] not in ("null", "auto")]


def engines_for(cache):
    """The engines that support this page cache state."""
    return [engine for engine in engines() if cache != "direct" or engine != "mmap"]


class ProgramTest(unittest.TestCase):
    """A test that runs the program in a scratch directory of its own, self.directory."""

    def setUp(self):
        scratch = BUILD / "cli-scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        self.directory = Path(tempfile.mkdtemp(prefix=self.id().split(".")[-1] + "-", dir=scratch))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def run_program(self, *arguments, code=GOOD, timeout=HANGS_AFTER, **options):
        process = start(*arguments, **{"cwd": self.directory, **options})
        outcome = finish(process, timeout)
        if code is not None:
            self.assertEqual(outcome.code, code, f"{arguments}\n{outcome}")
        return outcome

    def make(self, name, size=0, data=None, seed=1):
        """Creates a file in the scratch directory with `data`, or with `size` random bytes."""
        path = self.directory / name
        path.write_bytes(random_bytes(size, seed) if data is None else data)
        return path

    def make_sparse(self, name, size):
        path = self.directory / name
        with open(path, "wb") as file:
            file.truncate(size)
        return path

    def printed_sums(self, algorithm, *names, extra=()):
        """The output of the installed xxhsum for these files, in the form of its version."""
        return xxhsum(f"-H{ALGORITHMS[algorithm]}", *extra, "--", *names, cwd=self.directory)

    def sums(self, algorithm, *names, tag=False):
        """The output of xxhsum 0.8.3 for these files; by xxhsum itself if that version is
        installed."""
        if xxhsum_is_current():
            return self.printed_sums(algorithm, *names, extra=["--tag"] if tag else [])
        return b"".join(checksum_line(algorithm, digest, name, tag) for digest, name
                        in zip(digests(algorithm, *names, cwd=self.directory), names))

    def digest(self, algorithm, name):
        """The digest of one file, as text."""
        found, = digests(algorithm, name, cwd=self.directory)
        return found.decode()

    def digest_past_the_cache(self, name):
        """xxhsum's XXH3 of a large sparse file. Its zeros need no page cache, so this and runs with
        --cache direct are ten times as fast."""
        with open(self.directory / name, "rb") as file:
            dd = subprocess.Popen(["dd", "iflag=direct", "bs=4M", "status=none"], stdin=file,
                                  stdout=subprocess.PIPE)
            done = subprocess.run(["xxhsum", "-H3"], stdin=dd.stdout, capture_output=True,
                                  check=True)
            dd.stdout.close()
        self.assertEqual(dd.wait(), 0)
        return re.search(rb"[0-9a-f]{16}", done.stdout)[0].decode()

    def assert_valid_result(self, document):
        """Validates against docs/result.schema.json."""
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        schema = json.loads((ROOT / "docs/result.schema.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema)
        self.assertEqual([f"{error.json_path}: {error.message}"
                          for error in validator.iter_errors(document)], [])

    def content(self):
        """The content of the scratch directory by file name."""
        return {path.name: path.read_bytes() for path in self.directory.iterdir() if path.is_file()}

    def assert_one_error(self, outcome, *words):
        """Asserts one error line on stderr that contains these words."""
        lines = outcome.stderr.split("\n")
        self.assertEqual((len(lines), lines[-1]), (2, ""), f"not one line\n{outcome}")
        self.assertTrue(lines[0].startswith("aiobench: error: "), outcome)
        self.assertGreater(len(lines[0]), len("aiobench: error: ") + 10, outcome)
        self.assertFalse(any(ord(c) < 0x20 for c in lines[0]), outcome)
        for word in words:
            self.assertIn(str(word), lines[0])

    def assert_refused(self, outcome, code, *words):
        """Asserts an error before any work: one line on stderr and an empty stdout."""
        self.assertEqual(outcome.code, code, outcome)
        self.assertEqual(outcome.stdout, "", outcome)
        self.assert_one_error(outcome, *words)


def main():
    """Runs the tests of the calling file. Exits with 77 if none of them could run."""
    result = unittest.main(exit=False).result
    if not result.wasSuccessful():
        sys.exit(1)
    if result.testsRun <= len(result.skipped):
        for test, reason in result.skipped:
            print(f"skipped: {test}: {reason}")
        sys.exit(SKIPPED_EXIT)
    sys.exit(0)
