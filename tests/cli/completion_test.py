"""Proves that bash, zsh and fish complete commands, options, values and files.

The bash script is called directly for each command and option in the help. The scripts are also
tried in real shells: fish, and bash and zsh on a terminal. With the Windows build only the commands
that the scripts call are tried, because its shell is PowerShell.
"""
import os
import re
import shlex
import shutil
import subprocess

import aiobench_cli as cli
from aiobench_cli import UNUSABLE
from shells import Shell

# Typed text, and the line after the Tab key. Both shells give the same line, except for a trailing
# blank.
TYPED = {
    "aiobench comple": "aiobench completion",
    "aiobench eng": "aiobench engines",
    "aiobench --cac": "aiobench --cache",
    "aiobench --cache w": "aiobench --cache warm",
    "aiobench --cache=w": "aiobench --cache=warm",
    "aiobench hash -H xxh12": "aiobench hash -H xxh128",
    "aiobench hash -e io_u": "aiobench hash -e io_uring",
    "aiobench hash -e io_uring:sq": "aiobench hash -e io_uring:sqpoll",
    "aiobench --engine=iocp:batch=1,sk": "aiobench --engine=iocp:batch=1,skip_on_success",
    "aiobench copy --engine o": "aiobench copy --engine o",
    "aiobench sweep --engine sync,io_u": "aiobench sweep --engine sync,io_uring",
    "aiobench sweep -e wine/thr": "aiobench sweep -e wine/threadpool",
    "aiobench sweep --cache cold,d": "aiobench sweep --cache cold,direct",
    "aiobench compare --metric throughput,c": "aiobench compare --metric throughput,cpu",
    "aiobench read --patt": "aiobench read --pattern",
    "aiobench read --pattern r": "aiobench read --pattern random",
    "aiobench create --si": "aiobench create --size",
    "aiobench completion z": "aiobench completion zsh",
    "aiobench a-f": "aiobench a-file.bin",
    "aiobench hash --json a-f": "aiobench hash --json a-file.bin",
    "aiobench compare a-f": "aiobench compare a-file.bin",
    "aiobench hash -- a-f": "aiobench hash -- a-file.bin",
}


class ProgramCompletionTest(cli.ProgramTest):
    def candidates(self, *words):
        lines = self.run_program("__complete", "powershell", *words).stdout.splitlines()
        return {line.split("\t")[0] for line in lines if not line.startswith(":")}

    def test_what_the_scripts_call(self):
        self.assertIn("copy", self.candidates(""))
        self.assertEqual(self.candidates("eng"), {"engines"})
        self.assertEqual(self.candidates("copy", "--ver"), {"--verify", "--verbose", "--version"})
        self.assertEqual(self.candidates("read", "--pattern", ""), {"sequential", "random"})
        self.assertEqual(self.candidates("-e", "iocp:"), {"iocp:batch=", "iocp:skip_on_success"})

    def test_an_unknown_shell_is_refused_with_those_that_are_known(self):
        self.assert_refused(self.run_program("completion", "tcsh", code=None), UNUSABLE, "tcsh",
                            "bash, zsh, fish, powershell")
        self.assert_refused(self.run_program("completion", code=None), UNUSABLE, "SHELL")


