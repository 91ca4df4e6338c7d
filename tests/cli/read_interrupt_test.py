"""Proves that Ctrl-C stops read immediately, at any moment and rate, and keeps completed work.

This also holds if the next request is due in 1000 s, or if the run has only a time limit.
"""
import aiobench_cli as cli
from aiobench_cli import GIB, KIB, MIB
from read_cli import ReadTest
from signalling import signalled


class InterruptTest(ReadTest):
    def interrupted(self, *arguments, **moment):
        outcome = signalled(self, "read", *arguments, **moment)
        self.assert_one_error(outcome, "interrupted")
        return outcome

    def ways(self):
        for engine in [*cli.engines(), "null"]:
            for depth in ("1", "32"):
                yield engine, depth

    def test_in_duration_mode(self):
        self.make("file", 16 * MIB)
        for engine, depth in self.ways():
            for pattern in ("sequential", "random"):
                with self.subTest(engine=engine, depth=depth, pattern=pattern):
                    outcome = self.interrupted("file", "-e", engine, "-d", depth, "-b", "16k",
                                               "--duration", "100h", "--pattern", pattern,
                                               work=0.05)
                    self.assertIn("\nfile  (partial: interrupted)\n", outcome.stdout)
                    self.assertIn("the figures are partial", outcome.stderr)
                    self.assertNotIn("digest", outcome.stdout)

    def test_while_every_request_is_far_away(self):
        self.make("file", 16 * MIB)
        for engine, depth in self.ways():
            for rate in ("1", "0.001"):
                with self.subTest(engine=engine, depth=depth, rate=rate):
                    outcome = self.interrupted("file", "-e", engine, "-d", depth, "-t", "2",
                                               "-b", "16k", "--rate", rate, "--format", "json",
                                               after=0.1)
                    run, = outcome.json["runs"]
                    self.assertTrue(run["partial"] and run["repetitions"][0]["partial"])
                    self.assertLess(run["repetitions"][0]["requests"], 1024)
                    # None of the diagnostics that need a complete run.
                    codes = {warning["code"] for warning in run["warnings"]}
                    self.assertLessEqual(codes, {"wine", "debug_build", "busy_machine"})

    def test_at_a_rate_that_cannot_be_kept(self):
        self.make("file", 16 * MIB)
        for engine, depth in self.ways():
            with self.subTest(engine=engine, depth=depth):
                self.interrupted("file", "-e", engine, "-d", depth, "-b", "16k", "--rate",
                                 "1000000000", "--duration", "100h", work=0.05)

    def test_what_was_done_already_is_whole(self):
        self.make("done", 64 * KIB)
        self.make_sparse("long", 64 * GIB)
        outcome = self.interrupted("done", "long", "-b", "512", "--format", "json", work=0.5)
        done, unfinished = outcome.json["runs"]
        self.assert_work(done["repetitions"][0], 64 * KIB, 128)
        self.assertEqual((done["partial"], done["repetitions"][0]["partial"]), (False, False))
        self.assertEqual((unfinished["partial"], unfinished["repetitions"][0]["partial"]),
                         (True, True))

    @cli.linux_only
    def test_a_file_that_failed_does_not_hide_the_figures_of_the_others(self):
        self.make("file", MIB)
        outcome = signalled(self, "read", "file", "missing", "--duration", "100h", "-b", "4k",
                            work=0.05)
        self.assertIn("cannot open 'missing'", outcome.stderr)
        self.assertIn("the figures are partial", outcome.stderr)
        self.assertIn("\nfile  (partial: interrupted)\n", outcome.stdout)

    def test_in_a_warm_up_and_between_passes(self):
        self.make("file", MIB)
        self.interrupted("file", "--warmup", "1000000", "-b", "4k", work=0.1)
        outcome = self.interrupted("file", "--repeat", "1000000", "-b", "4k", "--format", "json",
                                   work=0.2)
        run, = outcome.json["runs"]
        self.assertTrue(run["partial"])
        for repetition in run["repetitions"][:-1]:
            self.assert_work(repetition, MIB, 256)
            self.assertFalse(repetition["partial"])


if __name__ == "__main__":
    cli.main()
