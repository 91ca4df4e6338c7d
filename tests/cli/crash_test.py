"""Proves that a Windows program that crashes under Wine fails, because Wine's debugger is off.

By default Wine starts winedbg for a program that crashes. winedbg ends the program with exit code
0, unless the program ends first: with Wine 8.0 a crashed test program counted as passed. Covers
both ways to start a Windows program: scripts/wine, which runs the tests of the Windows build, and
the native program with a Windows engine.
"""
import os
import shutil
import subprocess
import unittest

import aiobench_cli as cli

WINDOWS_BUILD = cli.BUILD if cli.WINDOWS else cli.BUILD.parent / "windows"
CRASHING = WINDOWS_BUILD / "tests/rigs/crash_in_thread.exe"
ACCESS_VIOLATION = 5  # the low byte of STATUS_ACCESS_VIOLATION, 0xc0000005


class CrashTest(cli.ProgramTest):
    def setUp(self):
        super().setUp()
        if not CRASHING.exists():
            self.skipTest(f"there is no {CRASHING}")

    def assert_crashed(self, code, stdout, stderr):
        self.assertEqual(code, ACCESS_VIOLATION, stderr)
        # There may be other lines: on first use a prefix is created, and Wine 10's loader may print
        # one.
        self.assertIn("wine: Unhandled page fault on write access", stderr)
        # The debugger prints registers and a backtrace on stdout.
        self.assertEqual(stdout, "")

    @unittest.skipUnless(cli.RUNNER, "no runner is in use")
    def test_by_the_runner_of_the_tests(self):
        done = subprocess.run([cli.RUNNER, str(CRASHING)], capture_output=True, check=False,
                              stdin=subprocess.DEVNULL, text=True, timeout=cli.HANGS_AFTER)
        self.assert_crashed(done.returncode, done.stdout, done.stderr)

    @cli.plain_only
    def test_by_the_native_program(self):
        if not any(map(shutil.which, ["/usr/lib/wine/wine64", "wine64", "wine"])):
            self.skipTest("Wine is not installed")
        self.make("file", 1000)
        environment = {**os.environ, "AIOBENCH_WINDOWS_EXE": str(CRASHING),
                       "XDG_CACHE_HOME": str(cli.BUILD / "cli-wine-cache")}
        done = self.run_program("-e", "iocp", "file", env=environment, code=None)
        self.assert_crashed(done.code, done.stdout, done.stderr)


if __name__ == "__main__":
    cli.main()