@cli.linux_only
class CompletionTest(cli.ProgramTest):
    def setUp(self):
        super().setUp()
        self.make("a-file.bin", 10)
        self.script = self.directory / "completion.bash"
        self.script.write_text(self.run_program("completion", "bash").stdout, encoding="utf-8")
        # The scripts call the program by the typed name.
        programs = self.directory / ".bin"
        programs.mkdir()
        (programs / "aiobench").write_text(
            f"#!/bin/sh\nexec {shlex.join(cli.command())} \"$@\"\n", encoding="utf-8")
        (programs / "aiobench").chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
        zsh = self.directory / "zsh/_aiobench"
        zsh.parent.mkdir()
        zsh.write_text(self.run_program("completion", "zsh").stdout, encoding="utf-8")

    def offered(self, *lines):
        """The candidates of the bash script at the end of each of `lines`, as a set of words."""
        text = f"source {self.script}\n"
        for line in lines:
            # bash splits words at = and :, which become words too.
            words = [part for word in line.split(" ") for part in
                     ([part for part in re.split("([=:])", word) if part] or [""])]
            quoted = " ".join(f"'{word}'" for word in words)
            text += (f"COMP_WORDS=({quoted}) COMP_CWORD={len(words) - 1}\n_aiobench\n"
                     "printf '%s\\n' \"${COMPREPLY[@]}\" /end\n")
        done = subprocess.run(["bash", "--norc", "-c", text], cwd=self.directory,
                              env=self.environment, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        offers = [set(filter(None, part.split("\n"))) for part in done.stdout.split("/end\n")]
        self.assertEqual((offers.pop(), len(offers)), (set(), len(lines)))
        return offers

    def commands(self):
        text = self.run_program("--help").stdout.split("\nCommands:\n")[1].split("\n\n")[0]
        return re.findall(r"^  (\w+)", text, re.MULTILINE)

    def options_of(self, command):
        """The options in the help of a command: names and value of each."""
        text = self.run_program(command, "--help").stdout
        return re.findall(r"^  (?:(-\w), |    )(--[\w-]+)(?: (\S+))?", text, re.MULTILINE)

    def test_every_command_and_every_option_is_offered(self):
        commands = self.commands()
        self.assertGreater(len(commands), 8)
        self.assertEqual(self.offered("aiobench "), [{*commands, *self.names_here()}])
        for command in commands:
            options = self.options_of(command)
            wanted = {name for option in options for name in option[:2] if name}
            self.assertEqual(self.offered(f"aiobench {command} -"), [wanted], command)

    def names_here(self):
        return [path.name for path in self.directory.iterdir()]

    def test_every_value_that_has_names_is_offered_by_name(self):
        named = 0
        for command in self.commands():
            for _, name, value in self.options_of(command):
                if "|" not in value:
                    continue
                named += 1
                wanted = set(value.removesuffix(",...").split("|"))
                for line in (f"aiobench {command} {name} ", f"aiobench {command} {name}="):
                    self.assertEqual(self.offered(line), [wanted], line)
        self.assertGreater(named, 15)

    def test_engines_are_those_of_the_registry(self):
        rows = self.run_program("engines", "--format", "json").json["engines"]
        known = {row["engine"] for row in rows}
        self.assertIn("iocp", known)
        hashing, copying, sweeping = self.offered(
            "aiobench -e ", "aiobench copy --engine=", "aiobench sweep -e ")
        self.assertLessEqual(known, hashing)
        self.assertEqual(copying, hashing | {"os"})
        self.assertEqual(sweeping - hashing, {"all", "wine"} | {f"wine/{row['engine']}" for row in
                         rows if row["engine"] not in ("null", "auto", "io_uring", "libaio",
                                                       "posix-aio")})

    def test_engine_options(self):
        self.assertEqual(self.offered("aiobench -e iocp:", "aiobench -e io_uring:sqpoll,",
                                      "aiobench -e sync:", "aiobench sweep -e wine/iocp:s",
                                      "aiobench -e iocp:batch=4,s"),
                         [{"batch=", "skip_on_success"},
                          {f"sqpoll,{name}" for name in ("fixed_buffers", "sleep", "sqpoll")},
                          set(), {"skip_on_success"}, {"4,skip_on_success"}])
        after_option, = self.offered("aiobench sweep -e iocp:skip_on_success,")
        self.assertIn("skip_on_success,batch=", after_option)
        self.assertIn("skip_on_success,sync", after_option)

    def test_files_and_what_has_no_names(self):
        (self.directory / "two words").touch()
        here = set(self.names_here())
        for line in ("aiobench hash ", "aiobench hash --json ", "aiobench hash --json=",
                     "aiobench --wine -- ", "aiobench copy a-file.bin ", "aiobench hash -- "):
            self.assertEqual(self.offered(line), [here], line)
        self.assertEqual(self.offered("aiobench hash tw", "aiobench hash nothing"),
                         [{"two words"}, set()])
        for line in ("aiobench --depth ", "aiobench read --duration ", "aiobench --depth="):
            self.assertEqual(self.offered(line), [set()], line)
        # A flag has no value.
        self.assertEqual(self.offered("aiobench hash --wine a"), [{"a-file.bin"}])

    def in_shell(self, name):
        if shutil.which(name) is None:
            self.skipTest(f"{name} is not installed")
        shell = Shell(name, self.directory, self.environment)
        self.addCleanup(shell.close)
        for typed, wanted in TYPED.items():
            with self.subTest(shell=name, typed=typed):
                line = shell.complete(typed)
                self.assertEqual(line.rstrip(" ="), wanted)

    def test_in_bash_on_a_terminal(self):
        self.in_shell("bash")

    def test_in_zsh_on_a_terminal(self):
        self.in_shell("zsh")

    def test_in_fish(self):
        if shutil.which("fish") is None:
            self.skipTest("fish is not installed")
        script = self.directory / "aiobench.fish"
        script.write_text(self.run_program("completion", "fish").stdout, encoding="utf-8")
        for typed, wanted in TYPED.items():
            with self.subTest(typed=typed):
                command = f"source {script}; complete -C {shlex.quote(typed)}"
                done = subprocess.run(
                    ["fish", "--no-config", "-c", command],
                    cwd=self.directory, env=self.environment, capture_output=True, text=True,
                    check=True)
                offered = {line.split("\t")[0].rstrip(" =") for line in done.stdout.splitlines()}
                word = wanted.split(" ")[-1]
                # With several candidates the word is unchanged.
                self.assertTrue({word, word.rpartition("=")[2]} & offered or
                                word == typed.split(" ")[-1], (offered, wanted))

    @cli.plain_only
    def test_the_build_has_the_same_scripts(self):
        for path, shell in [("bash-completion/completions/aiobench", "bash"),
                            ("zsh/site-functions/_aiobench", "zsh")]:
            self.assertEqual((cli.BUILD / "documents" / path).read_bytes(),
                             self.run_program("completion", shell).raw)


if __name__ == "__main__":
    cli.main()
