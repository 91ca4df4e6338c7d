"""Proves that read refuses invalid options in one line, with exit code 2, and reads nothing."""
import aiobench_cli as cli
from aiobench_cli import UNUSABLE
from read_cli import ReadTest


class RefusalTest(ReadTest):
    def refuse(self, *arguments, words=()):
        with self.subTest(arguments=arguments):
            outcome = self.run_program("read", *arguments, code=None)
            self.assert_refused(outcome, UNUSABLE, *words)

    def refuse_values(self, option, values, *words):
        self.make("file", 5000)
        for value in values:
            self.refuse("file", f"{option}={value}", words=[option, *words])
        self.refuse("file", option, "", words=[option])
        self.refuse("file", option, words=[option])

    def test_durations(self):
        self.refuse_values("--duration", ["abc", "10x", "1e3", "-1s", "1 s", "s", "1h30m"],
                           "500ms")
        self.refuse_values("--duration", ["0", "0s", "0.5ms", "1001h"], "1 ms", "1000 h")

    def test_rates(self):
        self.refuse_values("--rate", ["0", "-1", "abc", "1e6", "0.0001", "1000000001", "1k", "1/s",
                                      ".", "1.2.3", "inf", "nan", "0x10", " 5"], "0.001")

    def test_bytes(self):
        self.refuse_values("--bytes", ["0", "0k", "-1", "abc", "1.3k", "1x",
                                       "99999999999999999999"])

    def test_seed_and_pattern(self):
        self.refuse_values("--seed", ["-1", "abc", "1.5", "18446744073709551616"], "from 0 to")
        self.refuse_values("--pattern", ["Random", "zipf"], "sequential, random")

    def test_options_of_other_commands(self):
        self.make("file", 5000)
        self.refuse("file", "-H", "xxh3", words=["-H"])
        self.refuse("file", "--check", "SUMS", words=["--check"])
        self.refuse("file", "--format", "xxhsum", words=["xxhsum", "text, json, csv"])
        self.refuse("file", "--tag", words=["--tag"])
        for option in (["--pattern", "random"], ["--seed", "1"], ["--duration", "1s"],
                       ["--bytes", "1k"], ["--rate", "1"]):
            outcome = self.run_program("hash", "file", *option, code=None)
            self.assert_refused(outcome, UNUSABLE, option[0])

    def test_what_hash_refuses_too(self):
        self.make("file", 5000)
        for arguments, word in ((["-d", "0"], "--depth"), (["-b", "100"], "--block-size"),
                                (["-e", "nope"], "nope"), (["--cache", "hot"], "hot"),
                                (["--json", "file"], "file"), (["--nope"], "--nope"),
                                (["--cache", "direct", "-b", "12345"], "--block-size")):
            self.refuse("file", *arguments, words=[word])


if __name__ == "__main__":
    cli.main()
