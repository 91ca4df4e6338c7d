"""Proves that the Windows package is complete: in a directory with a space in its name the program
runs under Wine with only the DLLs of Windows, and hashes as xxhsum does. The licences are included.
"""
import re
import unittest
import zipfile

import packaging
from packaging import cli, pack, run, sums

OBJDUMP = "x86_64-w64-mingw32-objdump"
# The DLLs that are part of Windows.
SYSTEM_DLLS = {"kernel32.dll", "msvcrt.dll", "ntdll.dll", "advapi32.dll", "shell32.dll",
               "user32.dll", "ws2_32.dll", "ucrtbase.dll"}
LICENCES = {"fmt", "spdlog", "CLI11", "nlohmann-json", "xxHash", "Chart.js", "gcc-runtime",
            "mingw-w64", "GPL-3", "README"}


@unittest.skipUnless(cli.WINDOWS, "only with the Windows build")
class ZipTest(cli.ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.packages = pack("ZIP")

    def setUp(self):
        super().setUp()
        self.assertEqual(list(self.packages), [f"{self.name()}.zip"])
        with zipfile.ZipFile(self.packages[f"{self.name()}.zip"]) as archive:
            archive.extractall(self.directory / "un packed")
        self.unpacked = self.directory / "un packed" / self.name()

    def name(self):
        return f"aiobench-{packaging.version()}-windows-x86_64"

    def test_all_of_it_lies_in_one_directory(self):
        self.assertEqual([path.name for path in (self.directory / "un packed").iterdir()],
                         [self.name()])
        top = {path.name for path in self.unpacked.iterdir()}
        self.assertLessEqual({"aiobench.exe", "README.md", "LICENSE", "CHANGELOG.md", "docs",
                              "licences"}, top)
        names = {path.stem for path in (self.unpacked / "licences").iterdir()}
        self.assertLessEqual(LICENCES, names)
        self.assertFalse({"libaio", "liburing"} & names)

    def test_it_needs_no_library_but_those_of_windows(self):
        told = run(OBJDUMP, "-p", self.unpacked / "aiobench.exe")
        imported = {name.lower() for name in re.findall(r"DLL Name: (\S+)", told)}
        self.assertIn("kernel32.dll", imported)
        self.assertLessEqual(imported, SYSTEM_DLLS)

    def test_equal_builds_give_equal_packages(self):
        self.assertEqual(sums(self.packages), sums(pack("ZIP")))

    def test_it_runs_from_there(self):
        program = self.unpacked / "aiobench.exe"
        self.assertEqual(run(cli.RUNNER, program, "--version", cwd=self.unpacked),
                         run(*cli.command("--version")))
        self.make("a file", 3 * cli.MIB + 1)
        for engine in ("iocp", "overlapped"):
            told = run(cli.RUNNER, program, "-e", engine, "--format", "xxhsum", "a file",
                       cwd=self.directory)
            self.assertEqual(told.encode(), self.sums("xxh3", "a file"))


if __name__ == "__main__":
    cli.main()
