"""Proves that on Linux a Windows engine runs in the Windows build under Wine, like a native engine.

Arguments, names, stdout, stderr, exit code and Ctrl-C are passed through. The result always names
Wine and its version. Wine's files are in a prefix below the cache directory, created on first use
with a note. This test keeps the prefix in the build directory between runs.
"""
import itertools
import os
import re
import shutil
import subprocess
import time
import unittest

import aiobench_cli as cli
from aiobench_cli import BAD, FAILED, GIB, MIB, UNUSABLE
from signalling import FOREVER, signalled, wait_until_watching

ENGINES = ["overlapped", "extended", "iocp", "threadpool", "sync", "mmap"]
CACHE = cli.BUILD / "cli-wine-cache"
PREFIX = CACHE / "aiobench/wine"
EXE = cli.BUILD.parent / "windows/aiobench.exe"
WINE = shutil.which("wine64", path="/usr/lib/wine:/usr/bin") or shutil.which("wine")
NAMES = ["with space", "it's", "$HOME %x% !y!", "(a) = b", "caret^&", "u\u0308ber decomposed",
         "\u00fcber", "\u65e5\u672c\u8a9e", "\U0001f40d", "-d", "--help", "{}"]


def chosen(engine):
    """The arguments that select the Windows engine of this name."""
    return ["-e", engine] + (["--wine"] if engine in ("threadpool", "sync", "mmap", "null") else [])


