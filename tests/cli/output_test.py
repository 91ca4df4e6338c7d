"""Proves that stdout has only the result, and that a text result is complete.

Progress, notes and warnings go to stderr. --progress, --quiet and --verbose work as documented.
Warnings have advice. The default file is created once, with a note.
"""
import os
import re
import signal
import time

import aiobench_cli as cli
from aiobench_cli import GIB, INTERRUPTED, MIB

# The labels of the lines that a text result must have for each file and run.
LINES = {
    "speed": r"[\d.]+ GiB/s, [\d,]+ requests/s: 8 MiB in 128 requests, [\d.]+ (us|ms|s)$",
    "engine": r"[a-z_-]+ \(chosen by auto\), depth 4, 2 threads, block 64 KiB, cache asis$",
    "file": r"8 MiB, \S+" if cli.MOUNTS_REPORTED else r"8 MiB",
    "time": r"[whsr]{10}  waiting \d+ %, hashing \d+ %, submitting \d+ %, rest \d+ %$",
    "latency": r"p50 .+, p90 .+, p99 .+, p99\.9 .+\?, max [\d.]+ (ns|us|ms|s) \(\?: too few",
    "submitting": r"[\d.]+ (ns|us|ms|s) in total, .+ per request; [\d.]+ % completed inline$",
    "depth": r"[\d.]+ requests in flight on average$",
    "cpu": r"[\d.]+ s \([\d.]+ user, [\d.]+ system\), [\d.]+ s per GiB$",
}
PROGRESS = re.compile(r"(\d+) %  \S+ \w+ of \d GiB  [\d.]+ [KMGT]iB/s  \d+:\d\d left")
# Takes half a second with engine null and blocks of 512 B: long enough for progress, which is shown
# every tenth of a second, and without disk access.
SLOW_BYTES = GIB if cli.WINDOWS or cli.SANITIZED else 4 * GIB
SLOW = ["-e", "null", "-b", "512", "-d", "64", "-t", "1", "-H", "none"]


