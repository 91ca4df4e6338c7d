"""What the command-line tests share: the real program, scratch directories, files, and xxhsum.

ctest says in the environment what is to be tested:
  AIOBENCH_PROGRAM   the program
  AIOBENCH_RUNNER    what runs it where this system cannot: the path of scripts/wine, or nothing
  AIOBENCH_BUILD     the build directory, for scratch files
  AIOBENCH_SANITIZE  the sanitizers that the program was built with, or nothing
  AIOBENCH_LONG      1: tests take their long form, as scripts/test all has them do
By hand, with none of them set, the native build is tested: python3 tests/cli/digest_test.py
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
SKIPPED_EXIT = 77  # what ctest counts as skipped

# The exit codes of every command.
GOOD, BAD, UNUSABLE, FAILED, UNCLEAR, INTERRUPTED = 0, 1, 2, 3, 5, 130

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
# --hash by name, and xxhsum's -H for it.
ALGORITHMS = {"xxh32": "0", "xxh64": "1", "xxh128": "2", "xxh3": "3"}

linux_only = unittest.skipIf(WINDOWS, "only on Linux")
# In a chroot whose root is no mount of its own Linux tells no file system for a file.
MOUNTS_TOLD = any(line.split()[1] == "/" for line in Path("/proc/self/mounts").open())
needs_mounts = unittest.skipUnless(MOUNTS_TOLD, "no mount is told here: a bare chroot")
# What is too slow, too large or too dependent on time for a sanitizer or for Wine.
plain_only = unittest.skipIf(WINDOWS or SANITIZED, "only with the native release build")


def part_of(depths, threads, blocks):
    """A part of all combinations, in which each of 8 depths, 3 numbers of threads and 4 sizes of
    blocks is; in the long form, with the native release build, all of them."""
    if LONG:
        step = 11 if WINDOWS else 5 if SANITIZED else 1
    else:
        step = 19 if WINDOWS else 11 if SANITIZED else 7
    return list(itertools.product(depths, threads, blocks))[::step]


def pairs_of(some, others):
    """Each of some with each of the others; in the short form with one of them, each in turn."""
    if LONG:
        return list(itertools.product(some, others))
    return list(zip(some, itertools.cycle(others)))


def random_bytes(size, seed):
    """Bytes that follow from the seed. Of a large file each MiB is another cut of the same bytes,
    as random ones take longer to make than to read."""
    if size <= 2 * MIB:
        return random.Random(f"{seed} {size}").randbytes(size)
    source = random.Random(f"{seed} {size}").randbytes(2 * MIB)
    cuts = (source[at * 7919 % MIB:][:MIB] for at in range(size // MIB + 1))
    return b"".join(cuts)[:size]


class Outcome:
    """What a run left: its exit code, and its output as text (bytes that are not UTF-8 kept)."""

    def __init__(self, code, stdout, stderr, seconds):
        self.code = code
        self.raw = stdout
        self.stdout = stdout.decode("utf-8", "surrogateescape")
        self.errors = stderr
        self.stderr = stderr.decode("utf-8", "surrogateescape")
        self.seconds = seconds

    @property
    def text(self):
        """A text result, each row of it in one line."""
        return re.sub(r"\n {13}(?=\S)", " ", self.stdout)

    @property
    def json(self):
        return json.loads(self.stdout)

    def __repr__(self):
        return f"exit code {self.code}\nstdout: {self.stdout}\nstderr: {self.stderr}"


def command(*arguments):
    return [*([RUNNER] if RUNNER else []), PROGRAM, *map(os.fspath, arguments)]


def start(*arguments, cwd, **options):
    """The program, running; its output goes to pipes."""
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
               **options}
    return subprocess.Popen(command(*arguments), cwd=cwd, **options)


# Seconds after which a program counts as hanging. Far more than any of them takes on a machine that
# is many times too busy: the first start of Wine alone can take minutes there.
HANGS_AFTER = 500


class WineBroke(Exception):
    """Wine itself failed, in its part for Linux, so that this run says nothing about the program.

    Wine's handler of SIGINT makes a thread, and with it takes memory, within the handler. A signal
    that interrupts the start of a program inside malloc() damages the heap of Wine, which is
    glibc's: glibc reports that, and often the process never ends. The program itself has another
    heap, of which glibc knows nothing.
    """


GLIBC_HEAP_DAMAGED = re.compile(
    rb"^(Fatal glibc error: malloc|(malloc|malloc_consolidate|free|realloc|munmap_chunk)\(\): |"
    rb"corrupted |double free)", re.MULTILINE)


def wine_broke(stderr):
    return WINDOWS and GLIBC_HEAP_DAMAGED.search(stderr or b"") is not None


def finish(process, timeout=HANGS_AFTER):
    """Waits for a program from start(). One that hangs is ended, and fails the test."""
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
    """What xxhsum writes to stdout."""
    done = subprocess.run(["xxhsum", *arguments], cwd=cwd, stdin=subprocess.DEVNULL,
                          capture_output=True, check=False)
    if done.returncode != code:
        raise AssertionError(f"xxhsum {arguments}: {done.returncode} {done.stdout} {done.stderr}")
    return done.stdout


@functools.lru_cache
def xxhsum_is_current():
    """Whether the installed xxhsum prints the lines that aiobench prints: since 0.8.3 it marks XXH3
    by a prefix, since 0.8.2 it escapes names. Debian 12 has 0.8.1, Debian 13 has 0.8.3."""
    told = subprocess.run(["xxhsum", "--version"], capture_output=True, check=True).stderr
    found = re.match(rb"xxhsum (\d+)\.(\d+)\.(\d+)", told)
    return tuple(map(int, found.groups())) >= (0, 8, 3)


def checksum_line(algorithm, digest, name, tag=False):
    """The line of xxhsum 0.8.3, as bytes; with `tag` that of --tag."""
    name = os.fsencode(name)
    escaped = name.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    mark = b"" if escaped == name else b"\\"
    if tag:
        return b"%s%s (%s) = %s\n" % (mark, algorithm.upper().encode(), escaped, digest)
    prefix = b"XXH3_" if algorithm == "xxh3" else b""
    return b"%s%s%s  %s\n" % (mark, prefix, digest, escaped)


def digests(algorithm, *names, cwd):
    """The digests of files, as bytes, by whichever xxhsum is installed."""
    lines = xxhsum(f"-H{ALGORITHMS[algorithm]}", "--tag", "--", *names, cwd=cwd)
    found = re.findall(rb"\) = ([0-9a-f]+)$", lines, re.MULTILINE)
    if len(found) != len(names):
        raise AssertionError(f"{len(names)} digests expected: {lines}")
    return found


@functools.lru_cache
def engines():
    """The mechanisms that run here in the program itself and move data. auto stands for one."""
    process = start("engines", "--format", "json", cwd=ROOT)
    system = "Windows" if WINDOWS else "Linux"
    return [row["engine"] for row in finish(process).json["engines"]
            if row["available"] and row["system"] == system
            and row["engine"] not in ("null", "auto")]


def engines_for(cache):
    """Those that can read with the page cache in that state."""
    return [engine for engine in engines() if cache != "direct" or engine != "mmap"]


class ProgramTest(unittest.TestCase):
    """A test with a scratch directory of its own, self.directory, in which the program is run."""

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
        """A file in the scratch directory, with `data`, or with `size` random bytes."""
        path = self.directory / name
        path.write_bytes(random_bytes(size, seed) if data is None else data)
        return path

    def make_sparse(self, name, size):
        path = self.directory / name
        with open(path, "wb") as file:
            file.truncate(size)
        return path

    def printed_sums(self, algorithm, *names, extra=()):
        """What the installed xxhsum prints for these files, in the form of its version."""
        return xxhsum(f"-H{ALGORITHMS[algorithm]}", *extra, "--", *names, cwd=self.directory)

    def sums(self, algorithm, *names, tag=False):
        """What xxhsum 0.8.3 prints for these files: by itself if it is installed."""
        if xxhsum_is_current():
            return self.printed_sums(algorithm, *names, extra=["--tag"] if tag else [])
        return b"".join(checksum_line(algorithm, digest, name, tag) for digest, name
                        in zip(digests(algorithm, *names, cwd=self.directory), names))

    def digest(self, algorithm, name):
        """The digest of one file, as text."""
        found, = digests(algorithm, name, cwd=self.directory)
        return found.decode()

    def digest_past_the_cache(self, name):
        """xxhsum's XXH3 of a large sparse file. That its zeros take no room in the page cache makes
        it, and runs with --cache direct, ten times as fast."""
        with open(self.directory / name, "rb") as file:
            dd = subprocess.Popen(["dd", "iflag=direct", "bs=4M", "status=none"], stdin=file,
                                  stdout=subprocess.PIPE)
            done = subprocess.run(["xxhsum", "-H3"], stdin=dd.stdout, capture_output=True,
                                  check=True)
            dd.stdout.close()
        self.assertEqual(dd.wait(), 0)
        return re.search(rb"[0-9a-f]{16}", done.stdout)[0].decode()

    def assert_valid_result(self, document):
        """As docs/result.schema.json has it."""
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        schema = json.loads((ROOT / "docs/result.schema.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema)
        self.assertEqual([f"{error.json_path}: {error.message}"
                          for error in validator.iter_errors(document)], [])

    def content(self):
        """Everything in the scratch directory: name to bytes."""
        return {path.name: path.read_bytes() for path in self.directory.iterdir() if path.is_file()}

    def assert_one_error(self, outcome, *words):
        """One clear line on stderr, and these words in it."""
        lines = outcome.stderr.split("\n")
        self.assertEqual((len(lines), lines[-1]), (2, ""), f"not one line\n{outcome}")
        self.assertTrue(lines[0].startswith("aiobench: error: "), outcome)
        self.assertGreater(len(lines[0]), len("aiobench: error: ") + 10, outcome)
        self.assertFalse(any(ord(c) < 0x20 for c in lines[0]), outcome)
        for word in words:
            self.assertIn(str(word), lines[0])

    def assert_refused(self, outcome, code, *words):
        """An error, told before anything was done: nothing is on stdout."""
        self.assertEqual(outcome.code, code, outcome)
        self.assertEqual(outcome.stdout, "", outcome)
        self.assert_one_error(outcome, *words)


def main():
    """Runs the tests of the calling file; ends with 77 where none of them could run."""
    result = unittest.main(exit=False).result
    if not result.wasSuccessful():
        sys.exit(1)
    if result.testsRun <= len(result.skipped):
        for test, reason in result.skipped:
            print(f"skipped: {test}: {reason}")
        sys.exit(SKIPPED_EXIT)
    sys.exit(0)
