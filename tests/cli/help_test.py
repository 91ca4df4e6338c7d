"""Proves that --help lists the options that there are, and only options that work.

Each option of each command's help is tried with a sensible value and must be accepted, and every
option that the design promises has to be listed. --version works wherever options do.
"""
import os
import re
import shlex
import subprocess

import aiobench_cli as cli
from aiobench_cli import GOOD, UNCLEAR, UNUSABLE

COMMANDS = ["hash", "read", "copy", "sweep", "compare", "report", "engines", "create",
            "completion", "manual"]
# A sensible use of each option: its value, or None for a switch.
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
# Values that the help of an option lists; all of them have to be accepted.
CHOICES = {"--hash": ["xxh32", "xxh64", "xxh3", "xxh128", "none"],
           "--cache": ["asis", "warm", "cold", "direct"],
           "--format": ["text", "json", "csv", "xxhsum"],
           "--progress": ["auto", "always", "never"],
           "--color": ["auto", "always", "never"]}
READ_CHOICES = {"--pattern": ["sequential", "random"]}
# The names of an option at the start of its entry.
ENTRY = r"^  (?:-\w,|   ) --[\w-]+"
# So that the examples of the help take no time, and use no mechanism that may be missing here.
SHORTER = {"10s": "50ms", "10m": "20s", "1GiB": "1M", "64M": "1M", "io_uring": "sync",
           "iocp": "sync", "all,wine": "sync,threadpool", "--cache direct": "--cache asis"}


