"""Proves the arithmetic of comparisons, and the format of sizes and tables."""
import unittest

import script_case  # noqa: F401  (for the path of dev)
from dev import comparison, figures
from dev.comparison import (
    BYTES, REQUESTS, Comparison, Limit, Sample, Series, Skipped, Target)

GIGA = 10 ** 9


def series(name, walls, cpu=1.0, digest="aa"):
    return Series(name, samples=[Sample(wall, cpu, bytes=GIGA, digest=digest) for wall in walls])


def timed(name, rates, cpu=1.0, setup=0.0):
    """Runs of one second. `rates` has the number of requests of each."""
    return Series(name, setup_cpu_seconds=setup,
                  samples=[Sample(9, cpu, 1.0, requests=rate) for rate in rates])


class SizesTest(unittest.TestCase):
    def test_parse(self):
        for text, size in [("0", 0), ("512", 512), ("4k", 4096), ("64KiB", 65536), ("1M", 1 << 20),
                           ("2GiB", 2 << 30), ("3gb", 3 << 30)]:
            self.assertEqual(figures.parse_size(text), size)
        for text in ("", "k", "1x", "-1", "1.5M", "1 k", "1Kib2"):
            with self.assertRaises(ValueError, msg=text):
                figures.parse_size(text)

    def test_format(self):
        for size, text in [(0, "0 B"), (1023, "1023 B"), (4096, "4 KiB"), (1536, "1.5 KiB"),
                           (30 << 20, "30 MiB"), (2 << 30, "2 GiB")]:
            self.assertEqual(figures.format_size(size), text)

    def test_three_digits(self):
        self.assertEqual([figures.three_digits(value) for value in (0.5, 12.34, 1234.5)],
                         ["0.50", "12.3", "1234"])


class ComparisonTest(unittest.TestCase):
    def test_median(self):
        self.assertEqual(series("a", [3]).wall(), 3)
        self.assertEqual(series("a", [9, 1, 2]).wall(), 2)
        self.assertEqual(series("a", [4, 1, 2, 100]).wall(), 3)
        with self.assertRaises(ValueError):
            series("a", []).wall()

    def test_ratio_is_that_of_the_medians(self):
        each = Comparison("a.b.c", BYTES, series("a", [1, 2, 50], cpu=3),
                          series("b", [2, 4, 25], cpu=2), Target(2.0))
        self.assertEqual(each.ratio(), 2.0)
        self.assertEqual(each.ratio_range(), (0.5, 2.0))
        self.assertEqual(each.cpu_ratio(), 1.5)
        self.assertEqual(each.verdict(), "met")
        each.target = None
        self.assertEqual((each.verdict(), each.cpu_verdict()), ("", ""))

    def test_the_target_is_of_what_is_timed_and_the_whole_is_beside_it(self):
        each = Comparison("a.b.c", BYTES, Series("a", samples=[Sample(0.5, 1, 0.25, GIGA)]),
                          series("b", [1]))
        self.assertEqual((each.ratio(), each.whole_ratio()), (4, 2))

    def test_requests(self):
        each = Comparison("a.b.c", REQUESTS, timed("a", [300], cpu=1.6, setup=0.1),
                          timed("b", [200], cpu=4.5, setup=0.5),
                          cpu_target=Target(0.25, None, True))
        self.assertEqual((each.ratio(), each.whole_ratio()), (1.5, None))
        self.assertAlmostEqual(each.cpu_ratio(), 0.25)
        each.compares_cpu = False
        self.assertIsNone(each.cpu_ratio())
        self.assertEqual(each.cpu_verdict(), "")

    def test_targets(self):
        target = Target(1.6, 2.2)
        self.assertEqual([target.verdict(value) for value in (1.59, 1.6, 2.19, 2.2)],
                         ["MISSED", "met", "met", "reached"])
        target = Target(0.55, 0.45, at_most=True)
        self.assertEqual([target.verdict(value) for value in (0.56, 0.55, 0.46, 0.45)],
                         ["MISSED", "met", "met", "reached"])

    def test_wrong_digests(self):
        each = Comparison("a.b.c", BYTES, series("a", [1, 1]), series("b", [1], digest=None))
        self.assertEqual(each.wrong_digests(), set())
        each.right_digest = "aa"
        self.assertEqual(each.wrong_digests(), set())
        each.ours.samples.append(Sample(1, 1, digest=""))
        each.peer.samples.append(Sample(1, 1, digest="bb"))
        self.assertEqual(each.wrong_digests(), {"", "bb"})


class TableTest(unittest.TestCase):
    def test_columns(self):
        rows = [["a", 10, "", "met"], ["longer", 5, "", ""], ["skipped one", "a remark"]]
        self.assertEqual(figures.table(["name", "n", "empty", "verdict"], rows),
                         "name          n  verdict\n"
                         "a            10      met\n"
                         "longer        5\n"
                         "skipped one  a remark")
        self.assertEqual(figures.table(["name", "n"], []), "")

    def test_comparison(self):
        fast = Series("a", samples=[Sample(0.5, 1, 0.25, GIGA, warnings="cache_not_warm")])
        rows = [Comparison("a.b.fast", BYTES, fast, series("b", [1.0]), Target(1.5, 3)),
                Comparison("a.b.slow", BYTES, series("a", [2.0]), series("b", [1.0]), Target(1.5)),
                Comparison("a.b.more", BYTES, series("a", [2.0]), series("b", [1.0])),
                Skipped("a.b.none", "no loop disk: not root")]
        self.assertEqual(
            comparison.comparison_table(rows),
            "row   ours  peer  ratio      pairs  whole   CPU  at least  reach for  verdict\n"
            "fast  4.00  1.00   4.00  4.00-4.00   2.00  1.00      1.50       3.00  reached\n"
            "      warning: cache_not_warm\n"
            "slow  0.50  1.00   0.50  0.50-0.50   0.50  1.00      1.50              MISSED\n"
            "more  0.50  1.00   0.50  0.50-0.50   0.50  1.00\n"
            "none  skipped: no loop disk: not root")
        self.assertEqual(comparison.count_verdicts(rows, [Limit("cost", 1, 2, "ns")]),
                         "1 targets reached, 1 met, 1 missed; 1 rows skipped")

    def test_processor_time_has_a_row_where_it_has_a_target(self):
        row = Comparison("a.b.d8", REQUESTS, timed("a", [1600000], cpu=0.8),
                         timed("b", [1000000], cpu=1.0), Target(1.6), Target(0.55, 0.45, True))
        self.assertEqual(
            comparison.comparison_table([row]),
            "row          ours     peer  ratio      pairs   CPU  at least  reach for  verdict\n"
            "d8           1600     1000   1.60  1.60-1.60  0.50      1.60                 met\n"
            "  its CPU  500 ns  1000 ns   0.50                    <= 0.55    <= 0.45      met")

    def test_limits(self):
        rows = [Limit("cost", 59.95, 60, "ns"), Limit("memory", 40 << 20, 30 << 20, "B")]
        self.assertEqual(comparison.limit_table("what", rows),
                         "what      found      target  verdict\n"
                         "cost    60.0 ns  <= 60.0 ns      met\n"
                         "memory   40 MiB   <= 30 MiB   MISSED")


if __name__ == "__main__":
    unittest.main()
