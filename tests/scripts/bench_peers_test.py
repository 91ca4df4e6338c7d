"""Proves that scripts/bench_peers alternates the right programs and reports their figures.

All programs are fakes in a temporary directory, which is the only one in PATH.
"""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from script_case import SCRIPTS
from dev import peer_rows, process
from dev.comparison import REQUESTS, Sample, Target
from dev.peer_rows import Contender, Row

DIGEST = "0123456789abcdef"
# The fake aiobench prints the output that bench_peers reads, with $DIGEST as the digest. A minimal
# run of `read` (--bytes) has a case of its own and prints nothing.
FAKES = {
    "aiobench": """
case "$*" in
  --version) echo "aiobench 0.0.0 (fake)" ;;
  engines) printf 'sync Linux yes here\\nio_uring  Linux  yes  here\\nthreadpool Linux yes here\\n'
    printf 'libaio  Linux  no   the kernel lacks it\\n' ;;
  "read --help") echo "  --pattern TEXT" ;;
  "copy --help") echo "  --manifest FILE" ;;
  create*) printf 'some data' > "$4" ;;
  *"--format json"*) echo '{"host": {"cpu_model": "none", "cpus": 1, "memory_bytes": 1073741824,
    "hash_instructions": "none"}, "runs": [{"target": {"file_system": "none", "device": "none"},
    "warnings": [], "repetitions": [{"wall_seconds": 0.001, "requests": 10000}]}]}' ;;
  *--bytes*) ;;
  read*) printf 'digest,wall_seconds,bytes,requests,warnings\\n,2,12288,3000,%s\\n' "$WARNING" ;;
  *"--format csv"*)
    printf 'digest,wall_seconds,bytes,requests,warnings\\n%s,0.0001,9,1,\\n' "$DIGEST" ;;
  *) echo "XXH3 (file) = $DIGEST" ;;
esac
""",
    "fio": """
case "$*" in
  --version) echo fio-0.0 ;;
  *) echo "fio: a note before the JSON"
     echo '{"jobs": [{"read": {"runtime": 500, "io_bytes": 4096000, "total_ios": 1000}}]}' ;;
esac
""",
    "xxhsum": f"""
case "$*" in
  --version) echo xxhsum 0.0 >&2 ;;
  *) echo "XXH3 (file) = {DIGEST}" ;;
esac
""",
    "b3sum": 'echo "b3sum 0.0"',
    "cat": 'echo "cat 0.0"',
    "fincore": "echo 0",
    "mount": 'echo "mount: this is not allowed" >&2; exit 32',
}


class Stub(Contender):
    """Records the order of the runs. The wall time of a run is its position in that order."""

    def shown_command(self):
        return []

    def run(self, path):
        order = self.command(path)
        order.append(self.name)
        return Sample(len(order), 1, bytes=1)


class CompareTest(unittest.TestCase):
    def compare(self, pairs, **fields):
        order = []
        row = Row("a.b.c", "cached", Stub("A", lambda _: order, **fields),
                  Stub("B", lambda _: order, **fields), target=Target(1.5))
        return order, peer_rows.compare(row, "file", pairs, lambda: order.append("-"))

    def test_runs_alternate_and_the_first_pair_does_not_count(self):
        order, comparison = self.compare(3)
        self.assertEqual("".join(order), "-A-B" * 4)
        self.assertEqual([each.wall_seconds for each in comparison.ours.samples], [6, 10, 14])
        self.assertEqual([each.wall_seconds for each in comparison.peer.samples], [8, 12, 16])
        self.assertEqual(comparison.target, Target(1.5))

    def test_after_minimal_runs_every_pair_counts(self):
        order, comparison = self.compare(2, minimal=lambda _: ["/bin/true"])
        self.assertEqual("".join(order), "-A-B" * 2)
        self.assertEqual(len(comparison.ours.samples), 2)
        self.assertGreater(comparison.ours.setup_cpu_seconds, 0)


