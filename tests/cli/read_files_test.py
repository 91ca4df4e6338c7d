"""Proves that read reads several files concurrently, one run each, and that failures are separate.

A file that is missing or shrinks while it is read is reported in one line, and the exit code is 3.
"""
import csv
import os
import re
import threading
import time

import aiobench_cli as cli
from aiobench_cli import FAILED, KIB, MIB
from changing_test import wait_until_open
from read_cli import ALL, ReadTest


class FilesTest(ReadTest):
    def test_several_files_have_one_run_each(self):
        sizes = {"a": 3 * MIB, "b": 0, "c": 5, "d": MIB + 1}
        for name, size in sizes.items():
            self.make(name, size)
        for engine in ALL:
            with self.subTest(engine=engine):
                runs = self.read(*sizes, "-e", engine, "-b", "64k", "--repeat", "2")
                self.assertEqual([run["target"]["path"] for run in runs], list(sizes))
                for run, size in zip(runs, sizes.values()):
                    self.assertEqual(run["config"]["read"]["files_at_once"], 4)
                    for r in run["repetitions"]:
                        self.assert_work(r, size, -(-size // (64 * KIB)))
                    self.assertEqual(len(run["repetitions"]), 2)

    @cli.plain_only
    def test_they_are_read_at_the_same_time(self):
        """Sequentially, six files would take six times the requested time."""
        names = [f"file-{i}" for i in range(6)]
        for name in names:
            self.make(name, 64 * KIB)
        began = time.monotonic()
        runs = self.read(*names, "--duration", "1s", "-b", "4k", "--rate", "100")
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(len({run["repetitions"][0]["cpu_user_seconds"] for run in runs}), 1,
                         "the time of the whole process")
        for run in runs:
            self.assertGreater(run["repetitions"][0]["wall_seconds"], 0.99)

    def test_the_same_file_twice(self):
        self.make("file", MIB)
        for run in self.read("file", "file", "-b", "64k"):
            self.assert_work(run["repetitions"][0], MIB, 16)

    def test_text_of_several_files(self):
        self.make("a", MIB)
        self.make("b", MIB)
        text = self.run_program("read", "a", "b", "-b", "64k").stdout
        self.assertRegex(text, r"(?s)\na\n.*\nb\n")
        self.assertEqual(text.count("  read       sequential, 2 files at once\n"), 2)
        self.assertEqual(text.count("for all files together"), 2)
        self.assertEqual(len(re.findall(r"(?m)^aiobench ", text)), 1)

    def test_a_missing_file_keeps_no_other_from_being_read(self):
        self.make("good", MIB)
        for engine in ALL:
            with self.subTest(engine=engine):
                runs = self.read("missing", "good", "-e", engine, "-b", "64k", code=FAILED)
                self.assertEqual(self.stderr.count("\n"), 1)
                self.assertIn("cannot open 'missing'", self.stderr)
                self.assertEqual(runs[0]["error"]["operation"], "open")
                self.assertEqual(runs[0]["repetitions"], [])
                self.assertIsNone(runs[1]["error"])
                self.assert_work(runs[1]["repetitions"][0], MIB, 16)
        self.assertEqual(self.read("missing", "", code=FAILED)[1]["repetitions"], [])

    @cli.linux_only
    def test_a_file_with_content_but_no_size(self):
        outcome = self.run_program("read", "/proc/cpuinfo", code=FAILED)
        self.assert_refused(outcome, FAILED, "cannot read '/proc/cpuinfo'", "copy it")

    def test_csv_has_the_rows_of_all(self):
        self.make("a", MIB)
        self.make("b", MIB)
        text = self.run_program("read", "a", "b", "-b", "64k", "--repeat", "2", "--rate", "4000",
                                "--pattern", "random", "--format", "csv").stdout
        rows = list(csv.DictReader(text.splitlines(), strict=True))
        self.assertEqual([(row["path"], row["repetition"]) for row in rows],
                         [("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")])
        for row in rows:
            self.assertEqual((row["job"], row["pattern"], row["rate_per_second"], row["bytes"],
                              row["requests"], row["digest"]),
                             ("read", "random", "4000", str(MIB), "16", ""))

    def test_result_files(self):
        self.make("a", MIB)
        outcome = self.run_program("read", "a", "--json", "out.json", "--csv", "out.csv",
                                   "--format", "json")
        self.assertEqual((self.directory / "out.json").read_bytes(), outcome.raw)
        self.assertEqual(len((self.directory / "out.csv").read_text().splitlines()), 2)


class ChangingTest(ReadTest):
    def test_a_file_that_shrinks_while_it_is_read(self):
        for engine in cli.engines():
            for rate in ([], ["--rate", "20000"]):
                with self.subTest(engine=engine, rate=rate):
                    self.assert_shrunk(engine, *rate)

    def assert_shrunk(self, engine, *rate):
        path = self.make("file", 8 * MIB)
        process = cli.start("read", "--format", "json", "-e", engine, "-b", "4k", "-d", "4",
                            *rate, "--bytes", "1T", "file", cwd=self.directory)
        wait_until_open(process, path)
        ended = threading.Event()

        def keep_shrinking():
            while not ended.wait(0.02):
                os.truncate(path, max(0, os.path.getsize(path) - MIB))

        shrinker = threading.Thread(target=keep_shrinking)
        shrinker.start()
        try:
            outcome = cli.finish(process)
        finally:
            ended.set()
            shrinker.join()
        self.assertEqual(outcome.code, FAILED, outcome)
        self.assert_one_error(outcome, "cannot read 'file' at offset ", "shrank")
        error = outcome.json["runs"][0]["error"]
        self.assertLess(error["offset"], 8 * MIB)
        self.assertEqual(outcome.json["runs"][0]["repetitions"], [])

    @cli.linux_only
    def test_the_other_files_are_read_all_the_same(self):
        path = self.make("file", 8 * MIB)
        self.make("other", MIB)
        process = cli.start("read", "--format", "json", "-b", "4k", "--rate", "300", "--bytes",
                            "1200k", "file", "other", cwd=self.directory)  # for 1 s
        wait_until_open(process, path)
        time.sleep(0.05)
        os.truncate(path, 0)
        outcome = cli.finish(process)
        self.assertEqual(outcome.code, FAILED, outcome)
        shrunk, other = outcome.json["runs"]
        self.assertIn("shrank", shrunk["error"]["message"])
        self.assertIsNone(other["error"])
        self.assert_work(other["repetitions"][0], 1200 * KIB, 300)


if __name__ == "__main__":
    cli.main()
