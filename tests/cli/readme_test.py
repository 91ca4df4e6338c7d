"""Proves that every command in README.md and docs/usage.md works as written, and that links are
valid.

The lines of the code blocks of one document run in order, in an empty directory. A block that lists
commands (it contains "...") names only those in --help.
"""
import os
import re
import shutil
import subprocess
import unittest

import aiobench_cli as cli
from aiobench_cli import BAD, GOOD, MIB, UNCLEAR

README = cli.ROOT / "README.md"
USAGE = cli.ROOT / "docs/usage.md"
WORDS_AT_MOST = 900  # of README.md
WINDOWS_BUILD = cli.BUILD.parent / "windows/aiobench.exe"
COMMANDS = ("aiobench ", "./scripts/", "cmake ", "mkdir ")
# What a new developer runs first, with text that the output must contain. The last one runs this
# test.
RUNS_ALL_TESTS = "./scripts/test"
FIRST = [("./scripts/run --engine io_uring --depth 32", "io_uring, depth 32"),
         ("./scripts/run --engine iocp --depth 32", "iocp, depth 32"),
         (RUNS_ALL_TESTS, None)]
MAKES_PACKAGES = "./scripts/package"
# scripts/package would install missing packages; a test must not.
NEEDED_TO_MAKE_PACKAGES = ("debootstrap", "dpkg-shlibdeps", "file")
INSTALLS = "cmake --install "
# Two measurements of the same program may differ or not.
VERDICTS = {GOOD, BAD, UNCLEAR}


def blocks(path):
    """The indented blocks of a document, each a list of lines."""
    found = re.findall(r"(?:^    .*\n)+", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [[line.strip() for line in block.splitlines()] for block in found]


def is_synopsis(block):
    return any("..." in line or "[" in line for line in block)


def command_blocks(path):
    return [block for block in blocks(path) if not is_synopsis(block)]


def is_package_block(block):
    return MAKES_PACKAGES in block


class ReadmeTest(cli.ProgramTest):
    @classmethod
    def setUpClass(cls):
        if cli.WINDOWS or cli.SANITIZED or cli.BUILD != cli.ROOT / "build/native":
            raise unittest.SkipTest("only with the native release build, where README.md has it")

    def setUp(self):
        super().setUp()
        programs = self.directory / "programs"
        programs.mkdir()
        (programs / "aiobench").symlink_to(cli.PROGRAM)
        for name in ("scripts", "build"):
            (self.directory / name).symlink_to(cli.ROOT / name)
        # The Wine prefix there is kept between runs.
        self.cache = cli.BUILD / "cli-wine-cache"
        self.cache.mkdir(exist_ok=True)
        self.environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}",
                            "XDG_CACHE_HOME": str(self.cache)}

    def needs_windows_build(self):
        if not WINDOWS_BUILD.exists():
            self.skipTest(f"there is no Windows build at {WINDOWS_BUILD}")

    def run_line(self, line):
        """The standard output of the line."""
        self.assertTrue(line.startswith(COMMANDS), line)
        done = subprocess.run(["sh", "-c", line], cwd=self.directory, env=self.environment,
                              timeout=cli.HANGS_AFTER, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        good = VERDICTS if line.startswith("aiobench compare") else {GOOD}
        self.assertIn(done.returncode, good, f"{line}\n{done.stdout}{done.stderr}")
        return done.stdout

    def run_blocks(self, found):
        self.assertTrue(found)
        for line in (line for block in found for line in block):
            with self.subTest(line=line):
                self.run_line(line)

    def test_the_first_commands_come_first(self):
        self.assertEqual(blocks(README)[:len(FIRST)], [[line] for line, _ in FIRST])
        text = README.read_text(encoding="utf-8")
        self.assertLess(text.index("!["), text.index(FIRST[0][0]))

    def test_the_first_commands_need_no_file(self):
        self.needs_windows_build()
        if "io_uring" not in cli.engines():
            self.skipTest("io_uring does not run here")
        default = self.cache / "aiobench/default-256MiB.bin"
        default.unlink(missing_ok=True)
        for line, result in FIRST:
            if line != RUNS_ALL_TESTS:
                with self.subTest(line=line):
                    stdout = self.run_line(line)
                    self.assertIn(f"\n{default}  xxh3 ", stdout)
                    self.assertIn(result, stdout)
                    self.assertEqual("Wine" in stdout.splitlines()[0], "iocp" in line, stdout)
        self.assertEqual(default.stat().st_size, 256 * MIB)

    def test_packages_come_before_building_from_source(self):
        found = command_blocks(README)
        packages = [i for i, block in enumerate(found) if is_package_block(block)]
        source = [i for i, block in enumerate(found) if block[-1].startswith(INSTALLS)]
        self.assertEqual((len(packages), len(source)), (1, 1), found)
        self.assertLess(packages[0], source[0])

    def test_the_packages_are_made_and_can_be_installed(self):
        self.needs_windows_build()
        path = f"{os.environ['PATH']}:/usr/sbin"
        missing = [name for name in NEEDED_TO_MAKE_PACKAGES if not shutil.which(name, path=path)]
        if missing:
            self.skipTest(f"not installed: {', '.join(missing)}")
        block = next(filter(is_package_block, command_blocks(README)))
        self.assertEqual(block[0], MAKES_PACKAGES)
        self.run_line(block[0])
        for line in block[1:]:
            self.assertTrue(line.startswith("apt install "), line)
            simulated = line.replace("apt install", "apt-get --simulate install", 1)
            done = subprocess.run(["sh", "-c", simulated], cwd=self.directory, check=False,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, f"{simulated}\n{done.stdout}{done.stderr}")
            self.assertIn("aiobench ", done.stdout)

    def test_every_other_command_of_the_readme_works_as_written(self):
        first = [line for line, _ in FIRST]
        self.run_blocks([block for block in command_blocks(README)
                         if block[0] not in first and not is_package_block(block)])
        self.assertTrue((self.directory / "installed/bin/aiobench").exists())

    def test_every_command_of_the_usage_works_as_written(self):
        self.run_blocks(command_blocks(USAGE))
        self.assertEqual(cli.xxhsum("-H3", "file.bin", cwd=self.directory),
                         cli.xxhsum("-H3", "file.bin", cwd=self.directory / "backup"))

    def test_the_readme_is_short(self):
        self.assertLessEqual(len(README.read_text(encoding="utf-8").split()), WORDS_AT_MOST)

    def test_the_list_of_commands_is_that_of_help(self):
        synopsis = [line for block in blocks(README) if is_synopsis(block) for line in block]
        named = {re.match(r"aiobench \[?(\w+)", line)[1] for line in synopsis}
        listed = self.run_program("--help").stdout.split("Commands:\n")[1].split("\n\n")[0]
        self.assertLessEqual(named, set(re.findall(r"^  (\w+)", listed, re.MULTILINE)))
        self.assertLessEqual({"hash", "read", "copy", "sweep", "compare", "report", "engines",
                              "create"}, named)

    def test_links_lead_somewhere(self):
        for path in [README, *cli.ROOT.glob("docs/*.md"), cli.ROOT / "CHANGELOG.md",
                     *cli.ROOT.glob("results/**/*.md"), cli.ROOT / "CONTRIBUTING.md"]:
            text = path.read_text(encoding="utf-8")
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
                if not re.match(r"\w+:", target):
                    with self.subTest(file=path.name, link=target):
                        self.assertTrue((path.parent / target).exists())


if __name__ == "__main__":
    cli.main()
