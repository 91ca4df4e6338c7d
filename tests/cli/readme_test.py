"""Proves that every command of README.md works as it is written there, and that its links lead
somewhere.

The lines of a block of code run in order, in a folder where file.bin lies. A block that tells what
commands there are (it has "..." in it) names exactly those that --help lists.
"""
import os
import re
import subprocess
import unittest

import aiobench_cli as cli
from aiobench_cli import BAD, GOOD, MIB, UNCLEAR

README = (cli.ROOT / "README.md").read_text(encoding="utf-8")
WINDOWS_BUILD = cli.BUILD.parent / "windows/aiobench.exe"
COMMANDS = ("aiobench ", "./scripts/", "cmake ", "mkdir ")
# What would run this very test.
RUNS_ALL_TESTS = "./scripts/test"
# Two measurements of one program may be told apart or not.
VERDICTS = {GOOD, BAD, UNCLEAR}


def blocks():
    """The indented blocks, each a list of its lines."""
    found = re.findall(r"(?:^    .*\n)+", README, re.MULTILINE)
    return [[line.strip() for line in block.splitlines()] for block in found]


def is_synopsis(block):
    return any("..." in line or "[" in line for line in block)


class ReadmeTest(cli.ProgramTest):
    @classmethod
    def setUpClass(cls):
        if cli.WINDOWS or cli.SANITIZED or cli.BUILD != cli.ROOT / "build/native":
            raise unittest.SkipTest("only with the native release build, where README.md has it")

    def setUp(self):
        super().setUp()
        programs = self.folder / "programs"
        programs.mkdir()
        (programs / "aiobench").symlink_to(cli.PROGRAM)
        for name in ("scripts", "build"):
            (self.folder / name).symlink_to(cli.ROOT / name)
        cache = cli.BUILD / "cli-wine-cache"  # Wine's prefix is kept there from run to run
        cache.mkdir(exist_ok=True)
        self.environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}",
                            "XDG_CACHE_HOME": str(cache)}

    def run_line(self, line):
        done = subprocess.run(["sh", "-c", line], cwd=self.folder, env=self.environment,
                              timeout=300, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False)
        good = VERDICTS if line.startswith("aiobench compare") else {GOOD}
        self.assertIn(done.returncode, good, f"{line}\n{done.stdout}{done.stderr}")

    def test_every_command_works_as_written(self):
        if not WINDOWS_BUILD.exists():
            self.skipTest(f"there is no Windows build at {WINDOWS_BUILD}")
        self.make("file.bin", 8 * MIB)
        runs = [block for block in blocks() if not is_synopsis(block)]
        self.assertGreater(len(runs), 6)
        for line in (line for block in runs for line in block):
            with self.subTest(line=line):
                self.assertTrue(line.startswith(COMMANDS) or line == RUNS_ALL_TESTS)
                if line.startswith("aiobench create"):
                    (self.folder / "file.bin").unlink()
                if line != RUNS_ALL_TESTS:
                    self.run_line(line)
        self.assertEqual(self.digest("xxh3", "file.bin"), self.digest("xxh3", "backup/file.bin"))

    def test_the_list_of_commands_is_that_of_help(self):
        synopsis = [line for block in blocks() if is_synopsis(block) for line in block]
        named = {re.match(r"aiobench \[?(\w+)", line)[1] for line in synopsis}
        listed = self.run_program("--help").stdout.split("Commands:\n")[1].split("\n\n")[0]
        self.assertLessEqual(named, set(re.findall(r"^  (\w+)", listed, re.MULTILINE)))
        self.assertLessEqual({"hash", "read", "copy", "sweep", "compare", "report", "engines",
                              "create"}, named)

    def test_links_lead_somewhere(self):
        for path in [cli.ROOT / "README.md", *cli.ROOT.glob("docs/*.md"), cli.ROOT / "CHANGELOG.md",
                     *cli.ROOT.glob("results/**/*.md"), cli.ROOT / "CONTRIBUTING.md"]:
            text = path.read_text(encoding="utf-8")
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
                if not re.match(r"\w+:", target):
                    with self.subTest(file=path.name, link=target):
                        self.assertTrue((path.parent / target).exists())


if __name__ == "__main__":
    cli.main()
