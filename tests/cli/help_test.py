"""Proves that --help lists every option, and only options that work.

Each option in the help of each command is tried with a valid value and must be accepted, and the
help must list every option of this test. --version works with every command.
"""
import functools
import os
import re
import shlex
import subprocess

import aiobench_cli as cli
from aiobench_cli import GOOD, UNCLEAR, UNUSABLE

COMMANDS = ["hash", "read", "copy", "sweep", "compare", "report", "engines", "create",
            "completion", "manual"]
# A valid value of each option, or None for a flag.
VALUES = {
    "hash": {"-e": "sync", "--engine": "null", "-d": "3", "--depth": "3", "-t": "1",
             "--threads": "1", "-b": "4k", "--block-size": "64KiB", "-H": "xxh64",
             "--hash": "none", "--cache": "warm", "--repeat": "2", "--warmup": "1",
             "--interval": "100ms", "--trace": "out.trace",
             "--format": "csv", "--tag": None, "--json": "out.json", "--csv": "out.csv",
             "--color": "never", "--progress": "never",
             "-q": None, "--quiet": None, "-v": None, "--verbose": None, "--version": None,
             "-h": None, "--help": None, "--check": "SUMS", "--strict": None, "--wine": None},
    "read": {"-e": "sync", "--engine": "null", "-d": "3", "--depth": "auto", "-t": "1",
             "--threads": "auto", "-b": "4k", "--block-size": "auto", "--cache": "warm",
             "--repeat": "2", "--warmup": "1",
             "--interval": "100ms", "--trace": "out.trace", "--format": "json",
             "--json": "out.json", "--csv": "out.csv", "--color": "never", "--progress": "never",
             "-q": None, "--quiet": None, "-v": None, "--verbose": None, "--version": None,
             "-h": None, "--help": None, "--wine": None,
             "--pattern": "random", "--seed": "7", "--duration": "20ms", "--bytes": "64k",
             "--rate": "1000"},
    "copy": {"-e": "sync", "--engine": "auto", "-d": "3", "--depth": "auto", "-t": "1",
             "--threads": "auto", "-b": "4k", "--block-size": "auto", "-H": "xxh64",
             "--hash": "none", "--cache": "warm", "--repeat": "2", "--warmup": "1",
             "--interval": "100ms", "--trace": "out.trace",
             "--format": "csv", "--tag": None, "--json": "out.json", "--csv": "out.csv",
             "--color": "never", "--progress": "never",
             "-q": None, "--quiet": None, "-v": None, "--verbose": None, "--version": None,
             "-h": None, "--help": None, "--wine": None, "--force": None, "--verify": None,
             "--manifest": "SUMS", "--write-cache": "buffered", "--sync": None, "--no-sync": None,
             "--no-sparse": None},
    "sweep": {"-e": "sync,threadpool", "--engine": "all", "-d": "3,4", "--depth": "3", "-t": "1",
              "--threads": "1,2", "-b": "4k", "--block-size": "4k,64KiB", "--cache": "warm,cold",
              "-H": "xxh64", "--hash": "none", "--repeat": "2", "--warmup": "0", "--seed": "7",
              "--max-time": "1m", "--max-bytes": "1M", "--dry-run": None, "--json": "out.json",
              "--resume": None, "--force": None, "--csv": "out.csv", "--format": "csv",
              "--color": "never", "--progress": "never", "-q": None, "--quiet": None, "-v": None,
              "--verbose": None, "--version": None, "-h": None, "--help": None},
    "compare": {"--metric": "throughput,p50,p99,cpu", "--threshold": "10%", "--confidence": "0.9",
                "--allow": "missing,digest,environment", "--format": "markdown",
                "--color": "always", "--json": "out.json", "-q": None, "--quiet": None,
                "--version": None, "-h": None, "--help": None},
    "report": {"-o": "-", "--output": "out.html", "--baseline": "result.json", "--title": "<b>",
               "--force": None, "--version": None, "-h": None, "--help": None},
    "engines": {"--self-test": None, "--format": "json", "--color": "never", "--version": None,
                "-h": None, "--help": None},
    "create": {"--size": "4k", "--seed": "7", "--force": None, "-q": None, "--quiet": None,
               "--version": None, "-h": None, "--help": None},
    "completion": {"--version": None, "-h": None, "--help": None},
    "manual": {"--version": None, "-h": None, "--help": None},
}
# Values that the help of an option lists; all must be accepted.
CHOICES = {"--hash": ["xxh32", "xxh64", "xxh3", "xxh128", "none"],
           "--cache": ["asis", "warm", "cold", "direct"],
           "--format": ["text", "json", "csv", "xxhsum"],
           "--progress": ["auto", "always", "never"],
           "--color": ["auto", "always", "never"]}