class FioTest(unittest.TestCase):
    def test_command(self):
        peer = peer_rows.fio_random_reads("libaio", 8, False, 1500)
        for wanted in ("--ioengine=libaio", "--iodepth=8", "--bs=4096", "--rw=randread",
                       "--norandommap", "--direct=0", "--invalidate=0", "--numjobs=1",
                       "--gtod_reduce=0", "--time_based", "--runtime=1500ms", "--readonly",
                       "--filename=/a\\:b"):
            self.assertIn(wanted, peer.command("/a:b"))
        self.assertNotIn("--time_based", peer.minimal("file"))
        direct = peer_rows.fio_one_pass("io_uring", 4).command("file")
        self.assertLess({"--direct=1", "--rw=read", "--bs=1048576"}, set(direct))
        self.assertNotIn("--invalidate=0", direct)

    def test_the_real_fio_is_understood(self):
        if not shutil.which("fio"):
            self.skipTest("fio is not installed")
        with tempfile.NamedTemporaryFile() as file:
            file.write(bytes(1 << 20))
            file.flush()
            # For psync with a depth, fio prints a note before the JSON.
            peer = peer_rows.fio_random_reads("psync", 2, False, 20)
            sample = peer.run(file.name)
            self.assertGreater(sample.requests, 0)
            self.assertEqual(sample.bytes, sample.requests * 4096)
            self.assertGreater(sample.timed_seconds, 0.01)
            self.assertLess(sample.timed_seconds, 5)  # the runtime is 0.02 s; the machine may stall
            self.assertGreater(peer.setup_cpu_seconds(file.name, 1), 0)


