"""Proves that files with any valid name can be used, and that the name is printed correctly.

JSON has the name as given; --format xxhsum escapes it as xxhsum does; text escapes control
characters, so that a name cannot break a line or move a terminal's cursor.
"""
import csv
import os

import aiobench_cli as cli
from aiobench_cli import FAILED

ZERO_WIDTH = "\u200bzero width"
ODD_NAMES = [
    "with space", " leading space", "two  spaces", "it's", "comma,semicolon;", "$HOME %x%",
    "(brackets) = 0123456789abcdef", "[1]{2}", "@response", "#comment", "~tilde", "=equals",
    "{}", "{:d}", "%s%n", "caret^&!", ".hidden",
    "u\u0308ber decomposed", "\u00fcber composed", "\u65e5\u672c\u8a9e", "\U0001f40d emoji",
    "\u0440\u0443\u0441\u0441\u043a\u0438\u0439", "\u05e2\u05d1\u05e8\u05d9\u05ea", ZERO_WIDTH,
]
LINUX_NAMES = [
    'double "quotes"', "star*", "question?", "<angle>", "pipe|", "co:lon", "dot.", "...", "space ",
    "con", "nul", "back\\slash", "C:\\file", "tab\there", "new\nline", "carriage\rreturn",
    "escape\x1b[31m", "c1\x9b31m",
]
DASHES = ["-", "--", "-d", "--depth", "--help", "--version", "-1"]


class NamesTest(cli.ProgramTest):
    def setUp(self):
        super().setUp()
        self.names = ODD_NAMES if cli.WINDOWS else ODD_NAMES + LINUX_NAMES

    def assert_hashed(self, *names, before=()):
        """One run over all files prints the lines of xxhsum 0.8.3."""
        outcome = self.run_program("--format", "xxhsum", *before, *names)
        lines = b"".join(self.expected_line(name) for name in names)
        self.assertEqual(outcome.raw, lines)
        self.assertEqual(outcome.stderr, "")

    def expected_line(self, name):
        self.make("plain", data=(self.directory / name).read_bytes())
        return cli.checksum_line("xxh3", self.digest("xxh3", "plain").encode(), name)

    def make_all(self, names):
        for index, name in enumerate(names):
            self.make(name, 100 + index)

    def test_odd_names(self):
        self.make_all(self.names)
        for name in self.names:
            with self.subTest(name=name):
                self.assert_hashed(name)
        self.assert_hashed(*self.names)

    @cli.linux_only
    def test_lines_are_those_of_xxhsum(self):
        self.make_all(self.names)
        for algorithm in cli.ALGORITHMS:
            self.assertEqual(self.run_program("-H", algorithm, "--format", "xxhsum",
                                              *self.names).raw,
                             self.sums(algorithm, *self.names))

    def test_names_that_begin_with_a_dash(self):
        self.make_all(DASHES)
        self.assert_hashed(*DASHES, before=["--"])
        for name in DASHES:
            self.assert_hashed(f"./{name}")
            self.assert_hashed(name, before=["-d", "2", "--"])

    def test_names_of_commands(self):
        for name in ("hash", "engines", "create", "help"):
            self.make(name, 100)
            self.assert_hashed(f"./{name}")
            self.assert_hashed(name, before=["--"])
        outcome = self.run_program("hash", "--format", "xxhsum", "engines")
        self.assertEqual(outcome.raw, self.expected_line("engines"))

    def test_json_and_csv_hold_the_name(self):
        self.make_all(self.names)
        runs = self.run_program("--format", "json", *self.names).json["runs"]
        self.assertEqual([run["target"]["path"] for run in runs], self.names)
        text = self.run_program("--format", "csv", *self.names).stdout
        rows = list(csv.DictReader(text.splitlines(keepends=True)))
        self.assertEqual([row["path"] for row in rows], self.names)

    def test_text_cannot_be_broken_by_a_name(self):
        self.make_all(self.names)
        for name in self.names:
            with self.subTest(name=name):
                outcome = self.run_program(name)
                title = outcome.stdout.split("\n\n")[1].split("\n")[0]
                self.assertTrue(title.isprintable() or name == ZERO_WIDTH, title)
                self.assertIn("  xxh3 ", title)
                self.assertEqual(outcome.stderr, "")

    def test_errors_cannot_be_broken_by_a_name(self):
        for name in self.names:
            outcome = self.run_program(name, code=FAILED)
            self.assert_one_error(outcome, "cannot open '")

    def test_absolute_and_relative_paths(self):
        directory = self.directory / "inner directory \u00fc"
        directory.mkdir()
        self.make(directory / "file", 1000)
        for name in (f"{directory.name}/file", f"./{directory.name}/../{directory.name}/file",
                     str(directory / "file")):
            self.assert_hashed(name)
        outcome = self.run_program("--format", "xxhsum", "../file", cwd=directory, code=FAILED)
        self.assert_one_error(outcome, "../file")

    def long_path(self):
        """The relative path of a file, longer than Windows supports by default."""
        parts = [f"directory-{i}-" + "x" * 90 for i in range(5)] + ["file-" + "y" * 190]
        path = os.path.join(*parts)
        os.makedirs(self.directory / os.path.dirname(path))
        self.make(path, 12345)
        return path

    def test_path_beyond_260_characters(self):
        path = self.long_path()
        self.assertGreater(len(path), 600)
        self.assert_hashed(path)
        self.assert_hashed(str(self.directory / path))
        for cache in ("warm", "cold", "direct"):  # each opens the file again
            outcome = self.run_program("--format", "xxhsum", "--cache", cache, path)
            self.assertEqual(outcome.raw, self.expected_line(path))
        runs = self.run_program("--format", "json", path).json["runs"]
        self.assertEqual(runs[0]["target"]["path"], path)

    def test_results_and_created_files_beyond_260_characters(self):
        directory = os.path.dirname(self.long_path())
        self.make("file", 1000)
        for option in ("--json", "--csv"):
            self.run_program("file", option, f"{directory}/result{option}")
            self.assertGreater((self.directory / directory / f"result{option}").stat().st_size, 500)
        self.run_program("create", f"{directory}/new file", "--size", "5000")
        self.assertEqual((self.directory / directory / "new file").stat().st_size, 5000)

    def test_check_takes_odd_names(self):
        self.make_all(self.names)
        outcome = self.run_program("--format", "xxhsum", *self.names)
        (self.directory / "SUMS").write_bytes(outcome.raw)
        lines = self.run_program("--check", "SUMS").stdout.split("\n")
        # One line per file, whatever characters its name has.
        self.assertEqual([line[-4:] for line in lines], [": OK"] * len(self.names) + [""])

    @cli.linux_only
    def test_names_that_are_not_utf8(self):
        for raw in (b"latin-\xe4", b"\xff\xfe", b"cut \xe2\x82", b"\xc0\xaf"):
            name = os.fsdecode(raw)
            self.make(name, 100)
            self.assert_hashed(name)
            run = self.run_program("--format", "json", name).json["runs"][0]
            self.assertEqual(run["repetitions"][0]["bytes"], 100)
            self.assertIn("xxh3 ", self.run_program(name).stdout)
            (self.directory / name).unlink()
            self.assert_one_error(self.run_program(name, code=FAILED), "cannot open")


if __name__ == "__main__":
    cli.main()
