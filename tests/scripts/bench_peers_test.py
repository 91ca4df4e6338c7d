"""Proves that scripts/bench_peers counts right, lays out right, and fails on a wrong digest."""
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import bench_measure  # noqa: E402
import bench_table  # noqa: E402
from bench_table import Comparison, Limit, Sample, Series  # noqa: E402

# Says what bench_peers asks of aiobench, and as a digest whatever $DIGEST holds.
FAKE_AIOBENCH = """#!/bin/sh
case "$*" in
  --version) echo "aiobench 0.0.0 (fake)" ;;
  *json*) echo '{"host": {"cpu_model": "none", "cpus": 1, "memory_bytes": 1073741824,
    "hash_instructions": "none"}, "runs": [{"target": {"file_system": "none", "device": "none"},
    "warnings": [], "repetitions": [{"wall_seconds": 0.001, "requests": 10000}]}]}' ;;
  *csv*) printf 'digest,wall_seconds\\n%s,0.001\\n' "$DIGEST" ;;
  *) echo "XXH3 (file) = $DIGEST" ;;
esac
"""


def series(name, walls, cpu=1.0, digest="aa"):
    return Series(name, [Sample(wall, cpu, digest) for wall in walls])


class SizesTest(unittest.TestCase):
    def test_parse(self):
        for text, size in [("0", 0), ("512", 512), ("4k", 4096), ("64KiB", 65536), ("1M", 1 << 20),
                           ("2GiB", 2 << 30), ("3gb", 3 << 30)]:
            self.assertEqual(bench_table.parse_size(text), size)
        for text in ("", "k", "1x", "-1", "1.5M", "1 k", "1Kib2"):
            with self.assertRaises(ValueError, msg=text):
                bench_table.parse_size(text)

    def test_format(self):
        for size, text in [(0, "0 B"), (1023, "1023 B"), (4096, "4 KiB"), (1536, "1.5 KiB"),
                           (30 << 20, "30 MiB"), (2 << 30, "2 GiB")]:
            self.assertEqual(bench_table.format_size(size), text)


class ComparisonTest(unittest.TestCase):
    def test_median(self):
        self.assertEqual(bench_table.median([3]), 3)
        self.assertEqual(bench_table.median([9, 1, 2]), 2)
        self.assertEqual(bench_table.median([4, 1, 2, 100]), 3)
        with self.assertRaises(ValueError):
            bench_table.median([])

    def test_ratio_is_that_of_the_medians(self):
        comparison = Comparison(series("a", [1, 2, 50], cpu=3), series("b", [2, 4, 9], cpu=2), 2.0)
        self.assertEqual(comparison.ratio(), 2.0)
        self.assertEqual(comparison.ratio_range(), (0.18, 2.0))
        self.assertEqual(comparison.cpu_ratio(), 1.5)
        self.assertTrue(comparison.met())
        comparison.target = 2.01
        self.assertFalse(comparison.met())
        comparison.target = None
        self.assertIsNone(comparison.met())

    def test_wrong_digests(self):
        peer = series("b", [1, 1], digest="aa")
        self.assertEqual(Comparison(series("a", [1, 1]), peer).wrong_digests(), set())
        ours = series("a", [1], digest="aa")
        ours.samples.append(Sample(1, 1, "bb"))
        self.assertEqual(Comparison(ours, peer).wrong_digests(), {"bb"})
        self.assertEqual(Comparison(series("a", [1], digest=""), peer).wrong_digests(), {""})
        peer.samples.append(Sample(1, 1, "cc"))
        self.assertTrue(Comparison(series("a", [1]), peer).wrong_digests())

    def test_runs_alternate_and_the_first_pair_does_not_count(self):
        order = []

        class Stub:
            def __init__(self, name):
                self.name = name

            def run(self):
                order.append(self.name)
                return Sample(len(order), 1)

        comparison = bench_measure.compare(Stub("A"), Stub("B"), 3, 1.5)
        self.assertEqual("".join(order), "AB" * 4)
        self.assertEqual([sample.wall_seconds for sample in comparison.ours.samples], [3, 5, 7])
        self.assertEqual([sample.wall_seconds for sample in comparison.peer.samples], [4, 6, 8])
        self.assertEqual(comparison.target, 1.5)


