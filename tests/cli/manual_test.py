"""Proves that the manual page is well-formed and has every command, option and example."""
import re
import shutil
import subprocess

import aiobench_cli as cli


class ManualTest(cli.ProgramTest):
    def setUp(self):
        super().setUp()
        self.page = self.directory / "aiobench.1"
        self.page.write_text(self.run_program("manual").stdout, encoding="utf-8")

    def formatted(self, *command):
        if shutil.which(command[0]) is None:
            self.skipTest(f"{command[0]} is not installed")
        done = subprocess.run([*command, self.page], capture_output=True, text=True, check=False,
                              env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def sections(self):
        """Section title to text, as man formats it."""
        text = re.sub(".\b", "", self.formatted("groff", "-man", "-Tutf8", "-P-c", "-rLL=300n"))
        parts = re.split(r"^(\S.*)\n", text, flags=re.MULTILINE)
        return dict(zip(parts[1::2], parts[2::2]))

    def test_man_and_groff_have_nothing_to_warn_of(self):
        self.formatted("groff", "-ww", "-man", "-Tutf8", "-z")
        text = self.formatted("man", "--warnings", "-Tutf8", "-l")
        self.assertIn("SYNOPSIS", re.sub(".\b", "", text))

    def test_every_command_with_every_option_of_its_help(self):
        sections = self.sections()
        general = self.run_program("--help").stdout
        commands = re.findall(r"^  (\w+)", general.split("\nCommands:\n")[1].split("\n\n")[0],
                              re.MULTILINE)
        for command in commands:
            self.assertRegex(sections["COMMANDS"], rf"(?m)^ +{command}\b")
            self.assertRegex(sections["SYNOPSIS"], rf"(?m)^ +aiobench {command}\b")
            text = sections[f"COMMAND {command}"]
            told = self.run_program(command, "--help").stdout
            options = re.findall(r"^  ((?:-\w, |    )--[\w-]+(?: \S+)?)", told, re.MULTILINE)
            self.assertGreater(len(options), 1)
            for option in options:
                self.assertRegex(text, rf"(?m)^ +{re.escape(option.strip())}( .*)?$")
            for default in re.findall(r"\[default: .*?\]", told):
                self.assertIn(default, text)

    def test_examples_exit_codes_engines_and_surroundings(self):
        sections = self.sections()
        examples = re.findall(r"^  (aiobench .*)$", self.run_program("hash", "--help").stdout,
                              re.MULTILINE)
        self.assertGreater(len(examples), 1)
        for example in examples:
            self.assertIn(example, sections["EXAMPLES"])
        for code in (0, 1, 2, 3, 5, 130):
            self.assertRegex(sections["EXIT STATUS"], rf"(?m)^ +{code} ")
        for row in self.run_program("engines", "--format", "json").json["engines"]:
            self.assertRegex(sections["ENGINES"], rf"(?m)^ +{row['engine']}\b")
        for name in ("NO_COLOR", "AIOBENCH_WINDOWS_EXE", "XDG_CACHE_HOME"):
            self.assertIn(name, sections["ENVIRONMENT"])
        self.assertIn("default-256MiB.bin", sections["FILES"])

    @cli.plain_only
    def test_the_build_has_the_same_page(self):
        built = cli.BUILD / "documents/man/man1/aiobench.1"
        self.assertEqual(built.read_bytes(), self.page.read_bytes())

    def test_the_version_is_that_of_the_program(self):
        version = self.run_program("--version").stdout.split()[1]
        self.assertIn(f'.TH AIOBENCH 1 "" "aiobench {version}"', self.page.read_text("utf-8"))


if __name__ == "__main__":
    cli.main()
