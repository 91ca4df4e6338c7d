"""Proves that a loop disk is removed completely, and that a failure to create it has a reason."""
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

from script_case import SCRIPTS
from dev import storage
from dev.figures import MIB
from dev.process import Skip

# A separate process that holds a disk until it is interrupted. The program that it runs starts
# another session, as fio's jobs do.
HOLDER = """
import sys
sys.path.insert(0, sys.argv[1])
import signal
from dev import process, storage
signal.signal(signal.SIGTERM, signal.default_int_handler)
with storage.loop_disk(1 << 20) as directory:
    print(directory, flush=True)
    note = sys.argv[2]
    process.run(["sh", "-c", f"cd {directory}; setsid sleep 60 & "
                 f"echo $! > {note}.new; mv {note}.new {note}; wait"])
"""


def mounts():
    return Path("/proc/mounts").read_text(encoding="utf-8")


class Recorder:
    """Replaces storage.run(). It records the commands, and fails at the command `failing`."""

    def __init__(self, failing=None):
        self.failing = failing
        self.lines = []

    def __call__(self, *command):
        line = f"{command[0]} {Path(str(command[-1])).name}"
        if self.failing == line:
            raise Skip("no loop disk: so it is")
        self.lines.append(line)
        return "/dev/loop9"


class FakeDiskTest(unittest.TestCase):
    def run_with(self, recorder):
        with mock.patch.object(storage, "run", recorder), \
                mock.patch.object(storage, "require"), storage.loop_disk(MIB):
            recorder.lines.append("used")

    def test_all_is_undone_in_reverse(self):
        recorder = Recorder()
        self.run_with(recorder)
        self.assertEqual(recorder.lines, [
            "mount memory", "losetup image", "mkfs.ext4 loop9", "mount disk", "used",
            "umount disk", "losetup loop9", "umount memory"])

    def test_what_was_done_before_a_failure_is_undone(self):
        for failing, undone in [("mount memory", 0), ("losetup image", 1),
                                ("mkfs.ext4 loop9", 2), ("mount disk", 2)]:
            recorder = Recorder(failing)
            # The recorder mounts nothing, so the disk is a plain directory.
            with self.subTest(failing=failing), self.assertRaises(Skip):
                self.run_with(recorder)
            undoing = [line for line in recorder.lines if line in ("losetup loop9",
                                                                   "umount memory")]
            self.assertEqual(len(undoing), undone, recorder.lines)
            self.assertNotIn("used", recorder.lines)

    def test_reasons(self):
        with mock.patch.object(os, "geteuid", lambda: 1), \
                self.assertRaisesRegex(Skip, "needs root"):
            storage.require(MIB)
        with mock.patch.object(os, "geteuid", lambda: 0):
            with mock.patch.object(storage.shutil, "which", lambda *_, **__: None), \
                    self.assertRaisesRegex(Skip, "mount is not installed"):
                storage.require(MIB)
            with mock.patch.object(storage.shutil, "which", lambda *_, **__: "there"), \
                    self.assertRaisesRegex(Skip, "of memory is free"):
                storage.require(1 << 60)

    def test_a_failure_is_reported_in_one_line(self):
        with self.assertRaisesRegex(Skip, "^no loop disk: umount: [^\n]+$"):
            storage.run("umount", "/there/is/no/such/directory")


class RealDiskTest(unittest.TestCase):
    def test_a_file_on_it(self):
        try:
            with storage.loop_disk(MIB) as directory:
                self.assertIn(f" {directory} ext4 ", mounts())
                (directory / "file").write_bytes(bytes(MIB))
        except Skip as reason:
            self.skipTest(str(reason))
        self.assert_gone(directory)

    def test_an_interrupt(self):
        with tempfile.TemporaryDirectory() as notes:
            note = Path(notes) / "running"
            holder = subprocess.Popen([sys.executable, "-B", "-c", HOLDER, SCRIPTS, note],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            while not note.exists() and holder.poll() is None:
                time.sleep(0.01)
            holder.send_signal(signal.SIGTERM)
            output, errors = holder.communicate(timeout=500)
            if "Skip: no loop disk" in errors:
                self.skipTest(errors.splitlines()[-1])
            running = int(note.read_text(encoding="ascii"))
        self.assertIn("KeyboardInterrupt", errors)
        self.assert_gone(Path(output.strip()))
        with self.assertRaises(ProcessLookupError):
            os.kill(running, 0)

    def assert_gone(self, directory):
        self.assertNotIn(str(directory.parent), mounts())
        self.assertFalse(directory.parent.exists())


if __name__ == "__main__":
    unittest.main()