class TableTest(unittest.TestCase):
    def test_columns(self):
        rows = [["a", 10, "met"], ["longer", 5, ""]]
        self.assertEqual(bench_table.table(["name", "n", ""], rows),
                         "name     n\na       10  met\nlonger   5")

    def test_comparison(self):
        rows = [Comparison(Series("ours", [Sample(0.5, 1, "aa", 0.25)]),
                           series("theirs", [1.0]), 1.5),
                Comparison(series("slow", [2.0]), series("theirs", [1.0]), 1.5),
                Comparison(series("more", [2.0]), series("theirs", [1.0]))]
        self.assertEqual(
            bench_table.comparison_table(rows),
            "aiobench   median    peer   median  speed        pairs  timed   CPU  target\n"
            "ours      0.500 s  theirs  1.000 s   2.00  2.00 - 2.00   4.00  1.00  >= 1.5     met\n"
            "slow      2.000 s  theirs  1.000 s   0.50  0.50 - 0.50         1.00  >= 1.5  MISSED\n"
            "more      2.000 s  theirs  1.000 s   0.50  0.50 - 0.50         1.00")

    def test_limits(self):
        rows = [Limit("cost", 59.95, 60, "ns"), Limit("memory", 40 << 20, 30 << 20, "B")]
        self.assertEqual(bench_table.limit_table("what", rows),
                         "what      found      target\n"
                         "cost    60.0 ns  <= 60.0 ns     met\n"
                         "memory   40 MiB   <= 30 MiB  MISSED")


class ProgramTest(unittest.TestCase):
    def setUp(self):
        if not all(map(shutil.which, ("xxhsum", bench_measure.GNU_TIME))):
            self.skipTest("xxhsum or GNU time is not installed")
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.aiobench = self.folder / "aiobench"
        self.aiobench.write_text(FAKE_AIOBENCH, encoding="utf-8")
        self.aiobench.chmod(0o755)
        (self.folder / "file").write_bytes(b"some data")

    def run_script(self, *arguments, digest="2e0b6bbdf1b9cc2c"):
        return subprocess.run([ROOT / "scripts/bench_peers", "--aiobench", self.aiobench, "--file",
                               self.folder / "file", "--pairs", "1", *arguments],
                              env={"PATH": "/usr/bin:/bin", "DIGEST": digest}, text=True,
                              capture_output=True, check=False)

    def right_digest(self):
        line = subprocess.run(["xxhsum", "-H3", self.folder / "file"], capture_output=True,
                              check=True, text=True).stdout
        return line.split()[-1]

    def test_a_right_digest_is_good_even_where_targets_are_missed(self):
        done = self.run_script("--json", self.folder / "out", digest=self.right_digest())
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn("100.0 ns  <= 60.0 ns  MISSED", done.stdout)
        document = json.loads((self.folder / "out").read_text(encoding="utf-8"))
        self.assertEqual(document["schema"], "aiobench/bench_peers/1")
        for each in document["comparisons"]:
            self.assertEqual(len(each["ours"]["samples"]), 1)
        self.assertTrue((self.folder / "file").exists(), "the user's own file is gone")

    def test_a_wrong_digest_is_a_failure(self):
        done = self.run_script(digest="0123456789abcdef")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(done.stderr.count("wrong digest: "), 4)

    def test_wrong_arguments(self):
        self.assertEqual(self.run_script("--nonsense").returncode, 2)
        self.assertEqual(self.run_script("--pairs", "0").returncode, 2)
        self.assertEqual(self.run_script("--size", "1x").returncode, 2)

    def test_a_program_that_fails_is_named(self):
        self.aiobench.write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
        done = self.run_script()
        self.assertEqual(done.returncode, 3)
        self.assertIn("ended with 7", done.stderr)


if __name__ == "__main__":
    unittest.main()