class RowsTest(unittest.TestCase):
    def test_ids_are_unique_and_titled(self):
        ids = [row.id for row in peer_rows.all_rows("aiobench", 1)]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(list(dict.fromkeys(peer_rows.select(ids, []))), ids)
        groups = {".".join(each.split(".")[:2]) for each in ids}
        self.assertEqual(groups, set(peer_rows.TITLES))

    def test_the_peer_of_sync_is_psync(self):
        rows = {row.id: row for row in peer_rows.all_rows("aiobench", 1)}
        self.assertIn("--ioengine=psync", rows["rand.cached.sync.d1"].peer.command("file"))

    def test_only_warnings_that_make_a_figure_suspect_are_kept(self):
        row = {"warnings": "few_requests wine"}
        self.assertEqual(peer_rows.warnings_of(row), "few_requests wine")
        self.assertEqual(peer_rows.warnings_of({**row, "suspect": "1"}), "few_requests wine")
        self.assertEqual(peer_rows.warnings_of({**row, "suspect": "0"}), "")

    def test_select(self):
        ids = ["a.b.d1", "a.b.d16", "a.c.d1"]
        self.assertEqual(peer_rows.select(ids, ["a.b.d1"]), ["a.b.d1"])
        self.assertEqual(peer_rows.select(ids, ["a.c", "a.b"]), ids)
        for wrong in ("", "b", "a.b.d2"):
            with self.assertRaises(ValueError):
                peer_rows.select(ids, [wrong])


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self.directory = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.directory)
        for name, text in FAKES.items():
            self.fake(name, text)
        (self.directory / "file").write_bytes(b"some data")

    def fake(self, name, text):
        path = self.directory / name
        path.write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
        path.chmod(0o755)

    def command(self, *arguments):
        return [SCRIPTS / "bench_peers", "--aiobench", self.directory / "aiobench", "--pairs",
                "2", *arguments]

    def run_script(self, *arguments, digest=DIGEST, warning=""):
        environment = {"PATH": str(self.directory), "DIGEST": digest, "WARNING": warning}
        return subprocess.run(self.command("--file", self.directory / "file", *arguments),
                              env=environment, capture_output=True, text=True, check=False)

    def run_to_json(self, *arguments, **words):
        done = self.run_script("--json", self.directory / "out", *arguments, **words)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return done.stdout, json.loads((self.directory / "out").read_text(encoding="utf-8"))

    def test_hashing(self):
        text, document = self.run_to_json("--only", "hash")
        self.assertEqual(document["schema"], "aiobench/bench_peers/2")
        self.assertEqual(document["machine"]["peers"],
                         {"b3sum": "b3sum 0.0", "cat": "cat 0.0", "xxhsum": "xxhsum 0.0"})
        first = document["comparisons"][0]
        self.assertEqual((first["id"], first["ours"]["command"][:2], first["peer"]["command"]),
                         ("hash.cached.default", ["aiobench", "hash"], ["xxhsum", "-H3", "FILE"]))
        self.assertEqual([each["timed_seconds"] for each in first["ours"]["samples"]],
                         [0.0001, 0.0001])
        # A whole process takes longer than the 0.1 ms that the fake reports.
        self.assertGreater(first["ratio"], first["whole_ratio"])
        self.assertEqual(len(document["comparisons"]), 7)
        self.assertNotIn(str(self.directory), json.dumps(document["comparisons"]))
        self.assertIn("default", text)
        self.assertTrue((self.directory / "file").exists(), "the user's own file is gone")

    def test_the_digest_is_read_from_the_lines_of_every_xxhsum(self):
        for line in (f"XXH3 (a file) = {DIGEST}", f"XXH3_{DIGEST}  a file",
                     f"XXH3 (x) = ffffffffffffffff) = {DIGEST}",
                     f"XXH3_{DIGEST}  x) = ffffffffffffffff", f"\\XXH3_{DIGEST}  a\\\\b",
                     f"\\XXH3 (a\\nb) = {DIGEST}"):
            for text in (f"{line}\n", f"XXH3_ffffffffffffffff  other\n{line}\n"):
                with self.subTest(text=text):
                    self.assertEqual(peer_rows.read_xxhsum(text), {"digest": DIGEST})
        self.assertEqual(peer_rows.read_xxhsum("no line\n"), {"digest": "no line"})

    def test_both_forms_of_xxhsum_are_right_digests(self):
        for line in (f"XXH3 (file) = {DIGEST}", f"XXH3_{DIGEST}  file"):
            self.fake("xxhsum", f'[ "$1" = --version ] && echo 0.0 >&2 || echo "{line}"')
            _, document = self.run_to_json("--only", "hash.cold")
            self.assertEqual(document["comparisons"][0]["right_digest"], DIGEST)

    def test_the_limit_of_memory_is_a_row_where_its_program_was_built(self):
        _, document = self.run_to_json("--only", "hash.cached.memory")
        self.assertEqual((document["comparisons"], [each["id"] for each in document["skipped"]]),
                         ([], ["hash.cached.memory"]))
        (self.directory / "tests/rigs").mkdir(parents=True)
        self.fake("tests/rigs/memory_rate", "echo 0.00005 9 0123456789abcdef")
        _, document = self.run_to_json("--only", "hash.cached.memory")
        self.assertEqual((document["skipped"], document["comparisons"][0]["ratio"]), ([], 0.5))

    def test_random_reads_are_compared_by_requests(self):
        text, document = self.run_to_json("--only", "rand.cached", warning="cache_not_warm")
        rows = {each["id"]: each for each in document["comparisons"]}
        row = rows["rand.cached.io_uring.d8"]
        # aiobench makes 3000 requests in 2 s, and fio 1000 in 0.5 s.
        self.assertEqual((row["unit"], row["ratio"], row["whole_ratio"], row["verdict"]),
                         (REQUESTS, 0.75, None, "MISSED"))
        self.assertEqual(row["peer"]["samples"][0]["per_second"], 2000)
        self.assertIsNone(row["right_digest"])
        self.assertEqual(rows["rand.cached.io_uring.d32"]["cpu_target"]["bound"], 0.55)
        self.assertIn("warning: cache_not_warm", text)

    def test_an_engine_that_is_missing_is_skipped_with_its_reason(self):
        text, document = self.run_to_json("--only", "rand.cached.libaio")
        self.assertEqual([each["id"] for each in document["skipped"]],
                         [f"rand.cached.libaio.d{depth}" for depth in (1, 8, 32)])
        self.assertIn("libaio.d1   skipped: aiobench's engine 'libaio' does not run here", text)
        self.assertTrue(text.endswith("0 missed; 3 rows skipped\n"), text)

    def test_an_aiobench_without_read_is_no_failure(self):
        self.fake("aiobench", FAKES["aiobench"].replace("--pattern", "--hash"))
        text, _ = self.run_to_json("--only", "rand.cached.sync")
        self.assertIn("sync.d1  skipped: this aiobench has no command 'read'", text)

    def test_without_a_disk_its_rows_are_skipped_with_the_reason(self):
        text, document = self.run_to_json("--only", "seq,hash.cold")
        self.assertEqual([each["id"] for each in document["comparisons"]], ["hash.cold.default"])
        self.assertEqual(len(document["skipped"]), 3)
        for each in document["skipped"]:
            self.assertIn("no loop disk: ", each["reason"])
            self.assertIn(f"skipped: {each['reason']}", text)

    def test_what_stays_in_the_cache_is_not_cold(self):
        self.fake("fincore", "echo 4096")
        text, _ = self.run_to_json("--only", "hash.cold")
        self.assertIn("default  skipped: 4 KiB of the file cannot be evicted", text)

    def test_limits(self):
        if not Path(process.GNU_TIME).exists():
            self.skipTest("GNU time is not installed")
        text, document = self.run_to_json("--only", "limit")
        self.assertIn("100.0 ns  <= 60.0 ns   MISSED", text)
        limits = document["limits"]
        self.assertEqual([each["met"] for each in limits[:10]], [False] * 3 + [True] * 7)
        # The start-up time of the fake depends on the machine.
        self.assertEqual([(each["name"], each["unit"], each["limit"]) for each in limits[10:]],
                         [("aiobench --version", "ms", 15)])
        self.assertGreater(limits[10]["value"], 0)

    def test_copies_begin_without_one_and_leave_none(self):
        for name in ("sh", "cp", "sync"):
            os.symlink(shutil.which(name), self.directory / name)
        _, document = self.run_to_json("--only", "copy.cached")
        self.assertEqual([each["id"] for each in document["comparisons"]],
                         ["copy.cached.plain", "copy.cached.digest", "copy.cached.verify"])
        self.assertFalse((self.directory / "file.copy").exists())

    def test_a_wrong_digest_is_a_failure(self):
        done = self.run_script("--only", "hash", digest="ffff")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(done.stderr.count("wrong digest: "), 7)
        self.assertIn(f"wrong digest: hash.cold.default: ffff, correct: {DIGEST}", done.stderr)

    def test_a_program_that_is_missing_is_named_before_anything_runs(self):
        (self.directory / "b3sum").unlink()
        done = self.run_script("--only", "hash")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("b3sum is not installed (run scripts/setup", done.stderr)
        self.assertEqual(self.run_script("--only", "hash.cold").returncode, 0)

    def test_a_program_that_fails_is_named(self):
        self.fake("aiobench", "exit 7\n")
        done = self.run_script("--only", "hash")
        self.assertEqual(done.returncode, 3)
        self.assertIn("ended with exit code 7", done.stderr)

    def test_wrong_arguments(self):
        for arguments in (("--nonsense",), ("--pairs", "0"), ("--size", "1x"), ("--only", "x"),
                          ("--only", "hash,"), ("--json", "/there/is/no/such/directory")):
            self.assertEqual(self.run_script(*arguments).returncode, 2, arguments)

    def test_list_runs_nothing(self):
        done = self.run_script("--list", "--only", "hash.cold,limit.null")
        self.assertEqual(done.stdout, "hash.cold.default\n"
                         "    aiobench hash -q --format csv FILE\n    xxhsum -H3 FILE\n"
                         "limit.null\n    cost of a request, of aiobench alone\n")

    def interrupt(self, number):
        """Sends the signal while cat runs. Returns the exit code and the process id of cat."""
        begun = self.directory / "begun"
        self.fake("cat", f'[ "$1" = --version ] || {{ echo $$ > {begun}; exec sleep 60; }}')
        os.symlink(shutil.which("sleep"), self.directory / "sleep")
        process = subprocess.Popen(
            self.command("--directory", self.directory / "made", "--only", "hash.cached.cat"),
            env={"PATH": str(self.directory), "DIGEST": DIGEST}, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for _ in range(1000):
            if begun.exists() and begun.read_text(encoding="ascii").strip():
                break
            time.sleep(0.01)
        self.assertNotEqual(os.listdir(self.directory / "made"), [])
        process.send_signal(number)
        return process.wait(10), int(begun.read_text(encoding="ascii"))

    def test_an_interrupt_leaves_nothing_behind(self):
        code, running = self.interrupt(signal.SIGTERM)
        self.assertEqual(code, 130)
        self.assertEqual(os.listdir(self.directory / "made"), [])
        with self.assertRaises(ProcessLookupError):
            os.kill(running, 0)


if __name__ == "__main__":
    unittest.main()