READ_CHOICES = {"--pattern": ["sequential", "random"]}
# The names at the start of the entry of an option.
ENTRY = r"^  (?:-\w,|   ) --[\w-]+"
# Replacements that make the examples quick and avoid engines that may be missing here.
SHORTER = {"10s": "50ms", "10m": "20s", "1GiB": "1M", "64M": "1M", "io_uring": "sync",
           "iocp": "sync", "all,wine": "sync,threadpool", "--cache direct": "--cache asis"}


# Options that end the program at once: other tests try them with every command.
TESTED_WITH_EVERY_COMMAND = {"-h", "--help", "--version"}
# Options that cannot be combined with all others.
ALONE = {"-v", "--verbose", "--check", "--strict", "--wine", "--resume", "--dry-run", "--no-sync",
         "--tag"}


@functools.lru_cache
def help_text(command):
    return cli.finish(cli.start(*([command] if command else []), "--help", cwd=cli.ROOT)).stdout


class HelpTest(cli.ProgramTest):
    def help_of(self, command):
        return help_text(command)

    def options_in(self, text):
        """The names of all options in a help text."""
        return re.findall(r"(?<= )--?[\w-]+", "\n".join(re.findall(ENTRY, text, re.MULTILINE)))

    def default_of(self, option, text):
        """The default of an option according to the help."""
        lines = re.search(rf"^  (?:-\w, |    ){option}\b.*(\n {{26}}.*)*", text, re.MULTILINE)
        found = re.search(r"\[default: (.*)\]", lines[0])
        return found and found[1]

    def test_every_way_to_ask(self):
        for arguments in (["--help"], ["-h"], ["help"], *([c, "--help"] for c in COMMANDS),
                          *([c, "-h"] for c in COMMANDS)):
            outcome = self.run_program(*arguments)
            self.assertEqual(outcome.stderr, "")
            self.assertIn("Usage: aiobench", outcome.stdout)
            self.assertGreater(len(outcome.stdout), 200, arguments)
            for line in outcome.stdout.split("\n"):
                self.assertLessEqual(len(line), 80, f"too long for a terminal: {line}")

    def test_the_general_help_names_every_command_and_exit_code(self):
        text = self.run_program("--help").stdout
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^  {command} +\w+")
        for code in ("0 ", "1 ", "2 ", "3 ", "5 ", "130 "):
            self.assertIn(code, text.split("Exit codes:")[1])

    def test_every_example_works_as_it_is_written(self):
        self.make("aiobench", data=("#!/bin/sh\nexec "
                                    + shlex.join(map(str, cli.command())) + ' "$@"\n').encode())
        (self.directory / "aiobench").chmod(0o755)
        (self.directory / "backup").mkdir()
        self.make("file.bin", 200_000)
        for name in ("before.json", "after.json"):
            self.run_program("file.bin", "-e", "sync", "--repeat", "6", "-q", "--json", name)
        for command in ["", *COMMANDS]:
            text = self.help_of(command)
            examples = text.split("\nExamples:\n")[1].split("\n\n")[0]
            lines = re.findall(r"^  (\S.*)$", examples, re.MULTILINE)
            self.assertIn(len(lines), (2, 3, 4, 5), command)
            for line in lines:
                self.assertRegex(line, rf"\baiobench (-|{command}\b)")
                with self.subTest(line=line):
                    self.try_example(line)

    def try_example(self, line):
        for long, short in SHORTER.items():
            line = line.replace(long, short)
        if "create" in line:
            line = line.replace("file.bin", "made.bin")
        (self.directory / "aiobench-sweep.json").unlink(missing_ok=True)
        if "--resume" in line:
            self.run_program("sweep", "file.bin", "-e", "sync", "-d", "2", "--repeat", "2",
                             "--max-bytes", "500000", "--force")
        environment = {**os.environ, "PATH": f"{self.directory}:{os.environ['PATH']}"}
        done = subprocess.run(["bash", "-c", line], cwd=self.directory, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        # Two measurements of the same program may differ or not.
        codes = (GOOD, cli.BAD, UNCLEAR) if "compare" in line else (GOOD,)
        self.assertIn(done.returncode, codes, done.stderr)

    def test_what_is_promised_is_listed(self):
        for command, values in VALUES.items():
            with self.subTest(command=command):
                listed = set(self.options_in(self.help_of(command)))
                self.assertEqual(listed, set(values))

    def test_what_is_listed_works(self):
        """Uses many options in one run, because starting the program takes time, above all under
        Wine: first the first names of all options, then the other names."""
        self.make("file", 5000)
        (self.directory / "SUMS").write_bytes(self.sums("xxh3", "file"))
        for name in ("result.json", "other.json"):
            self.run_program("file", "-q", "--json", name)
        for command in COMMANDS:
            entries = re.findall(ENTRY, self.help_of(command), re.MULTILINE)
            first, second, alone = [], [], []
            for entry in entries:
                for number, option in enumerate(re.findall(r"--?[\w-]+", entry)):
                    self.assertIn(option, VALUES[command], "add a value for it to this test")
                    if option not in TESTED_WITH_EVERY_COMMAND:
                        (alone if option in ALONE else second if number else first).append(option)
            for options in filter(None, [first, second, *([option] for option in alone)]):
                with self.subTest(command=command, options=options):
                    self.try_options(command, options)

    def try_options(self, command, options):
        arguments = []
        for option in options:
            value = VALUES[command][option]
            arguments += [option] if value is None else [option, value]
        arguments += self.rest_of(command, options)
        if "--wine" in options:  # needs the Windows build: wine_test.py
            self.assertNotIn("expected", self.run_program(command, *arguments, code=None).stderr)
        elif command == "compare":
            # One repetition is too few for a verdict; the test is only about the options.
            self.run_program(command, *arguments, code=UNCLEAR)
        else:
            self.run_program(command, *arguments)

    def rest_of(self, command, options):
        """The other arguments that a command line with these options needs."""
        if command in ("create", "copy"):
            (self.directory / "new").unlink(missing_ok=True)
        if command == "create":
            return ["new"] if "--size" in options else ["new", "--size", "1k"]
        if command == "copy":
            return ["file", "new"]
        if command == "sweep":
            return self.rest_of_sweep(options)
        if command == "compare":
            return ["result.json", "other.json"]
        if command == "report":
            return ["result.json", *([] if {"-o", "--output"} & set(options) else ["-o", "-"])]
        if command == "hash" and "--strict" in options:
            return ["--check", "SUMS"]
        return ["file"] if command in ("hash", "read") and "--check" not in options else []

    def rest_of_sweep(self, options):
        """Arguments for a short sweep, or the preparation of a sweep that can be resumed."""
        if "--resume" in options:
            self.run_program("sweep", "file", "-e", "sync", "-d", "2", "--repeat", "2", "--force",
                             "--max-bytes", "10000")
            return []
        rest = ["file", *([] if "--force" in options else ["--force"])]
        for names, value in [({"-e", "--engine"}, "sync"), ({"-d", "--depth"}, "2"),
                             ({"--repeat"}, "1")]:
            if not names & set(options):
                rest += [max(names), value]
        return rest

    def test_every_choice_works(self):
        self.make("file", 5000)
        text = self.help_of("hash")
        self.assert_listed(CHOICES, text)
        self.try_choices("hash", CHOICES)
        for engine in [*cli.engines(), "null", "auto"]:
            self.assertIn(engine, text)
            self.run_program("file", "-e", engine)
        text = self.help_of("read")
        choices = {**CHOICES, **READ_CHOICES, "--format": ["text", "json", "csv"]}
        del choices["--hash"]  # read computes no digest
        self.assert_listed(choices, text)
        self.assertNotIn("--hash", text)
        self.assertNotIn("xxhsum", text)
        self.try_choices("read", choices)

    def assert_listed(self, choices, text):
        for option, values in choices.items():
            for value in values:
                self.assertRegex(text, rf"{option}\b[^\n]*\n?[^\n]*\b{value}\b")

    def try_choices(self, command, choices):
        """The first value of each option in one run, then the second of each, and so on."""
        for number in range(max(map(len, choices.values()))):
            arguments = [word for option, values in choices.items()
                         for word in (option, values[number % len(values)])]
            with self.subTest(arguments=arguments):
                self.run_program(command, "file", *arguments)

    def test_forms_of_an_option(self):
        self.make("file", 5000)
        expected = self.run_program("-H", "xxh64", "--format", "xxhsum", "file").stdout
        for arguments in (["-Hxxh64", "--format=xxhsum", "file"],
                          ["file", "--hash=xxh64", "--format=xxhsum"],
                          ["hash", "file", "--format", "xxhsum", "--hash", "xxh64"],
                          ["--format", "xxhsum", "-qH", "xxh64", "--", "file"]):
            self.assertEqual(self.run_program(*arguments).stdout, expected)

    def test_version(self):
        text = self.run_program("--version").stdout
        self.assertRegex(text, r"^aiobench \d+\.\d+\.\d+ \(.+\)\n$")
        for arguments in (["-q", "--version"], ["-e", "sync", "--version"], ["file", "--version"],
                          *([command, "--version"] for command in COMMANDS)):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.run_program(*arguments).stdout, text)

    def test_defaults_in_the_help_are_the_defaults(self):
        self.make("file", 5000)
        for command in ("hash", "read"):
            text = self.help_of(command)
            run = self.run_program(command, "file", "--format", "json").json["runs"][0]
            config = run["config"]
            config["hash"] = config["hash"] if command == "hash" else None
            for option, value in [("--engine", config["requested_engine"]),
                                  ("--hash", config["hash"]), ("--cache", config["cache"]),
                                  ("--repeat", len(run["repetitions"]))]:
                if value is not None:
                    self.assertEqual(self.default_of(option, text), str(value))
            for option in ("--depth", "--threads", "--block-size"):
                self.assertEqual(self.default_of(option, text), "auto")
        for option, key in [("--pattern", "pattern"), ("--seed", "seed")]:
            self.assertEqual(self.default_of(option, text), str(config["read"][key]))

    def test_defaults_of_each_engine_are_those_in_the_help(self):
        self.make("file", 5000)
        outcome = self.run_program("file", "-e", "sync", "--format", "json")
        config = outcome.json["runs"][0]["config"]
        text = " ".join(self.help_of("hash").split())
        named = "for an engine that you name"
        self.assertRegex(text, rf"--depth [^-]*; {config['depth']} {named}")
        self.assertIn(config["threads"], (1, 2))  # at most the number of processors
        self.assertRegex(text, rf"--threads [^-]*; 2 {named}")
        self.assertRegex(text, rf"--block-size [^-]*; {config['block_bytes'] // 1024}KiB {named}")

    def test_unknown_command_is_taken_for_a_file(self):
        outcome = self.run_program("nonsense", code=cli.FAILED)
        self.assert_one_error(outcome, "cannot open 'nonsense'")
        self.assertEqual(self.run_program("engines", "-z", code=UNUSABLE).stdout, "")
        self.assertEqual(self.run_program("engines", code=GOOD).stderr, "")


if __name__ == "__main__":
    cli.main()
