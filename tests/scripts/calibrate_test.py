"""Proves the arithmetic of `dev calibrate`, and that its checks fail for wrong latencies.

Wrong are latencies that are 5 % too long, and those of a recorder that measures from the time a
request is sent."""
import unittest

import script_case  # noqa: F401  (for the path of dev)
from dev import calibrate
from dev.calibrate import Check


class ChecksTest(unittest.TestCase):
    def test_within_three_percent_either_way(self):
        for measured, good in ((100, True), (103, True), (97, True), (103.1, False), (96.9, False),
                               (105, False)):
            self.assertEqual(Check("p50", measured, 100).good, good, measured)

    def test_a_miss_is_seen_in_the_text(self):
        self.assertEqual(Check("p50", 2.1, 2.0).text(), "2.1 / 2 = 1.050  MISSED")
        self.assertEqual(Check("p50", 2.02, 2.0).text(), "2.02 / 2 = 1.010")

    def test_percentile_by_rank(self):
        buckets = [[10, 99], [50, 1]]
        self.assertEqual([calibrate.percentile(buckets, p) for p in (1, 50, 99, 99.5, 100)],
                         [10, 10, 10, 50, 50])
        with self.assertRaises(ValueError):
            calibrate.percentile([], 50)

    def test_littles_law(self):
        self.assertEqual(calibrate.requests_per_second(16, 2.0), 8000)


class StallTest(unittest.TestCase):
    def expected(self, servers):
        return calibrate.latencies_through_a_stall(200, 4, 2.0, servers, 1000, 1000)

    def test_the_queue_behind_a_stall(self):
        latencies = self.expected(16)
        self.assertEqual(len(latencies), 800)
        self.assertEqual(latencies[0], 2.0)
        self.assertEqual(max(latencies), 1002.0)
        # These are the arrivals of the stall's first half second, and a few more, because sixteen
        # servers need some time to catch up.
        self.assertIn(sum(latency > 500 for latency in latencies), range(101, 106))

    def test_one_server_needs_its_time_to_catch_up(self):
        self.assertGreater(sum(latency > 100 for latency in self.expected(1)),
                           sum(latency > 100 for latency in self.expected(16)))

    def test_a_recorder_that_hides_the_queue_fails(self):
        # The sixteen requests in flight waited. The others are measured from their submission.
        hidden = [[2_000_000, 784], [900_000_000, 16]]
        self.assertFalse(any(check.good for check in calibrate.stall_checks(
            hidden, self.expected(16), (250, 500, 750))))

    def test_the_whole_queue_passes(self):
        whole = sorted([int(latency * 1e6), 1] for latency in self.expected(16))
        self.assertTrue(all(check.good for check in calibrate.stall_checks(
            whole, self.expected(16), (250, 500, 750))))


if __name__ == "__main__":
    unittest.main()