class HelpTest(cli.ProgramTest):
    def help_of(self, command):
        return self.run_program(command, "--help").stdout

    def options_in(self, text):
        """Every name of every option that a help text lists."""
        return re.findall(r"(?<= )--?[\w-]+", "\n".join(re.findall(ENTRY, text, re.MULTILINE)))

    def default_of(self, option, text):
        """What the help says is so without that option."""
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

    def test_the_general_help_names_every_command_and_exit_code(self):
        text = self.run_program("--help").stdout
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^  {command} +\w+")
        for code in ("0 ", "1 ", "2 ", "3 ", "5 ", "130 "):
            self.assertIn(code, text.split("Exit codes:")[1])

    def test_lines_fit_a_terminal(self):
        for arguments in (["--help"], *([command, "--help"] for command in COMMANDS)):
            for line in self.run_program(*arguments).stdout.split("\n"):
                self.assertLessEqual(len(line), 80, line)

    def test_every_example_works_as_it_is_written(self):
        self.make("aiobench", data=("#!/bin/sh\nexec "
                                    + shlex.join(map(str, cli.command())) + ' "$@"\n').encode())
        (self.folder / "aiobench").chmod(0o755)
        (self.folder / "backup").mkdir()
        self.make("file.bin", 200_000)
        for name in ("before.json", "after.json"):
            self.run_program("file.bin", "-e", "sync", "--repeat", "6", "-q", "--json", name)
        for command in ["", *COMMANDS]:
            text = self.run_program(*([command] if command else []), "--help").stdout
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
        (self.folder / "aiobench-sweep.json").unlink(missing_ok=True)
        if "--resume" in line:
            self.run_program("sweep", "file.bin", "-e", "sync", "-d", "2", "--repeat", "2",
                             "--max-bytes", "500000", "--force")
        environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"}
        done = subprocess.run(["bash", "-c", line], cwd=self.folder, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        # Two measurements of one program may differ, and may not.
        codes = (GOOD, cli.BAD, UNCLEAR) if "compare" in line else (GOOD,)
        self.assertIn(done.returncode, codes, done.stderr)

    def test_what_is_promised_is_listed(self):
        for command, values in VALUES.items():
            with self.subTest(command=command):
                listed = set(self.options_in(self.help_of(command)))
                self.assertEqual(listed, set(values))

    def test_what_is_listed_works(self):
        for command in COMMANDS:
            for option in self.options_in(self.help_of(command)):
                with self.subTest(command=command, option=option):
                    self.try_option(command, option)

    def try_option(self, command, option):
        self.assertIn(option, VALUES[command], "add a sensible value for it to this test")
        value = VALUES[command][option]
        arguments = [option] if value is None else [option, value]
        self.make("file", 5000)
        (self.folder / "SUMS").write_bytes(self.sums("xxh3", "file"))
        if command == "create":
            (self.folder / "new").unlink(missing_ok=True)
            arguments += ["new"] if option == "--size" else ["new", "--size", "1k"]
        elif command == "hash" and option == "--strict":
            arguments += ["--check", "SUMS"]
        elif command == "copy":
            (self.folder / "new").unlink(missing_ok=True)
            arguments += ["file", "new"]
        elif command == "sweep":
            arguments = self.of_sweep(option, arguments)
        elif command == "compare":
            self.run_program("file", "-q", "--json", "result.json")
            # One repetition is too few for a verdict; the option is for this test.
            asks = option in ("--version", "-h", "--help")
            return self.run_program(command, *arguments, "result.json", "result.json",
                                    code=GOOD if asks else UNCLEAR)
        elif command == "report":
            self.run_program("file", "-q", "--json", "result.json")
            arguments += ["result.json", *([] if option in ("-o", "--output") else ["-o", "-"])]
        elif command in ("hash", "read") and option != "--check":
            arguments += ["file"]
        if option == "--wine":  # needs the Windows build: wine_test.py
            self.assertNotIn("expected", self.run_program(command, *arguments, code=None).stderr)
        else:
            self.run_program(command, *arguments)

    def of_sweep(self, option, arguments):
        """A short sweep, over what is there; or one that goes on."""
        wanted = {"-e": "sync", "-d": "2", "--repeat": "1"}
        long_names = {"--engine": "-e", "--depth": "-d"}
        wanted.pop(long_names.get(option, option), None)
        common = ["file", *(word for pair in wanted.items() for word in pair)]
        if option == "--resume":
            self.run_program("sweep", "file", "-e", "sync", "-d", "2", "--repeat", "2", "--force",
                             "--max-bytes", "10000")
            return arguments
        return [*arguments, *common, *([] if option == "--force" else ["--force"])]

    def test_every_choice_works(self):
        self.make("file", 5000)
        text = self.help_of("hash")
        for option, values in CHOICES.items():
            for value in values:
                self.assertRegex(text, rf"{option}\b[^\n]*\n?[^\n]*\b{value}\b")
                self.run_program("file", option, value)
        for engine in [*cli.engines(), "null", "auto"]:
            self.assertIn(engine, text)
            self.run_program("file", "-e", engine)
        text = self.help_of("read")
        for option, values in {**CHOICES, **READ_CHOICES}.items():
            for value in values:
                if option == "--hash" or value == "xxhsum":  # a read has no digest
                    self.assertNotIn(option if option == "--hash" else value, text)
                else:
                    self.assertRegex(text, rf"{option}\b[^\n]*\n?[^\n]*\b{value}\b")
                    self.run_program("read", "file", option, value)

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
        for arguments in (["hash", "--version"], ["-q", "--version"], ["-e", "sync", "--version"],
                          ["file", "--version"], ["read", "--version"], ["engines", "--version"],
                          ["create", "--version"]):
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

    def test_what_auto_leaves_to_each_engine_is_what_the_help_says(self):
        self.make("file", 5000)
        outcome = self.run_program("file", "-e", "sync", "--format", "json")
        config = outcome.json["runs"][0]["config"]
        text = self.help_of("hash")
        self.assertRegex(text, rf"--depth .*auto: {config['depth']}\b")
        self.assertIn(config["threads"], (1, 2))  # no more than there are processors
        self.assertRegex(text, r"--threads .*auto: 2\b")
        self.assertRegex(text, rf"--block-size .*auto: {config['block_bytes'] // 1024}KiB")

    def test_unknown_command_is_taken_for_a_file(self):
        outcome = self.run_program("nonsense", code=cli.FAILED)
        self.assert_one_error(outcome, "cannot open 'nonsense'")
        self.assertEqual(self.run_program("engines", "-z", code=UNUSABLE).stdout, "")
        self.assertEqual(self.run_program("engines", code=GOOD).stderr, "")


if __name__ == "__main__":
    cli.main()