class WineTest(cli.ProgramTest):
    @classmethod
    def setUpClass(cls):
        if cli.WINDOWS or cli.SANITIZED:
            raise unittest.SkipTest("only with the native release build")
        if not EXE.exists():
            raise unittest.SkipTest(f"there is no Windows build at {EXE}")
        if WINE is None:
            raise unittest.SkipTest("Wine is not installed")
        CACHE.mkdir(exist_ok=True)
        cls.was_there = (PREFIX / "made-by-aiobench").exists()
        process = cli.start(EXE, *chosen("iocp"), "-H", "none", cwd=cli.BUILD,
                            env=cls.environment())
        cls.first = cli.finish(process, 300)

    @classmethod
    def environment(cls):
        home = CACHE / "home"
        home.mkdir(exist_ok=True)
        kept = {key: value for key, value in os.environ.items()
                if not key.startswith(("WINE", "AIOBENCH")) and key != "DISPLAY"}
        return {**kept, "XDG_CACHE_HOME": str(CACHE), "HOME": str(home)}

    def run_wine(self, *arguments, **options):
        return self.run_program(*arguments, env=self.environment(), **options)

    def test_wine_has_its_heap_where_no_windows_address_is(self):
        # With address space randomisation one start in some thousands exits with 1 and no message.
        if subprocess.run(["setarch", "-R", "true"], capture_output=True, check=False).returncode:
            self.skipTest("address randomisation cannot be switched off here")
        process = cli.start("-e", "iocp", "-H", "none", *FOREVER, cwd=self.directory,
                            env=self.environment())
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        wait_until_watching(process, under_wine=True)
        with open(f"/proc/{process.pid}/personality", encoding="ascii") as personality:
            self.assertTrue(int(personality.read(), 16) & 0x40000, "ADDR_NO_RANDOMIZE is not set")

    def interrupted(self, *arguments):
        """Starts a long run, interrupts it, and checks how it ends."""
        outcome = signalled(self, *arguments, after=0.1, under_wine=True, bound=3,
                            env=self.environment())
        self.assertIn("partial", outcome.stdout)
        self.assert_one_error(outcome, "interrupted")

    def test_first_use_creates_a_separate_prefix_with_a_note(self):
        self.assertEqual(self.first.code, 0, self.first)
        notes = [line for line in self.first.stderr.split("\n") if "Wine prefix" in line]
        if self.was_there:
            self.assertEqual(notes, [])
        else:
            self.assertEqual(len(notes), 1, self.first)
            self.assertIn(str(PREFIX), notes[0])
        self.assertTrue((PREFIX / "drive_c/windows").is_dir())
        self.assertEqual(list((CACHE / "home").iterdir()), [], "something in the user's home")
        self.make("file", 100)
        self.assertEqual(self.run_wine(*chosen("iocp"), "file").stderr, "")

    def test_digests_of_every_engine(self):
        sizes = [0, 1, 4096, 4097, MIB + 1, 5 * MIB + 13]
        names = [f"file-{size}" for size in sizes]
        for name, size in zip(names, sizes):
            self.make(name, size)
        expected = self.sums("xxh3", *names)
        for engine in ENGINES:
            for depth in ("1", "65"):
                outcome = self.run_wine("--format", "xxhsum", *chosen(engine), "-d", depth, "-b",
                                        "64k", *names)
                self.assertEqual((outcome.raw, outcome.stderr), (expected, ""), engine)

    def test_read_by_every_engine(self):
        self.make("file", MIB + 13)
        ways = ([], ["--rate", "5000"], ["--pattern", "random", "--bytes", "1088K"])
        configurations = list(itertools.product(ENGINES, ("1", "16")))
        for (engine, depth), more in cli.pairs_of(configurations, ways):
            outcome = self.run_wine("read", *chosen(engine), "-d", depth, "-b", "64k", *more,
                                    "--format", "json", "file")
            run = outcome.json["runs"][0]
            self.assertEqual((run["job"], run["config"]["engine"]), ("read", engine))
            repetition = run["repetitions"][0]
            self.assertEqual(repetition["requests"], 17, (engine, depth, more))
            self.assertEqual(repetition["bytes"], 17 * 65536 if "random" in more else MIB + 13)
        outcome = self.run_wine("read", "-e", "auto", "--wine", "--format", "json", "file")
        self.assertIn(outcome.json["runs"][0]["config"]["engine"], [*ENGINES, "mmap"])

    def test_interrupt_of_a_read(self):
        self.make("file", MIB)
        for engine, more in cli.pairs_of(ENGINES, (["--duration", "100h"], ["--rate", "0.001"])):
            with self.subTest(engine=engine, more=more):
                self.interrupted("read", *chosen(engine), "-d", "8", *more, "file")

    def test_first_lines_and_json_name_wine_and_its_version(self):
        self.make("file", 1000)
        version = subprocess.run([WINE, "--version"], capture_output=True, check=True, text=True)
        version = version.stdout.strip().removeprefix("wine-")
        header = self.run_wine(*chosen("iocp"), "file").stdout.split("\n\n")[0]
        self.assertIn(f"under Wine {version.split()[0]}", header)
        self.assertIn("Timing under Wine says nothing about Windows.", header)
        host = self.run_wine(*chosen("iocp"), "file", "--format", "json").json["host"]
        self.assertEqual(host["system"], "Windows")
        self.assertTrue(version.startswith(host["wine"].split()[0]), (version, host["wine"]))
        row = self.run_wine(*chosen("iocp"), "file", "--format", "csv").stdout.split("\n")[1]
        self.assertIn(host["wine"].split()[0], row)
        native = self.run_program("file", "-e", "sync", "--format", "json").json["host"]
        self.assertIsNone(native["wine"])

    def test_names(self):
        for index, name in enumerate(NAMES):
            self.make(name, 100 + index)
        outcome = self.run_wine(*chosen("iocp"), "--format", "xxhsum", "--", *NAMES)
        self.assertEqual(outcome.raw, self.sums("xxh3", *NAMES))

    def test_names_where_the_locale_is_not_utf8(self):
        self.make("\u00fcber \u65e5\u672c", 100)
        environment = {**self.environment(), "LC_ALL": "C", "LANG": "C"}
        outcome = self.run_program(*chosen("iocp"), "--format", "xxhsum", "\u00fcber \u65e5\u672c",
                                   env=environment)
        self.assertEqual(outcome.raw, self.sums("xxh3", "\u00fcber \u65e5\u672c"))

    def test_relative_absolute_and_long_paths(self):
        inner = "inner " + "x" * 100
        directory = self.directory / inner / inner / inner
        directory.mkdir(parents=True)
        self.make(directory / "file", 1000)
        self.make("above", 1000)
        for name in (f"{inner}/{inner}/{inner}/file", f"./{inner}/../{inner}/{inner}/{inner}/file",
                     str(directory / "file")):
            outcome = self.run_wine(*chosen("iocp"), "--format", "xxhsum", name)
            self.assertEqual(outcome.raw, self.sums("xxh3", name))
        outcome = self.run_wine(*chosen("iocp"), "--format", "xxhsum", "../above",
                                cwd=self.directory / inner)
        self.assertEqual(outcome.raw, self.sums("xxh3", "above").replace(b"above", b"../above"))

    def test_exit_codes_and_errors(self):
        self.make("file", 1000)
        outcome = self.run_wine(*chosen("iocp"), "--format", "xxhsum", "missing", "file",
                                code=FAILED)
        self.assert_one_error(outcome, "cannot open 'missing'")
        self.assertEqual(outcome.raw, self.sums("xxh3", "file"))
        for arguments in (["-d", "0"], ["-b", "1"], ["--cache", "hot"]):
            outcome = self.run_wine(*chosen("iocp"), *arguments, "file", code=None)
            self.assert_refused(outcome, UNUSABLE)
        (self.directory / "SUMS").write_bytes(self.sums("xxh3", "file"))
        self.assertEqual(self.run_wine(*chosen("iocp"), "--check", "SUMS").stdout, "file: OK\n")
        self.make("file", 1000, seed=2)
        outcome = self.run_wine(*chosen("iocp"), "--check", "SUMS", code=BAD)
        self.assertEqual(outcome.stdout, "file: FAILED\n")

    def test_options_and_result_files_pass_through(self):
        self.make("file", MIB)
        self.run_wine("-e", "iocp:skip_on_success,batch=2", "-d", "3", "-t", "2", "-b", "4k",
                      "--repeat", "2", "--json", "out.json", "--csv", "out \u00fc.csv", "file")
        text = (self.directory / "out.json").read_text(encoding="utf-8")
        for part in ('"engine_options": "batch=2,skip_on_success"', '"depth": 3', '"threads": 2',
                     '"block_bytes": 4096', '"requests": 256', '"path": "file"'):
            self.assertIn(part, text)
        self.assertNotIn("\r", text)
        self.assertEqual(len((self.directory / "out \u00fc.csv").read_text().splitlines()), 3)

    def test_output_is_byte_for_byte(self):
        self.make("file", 1000)
        for form in ("text", "json", "csv", "xxhsum"):
            outcome = self.run_wine(*chosen("iocp"), "--format", form, "file")
            self.assertNotIn(b"\r", outcome.raw)
            self.assertEqual(outcome.stderr, "")

    def test_progress(self):
        self.make_sparse("file", GIB)
        outcome = self.run_wine(*chosen("null"), "-b", "512", "--progress", "always", "file")
        self.assertRegex(outcome.stderr, r"\d+ %  .* left")

    def test_interrupt(self):
        self.make_sparse("file", 64 * GIB)
        for engine, depth in cli.pairs_of(ENGINES, ("1", "32", "256")):
            with self.subTest(engine=engine, depth=depth):
                self.interrupted(*chosen(engine), "-d", depth, "-b", "64k", "file")

    def test_interrupt_at_any_moment_of_the_start(self):
        """Signals while the Windows build is located, while Wine is prepared and loads it, and
        after that."""
        self.make_sparse("file", 64 * GIB)
        for step in range(40):
            with self.subTest(step=step):
                outcome = signalled(self, *chosen("iocp"), "-b", "64k", "file", until="watching",
                                    after=step * 0.01, bound=3, under_wine=False,
                                    env=self.environment())
                self.assert_one_error(outcome, "interrupted")

    def test_copy(self):
        self.make("file", MIB + 1)
        for engine in ENGINES:
            with self.subTest(engine=engine):
                self.run_wine("copy", "-q", "--force", "--verify", *chosen(engine), "file", "copy")
                self.assertEqual((self.directory / "copy").read_bytes(),
                                 (self.directory / "file").read_bytes())
        outcome = self.run_wine("copy", *chosen("iocp"), "file", "copy", code=UNUSABLE)
        self.assert_refused(outcome, UNUSABLE, "'copy'", "already exists")

    def test_windows_mechanisms_join_a_sweep(self):
        self.make("file", 200_000)
        engines = "sync,wine/iocp:batch=1,skip_on_success,wine"
        outcome = self.run_wine("sweep", "file", "-e", engines, "-d", "4", "--repeat", "2",
                                "--format", "json")
        self.assert_valid_result(outcome.json)
        runs = outcome.json["runs"]
        names = [run["config"]["engine"] for run in runs]
        self.assertEqual(names, ["sync", "iocp", "sync", "overlapped", "extended", "iocp",
                                 "threadpool", "mmap"])
        self.assertIsNone(runs[0]["origin"])
        self.assertEqual(runs[1]["config"]["engine_options"], "batch=1,skip_on_success")
        for run in runs[1:]:
            self.assertTrue(run["origin"]["host"]["wine"])
            self.assertTrue(run["suspect"])
        digests = {r["digest"] for run in runs for r in run["repetitions"]}
        self.assertEqual(len(digests), 1)
        outcome = self.run_wine("sweep", "file", "-e", "sync,iocp,wine/sync", "-d", "4",
                                "--repeat", "2", "--force")
        for words in ["  wine/iocp", "  wine/sync", "Use sync", "says nothing about Windows"]:
            self.assertIn(words, outcome.stdout)

    def test_a_sweep_makes_a_file_cold_for_wine(self):
        self.make("file", 3_000_000)
        outcome = self.run_wine("sweep", "file", "-e", "sync,wine/sync", "-d", "4", "--repeat", "2",
                                "--cache", "cold", "--format", "json")
        for run in outcome.json["runs"]:
            self.assertEqual(run["config"]["cache"], "cold")
            codes = {warning["code"] for warning in run["warnings"]}
            self.assertFalse(codes & {"cache_not_cold", "cache_not_verified"}, codes)

    def test_an_interrupt_of_a_sweep_ends_the_windows_build_too(self):
        self.make("file", 200_000)
        outcome = signalled(self, "sweep", "file", "-e", "wine/iocp", "-d", "4", "--repeat", "9999",
                            "--force", until="watching", after=3, bound=10, under_wine=False,
                            env=self.environment())
        self.assertIn("Partial: interrupted", outcome.stdout)

    def test_the_default_file(self):
        outcome = self.run_wine(*chosen("iocp"), "--format", "xxhsum")
        path = CACHE / "aiobench/default-256MiB.bin"
        self.assertIn(str(path), outcome.stderr)
        self.assertEqual(path.stat().st_size, 256 * MIB)
        self.assertEqual(outcome.raw, self.sums("xxh3", str(path)))

    def test_engines_are_listed_with_wine(self):
        text = self.run_wine("engines").stdout
        for engine in ENGINES:
            self.assertRegex(text, rf"(?m)^{engine} +Windows +yes +under Wine \d")
        self.assertEqual(len(re.findall(r"with\s+--wine", text)), 5)

    def test_starting_costs_little_once_the_server_runs(self):
        self.make("file", 1000)
        self.run_wine(*chosen("iocp"), "file")
        seconds = []
        for _ in range(5):
            began = time.monotonic()
            self.run_wine(*chosen("iocp"), "file")
            seconds.append(time.monotonic() - began)
        self.assertLess(min(seconds), 1)


if __name__ == "__main__":
    cli.main()
