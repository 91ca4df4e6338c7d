"""Proves on a disk of known speed that latencies are measured correctly: a share of slow reads, the
whole queue behind a stall, a disk that becomes slower.

The disk is the rig tests/rigs/slowfs. A busy machine cannot break the bounds of this test;
`scripts/dev/dev calibrate` measures how exact the figures are.
"""
import sys
import unittest

import aiobench_cli as cli
from aiobench_cli import UNUSABLE
from read_cli import ReadTest

sys.path[:0] = [str(cli.ROOT / "scripts"), str(cli.ROOT / "tests/rigs")]
import slow_file  # noqa: E402
from dev import calibrate  # noqa: E402
from slow_file import SlowFile  # noqa: E402

NO_RIG = slow_file.why_unavailable()
# The file has zeros. It is so large that hardly any block is read twice, because Wine reads through
# the cache.
FILE_BYTES = 256 << 30
ENGINES = [engine for engine in cli.engines() if engine != "mmap"]


@unittest.skipIf(NO_RIG, NO_RIG)
class SlowDiskTest(ReadTest):
    def read_slowly(self, options, *arguments):
        """Returns (run, repetition) of random reads that bypass the cache of such a disk."""
        empty = self.make("source", data=b"")
        with SlowFile(empty, "--resize", f"0:{FILE_BYTES}", *options) as path:
            return self.read_one("-b", "4k", "--pattern", "random", "--cache", "direct",
                                 *arguments, path)

    def test_a_share_of_slow_reads(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                _, found = self.read_slowly(
                    ["--latency", 1, "--slow-share", 0.02, "--slow", 40],
                    "-e", engine, "-d", "1", "-t", "1", "--bytes", "1200k")
                buckets = found["latency_ns"]["buckets"]
                self.assertEqual(found["requests"], 300)
                self.assertGreaterEqual(found["latency_ns"]["min"], 1e6)
                self.assertGreaterEqual(calibrate.count_above(buckets, 39e6), 6)
                self.assertGreaterEqual(calibrate.percentile(buckets, 99), 39e6)
                self.assertLess(calibrate.percentile(buckets, 50), 39e6)

    def test_the_whole_queue_behind_a_stall(self):
        for engine in ENGINES:
            with self.subTest(engine=engine):
                _, found = self.read_slowly(
                    ["--stall", "400:500"], "-e", engine, "-d", "4", "-t", "2",
                    "--rate", "200", "--bytes", "1200k")
                # 300 requests in 1.5 s. Those due in the first 0.4 s of the stall wait for the rest
                # of it, in flight or not; only four of them were in flight.
                waited = calibrate.count_above(found["latency_ns"]["buckets"], 90e6)
                self.assertGreaterEqual(waited, 75)

    def test_a_disk_that_becomes_slower(self):
        # Much slower, so that what a busy machine adds to each read does not hide it.
        reads = 1500
        run, found = self.read_slowly(
            ["--latency", 1, "--slow-from", reads, "--slow", 40],
            "-e", "sync", "-d", "1", "-t", "1", "--bytes", f"{(reads + 100) * 4}k")
        codes = {warning["code"] for warning in run["warnings"]}
        intervals = found["intervals"]
        self.assertEqual(sum(interval["requests"] for interval in intervals), found["requests"])
        self.assertEqual(sum(interval["bytes"] for interval in intervals), found["bytes"])
        self.assertIn("drift", codes)
        self.assertGreaterEqual(intervals[-1]["latency_p50_ns"], 40e6)
        self.assertGreater(intervals[-1]["latency_p50_ns"], intervals[1]["latency_p50_ns"])

    def test_intervals_have_the_requested_length(self):
        run, found = self.read_slowly(["--latency", 5], "-e", "sync", "-d", "1", "-t", "1",
                                      "--bytes", "400k", "--interval", "50ms")
        self.assertEqual(run["config"]["interval_seconds"], 0.05)
        self.assertGreater(len(found["intervals"]), 5)
        for interval in found["intervals"]:
            place = interval["start_seconds"] / 0.05
            self.assertAlmostEqual(place, round(place), delta=0.01)
            self.assertLessEqual(interval["seconds"], 0.0501)
            self.assertGreater(interval["requests"], 0)


class IntervalOptionTest(cli.ProgramTest):
    def test_text_has_a_line_per_interval_on_request(self):
        self.make("file", 1000)
        for job in ("hash", "read"):
            self.assertNotIn("over time", self.run_program(job, "file").stdout)
            text = self.run_program(job, "file", "--interval", "1s").stdout
            self.assertRegex(text, r"\n  over time +from .*\n +0\.00 s +[\d.]+ #{10} ")

    def test_what_is_no_interval_is_refused(self):
        self.make("file", 1000)
        for text in ("0", "1ms", "2h", "often", "-1s", ""):
            outcome = self.run_program("file", f"--interval={text}", code=None)
            self.assert_refused(outcome, UNUSABLE, "--interval")


if __name__ == "__main__":
    cli.main()
