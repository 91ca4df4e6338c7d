"""Proves the runs, the verdicts and the exit codes of scripts/perf_regression, with fake programs.

It alternates two programs, runs flagged configurations again, and removes its files."""
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import fake_program

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
CONFIGURATIONS = ["hash.auto", "hash.sync", "hash.io_uring", "hash.libaio", "random.io_uring",
                  "random.libaio", "random.sync"]
FEW = {"engines.base": "io_uring"}  # leaves only three configurations, so a test is fast


class GateTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        for name in ("base", "new", "judge"):
            fake_program.place(self.directory / name)
        self.scratch = self.directory / "scratch"

    def command(self, *arguments, sides=("--base", "base")):
        named = [self.directory / each if each == "base" else each for each in sides]
        return [SCRIPTS / "perf_regression", *named, "--new", self.directory / "new", "--judge",
                self.directory / "judge", "--size", "4MiB", "--scratch", self.scratch, "--rounds",
                "2", "--json", self.directory / "out", *arguments]

    def gate(self, *arguments, code=0, settings=None, **options):
        """(stdout, document) of a gate that ends with `code`; its stderr if stdout is empty."""
        for name, text in {**FEW, **(settings or {})}.items():
            (self.directory / name).write_text(text, encoding="utf-8")
        (self.directory / "log").write_text("", encoding="utf-8")
        done = subprocess.run(self.command(*arguments, **options), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if not done.stdout:
            return done.stderr
        self.assertEqual(os.listdir(self.scratch), [])
        return done.stdout, json.loads((self.directory / "out").read_text(encoding="utf-8"))

    def log(self):
        return (self.directory / "log").read_text(encoding="utf-8").splitlines()

    def runs(self):
        return [line.split() for line in self.log() if line.split()[0] in ("base", "new")]

    def test_two_programs_run_in_turn_and_nothing_is_found(self):
        text, document = self.gate(settings={"engines.base": "sync io_uring libaio"})
        runs = self.runs()
        self.assertEqual(len(runs), 7 * 2 * 3)  # two rounds and a warm-up round
        for configuration in CONFIGURATIONS:
            sides = [side for side, each in runs if each == configuration]
            self.assertEqual(sides, ["base", "new", "new", "base", "base", "new"])
        for first, second in zip(runs[::2], runs[1::2]):
            self.assertEqual(first[1], second[1])
        self.assertEqual(document["schema"], "aiobench/perf_regression/1")
        self.assertEqual((document["verdict"], document["configurations"], document["runs"]),
                         ("no regression", CONFIGURATIONS, 42))
        self.assertEqual(document["sides"]["new"]["version"], "aiobench 1 (new)")
        self.assertIsNone(document["second_comparison"])
        self.assertTrue(text.startswith("## aiobench: No regression found\n"), text)
        self.assertIn("comparison 1 in Markdown", text)
        self.assertIn("42 runs alternately (A B B A) in ", text)

    def test_what_is_flagged_twice_is_a_regression(self):
        text, document = self.gate(code=1, settings={
            "verdicts": "hash.auto=regression hash.io_uring=regression\nhash.auto=regression\n"})
        self.assertEqual(document["verdict"], "regression")
        outcome = document["outcome"]
        self.assertEqual([each["configuration"] for each in outcome["flagged"]],
                         ["hash.auto", "hash.io_uring"])
        self.assertEqual([each["configuration"] for each in outcome["confirmed"]], ["hash.auto"])
        self.assertEqual([each["configuration"] for each in outcome["once"]], ["hash.io_uring"])
        # Only these two were run again, with twice the rounds.
        again = self.runs()[3 * 2 * 3:]
        self.assertEqual({name for _, name in again}, {"hash.auto", "hash.io_uring"})
        self.assertEqual(len(again), 2 * 2 * 5)
        self.assertIn("**slower in both comparisons: hash.auto -10.0 % (-15.0 % to -6.0 %)**", text)
        self.assertIn("Flagged configurations, run again\n\ncomparison 2 in Markdown", text)

    def test_what_is_flagged_once_is_cleared(self):
        text, document = self.gate(settings={"verdicts": "random.io_uring=regression\n\n"})
        self.assertEqual(document["verdict"], "no regression")
        self.assertIn("- flagged in only one of two comparisons: random.io_uring", text)

    def test_inconclusive_is_named_and_with_strict_a_failure(self):
        settings = {"verdicts": "hash.auto=inconclusive"}
        text, document = self.gate(settings=settings)
        self.assertEqual(document["verdict"], "no regression")
        self.assertIn("- inconclusive, because the noise was larger than the threshold: hash", text)
        self.gate("--strict", code=5, settings=settings)

    def test_what_cannot_be_compared_is_no_success(self):
        text, document = self.gate(code=5, settings={"verdicts": "hash.auto=not_comparable"})
        self.assertEqual(document["verdict"], "not comparable")
        self.assertTrue(text.startswith("## aiobench: Not comparable"), text)
        # The configuration is flagged at first, and not comparable the second time.
        self.gate(code=5, settings={"verdicts": "hash.auto=regression\nhash.auto=not_comparable"})

    def test_what_is_not_paired_is_said(self):
        text, _ = self.gate(settings={"method": "mann_whitney"})
        self.assertIn("- WARNING: not compared as pairs: one of the programs does not report", text)

    def test_configurations_whose_engine_does_not_run_are_left_out_with_the_reason(self):
        text, document = self.gate(settings={"engines.new": "io_uring libaio"})
        self.assertEqual(document["configurations"],
                         ["hash.auto", "hash.io_uring", "random.io_uring"])
        self.assertEqual(sorted(document["left_out"]),
                         ["hash.libaio", "hash.sync", "random.libaio", "random.sync"])
        self.assertIn("- left out: hash.sync (base: aiobench's engine 'sync' does not run here)",
                      text)

    def test_several_metrics_are_reported_separately(self):
        text, document = self.gate("--metric", "throughput,cpu", code=1,
                                   settings={"verdicts": "hash.auto=regression\n" * 2})
        self.assertEqual([each["metric"] for each in document["outcome"]["confirmed"]],
                         ["throughput", "cpu"])
        self.assertIn("hash.auto (cpu) -10.0 %", text)

    def test_as_many_rounds_as_it_takes(self):
        def rounds(*arguments):
            command = [each for each in self.command(*arguments) if each not in ("--rounds", "2")]
            subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=True)
            return json.loads((self.directory / "out").read_text())["settings"]["rounds"]
        (self.directory / "engines.base").write_text("none", encoding="utf-8")
        self.assertEqual((rounds(), rounds("--quick")), (12, 9))

    def test_a_program_that_fails_is_named_with_what_it_says(self):
        errors = self.gate(code=3, settings={"fail": "new"})
        self.assertRegex(errors, r"^perf_regression: \S+/new (hash|read) -q .* ended with exit "
                                 r"code 1\n"
                                 "aiobench: error: the disk is on fire\n$")
        self.assertEqual(os.listdir(self.scratch), [])

    def test_a_baseline_is_stored_and_compared_with(self):
        saved = self.directory / "saved"
        text, document = self.gate("--save", saved, sides=())
        self.assertEqual((document["verdict"], document["comparison"]), ("baseline stored", None))
        self.assertEqual({side for side, _ in self.runs()}, {"new"})
        names = sorted(path.name for path in saved.iterdir())
        self.assertEqual(len(names), 7 * 2)
        self.assertEqual(names[0], "hash.auto.001.json")
        text, document = self.gate("--baseline", saved, code=1, sides=(),
                                   settings={"verdicts": "hash.sync=regression\n" * 3})
        self.assertEqual({side for side, _ in self.runs()}, {"new"})
        self.assertEqual([line for line in self.log() if line.startswith("compare")],
                         ["compare saved saved allow nothing", "compare saved new allow nothing",
                          "compare saved new allow missing"])
        self.assertIn("They were not measured together with the new ones", text)
        self.assertNotIn("alternately", text)

    def test_a_baseline_that_cannot_be_used_is_refused_before_anything_runs(self):
        saved = self.directory / "saved"
        saved.mkdir()
        errors = self.gate("--baseline", saved, code=2, sides=(),
                           settings={"refuse": "aiobench: error: no result in it"})
        self.assertEqual(errors, f"perf_regression: --baseline {saved}: "
                                 "aiobench: error: no result in it\n")
        self.assertEqual(self.runs(), [])

    def test_wrong_arguments(self):
        there = self.directory / "there"
        there.mkdir()
        for arguments, words in (
                (["--nonsense"], "--nonsense"), (["--rounds", "0"], "--rounds must be at least 1"),
                (["--size", "1x"], "--size"),
                (["--size", "5MiB"], "--size: not a multiple of 4 MiB"),
                (["--threshold", "5"], "--threshold 5: not a percentage"),
                (["--metric", "speed"], "--metric speed: unknown metric (choose from: throughput"),
                (["--save", there], "already exists"),
                (["--json", "/there/is/no/such/directory/file"], "there is no directory"),
                (["--base-revision", "main"], "not allowed with"),
                (["--new", self.directory / "gone"], "gone: no such program"),
                (["--scratch", self.directory / "new"], "--scratch")):
            self.assertIn(words, self.gate(*arguments, code=2))
        self.assertIn("nothing to compare with", self.gate(code=2, sides=()))
        self.assertIn("--baseline gone: no such file", self.gate("--baseline", "gone", code=2,
                                                                 sides=()))
        self.assertIn("'no-such' is not a revision of", self.gate(
            code=2, sides=("--base-revision", "no-such")))
        self.assertEqual(self.log(), [])

    def start_and_wait(self, name):
        """(a gate during a run that hangs, the process id of that run)"""
        (self.directory / "hang").write_text(name, encoding="utf-8")
        # A shell may ignore SIGINT for tests in the background, and children inherit that.
        process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(process.stderr.close)
        for _ in range(1000):
            log = self.directory / "log"
            if found := re.search(r"hangs (\d+)\n", log.read_text() if log.exists() else ""):
                return process, int(found[1])
            time.sleep(0.01)
        self.fail("no run has begun")
        return None

    def test_an_interrupt_leaves_no_child_and_no_scratch(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            (self.directory / "log").unlink(missing_ok=True)
            process, child = self.start_and_wait("new")
            process.send_signal(number)
            self.assertEqual(process.wait(10), 130)
            self.assertEqual(process.stderr.read(), b"perf_regression: interrupted\n")
            self.assertEqual(os.listdir(self.scratch), [])
            with self.assertRaises(ProcessLookupError):
                os.kill(child, 0)

    def test_one_gate_at_a_time(self):
        self.start_and_wait("base")
        (self.directory / "hang").unlink()
        errors = self.gate(code=2)
        self.assertIn("another perf_regression is running in", errors)

    def test_the_file_is_kept_for_the_next_time_where_that_is_asked_for(self):
        for _ in range(2):
            subprocess.run(self.command("--keep"), stdin=subprocess.DEVNULL, capture_output=True,
                           check=True)
            self.assertEqual(os.listdir(self.scratch / "perf_regression"), ["4194304.bin"])
        self.gate()


if __name__ == "__main__":
    unittest.main()
