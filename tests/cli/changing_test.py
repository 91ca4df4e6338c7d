"""Proves that a file that shrinks or grows while it is read is reported and gets no digest.

A thread changes the file during a slow run (small blocks, depth 1). The error names the path and
the offset, the exit code is 3, and other files are still hashed.
"""
import os
import random
import threading
import time

import aiobench_cli as cli
from aiobench_cli import FAILED, GOOD, MIB

SLOW = ["--block-size", "512", "--depth", "1", "--threads", "1"]


def wait_until_open(process, path):
    """Returns when the program has opened the file; under Wine, after the usual time for that."""
    deadline = time.monotonic() + (1 if cli.WINDOWS else 30)
    descriptors = f"/proc/{process.pid}/fd"
    while time.monotonic() < deadline and process.poll() is None:
        try:
            for entry in os.listdir(descriptors):
                if os.readlink(f"{descriptors}/{entry}") == str(path):
                    return
        except OSError:
            pass  # it has ended or closed the file
        time.sleep(0.001)


def wait_until_mapped(process, path):
    """Returns when the program has mapped the file, for a pass or to query the page cache."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with open(f"/proc/{process.pid}/maps", encoding="utf-8") as maps:
            if any(line.rstrip("\n").endswith(str(path)) for line in maps):
                return
        time.sleep(0.001)


def wait_until_reading(process, _):
    """Returns when the program has read 16 MiB by system calls: more than it reads of a file to
    choose an engine. Before that it may close the file and open it again."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with open(f"/proc/{process.pid}/io", encoding="ascii") as counters:
            if int(counters.readline().split()[1]) >= 16 * MIB:
                return
        time.sleep(0.001)


class ChangingFileTest(cli.ProgramTest):
    def change_meanwhile(self, change, *arguments, size=64 * MIB, begun=wait_until_open):
        """Hashes `file` and then `other` while `change` is called repeatedly, once it has begun."""
        path = self.make_sparse("file", size)
        self.make("other", 100)
        ended = threading.Event()
        process = cli.start("--format", "xxhsum", *arguments, "file", "other", cwd=self.directory)

        def keep_changing():
            begun(process, path)
            while not ended.wait(0.02):
                change(path)

        changer = threading.Thread(target=keep_changing)
        changer.start()
        try:
            return cli.finish(process)
        finally:
            ended.set()
            changer.join()

    def assert_reported(self, outcome, *words):
        self.assertEqual(outcome.code, FAILED, outcome)
        self.assert_one_error(outcome, "'file'", *words)
        self.assertEqual(outcome.raw, self.sums("xxh3", "other"))

    def shrink(self, path):
        os.truncate(path, max(0, os.path.getsize(path) - MIB))

    def test_file_that_shrinks(self):
        for engine in cli.engines():
            with self.subTest(engine=engine):
                outcome = self.change_meanwhile(self.shrink, "-e", engine, *SLOW)
                self.assert_reported(outcome, "cannot read", "at offset ", "shrank")

    def test_file_that_becomes_empty(self):
        def empty(path):
            os.truncate(path, 0)
        outcome = self.change_meanwhile(empty, *SLOW, size=1024 * MIB)
        self.assert_reported(outcome, "cannot read", "at offset ", "shrank")

    @cli.plain_only
    def test_file_that_shrinks_under_direct_reads(self):
        outcome = self.change_meanwhile(self.shrink, "-b", "4k", "-d", "2", "--cache", "direct",
                                        "--repeat", "100")
        self.assert_reported(outcome)

    def truncate_after(self, seconds, size, *arguments):
        """Hashes `file` repeatedly, and truncates it to `size` bytes some time after it was
        mapped."""
        path = self.make_sparse("file", 24 * MIB + 5)
        process = cli.start("--format", "xxhsum", "--repeat", "300", *arguments, "file",
                            cwd=self.directory)
        wait_until_mapped(process, path)
        time.sleep(seconds)
        os.truncate(path, size)
        return cli.finish(process)

    def test_mapped_file_that_shrinks_at_any_moment(self):
        dice = random.Random(1)
        tries = 6 if cli.BRIEF else 15 if cli.WINDOWS or cli.SANITIZED else 150 if cli.LONG else 40
        before_it_was_read = 0
        for _ in range(tries):
            size = dice.choice([0, 1, 4096 * dice.randrange(6000), dice.randrange(24 * MIB)])
            shape = dice.choice([["-b", "64k"], ["-b", "4M", "-t", "2"], ["-b", "12345", "-t", "3"],
                                 ["-b", "512", "-d", "64"], ["-b", "1M", "-d", "1", "-t", "1"]])
            seconds = dice.random() * 0.03
            with self.subTest(size=size, shape=shape, seconds=seconds):
                outcome = self.truncate_after(seconds, size, "-e", "mmap", *shape)
                if outcome.code == GOOD:  # all passes saw the truncated file
                    self.assertEqual(outcome.raw, self.sums("xxh3", "file"))
                    before_it_was_read += 1
                    continue
                self.assertEqual(outcome.code, FAILED, outcome)
                self.assert_one_error(outcome, "'file'")
                self.assertEqual(outcome.stdout, "")
        self.assertLess(before_it_was_read, tries / 2)

    def test_file_that_grows(self):
        def grow(path):
            with open(path, "ab") as file:
                file.write(b"more")
        size = (96 if cli.WINDOWS else 256) * MIB
        outcome = self.change_meanwhile(grow, *SLOW, size=size)
        self.assert_reported(outcome, "cannot hash", f"at offset {size}", "it changed")

    def test_content_that_changes_between_two_passes(self):
        def rewrite(path):
            with open(path, "r+b") as file:
                file.write(os.urandom(16))
        outcome = self.change_meanwhile(rewrite, "--repeat", "300", "-b", "64k", size=8 * MIB)
        self.assert_reported(outcome, "cannot hash", "different digests")

    @cli.linux_only
    def test_file_that_is_removed_is_read_to_its_end(self):
        def remove(path):
            if path.exists():
                path.unlink()
        self.make_sparse("file", 256 * MIB)
        expected = self.sums("xxh3", "file")
        outcome = self.change_meanwhile(remove, "-e", "sync", *SLOW, size=256 * MIB,
                                        begun=wait_until_reading)
        self.assertEqual(outcome.code, GOOD, outcome)
        self.assertEqual(outcome.raw, expected + self.sums("xxh3", "other"))


if __name__ == "__main__":
    cli.main()
