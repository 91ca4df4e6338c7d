"""Proves that an invalid command line is refused before anything is changed.

Each error is one line with the invalid argument and the valid values. Nothing is printed on stdout,
no file is created or changed, and the exit code is 2.
"""
import aiobench_cli as cli
from aiobench_cli import FAILED, GOOD, UNUSABLE

UNICODE_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"


class OptionsTest(cli.ProgramTest):
    def setUp(self):
        super().setUp()
        self.make("file.bin", 5000)
        self.before = self.content()

    def refuse(self, *arguments, words=(), code=UNUSABLE):
        with self.subTest(arguments=arguments):
            outcome = self.run_program(*arguments, code=None)
            self.assert_refused(outcome, code, *words)
            self.assertEqual(self.content(), self.before)

    def refuse_values(self, option, values, *words):
        for value in values:
            self.refuse("file.bin", f"{option}={value}", words=[option, f"'{value}'", *words])

    def test_a_wrong_option_suggests_the_right_one(self):
        for command, typed, meant in [((), "--dpeth=3", "--depth"),
                                      (("hash",), "--thread", "--threads"),
                                      (("read",), "--patern=random", "--pattern"),
                                      (("sweep",), "--resum", "--resume"),
                                      (("compare", "file.bin"), "--treshold=3%", "--threshold"),
                                      (("engines",), "--selftest", "--self-test")]:
            self.refuse(*command, "file.bin", typed, words=[typed, f"did you mean {meant}?"])
        outcome = self.run_program("file.bin", "--frobnicate", code=UNUSABLE)
        self.assertNotIn("did you mean", outcome.stderr)

    def test_depth(self):
        self.refuse_values("--depth", ["0", "5000", "4097", "-1", "abc", "1.5", "8k", "0x10", " 8",
                                       "1e3", "99999999999999999999"], "from 1 to 4096")
        self.refuse("file.bin", "-d", "-1", words=["--depth", "'-1'"])
        self.refuse("file.bin", "--depth", "", words=["--depth"])
        self.refuse("file.bin", "--depth", words=["--depth"])

    def test_threads(self):
        self.refuse_values("--threads", ["0", "1025", "-1", "abc"], "from 1 to 1024")

    def test_block_size(self):
        self.refuse_values("--block-size", ["0", "511", "2GiB", "1073741825"], "512 B", "1 GiB")
        self.refuse_values("--block-size", ["abc", "-1", "1x", "1.3k", "4 k", "1e6",
                                            "99999999999999999999"])

    def test_block_size_that_direct_access_cannot_use(self):
        for block in ("12345", "513", "600"):
            self.refuse("file.bin", "--cache", "direct", "-b", block,
                        words=["--block-size", block, "direct", "try --block-size"])

    def test_repeat_and_warmup(self):
        self.refuse_values("--repeat", ["0", "-1", "abc"], "from 1 to")
        self.refuse_values("--warmup", ["-1", "abc", "1.5"], "from 0 to")

    def test_unknown_names_are_answered_with_the_valid_ones(self):
        for option, names in [("--engine", ["sync", "overlapped", "extended", "iocp", "threadpool",
                                            "io_uring", "libaio", "posix-aio", "mmap", "null",
                                            "auto"]),
                              ("--hash", ["xxh32", "xxh64", "xxh3", "xxh128", "none"]),
                              ("--cache", ["asis", "warm", "cold", "direct"]),
                              ("--format", ["text", "json", "csv", "xxhsum"]),
                              ("--progress", ["auto", "always", "never"])]:
            for value in ("nonsense", names[0].upper()):
                self.refuse("file.bin", option, value, words=[f"'{value}'", *names])
            self.refuse("file.bin", option, "", words=names)

    def test_engine_options(self):
        for engine, words in [("io_uring:nonsense", ["nonsense", "fixed_buffers", "sqpoll"]),
                              ("io_uring:sqpoll,nonsense", ["nonsense", "fixed_buffers"]),
                              ("io_uring:sqpoll=1", ["sqpoll", "takes no value"]),
                              ("io_uring:", ["fixed_buffers", "sqpoll"]),
                              ("iocp:batch", ["batch", "needs a value"]),
                              ("iocp:batch=", ["batch", "1 to 1024"]),
                              ("iocp:batch=0", ["batch", "'0'", "1 to 1024"]),
                              ("iocp:batch=1025", ["batch", "'1025'", "1 to 1024"]),
                              ("sync:sqpoll", ["sqpoll", "none"]),
                              ("null:batch=1", ["batch", "none"]),
                              ("auto:batch=1", ["batch", "none"])]:
            self.refuse("file.bin", "-e", engine, words=["engine", *words])

    def test_engine_of_the_other_system(self):
        if cli.WINDOWS:
            self.refuse("file.bin", "-e", "io_uring", words=["io_uring", "Linux"])
        else:
            self.refuse("file.bin", "-e", "io_uring", "--wine", words=["io_uring", "--wine"])
            self.refuse("file.bin", "-e", "threadpool:skip_on_success",
                        words=["threadpool", "--wine"])

    def test_unknown_option(self):
        self.refuse("file.bin", "--nonsense", words=["--nonsense", "--help"])
        self.refuse("file.bin", "-z", words=["-z", "--help"])
        self.refuse("engines", "--nonsense", words=["--nonsense", "--help"])
        self.refuse("engines", "file.bin", words=["file.bin", "--help"])
        self.refuse("engines", "--format", "csv", words=["csv", "text", "json"])

    def test_option_given_twice(self):
        self.refuse("file.bin", "-d", "1", "--depth", "2", words=["--depth"])

    def test_unicode_dash_typed_for_a_hyphen(self):
        for dash in UNICODE_DASHES:
            self.refuse("file.bin", f"{dash}{dash}depth", "3", words=["hyphen", "write --depth"])
        self.refuse("file.bin", "\u2014depth", "3", words=["hyphen", "write --depth"])
        self.refuse("file.bin", "\u2013d", "3", words=["hyphen", "write -d"])
        self.refuse("file.bin", "-\u2013depth", "3", words=["hyphen", "write --depth"])
        self.refuse("create", "new.bin", "\u2013\u2013size", "1M", words=["write --size"])

    def test_a_file_may_begin_with_a_unicode_dash(self):
        self.make("\u2013d", 100)
        outcome = self.run_program("--format", "xxhsum", "--", "\u2013d")
        self.assertEqual(outcome.raw, self.sums("xxh3", "\u2013d"))

    def test_options_that_do_not_go_together(self):
        self.refuse("file.bin", "--format", "xxhsum", "-H", "none", words=["xxhsum", "no digest"])
        self.refuse("file.bin", "--format", "xxhsum", "-e", "null", words=["xxhsum", "no digest"])
        self.refuse("file.bin", "-e", "mmap", "--cache", "direct",
                    words=["'mmap'", "--cache direct", "page cache", "--cache cold"])
        self.refuse("file.bin", "--strict", words=["--strict", "--check"])
        self.refuse("file.bin", "--check", "sums", words=["--check"])
        for output in (["--json", "out"], ["--csv", "out"], ["--format", "json"]):
            self.refuse("--check", "file.bin", *output, words=["--check", "--json"])
        self.refuse("--check", "file.bin", "--tag", words=["--check with --tag", "every style"])
        self.refuse("file.bin", "--tag", "--format", "json", words=["--tag with --format json"])
        self.refuse("file.bin", "--tag", "-H", "none", words=["--tag", "no digest"])

    def test_output_file_in_a_missing_directory(self):
        for option in ("--json", "--csv"):
            self.refuse("file.bin", option, "missing/out", code=FAILED, words=["missing/out"])

    def test_output_file_that_is_a_directory(self):
        (self.directory / "directory").mkdir()
        for option in ("--json", "--csv"):
            self.refuse("file.bin", option, "directory", code=FAILED, words=["directory"])

    def test_output_file_that_is_the_input(self):
        for option in ("--json", "--csv"):
            self.refuse("file.bin", option, "file.bin", words=[option, "file.bin"])
        self.refuse("file.bin", "--json", "out", "--csv", "out", words=["out"])

    def test_create(self):
        self.refuse("create", "new.bin", words=["--size"])
        self.refuse("create", "--size", "1M", words=["FILE"])
        for size in ("abc", "-1", "1.3k", ""):
            self.refuse("create", "new.bin", f"--size={size}", words=["--size"])
        for seed in ("-1", "abc"):
            self.refuse("create", "new.bin", "--size", "1", f"--seed={seed}", words=["--seed"])
        self.refuse("create", "file.bin", "--size", "1", words=["file.bin", "--force"])

    def test_limits_are_accepted(self):
        for option in (["-d", "1"], ["-d", "4096"], ["-t", "1"], ["-t", "1024"], ["-b", "512"],
                       ["-b", "1GiB"], ["-b", "64KIB"], ["-b", "0.5m"], ["--warmup", "0"]):
            with self.subTest(option=option):
                outcome = self.run_program("file.bin", *option, code=GOOD)
                self.assertEqual(outcome.stderr, "")


if __name__ == "__main__":
    cli.main()
