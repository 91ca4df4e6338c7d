"""Proves that Ctrl-C stops a run immediately, at any moment and depth, and keeps completed work.

On SIGINT and SIGTERM the program ends within a second, reports it in one line, prints figures
marked as partial, leaves no incomplete file, and exits with 130. A second signal ends it at once.
"""
import contextlib
import csv
import os
import re
import shutil
import signal
import time
import unittest

import aiobench_cli as cli
from aiobench_cli import GIB, GOOD, INTERRUPTED, MIB
from signalling import FOREVER, PART, signalled

DEPTHS = ["1", "32", "1024"]


class InterruptTest(cli.ProgramTest):
    def long_to_create(self):
        """A file size that takes longer to write than the test waits, but fits on this disk."""
        size = min(shutil.disk_usage(self.directory).free // 2, 64 * GIB)
        if size < 6 * GIB:
            self.skipTest("too little space on this disk for a file that takes long to make")
        return str(size)

    def assert_interrupted(self, outcome):
        self.assertEqual(outcome.code, INTERRUPTED, outcome)
        # A shared disk may take seconds to complete requests. The program then prints a warning.
        outcome.stderr = re.sub("^aiobench: warning: waiting for requests .*\n", "", outcome.stderr)
        self.assert_one_error(outcome, "interrupted")

    def test_every_engine_and_depth(self):
        self.make("file", 64 * MIB)
        for engine in [*cli.engines(), "null"]:
            for depth in DEPTHS:
                with self.subTest(engine=engine, depth=depth):
                    outcome = signalled(self, "file", "-e", engine, "-d", depth, "-b", "16k",
                                        *FOREVER, work=0.05)
                    self.assert_interrupted(outcome)
                    self.assertIn("partial", outcome.stdout)

    def test_every_cache_state(self):
        self.make("file", 64 * MIB)
        for cache in ("warm", "cold", "direct"):
            for depth in DEPTHS:
                with self.subTest(cache=cache, depth=depth):
                    outcome = signalled(self, "file", "-d", depth, "--cache", cache, *FOREVER,
                                        work=0.05)
                    self.assert_interrupted(outcome)

    # g++ 12's thread sanitizer loses a signal that arrives in a thread's first blocking call,
    # because its SigCtx() creates the list of pending signals twice. A program of ten lines loses
    # one in 600.
    @unittest.skipIf(cli.THREAD_SANITIZED, "the sanitizer loses signals that come early")
    def test_moments(self):
        """Signals from the program's first moment on, including every part of its start."""
        self.make("file", 16 * MIB)
        for step in range(20):
            for number in (signal.SIGINT, signal.SIGTERM)[:1 if cli.WINDOWS else 2]:
                with self.subTest(step=step, number=number):
                    outcome = signalled(self, "file", *FOREVER, until="watching",
                                        after=step * 0.002, number=number)
                    self.assert_interrupted(outcome)

    @unittest.skipUnless(cli.WINDOWS, "only in the Windows build, under Wine")
    def test_moments_while_wine_starts(self):
        """The signal is blocked while Wine starts, as the Linux program blocks it, so that it never
        ends Wine's loader."""
        self.make("file", 16 * MIB)
        for step in range(20):
            with self.subTest(step=step):
                outcome = self.signalled_while_wine_starts(step * 0.02)
                self.assertEqual(outcome.code, INTERRUPTED, outcome)
                self.assert_one_error(outcome, "interrupted")

    def signalled_while_wine_starts(self, after):
        for _ in range(4):
            process = cli.start("file", *FOREVER, cwd=self.directory, preexec_fn=lambda: (
                signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])))
            time.sleep(after)
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(cli.WineBroke):
                return cli.finish(process)
        return self.fail("Wine broke each time")

    def test_without_a_run(self):
        """Commands that measure nothing also end at any moment and leave nothing."""
        self.make("file", 1000)
        os.makedirs(self.directory / "results")
        self.run_program("file", "--json", "results/0.json")
        for number in range(1, 3000):  # more than can be read before the signal
            os.link(self.directory / "results/0.json", self.directory / f"results/{number}.json")
        for command in (["compare", "results", "results", "--json", "out"],
                        ["report", "results", "-o", "out"]):
            for number in (signal.SIGINT, signal.SIGTERM)[:1 if cli.WINDOWS else 2]:
                for step in range(5):
                    with self.subTest(command=command, number=number, step=step):
                        outcome = signalled(self, *command, until="watching", after=step * 0.01,
                                            number=number)
                        self.assert_interrupted(outcome)
                        self.assertEqual(outcome.stdout, "")
                        self.assertEqual(set(os.listdir(self.directory)), {"file", "results"})

    @cli.linux_only
    def test_sigterm_does_the_same(self):
        self.make("file", 16 * MIB)
        outcome = signalled(self, "file", *FOREVER, number=signal.SIGTERM, work=0.05)
        self.assert_interrupted(outcome)
        self.assertIn("partial", outcome.stdout)

    def test_first_pass_is_partial(self):
        self.make_sparse("file", 16 * GIB)
        outcome = signalled(self, "file", "-b", "512", work=0.2)
        self.assert_interrupted(outcome)
        self.assertIn("file  (partial: interrupted, no digest)", outcome.stdout)
        self.assertIn("GiB/s", outcome.stdout)

    def test_json_keeps_every_repetition(self):
        self.make("file", 16 * MIB)
        outcome = signalled(self, "file", "other", "--format", "json", *FOREVER, work=0.5)
        self.assert_interrupted(outcome)
        runs = outcome.json["runs"]
        self.assertEqual(len(runs), 1, "a file was begun after the signal")
        self.assertTrue(runs[0]["partial"])
        repetitions = runs[0]["repetitions"]
        self.assertGreater(len(repetitions), 1)
        for repetition in repetitions[:-1]:
            self.assertFalse(repetition["partial"])
            self.assertEqual(repetition["bytes"], 16 * MIB)
        if repetitions[-1]["partial"]:
            self.assertIsNone(repetitions[-1]["digest"])
            self.assertLess(repetitions[-1]["bytes"], 16 * MIB)

    def test_csv_and_result_files_are_written(self):
        self.make_sparse("file", 16 * GIB)
        outcome = signalled(self, "file", "-b", "512", "--format", "csv", "--json", "out.json",
                            "--csv", "out.csv", work=0.2)
        self.assert_interrupted(outcome)
        self.assertEqual((self.directory / "out.csv").read_bytes(), outcome.raw)
        rows = list(csv.DictReader(outcome.stdout.splitlines()))
        self.assertEqual([(row["partial"], row["digest"]) for row in rows], [("1", "")])
        self.assertIn(b'"partial": true', (self.directory / "out.json").read_bytes())

    def test_xxhsum_prints_no_digest_of_a_part(self):
        self.make_sparse("file", 16 * GIB)
        outcome = signalled(self, "file", "-b", "512", "--format", "xxhsum", work=0.2)
        self.assert_interrupted(outcome)
        self.assertEqual(outcome.stdout, "")

    def test_warm_up(self):
        self.make("file", 16 * MIB)
        outcome = signalled(self, "file", "--warmup", "1000000", work=0.1)
        self.assert_interrupted(outcome)

    @cli.plain_only
    def test_while_the_cache_is_warmed(self):
        self.make_sparse("file", 12 * GIB)
        outcome = signalled(self, "file", "--cache", "warm", work=0.1)
        self.assert_interrupted(outcome)

    @cli.plain_only
    def test_while_the_buffers_are_made(self):
        self.make_sparse("file", 3 * GIB)
        outcome = signalled(self, "file", "-d", "4096", "-b", "768k", work=0.05)
        self.assert_interrupted(outcome)

    @cli.plain_only
    def test_greatest_depth(self):
        self.make_sparse("file", 512 * MIB)
        for engine in cli.engines():
            with self.subTest(engine=engine):
                outcome = signalled(self, "file", "-e", engine, "-d", "4096", "-b", "128k", "-t",
                                    "16", *FOREVER, work=0.5)
                self.assert_interrupted(outcome)

    def test_check(self):
        self.make("file", 16 * MIB)
        sums = self.sums("xxh32", "file") * 100000
        (self.directory / "SUMS").write_bytes(sums)
        outcome = signalled(self, "--check", "SUMS", "-q", name="file")
        self.assertEqual(outcome.code, INTERRUPTED, outcome)
        self.assertIn("interrupted", outcome.stderr)
        self.assertNotIn("FAILED", outcome.stdout)

    @cli.linux_only
    def test_signals_at_once_count_as_one(self):
        """timeout(1) signals the program and then its group; this does not count as a second
        Ctrl-C."""
        self.make("file", 16 * MIB)
        for step in range(10):
            outcome = signalled(self, "file", *FOREVER, work=0.05, after=step * 0.003, times=3,
                                gap=0)
            self.assert_interrupted(outcome)
            self.assertIn("partial", outcome.stdout)

    @cli.linux_only
    def test_second_signal_ends_at_once(self):
        self.make("file", 16 * MIB)
        for step in range(10):
            outcome = signalled(self, "file", *FOREVER, after=step * 0.003, times=2, gap=0.2)
            self.assertEqual(outcome.code, INTERRUPTED, outcome)

    def test_create_leaves_no_file(self):
        outcome = signalled(self, "create", "new.bin", "--size", self.long_to_create(),
                            name="new.bin" + PART, work=0.1)
        self.assert_interrupted(outcome)
        self.assertEqual(outcome.stdout, "")
        self.assertEqual(os.listdir(self.directory), [])

    def test_create_does_not_take_the_old_file_away(self):
        self.make("old.bin", 1000)
        before = self.content()
        outcome = signalled(self, "create", "old.bin", "--size", self.long_to_create(), "--force",
                            name="old.bin" + PART, work=0.1)
        self.assert_interrupted(outcome)
        self.assertEqual(self.content(), before)

    def test_a_run_that_was_whole_is_good(self):
        self.make("file", MIB)
        process = cli.start("file", "--format", "xxhsum", cwd=self.directory)
        process.wait(60)
        outcome = cli.finish(process)
        self.assertEqual(outcome.code, GOOD)
        self.assertEqual(outcome.raw, self.sums("xxh3", "file"))


if __name__ == "__main__":
    cli.main()