class TextTest(cli.ProgramTest):
    def lines(self, text):
        """Label to text, for the lines below a file's title."""
        return dict(re.findall(r"^  (\w+) +(.*)$", text, re.MULTILINE))

    def test_all_that_is_promised_is_there(self):
        self.make("file", 8 * MIB)
        outcome = self.run_program("file", "-d", "4", "-t", "2", "-b", "64k")
        digest = self.digest("xxh3", "file")
        self.assertIn(f"\nfile  xxh3 {digest}\n", outcome.stdout)
        found = self.lines(outcome.text)
        self.assertEqual([label for label in found if label not in ("suspect", "warning")],
                         list(LINES))
        for label, pattern in LINES.items():
            self.assertRegex(found[label], pattern)
        shares = [int(share) for share in re.findall(r"(\d+) %", found["time"])]
        self.assertLessEqual(abs(sum(shares) - 100), 2)
        self.assertEqual(outcome.stderr, "")

    def test_first_lines_name_tool_system_and_machine(self):
        self.make("file", 100)
        first = self.run_program("file").stdout.split("\n\n")[0].replace("\n", " ")
        system = "Windows" if cli.WINDOWS else f"Linux {os.uname().release}"
        self.assertRegex(first, rf"^aiobench \d+\.\d+\.\d+ on {re.escape(system)}.*, \d+ CPUs? ")
        if cli.WINDOWS:
            self.assertIn("Wine", first)

    @cli.needs_mounts
    def test_file_system_and_disk(self):
        self.make("file", 100)
        outcome = self.run_program("file", "--format", "json")
        target = outcome.json["runs"][0]["target"]
        line = self.lines(self.run_program("file").text)["file"]
        self.assertIsNotNone(target["file_system"])
        self.assertIn(target["file_system"], line)
        if target["device"] is not None:
            self.assertIn(target["device"], line)

    def test_every_hash_names_itself(self):
        self.make("file", 1000)
        for algorithm in cli.ALGORITHMS:
            outcome = self.run_program("file", "-H", algorithm)
            self.assertIn(f"file  {algorithm} {self.digest(algorithm, 'file')}\n", outcome.stdout)
        self.assertIn("file  (no digest)\n", self.run_program("file", "-H", "none").stdout)

    def test_repetitions_show_their_spread(self):
        self.make("file", MIB)
        text = self.run_program("file", "--repeat", "5", "--warmup", "2").text
        self.assertRegex(text, r"  spread +[\d.]+ to [\d.]+ GiB/s, 5 repetitions \S{5}; .*median")

    def test_numbers_agree_with_their_nouns(self):
        self.make("empty", 0)
        self.make("small", 100)
        text = self.run_program("empty", "small", "-t", "1").stdout
        self.assertNotRegex(text, r"(?<![\d.,])1 (requests|blocks|threads|repetitions|CPUs)\b")
        self.assertNotRegex(text.split("small  ")[0], r"only [1-9]\d* block")

    def test_engine_options_are_shown(self):
        self.make("file", MIB)
        for spec in ("io_uring:fixed_buffers,sqpoll", "iocp:batch=3,skip_on_success"):
            if spec.split(":")[0] in cli.engines():
                text = self.run_program("file", "-e", spec).text
                self.assertIn(f"engine     {spec}, depth", text)

    @cli.linux_only
    def test_an_unreached_cache_state_gives_a_warning_with_advice(self):
        path = f"/dev/shm/aiobench-test-{os.getpid()}"
        if not os.path.ismount("/dev/shm"):
            self.skipTest("no file system in memory at /dev/shm")
        with open(path, "wb") as file:
            self.addCleanup(os.unlink, path)
            file.write(bytes(MIB))
        text = self.run_program("--cache", "cold", path).text
        self.assertRegex(text, r"  warning +100\.0 % of the file stayed .* \(.*--cache direct")
        outcome = self.run_program("--cache", "cold", "--format", "json", path)
        warning = outcome.json["runs"][0]["warnings"][0]
        self.assertEqual(warning["code"], "cache_not_cold")
        for form in ("json", "csv", "xxhsum"):
            outcome = self.run_program("--cache", "cold", "--format", form, path)
            self.assertRegex(outcome.stderr, r"^aiobench: warning: .*100\.0 %.*--cache direct.*\n$")

    @cli.linux_only
    def test_cold_is_cold_and_warm_is_warm_on_a_disk(self):
        self.make("file", 8 * MIB)
        for cache in ("cold", "warm"):
            runs = self.run_program("file", "--cache", cache, "--format", "json").json["runs"]
            if runs[0]["target"]["file_system"] == "tmpfs":
                self.skipTest("the build directory lies in memory")
            codes = [warning["code"] for warning in runs[0]["warnings"]]
            self.assertEqual([code for code in codes if code.startswith("cache_")], [])


