"""Proves that --trace writes a file in Chrome's trace event format with the activity of each lane
and thread, that its size is bounded, and that it is complete after a failure and after Ctrl-C.

The trace must show the differences between engines: with completion routines a request ends in the
thread that submitted it, and with the thread pool in one of the pool's threads.
"""
import json
import os

import aiobench_cli as cli
from aiobench_cli import FAILED, GOOD, KIB, MIB, UNUSABLE
from signalling import FOREVER, signalled

# The fields that the format requires for each phase.
KEYS = {"M": {"ph", "pid", "name", "args"}, "X": {"ph", "pid", "tid", "ts", "dur", "name", "args"},
        "s": {"ph", "pid", "tid", "ts", "id", "cat", "name"},
        "f": {"ph", "pid", "tid", "ts", "id", "cat", "name", "bp"}}
MOST_EVENTS = 100_000
# Engines that deliver a completion to the submitting thread.
OWN_COMPLETIONS = {"overlapped", "extended", "io_uring", "libaio", "posix-aio"}


class Trace:
    """A trace file; by default its first pass."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.document = json.load(file)
        self.events = self.document["traceEvents"]
        self.other = self.document["otherData"]

    def names(self, kind):
        """Names of processes or threads by pid, or by pid and tid."""
        found = {}
        for event in self.events:
            if event["ph"] == "M" and event["name"] == kind:
                key = event["pid"] if kind == "process_name" else (event["pid"], event["tid"])
                found[key] = event["args"]["name"]
        return found

    def spans(self, of, number=0, name=None):
        """The spans of the lanes or of the threads of a pass."""
        pid = self.other["passes"][number][f"{of}_pid"]
        return [event for event in self.events if event["ph"] == "X" and event["pid"] == pid
                and name in (None, event["name"])]

    def tracks(self):
        found = {}
        for event in self.events:
            if event["ph"] == "X":
                found.setdefault((event["pid"], event["tid"]), []).append(event)
        return found


class TraceTest(cli.ProgramTest):
    def trace(self, *arguments, code=GOOD):
        outcome = self.run_program(*arguments, "--trace", "out.trace", code=code)
        trace = Trace(self.directory / "out.trace")
        self.check(trace)
        return trace, outcome

    def check(self, trace):
        """Checks everything that holds for every trace."""
        for event in trace.events:
            self.assertEqual(KEYS[event["ph"]] - set(event), set(), event)
            self.assertGreater(event["pid"], 0)
        for spans in trace.tracks().values():
            end = 0
            for span in spans:
                begin = self.nanoseconds(span["ts"])
                self.assertGreaterEqual(begin, end, span)
                self.assertGreaterEqual(span["dur"], 0)
                end = begin + self.nanoseconds(span["dur"])
        self.assertLessEqual(set(trace.tracks()), set(trace.names("thread_name")))
        started = {event["id"] for event in trace.events if event["ph"] == "s"}
        ended = {event["id"] for event in trace.events if event["ph"] == "f"}
        self.assertEqual(started, ended)
        self.assertLessEqual(trace.other["events"], MOST_EVENTS)

    def assert_full(self, trace, threads):
        """Threads reserve space for fifty events at a time, so a few of the last may be unused."""
        self.assertGreater(trace.other["events"], MOST_EVENTS - 50 * threads)
        self.assertGreater(trace.other["events_left_out"], 0)

    @staticmethod
    def nanoseconds(microseconds):
        return round(microseconds * 1000)

    def test_every_engine_hashes_each_block_once(self):
        self.make("file", 3 * MIB + 17)
        for engine in [*cli.engines(), "null"]:
            for depth, threads in (("1", "1"), ("8", "3")):
                with self.subTest(engine=engine, depth=depth):
                    trace, outcome = self.trace("file", "-e", engine, "-d", depth, "-t", threads,
                                                "-b", "64k", "--format", "json")
                    self.check_hash(trace, outcome.json["runs"][0], 49)

    def check_hash(self, trace, run, blocks):
        hashed = trace.spans("lanes", name="hashing")
        self.assertEqual(sorted(span["args"]["block"] for span in hashed), list(range(blocks)))
        self.assertEqual(len(trace.spans("threads", name="hashing")), blocks)
        requests = run["repetitions"][0]["requests"]
        submits = trace.spans("lanes", name="submit")
        self.assertEqual(len(submits), requests)
        in_flight = trace.spans("lanes", name="in flight")
        done_in_call = requests - len(in_flight)
        resumed = trace.spans("threads", name="resume")
        self.assertEqual(sorted((span["args"]["block"], span["tid"] - 1,
                                 span["args"]["submitted_by"]) for span in resumed),
                         sorted((span["args"]["block"], span["args"]["thread"],
                                 span["args"]["submitted_by"]) for span in in_flight))
        self.assertLessEqual(done_in_call, run["repetitions"][0]["inline_completions"])
        inline = sum(span["args"]["inline"] for span in submits)
        self.assertEqual(inline, run["repetitions"][0]["inline_completions"])
        if run["config"]["engine"] in OWN_COMPLETIONS:
            for span in in_flight:
                self.assertEqual(span["args"]["thread"], span["args"]["submitted_by"])
        names = set(trace.names("thread_name").values())
        pooled = cli.WINDOWS and run["config"]["engine"] == "threadpool"
        threads = {name for name in names if not name.startswith("lane")}
        self.assertTrue(threads)
        self.assertTrue(all(name.startswith("pool") == pooled for name in threads), threads)
        codes = [warning["code"] for warning in run["warnings"]]
        self.assertIn("traced", codes)
        self.assertTrue(run["suspect"])

    def test_a_block_goes_its_way_in_order(self):
        self.make("file", MIB)
        trace, _ = self.trace("file", "-e", "threadpool", "-d", "4", "-t", "2", "-b", "64k")
        ways = {}
        for span in trace.spans("lanes"):
            ways.setdefault(span["args"]["block"], []).append(span["name"])
        self.assertEqual(len(ways), 16)
        for names in ways.values():
            self.assertEqual(names, ["submit", "in flight", "queued", "waiting for the turn",
                                     "hashing"])

    def test_what_it_is_of(self):
        self.make("file \u00fc\"", MIB)
        trace, outcome = self.trace("file \u00fc\"", "-e", "sync", "-d", "3", "-t", "2", "-b",
                                    "64k")
        other = trace.other
        self.assertEqual(bool(other["wine"]), cli.WINDOWS)
        self.assertEqual(bool(other["note"]), cli.WINDOWS)
        self.assertEqual(other["events_left_out"], 0)
        one = other["passes"][0]
        self.assertEqual((one["path"], one["engine"], one["depth"], one["threads"],
                          one["block_bytes"], one["job"]),
                         ("file \u00fc\"", "sync", 3, 2, 64 * KIB, "hash"))
        self.assertEqual(list(trace.names("process_name").values()),
                         ["lanes: file \u00fc\"", "threads: file \u00fc\""])
        self.assertRegex(" ".join(outcome.stdout.split()),
                         r" warning the figures include the cost of tracing: \d+ events at about "
                         r"[\d.]+ .?s each, [\d.]+ % of the threads' time \(")
        self.assertRegex(outcome.stderr, r"^aiobench: info: wrote a trace of \d+ events to 'out")
        self.assertEqual(self.run_program("-q", "file \u00fc\"", "--trace", "t").stderr, "")

    def test_measured_passes_follow_one_another(self):
        self.make("a", MIB)
        self.make("b", MIB)
        trace, _ = self.trace("a", "b", "-b", "64k", "--warmup", "1", "--repeat", "2")
        self.assertEqual([one["path"] for one in trace.other["passes"]], ["a", "a", "b", "b"])
        self.assertIn("lanes: a, pass 2", trace.names("process_name").values())
        end = 0
        for number in range(4):
            spans = trace.spans("lanes", number)
            self.assertEqual(len({span["args"]["block"] for span in spans}), 16)
            self.assertGreaterEqual(min(span["ts"] for span in spans), end)
            end = max(span["ts"] + span["dur"] for span in spans)

    def test_copy(self):
        self.make("file", MIB + 100)
        for engine in cli.engines():
            with self.subTest(engine=engine):
                trace, outcome = self.trace("copy", "--force", "-e", engine, "-b", "64k", "-d", "4",
                                            "--verify", "--format", "json", "file", "new")
                self.assertEqual(len(trace.other["passes"]), 1, "verifying is no copying")
                copied = outcome.json["runs"][0]["repetitions"][0]
                self.assertEqual(len(trace.spans("lanes", name="submit write")),
                                 copied["copy"]["write_requests"])
                hashed = {span["args"]["block"]: span["ts"] + span["dur"]
                          for span in trace.spans("lanes", name="hashing")}
                self.assertEqual(len(hashed), 17)
                for span in trace.spans("lanes", name="submit write"):
                    self.assertGreaterEqual(span["ts"] + 0.001, hashed[span["args"]["block"]])

    def test_read_several_files_at_once(self):
        self.make("a", 20 * 4096)
        self.make("b", 30 * 4096)
        trace, _ = self.trace("read", "a", "b", "-e", "threadpool", "-b", "4k", "--pattern",
                              "random", "--bytes", "400k")
        self.assertEqual([one["path"] for one in trace.other["passes"]], ["a", "b"])
        for number in range(2):
            self.assertEqual(len(trace.spans("lanes", number, "in flight")), 100)
            self.assertEqual(trace.spans("lanes", number, "hashing"), [])

    def test_it_is_bounded_and_reports_the_dropped_events(self):
        self.make("file", MIB)
        trace, outcome = self.trace("read", "file", "-e", "null", "-b", "4k", "-d", "8", "-t", "2",
                                    "--bytes", "320M")
        self.assert_full(trace, 2)
        left_out = trace.other["events_left_out"]
        self.assertGreaterEqual(left_out + trace.other["events"], 2 * 81_920)
        self.assertIn(f"at most 100,000 events, and {left_out:,} more were dropped", outcome.stderr)
        self.assertLess((self.directory / "out.trace").stat().st_size, 40_000_000)

    def test_after_a_failure(self):
        self.make("file", MIB)
        trace, outcome = self.trace("missing", "file", "-b", "64k", code=FAILED)
        self.assert_error_of(outcome, "missing")
        self.assertEqual([one["path"] for one in trace.other["passes"]], ["file"])
        trace, _ = self.trace("read", "missing", code=FAILED)
        self.assertEqual(trace.events, [])

    def assert_error_of(self, outcome, name):
        self.assertRegex(outcome.stderr, rf"aiobench: error: cannot open '{name}'")

    def test_after_an_interrupt(self):
        self.make("file", 16 * MIB)
        for command in ([], ["read"]):
            with self.subTest(command=command):
                (self.directory / "out.trace").unlink(missing_ok=True)
                outcome = signalled(self, *command, "file", *FOREVER, "-b", "1M", "--trace",
                                    "out.trace", work=0.2)
                trace = Trace(self.directory / "out.trace")
                self.check(trace)
                # On a busy machine the signal may have arrived before the first pass.
                measured = "GiB/s" in outcome.stdout
                self.assertEqual(trace.other["events"] > 0, measured, outcome)

    def test_a_file_that_cannot_be_written_is_found_before_the_run(self):
        self.make("file", 1000)
        outcome = self.run_program("file", "--trace", "no/such/directory", code=FAILED)
        self.assert_refused(outcome, FAILED, "write", "no/such/directory")
        (self.directory / "directory").mkdir()
        outcome = self.run_program("file", "--trace", "directory", code=FAILED)
        self.assert_refused(outcome, FAILED, "directory")
        outcome = self.run_program("file", "--trace", "file", code=UNUSABLE)
        self.assert_refused(outcome, UNUSABLE, "--trace file", "would be overwritten")
        for option in ("--json", "--csv"):
            outcome = self.run_program("file", option, "out", "--trace", "out", code=UNUSABLE)
            self.assert_refused(outcome, UNUSABLE, option, "--trace", "both name 'out'")
        self.assertEqual(set(self.content()), {"file"})

    def test_what_cannot_be_traced(self):
        self.make("file", 1000)
        outcome = self.run_program("copy", "-e", "os", "--trace", "out", "file", "new",
                                   code=UNUSABLE)
        self.assert_refused(outcome, UNUSABLE, "--trace", "'os'", "choose another engine")
        (self.directory / "SUMS").write_bytes(self.sums("xxh3", "file"))
        outcome = self.run_program("--check", "SUMS", "--trace", "out", code=UNUSABLE)
        self.assert_refused(outcome, UNUSABLE, "--check", "--trace")
        self.assertEqual(set(self.content()), {"file", "SUMS"})

    @cli.linux_only
    def test_into_a_pipe(self):
        self.make("file", MIB)
        outcome = self.run_program("-q", "file", "-b", "64k", "--format", "xxhsum", "--trace",
                                   "/dev/stderr")
        self.assertEqual(len(json.loads(outcome.stderr)["otherData"]["passes"]), 1)
        self.assertEqual(outcome.raw, self.sums("xxh3", "file"))

    def test_the_disk_is_full_at_the_end(self):
        if cli.WINDOWS or not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        self.make("file", MIB)
        outcome = self.run_program("file", "--trace", "/dev/full", code=FAILED)
        self.assert_one_error(outcome, "write", "/dev/full")
        self.assertIn("GiB/s", outcome.stdout)

    @cli.plain_only
    def test_a_large_file_is_cut_short_and_still_whole(self):
        self.make_sparse("file", 256 * MIB)
        trace, _ = self.trace("file", "-b", "4k", "-e", "sync", "-d", "32", "-t", "2")
        self.assert_full(trace, 2)
        blocks = {span["args"]["block"] for span in trace.spans("lanes")}
        self.assertLess(max(blocks), 2 * len(blocks), "it is not the run's beginning")


if __name__ == "__main__":
    cli.main()
