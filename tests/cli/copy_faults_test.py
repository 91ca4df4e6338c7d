"""Proves that a failed copy keeps the old destination and leaves no partial file.

Covers a full disk, a read-only one, a source that shrinks or cannot be read to its end, and signals
at any moment. Each gives the right exit code and one error line, and never a wrong file under the
destination's name. After SIGKILL the name of the leftover shows what it is, and the next run
replaces it.
"""
import contextlib
import filecmp
import os
import random
import shutil
import signal
import subprocess
import time
import unittest

import aiobench_cli as cli
from aiobench_cli import FAILED, GOOD, MIB
from changing_test import wait_until_open
from signalling import BOUND_SECONDS, signalled

OLD = b"the old destination"
PART = "copy.aiobench-part"


def run(*command):
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def mounted(directory, *arguments):
    """Mounts a file system in `directory`; skips the test if this user may not mount one."""
    if cli.WINDOWS or os.geteuid() != 0 or not run("mount", *arguments, str(directory)):
        raise unittest.SkipTest("no file system can be mounted here")
    try:
        yield
    finally:
        run("umount", "-l", str(directory))


class CopyFaultsTest(cli.ProgramTest):
    def setUp(self):
        super().setUp()
        (self.directory / "out").mkdir()

    def assert_old(self, name="out/copy"):
        self.assertEqual((self.directory / name).read_bytes(), OLD)
        self.assertEqual(os.listdir((self.directory / name).parent), [os.path.basename(name)])

    def copy(self, *arguments, **options):
        return self.run_program("copy", "-q", "--force", *arguments, code=None, **options)

    def test_a_full_disk(self):
        self.make("file", 20 * MIB)
        with mounted(self.directory / "out", "-t", "tmpfs", "-o", "size=8m", "none"):
            (self.directory / "out/copy").write_bytes(OLD)
            for engine in [*cli.engines(), "auto"]:
                for more in ([], ["--no-sparse"], ["--write-cache", "buffered"]):
                    with self.subTest(engine=engine, more=more):
                        outcome = self.copy("-e", engine, *more, "file", "out/copy")
                        self.assertEqual(outcome.code, FAILED, outcome)
                        self.assert_one_error(outcome, "out/copy", "ENOSPC")
                        self.assert_old()

    def test_a_read_only_disk(self):
        self.make("file", MIB)
        with mounted(self.directory / "out", "-t", "tmpfs", "-o", "size=8m", "none"):
            (self.directory / "out/copy").write_bytes(OLD)
            if not run("mount", "-o", "remount,ro", str(self.directory / "out")):
                self.skipTest("a mount cannot be made read-only here")
            outcome = self.copy("file", "out/copy")
            self.assertEqual(outcome.code, FAILED, outcome)
            self.assert_one_error(outcome, "out/copy", "EROFS")
            self.assert_old()

    def test_a_directory_that_is_not_there(self):
        self.make("file", 1000)
        outcome = self.copy("file", "nowhere/copy")
        self.assertEqual(outcome.code, FAILED, outcome)
        self.assert_one_error(outcome, "nowhere/copy")

    def test_a_source_that_is_not_there(self):
        (self.directory / "out/copy").write_bytes(OLD)
        outcome = self.copy("missing", "out/copy")
        self.assertEqual(outcome.code, FAILED, outcome)
        self.assert_one_error(outcome, "missing")
        self.assert_old()

    def test_one_bad_file_among_good_ones(self):
        self.make("a", 1000)
        self.make("b", 2000)
        outcome = self.copy("--manifest", "SUMS", "a", "missing", "b", "out")
        self.assertEqual(outcome.code, FAILED, outcome)
        self.assertEqual(sorted(os.listdir(self.directory / "out")), ["a", "b"])
        self.assertEqual((self.directory / "SUMS").read_bytes().count(b"\n"), 2)

    @contextlib.contextmanager
    def failing_disk(self):
        """A mounted disk with a file "file", whose reads from 8 MiB on fail with a real EIO."""
        image, directory = self.directory / "image", self.directory / "disk"
        directory.mkdir()
        with open(image, "wb") as file:
            file.truncate(64 * MIB)
        if not run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0", str(image)):
            self.skipTest("no ext4 can be made here")
        with mounted(directory, "-o", "loop", str(image)):
            (directory / "file").write_bytes(cli.random_bytes(32 * MIB, 1))
            os.sync()
            blocks = subprocess.run(["filefrag", "-e", str(directory / "file")], check=False,
                                    capture_output=True, text=True).stdout
            first = [line for line in blocks.splitlines() if line.strip().startswith("0:")]
            if not first:
                self.skipTest("filefrag does not tell where the file lies")
            start = int(first[0].split(":")[2].split("..")[0])
            block = 4096 if "4096" in blocks else 1024
            with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as drop:
                drop.write("3")
            with open(image, "r+b") as file:
                file.truncate(start * block + 8 * MIB)
            yield directory / "file"

    def test_a_source_that_cannot_be_read_to_its_end(self):
        (self.directory / "out/copy").write_bytes(OLD)
        with self.failing_disk() as source:
            for engine in [*cli.engines(), "auto"]:
                for more in ([], ["--cache", "direct"]):
                    if more and engine == "mmap":
                        continue
                    with self.subTest(engine=engine, more=more):
                        outcome = self.copy("-e", engine, *more, source, "out/copy")
                        self.assertEqual(outcome.code, FAILED, outcome)
                        self.assert_one_error(outcome, "EIO", "at offset")
                        self.assert_old()

    def test_signals_at_any_moment(self):
        self.make("file", 192 * MIB)
        (self.directory / "out/copy").write_bytes(OLD)
        dice = random.Random(7)
        # The thread sanitizer loses early signals, see interrupt_test.py.
        start = 0.5 if cli.THREAD_SANITIZED else 0
        for number in (signal.SIGINT,) if cli.WINDOWS else (signal.SIGINT, signal.SIGTERM):
            for engine in dice.sample(cli.engines(), 3):
                for step in range(4):
                    with self.subTest(number=number, engine=engine, step=step):
                        outcome = signalled(
                            self, "copy", "--force", "-e", engine, "--verify", "--repeat", "1000",
                            "file", "out/copy",
                            until="watching", number=number,
                            after=start + step * 0.03 + dice.random() * 0.02,
                            bound=BOUND_SECONDS + 3)
                        self.assertIn("interrupted", outcome.stderr)
                        self.assertEqual(os.listdir(self.directory / "out"), ["copy"])
                        whole = filecmp.cmp(self.directory / "file",
                                            self.directory / "out/copy", False)
                        if not whole:
                            self.assert_old()

    def is_half_way(self):
        """The program sets the length of the file after locking it. Before, an empty file appears
        for a moment, while the program tests direct writes."""
        try:
            return os.path.getsize(self.directory / "out" / PART) > 0
        except FileNotFoundError:
            return False

    def stopped_copy(self, *arguments):
        """A copy that is stopped half way. On a busy machine a copy may complete before that."""
        for _ in range(20):
            process = cli.start("copy", *arguments, cwd=self.directory)
            while process.poll() is None and not self.is_half_way():
                time.sleep(0.001)
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.02)  # takes effect when the program runs next
            if self.is_half_way():
                return process
            process.kill()
            cli.finish(process)
        return self.fail("no copy could be stopped half way")

    @cli.linux_only
    def test_a_second_copy_to_the_same_name_is_refused(self):
        """Without the file lock it would take the unfinished file of the first copy for a
        leftover."""
        self.make("file", 64 * MIB)
        self.make("other", MIB)
        process = self.stopped_copy("--force", "-b", "4k", "-d", "1", "-e", "sync", "file",
                                    "out/copy")
        outcome = self.copy("other", "out/copy")
        self.assertEqual(outcome.code, FAILED, outcome)
        self.assert_one_error(outcome, "'out/copy'", "another program is writing this file")
        process.send_signal(signal.SIGCONT)
        self.assertEqual(cli.finish(process).code, GOOD)
        self.assertTrue(filecmp.cmp(self.directory / "file", self.directory / "out/copy", False))
        self.assertEqual(self.copy("other", "out/copy").code, GOOD)
        self.assertEqual(os.listdir(self.directory / "out"), ["copy"])

    def test_a_read_only_file_is_replaced_with_force(self):
        self.make("file", MIB)
        (self.directory / "out/copy").write_bytes(OLD)
        os.chmod(self.directory / "out/copy", 0o444)
        outcome = self.copy("file", "out/copy")
        self.assertEqual(outcome.code, GOOD, outcome)
        self.assertTrue(filecmp.cmp(self.directory / "file", self.directory / "out/copy", False))

    @cli.linux_only
    def test_after_sigkill_the_name_of_the_leftover_identifies_it(self):
        self.make("file", 192 * MIB)
        (self.directory / "out/copy").write_bytes(OLD)
        process = self.stopped_copy("--force", "-b", "4k", "-d", "1", "-e", "sync", "--write-cache",
                                    "direct", "file", "out/copy")
        process.kill()
        cli.finish(process)
        left = set(os.listdir(self.directory / "out"))
        self.assertEqual(left, {"copy", PART})
        self.assertEqual((self.directory / "out/copy").read_bytes(), OLD)
        outcome = self.copy("file", "out/copy")
        self.assertEqual(outcome.code, GOOD, outcome)
        self.assertEqual(os.listdir(self.directory / "out"), ["copy"])
        self.assertTrue(filecmp.cmp(self.directory / "file", self.directory / "out/copy", False))

    def copy_what_shrinks(self, engine):
        """On a busy machine the file may shrink between two passes, and is then only a smaller
        file."""
        for _ in range(5):
            self.make("file", 64 * MIB)
            process = cli.start("copy", "--force", "--repeat", "20", "-e", engine, "-b", "4k", "-d",
                                "1", "--no-sync", "file", "out/copy", cwd=self.directory)
            wait_until_open(process, self.directory / "file")
            time.sleep(0.05)
            os.truncate(self.directory / "file", 5 * MIB)
            outcome = cli.finish(process)
            if outcome.code != GOOD:
                break
        return outcome

    @cli.linux_only
    def test_a_source_that_shrinks(self):
        (self.directory / "out/copy").write_bytes(OLD)
        for engine in cli.engines():
            with self.subTest(engine=engine):
                outcome = self.copy_what_shrinks(engine)
                self.assertEqual(outcome.code, FAILED, outcome)
                self.assertIn("shrank", outcome.stderr)
                left = os.listdir(self.directory / "out")
                self.assertEqual(left, ["copy"])
                shutil.copy(self.directory / "file", self.directory / "reference")
                size = os.path.getsize(self.directory / "out/copy")
                self.assertIn(size, (len(OLD), 5 * MIB, 64 * MIB))


if __name__ == "__main__":
    cli.main()