class StreamsTest(cli.ProgramTest):
    def slow_run(self, *arguments, **options):
        self.make_sparse("file", SLOW_BYTES)
        return self.run_program("file", *SLOW, *arguments, **options)

    def test_progress_goes_to_stderr_with_rate_and_time_left(self):
        outcome = self.slow_run("--progress", "always")
        shown = [int(share) for share in PROGRESS.findall(outcome.stderr)]
        self.assertTrue(shown, outcome.stderr)
        self.assertEqual(shown, sorted(shown))
        self.assertTrue(outcome.stderr.endswith("\r"), "the line was not taken away")
        self.assertNotIn("left", outcome.stdout)
        self.assertNotIn("\r", outcome.stdout)

    def test_no_progress_where_stderr_is_no_terminal(self):
        for arguments in ([], ["--progress", "never"], ["--progress", "auto"], ["--quiet"]):
            self.assertEqual(self.slow_run(*arguments).stderr, "", arguments)

    @cli.linux_only
    def test_progress_on_a_terminal(self):
        self.make_sparse("file", SLOW_BYTES)
        for arguments, wanted in [([], True), (["--progress", "never"], False), (["-q"], False)]:
            shown = self.shown_on_terminal(*SLOW, *arguments, "file")
            self.assertEqual(PROGRESS.search(shown) is not None, wanted, arguments)

    def shown_on_terminal(self, *arguments):
        """The output on a terminal that is the program's stderr."""
        master, slave = os.openpty()
        cli.finish(cli.start(*arguments, cwd=self.directory, stderr=slave))
        os.close(slave)
        try:
            return os.read(master, 65536).decode()
        except OSError:  # nothing was written, and the pipe is closed
            return ""
        finally:
            os.close(master)

    def test_verbose_adds_messages_only_on_stderr(self):
        self.make("file", 1000)
        plain = self.run_program("file", "--format", "xxhsum")
        verbose = self.run_program("file", "--format", "xxhsum", "-v")
        self.assertEqual((plain.stdout, plain.stderr), (verbose.stdout, ""))
        self.assertIn("aiobench: debug: ", verbose.stderr)

    def test_several_files_keep_their_order(self):
        names = [f"file-{i}" for i in range(5)]
        for index, name in enumerate(names):
            self.make(name, 5 * MIB >> index)
        text = self.run_program(*names).stdout
        self.assertEqual(re.findall(r"^(file-\d)  xxh3", text, re.MULTILINE), names)

    def test_results_come_as_soon_as_they_are_there(self):
        self.make("first", 100)
        self.make_sparse("second", 64 * GIB)
        process = cli.start("first", "second", "-b", "512", "--format", "xxhsum",
                            cwd=self.directory)
        line = process.stdout.readline()
        self.assertIsNone(process.poll(), "the second file is not slow enough")
        process.terminate()
        cli.finish(process)
        self.assertEqual(line, self.sums("xxh3", "first"))


@cli.linux_only
class DefaultFileTest(cli.ProgramTest):
    def setUp(self):
        super().setUp()
        self.options = {"env": {**os.environ, "XDG_CACHE_HOME": str(self.directory / "cache")}}
        self.path = self.directory / "cache/aiobench/default-256MiB.bin"

    def test_it_is_made_once_and_named(self):
        outcome = self.run_program("--repeat", "2", **self.options)
        self.assertRegex(outcome.stderr, rf"^aiobench: info: .*creating {self.path}.*\n$")
        self.assertIn(f"\n{self.path}  xxh3 ", outcome.stdout)
        self.assertEqual(self.path.stat().st_size, 256 * MIB)
        made = self.path.stat().st_mtime_ns
        again = self.run_program(**self.options)
        self.assertRegex(again.stderr, rf"^aiobench: info: .*reading {self.path}\n$")
        self.assertEqual(self.path.stat().st_mtime_ns, made)
        quiet = self.run_program("-q", "--format", "xxhsum", **self.options)
        self.assertEqual(quiet.stderr, "")
        self.assertEqual(quiet.raw, self.sums("xxh3", str(self.path)))

    def test_an_interrupt_leaves_no_half_of_it(self):
        process = cli.start(cwd=self.directory, **self.options)
        while not self.path.parent.exists() or not os.listdir(self.path.parent):
            self.assertIsNone(process.poll())
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        outcome = cli.finish(process)
        self.assertEqual(outcome.code, INTERRUPTED, outcome)
        self.assertEqual(os.listdir(self.path.parent), [])

    def test_a_cache_directory_that_cannot_be_made(self):
        self.make("cache", 10)
        self.assert_refused(self.run_program(code=None, **self.options), cli.FAILED, "cache",
                            "ENOTDIR")

    def test_no_home_at_all(self):
        self.assert_refused(self.run_program(code=None, env={}), cli.FAILED, "HOME")


if __name__ == "__main__":
    cli.main()
