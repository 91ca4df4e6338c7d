"""Proves that unreliable figures have warnings, in text, JSON and CSV, and that an unreliable run
is marked as suspect. Covers each warning that a test can cause reliably with the real program.
tests/result covers the other warnings and the thresholds."""
import csv
import io
import json
import os
import re
import subprocess
import sys
import unittest

import aiobench_cli as cli
from aiobench_cli import KIB, MIB

# Warnings that every run here has or may have.
ALWAYS_PRESENT = {"wine"} if cli.WINDOWS else {"debug_build"} if cli.SANITIZED else set()
ANY_TIME = {"busy_machine"}
UNMET = {"cache_not_verified", "cache_not_cold", "cache_not_warm", "rate_not_reached",
         "verified_in_cache"}


class WarningsTest(cli.ProgramTest):
    def run_json(self, *arguments):
        """The only run of the result, whose marks are consistent. stderr has only the unmet
        requests."""
        outcome = self.run_program(*arguments, "--format", "json")
        run, = outcome.json["runs"]
        unmet = [w for w in run["warnings"] if w["code"] in UNMET]
        self.assertEqual(outcome.stderr.count("\n"), len(unmet), outcome)
        self.assertEqual(run["suspect"], any(w["suspect"] for w in run["warnings"]))
        codes = [w["code"] for w in run["warnings"]]
        self.assertEqual(len(codes), len(set(codes)))
        for warning in run["warnings"]:
            self.assertTrue(warning["message"] and warning["advice"], warning)
        return run

    def codes(self, run):
        found = {w["code"] for w in run["warnings"]} - ANY_TIME
        self.assertLessEqual(ALWAYS_PRESENT, found)
        return found - ALWAYS_PRESENT

    def warning(self, run, code):
        warning, = (w for w in run["warnings"] if w["code"] == code)
        return warning

    def on_a_disk(self, run):
        if run["target"]["file_system"] == "tmpfs":
            self.skipTest("the build directory lies in memory")


