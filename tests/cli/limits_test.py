"""Proves that a resource limit ends a run with one error line, and that memory use is bounded.

With too few descriptors, threads or bytes of memory, the line names the resource and a remedy, the
exit code is 3, and a file that needs less still gets its digest. Peak memory, measured by GNU time,
is at most depth x block size plus 30 MiB.
"""
import itertools
import os
import re
import resource
import subprocess

import aiobench_cli as cli
from aiobench_cli import FAILED, GIB, GOOD, KIB, MIB

GNU_TIME = "/usr/bin/time"
ALLOWANCE = 30 * MIB
UNLOADED = 127


def limit(which, value):
    """For preexec_fn: sets a limit as `ulimit` does."""
    return lambda: resource.setrlimit(which, (value, value))


@cli.plain_only
class LimitsTest(cli.ProgramTest):
    def assert_fails(self, limits, *arguments, words):
        outcome = self.run_program("--format", "xxhsum", *arguments, code=FAILED,
                                   preexec_fn=limits)
        self.assert_one_error(outcome, *words)
        return outcome

    def test_open_files(self):
        self.make("file", 4 * MIB)
        self.assert_fails(limit(resource.RLIMIT_NOFILE, 4), "-e", "sync", "file",
                          words=["cannot open 'file'", "EMFILE", "ulimit -n"])
        if "io_uring" in cli.engines():
            self.assert_fails(limit(resource.RLIMIT_NOFILE, 64), "-e", "io_uring", "-t", "256",
                              "-d", "256", "-b", "4k", "file",
                              words=["io_uring", "EMFILE", "ulimit -n"])

    def test_memory_for_buffers(self):
        self.make_sparse("large", 16 * GIB)
        self.make("small", 1000)
        for depth, block in (("64", "64M"), ("1024", "16M")):
            outcome = self.assert_fails(
                limit(resource.RLIMIT_AS, GIB), "-d", depth, "-b", block, "large", "small",
                words=["GiB for buffers", "ENOMEM", "--depth"])
            self.assertEqual(outcome.raw, self.sums("xxh3", "small"))

    def test_addresses_for_a_mapping(self):
        self.make_sparse("large", 16 * GIB)
        self.make("small", 1000)
        outcome = self.assert_fails(
            limit(resource.RLIMIT_AS, 8 * GIB), "-e", "mmap", "large", "small",
            words=["cannot map 'large'", "ENOMEM", "16 GiB", "another engine"])
        self.assertEqual(outcome.raw, self.sums("xxh3", "small"))

    def test_threads(self):
        self.make("file", 64 * MIB)
        for engine in cli.engines():
            with self.subTest(engine=engine):
                self.assert_fails(limit(resource.RLIMIT_AS, 2 * GIB), "-e", engine, "-t", "1024",
                                  "-d", "1024", "-b", "64k", "file",
                                  words=["thread", "--threads"])

    def test_any_one_thread_that_cannot_be_made(self):
        """The last thread keeps the request rate. Each thread takes 8 MiB of address space."""
        self.make("file", 64 * KIB)
        failed = set()
        for mebibytes in range(16, 120, 3):
            outcome = self.run_program("read", "file", "-e", "sync", "-t", "3", "-b", "4k",
                                       "--rate", "1000000", code=None,
                                       preexec_fn=limit(resource.RLIMIT_AS, mebibytes * MIB))
            if outcome.code == FAILED:
                self.assert_one_error(outcome)
                failed.update(re.findall(r"start (\d+) thread", outcome.stderr))
            elif outcome.code == UNLOADED:  # too little for the program itself
                self.assertIn("shared lib", outcome.stderr)
            else:
                self.assertEqual(outcome.code, GOOD, outcome)
        self.assertEqual(failed, {"1", "3"})

    def test_locked_memory(self):
        if "io_uring" not in cli.engines() or os.geteuid() == 0:
            self.skipTest("needs io_uring, and a user whose memory is limited")
        self.make("file", 64 * MIB)
        self.assert_fails(limit(resource.RLIMIT_MEMLOCK, 64 * KIB), "-e",
                          "io_uring:fixed_buffers", "-d", "64", "file",
                          words=["ENOMEM", "ulimit -l"])

    def peak_bytes(self, *arguments):
        report = self.directory / "report"
        line = [GNU_TIME, "-v", "-o", report, *cli.command(*arguments)]
        subprocess.run(line, cwd=self.directory, stdout=subprocess.DEVNULL, check=True)
        for text in report.read_text(encoding="utf-8").split("\n"):
            if "Maximum resident set size" in text:
                return int(text.rsplit(":", 1)[1]) * KIB
        raise AssertionError(f"{GNU_TIME} did not tell the peak")

    def test_peak_memory(self):
        if not os.path.exists(GNU_TIME):
            self.skipTest("GNU time is not installed")
        self.make_sparse("large", 256 * MIB)
        self.make_sparse("small", 64 * MIB)
        threads = itertools.cycle(("1", "2", "16"))
        for number, engine in enumerate(cli.engines()):
            large = [(64, MIB), (32, 4 * MIB), (2, 64 * MIB)]
            small = [(1, 4 * KIB), (8, MIB), (256, 64 * KIB), (4096, 4 * KIB), (4096, 512)]
            for depth, block in [*small, *(large if cli.LONG else [large[number % 3]])]:
                name = "small" if block <= 4 * KIB else "large"  # larger than all buffers
                for count in ("1", "2", "16") if cli.LONG else [next(threads)]:
                    arguments = ["-e", engine, "-d", str(depth), "-b", str(block), "-t", count]
                    peak = self.peak_bytes(*arguments, name)
                    self.assertLessEqual(peak, depth * block + ALLOWANCE, arguments)

    def test_memory_is_not_lost_from_run_to_run(self):
        self.make("file", 8 * MIB)
        peak = self.peak_bytes("-d", "4", "--repeat", "100", "file", "file", "file")
        self.assertLessEqual(peak, 4 * MIB + ALLOWANCE)


if __name__ == "__main__":
    cli.main()
