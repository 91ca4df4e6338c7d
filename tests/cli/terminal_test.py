"""Proves that results and messages are coloured only on a terminal that supports it.

The program runs with a terminal as stdout or stderr. Its output to a pipe has the same text without
escape sequences.
"""
import json
import os
import pty
import re
import unittest

import aiobench_cli as cli
from aiobench_cli import BAD, GOOD, UNCLEAR, UNUSABLE

ESCAPE = re.compile(r"\x1b\[[\d;]*m")
BLOCKS = re.compile("[\u2580-\u259f]")
TERMINAL = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}


class OnTerminal(cli.ProgramTest):
    def on_terminal(self, *arguments, stream="stdout", codes=(GOOD,), **variables):
        """The output on `stream`, which is a terminal."""
        master, slave = pty.openpty()
        environment = {key: value for key, value in {**os.environ, **TERMINAL, **variables}.items()
                       if key != "NO_COLOR" or key in variables}
        process = cli.start(*arguments, cwd=self.directory, env=environment, **{stream: slave})
        os.close(slave)
        written = b""
        try:
            while part := os.read(master, 65536):
                written += part
        except OSError:  # how Linux reports the end
            pass
        os.close(master)
        self.assertIn(cli.finish(process).code, codes, written)
        return written.decode().replace("\r\n", "\n")


@unittest.skipIf(cli.WINDOWS, "a terminal of Linux is no console of Windows")
class TerminalTest(OnTerminal):
    def setUp(self):
        super().setUp()
        self.make("file", 200_000)

    def commands(self):
        """Each command that prints a text result."""
        self.run_program("file", "-e", "sync", "--repeat", "6", "-q", "--json", "result.json")
        (self.directory / "copy").unlink(missing_ok=True)
        return [(["hash", "file", "-e", "sync", "--repeat", "3"], [GOOD]),
                (["read", "file", "-e", "sync", "--interval", "1s"], [GOOD]),
                (["copy", "--force", "file", "copy", "-e", "sync"], [GOOD]),
                (["sweep", "file", "-e", "sync", "-d", "1,2", "--repeat", "2", "--force"], [GOOD]),
                # Noisy figures may give no verdict even for equal results.
                (["compare", "result.json", "result.json"], [GOOD, UNCLEAR]),
                (["engines"], [GOOD])]

    def test_results_are_coloured_on_a_terminal(self):
        for arguments, codes in self.commands():
            with self.subTest(arguments=arguments):
                self.assertRegex(self.on_terminal(*arguments, codes=codes), ESCAPE)

    def test_and_plain_everywhere_else(self):
        for arguments, codes in self.commands():
            with self.subTest(arguments=arguments):
                piped = self.run_program(*arguments, code=None, env={**os.environ, **TERMINAL})
                self.assertNotIn("\x1b", piped.stdout + piped.stderr)
                self.assertNotRegex(piped.stdout, BLOCKS)
                for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
                    shown = self.on_terminal(*arguments, codes=codes, **variables)
                    self.assertNotIn("\x1b", shown)
                shown = self.on_terminal(*arguments, "--color", "never", codes=codes)
                self.assertNotIn("\x1b", shown)

    def test_an_empty_no_color_is_none(self):
        self.assertRegex(self.on_terminal("file", NO_COLOR=""), ESCAPE)

    def test_the_color_option_overrides_the_environment(self):
        piped = self.run_program("file", "--color", "always").stdout
        self.assertRegex(piped, ESCAPE)
        shown = self.on_terminal("file", "--color", "always", NO_COLOR="1", TERM="dumb")
        self.assertRegex(shown, ESCAPE)

    def test_colour_adds_no_information(self):
        for arguments, codes in self.commands()[-2:]:  # commands whose figures do not change
            with self.subTest(arguments=arguments):
                shown = self.on_terminal(*arguments, codes=codes, LC_ALL="C")
                self.assertEqual(ESCAPE.sub("", shown),
                                 self.run_program(*arguments, code=None).stdout)

    def test_block_characters_where_the_terminal_has_them(self):
        sweep = ["sweep", "file", "-e", "sync", "-d", "2", "--repeat", "2", "--force"]
        for arguments in (["file", "--repeat", "5"], sweep):
            self.assertRegex(self.on_terminal(*arguments), BLOCKS)
            self.assertRegex(self.on_terminal(*arguments, NO_COLOR="1"), BLOCKS)
            for variables in ({"LC_ALL": "C"}, {"TERM": "dumb"}):
                self.assertNotRegex(self.on_terminal(*arguments, **variables), BLOCKS)

    def test_no_line_is_longer_than_80_columns(self):
        for arguments, codes in self.commands():
            shown = ESCAPE.sub("", self.on_terminal(*arguments, codes=codes))
            for line in shown.split("\n"):
                if not any(len(word) > 40 for word in line.split()):
                    self.assertLessEqual(len(line), 80, line)

    def test_messages_are_coloured_by_what_they_are(self):
        for arguments, tone, word, codes in [
                (["--depth", "0", "file"], "1;31", "error", [UNUSABLE]),
                (["--dpeth", "0", "file"], "1;31", "error", [UNUSABLE]),
                (["-v", "--format", "csv", "file"], "2", "debug", [GOOD])]:
            shown = self.on_terminal(*arguments, stream="stderr", codes=codes)
            self.assertIn(f"aiobench: \x1b[{tone}m{word}:\x1b[0m ", shown)
            for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
                plain = self.on_terminal(*arguments, stream="stderr", codes=codes, **variables)
                self.assertIn(f"aiobench: {word}: ", plain)
                self.assertNotIn("\x1b", plain)
        never = self.on_terminal("--depth", "0", "file", "--color", "never", stream="stderr",
                                 codes=[UNUSABLE])
        self.assertIn("aiobench: error: ", never)

    def test_a_bad_verdict_is_red_and_a_good_one_green(self):
        document = self.run_program("file", "-e", "sync", "--repeat", "6", "--format", "json").json
        for name, factor in (("a.json", 1), ("b.json", 2)):
            # Times as on a quiet machine, however busy this one is.
            for number, repetition in enumerate(document["runs"][0]["repetitions"]):
                repetition["wall_seconds"] = factor * (1 + number / 1000)
            self.make(name, data=json.dumps(document).encode())
        shown = self.on_terminal("compare", "a.json", "b.json", codes=[BAD])
        self.assertIn("\x1b[1;31mREGRESSION\x1b[0m", shown)
        shown = self.on_terminal("compare", "b.json", "a.json")
        self.assertIn("\x1b[1;32mimprovement\x1b[0m", shown)


@unittest.skipUnless(cli.WINDOWS, "only with Wine's console")
class WineConsoleTest(OnTerminal):
    def test_text_is_plain_and_whole(self):
        self.make("file", 200_000)
        written = self.on_terminal("file", "-e", "iocp", "-q")
        # Wine's console writes a blank as a cursor movement to the right.
        text = written.replace("\x1b[K", "").replace("\x1b[1C", " ")
        text = re.sub(r"\x1b\[\?25[lh]", "", text)
        self.assertNotRegex(text, r"\[[\d;]*m")
        self.assertRegex(text, r"  speed +[\d.]+ GiB/s, ")


if __name__ == "__main__":
    cli.main()