class FileTest(WarningsTest):
    def test_a_sparse_file(self):
        self.make_sparse("file", 8 * MIB)
        run = self.run_json("file", "-e", "sync")
        if run["target"]["hole_share"] == 0:
            self.skipTest("no holes are told here")
        self.assertEqual(run["target"]["hole_share"], 1)
        self.assertIn("100.0 %", self.warning(run, "sparse_file")["message"])
        self.assertTrue(run["suspect"])
        text = self.run_program("file", "-e", "sync").text
        self.assertRegex(text, r"\nfile  xxh3 .*\n  suspect +do not quote .*\bsparse_file\b")
        self.assertRegex(text, r"\n  warning +100\.0 % of the file .* \(.*aiobench create")
        self.assertNotIn("sparse_file", self.codes(self.run_json("file", "-e", "null")))

    @cli.linux_only
    def test_a_file_whose_space_was_never_written(self):
        path = self.make("file", 0)
        with open(path, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 8 * MIB)
        run = self.run_json("read", "file")
        if run["target"]["hole_share"] == 0:
            self.skipTest("this file system does not tell what was never written")
        self.assertIn("sparse_file", self.codes(run))

    def test_a_file_with_data_is_not_sparse(self):
        self.make("file", 8 * MIB)
        for job in ("hash", "read"):
            run = self.run_json(job, "file")
            self.assertEqual(run["target"]["hole_share"], 0)
            self.assertNotIn("sparse_file", self.codes(run))

    def test_of_a_copy_the_source_is_judged(self):
        self.make_sparse("file", 8 * MIB)
        run = self.run_json("copy", "file", "copy")
        self.assertEqual("sparse_file" in self.codes(run), run["target"]["hole_share"] == 1)

    @cli.linux_only
    def test_a_file_in_the_page_cache_despite_direct(self):
        self.make("file", 8 * MIB)
        cached = self.run_json("read", "file", "--cache", "direct", "-b", "64k")
        self.on_a_disk(cached)
        self.assertIn("100 %", self.warning(cached, "cached_though_direct")["message"])
        self.assertTrue(cached["suspect"])
        self.run_program("file", "--cache", "cold")
        with open(self.directory / "file", "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        evicted = self.run_json("read", "file", "--cache", "direct", "-b", "64k")
        self.assertEqual(evicted["target"]["cached_share_before"], 0)
        self.assertNotIn("cached_though_direct", self.codes(evicted))


class FlowTest(WarningsTest):
    def test_few_requests(self):
        self.make("file", 50 * KIB)
        for block, requests in (("512", 100), ("518", 99)):
            run = self.run_json("read", "file", "-e", "sync", "-b", block)
            self.assertEqual(run["repetitions"][0]["requests"], requests)
            self.assertEqual("few_requests" in self.codes(run), requests < 100)
        self.assertIn("this run had 99", self.warning(run, "few_requests")["message"])
        text = self.run_program("read", "file", "-e", "sync", "-b", "518").text
        self.assertRegex(text, r"p90 [^?]+, p99 [^?]+\?, p99\.9 [^?]+\?, max [^?]+ \(\?: too")
        self.assertRegex(text, r"\n  warning +p99 needs at least 100 requests .* this run had 99 \("
                               r".*--duration")

    def test_requests_that_are_done_inside_the_call(self):
        engines = [e for e in ("io_uring", "libaio") if e in cli.engines()]
        if not engines:
            self.skipTest("no engine here whose calls copy what is cached")
        self.make("file", MIB)
        for engine in engines:
            for depth, threads in (("2", "1"), ("32", "1"), ("32", "2")):
                with self.subTest(engine=engine, depth=depth, threads=threads):
                    run = self.run_json("read", "file", "-e", engine, "-b", "4k", "-d", depth,
                                        "-t", threads, "--cache", "warm")
                    if run["target"]["file_system"] == "tmpfs" and engine == "io_uring":
                        continue  # a kernel worker copies there
                    self.assertIn("mostly_inline", self.codes(run))
                    message = self.warning(run, "mostly_inline")["message"]
                    self.assertIn(f"{engine} was not asynchronous here", message)
            run = self.run_json("read", "file", "-e", engine, "-b", "4k", "-d", "1")
            self.assertNotIn("mostly_inline", self.codes(run))

    @cli.linux_only
    def test_requests_that_are_not_done_inside_the_call(self):
        self.make("file", MIB)
        for engine in ("io_uring", "libaio", "threadpool", "posix-aio"):
            if engine in cli.engines():
                run = self.run_json("read", "file", "-e", engine, "-b", "4k", "-d", "8", "--cache",
                                    "direct")
                self.on_a_disk(run)
                self.assertNotIn("mostly_inline", self.codes(run))

    def test_what_is_blocking_by_nature_is_no_warning(self):
        self.make("file", MIB)
        for engine in ("sync", "mmap", "null"):
            run = self.run_json("read", "file", "-e", engine, "-b", "4k", "-d", "64", "-t", "1",
                                "--cache", "warm")
            self.assertEqual(self.codes(run) & {"mostly_inline", "depth_not_reached"}, set())

    def test_a_depth_that_so_few_requests_cannot_reach(self):
        self.make("file", 3 * 4096)
        for engine in cli.engines():
            if engine in ("sync", "mmap"):
                continue
            run = self.run_json("read", "file", "-e", engine, "-b", "4k", "-d", "64")
            self.assertIn("the run had only 3 requests",
                          self.warning(run, "depth_not_reached")["message"])
        self.assertNotIn("depth_not_reached", self.codes(self.run_json("file", "-b", "4k")))


class MachineTest(WarningsTest):
    @unittest.skipUnless(cli.WINDOWS, "only in the Windows build, under Wine")
    def test_wine(self):
        self.make("file", 1000)
        run = self.run_json("file")
        self.assertTrue(run["suspect"])
        self.assertIn("says nothing about Windows", self.warning(run, "wine")["message"])

    def test_a_build_with_sanitizers_and_no_other(self):
        self.make("file", 1000)
        outcome = self.run_program("file", "--format", "json")
        tool, (run,) = outcome.json["tool"], outcome.json["runs"]
        self.assertTrue(tool["optimized"])
        self.assertEqual("sanitizer" in tool["build_type"], cli.SANITIZED)
        codes = [w["code"] for w in run["warnings"]]
        self.assertEqual("debug_build" in codes, cli.SANITIZED)
        if cli.SANITIZED:
            self.assertTrue(run["suspect"])
            self.assertIn(tool["build_type"], self.warning(run, "debug_build")["message"])

    @cli.plain_only
    def test_a_busy_machine(self):
        wanted = os.cpu_count() // 3 + 2
        if wanted > 4:
            self.skipTest("so many processors are not to be kept busy by a test")
        self.make("file", MIB)
        spinners = [subprocess.Popen([sys.executable, "-c", "while True: pass"])
                    for _ in range(wanted)]
        try:
            before = self.idle_and_all()
            run = self.run_json("read", "file", "-e", "null", "-t", "1", "--duration", "2s")
            after = self.idle_and_all()
        finally:
            for spinner in spinners:
                spinner.kill()
                spinner.wait()
        idle = (after[0] - before[0]) / (after[1] - before[1])
        if idle > 0.4:
            self.skipTest(f"the processors were idle for {idle:.0%} all the same")
        self.assertGreater(run["repetitions"][0]["other_cpu_share"], 0.25)
        self.assertIn("of the CPU time", self.warning(run, "busy_machine")["message"])
        self.assertTrue(run["suspect"])

    def idle_and_all(self):
        """Idle and total time of all processors so far, in the kernel's ticks."""
        with open("/proc/stat", encoding="utf-8") as stat:
            ticks = [int(word) for word in stat.readline().split()[1:9]]
        return ticks[3] + ticks[4], sum(ticks)


class FormsTest(WarningsTest):
    @cli.linux_only
    def test_an_ordinary_run_has_no_warning(self):
        self.make("file", 8 * MIB)
        for arguments in ([], ["-b", "64k", "-e", "sync"], ["-b", "64k", "--cache", "warm"]):
            run = self.run_json("file", *arguments)
            expected = set() if run["repetitions"][0]["requests"] >= 100 else {"few_requests"}
            self.assertEqual(self.codes(run), expected, arguments)

    def test_csv_has_the_same_warnings_in_every_row(self):
        self.make_sparse("file", 8 * MIB)
        for engine in ("sync", "null"):
            outcome = self.run_program("file", "-e", engine, "--repeat", "2", "--json", "out.json",
                                       "--format", "csv")
            rows = list(csv.DictReader(io.StringIO(outcome.stdout)))
            self.assertEqual(len(rows), 2)
            written = json.loads((self.directory / "out.json").read_text(encoding="utf-8"))
            run, = written["runs"]
            for row in rows:
                codes = set(row["warnings"].split(" ")) - {""} - ANY_TIME
                self.assertEqual(codes, ALWAYS_PRESENT | self.codes(run))
                suspect = codes & {"sparse_file", *ALWAYS_PRESENT}
                self.assertEqual(row["suspect"], "1" if suspect else "0")

    def test_stderr_has_only_unmet_requests(self):
        self.make_sparse("file", MIB)
        for form in ("text", "json", "csv", "xxhsum"):
            self.assertEqual(self.run_program("file", "--format", form).stderr, "")
        stderr = self.run_program("read", "file", "-b", "512", "--rate", "1000000000", "--format",
                                  "csv").stderr
        self.assertRegex(stderr, r"^aiobench: warning: file: .*the run reached only.*\n$")

    def test_a_run_that_is_not_suspect_has_no_such_line(self):
        self.make("file", MIB)
        text = self.run_program("file", "-e", "null").text
        marked = re.findall(r"^  suspect +do not quote these figures: (.*)$", text, re.MULTILINE)
        codes = {code for line in marked for code in line.split(", ")} - ANY_TIME
        self.assertEqual(codes, ALWAYS_PRESENT)


if __name__ == "__main__":
    cli.main()
