"""Proves that digests and the lines of --format xxhsum are those of xxhsum 0.8.3.

Covers all algorithms, all engines, and file sizes around block and page boundaries. The forms try
a small and a larger part of the combinations of depth, threads and block size; run_test tries all.
"""
import itertools

import aiobench_cli as cli
from aiobench_cli import GIB, KIB, MIB

SIZES = [0, 1, 511, 512, 513, 4 * KIB - 1, 4 * KIB, 4 * KIB + 1, MIB - 1, MIB + 1, 5 * MIB + 13]
LARGE = 37 * MIB + 13
DEPTHS = [1, 2, 7, 32, 63, 64, 65, 256]
THREADS = [1, 2, 4]
BLOCKS = ["4KiB", "64KiB", "1MiB", "12345"]
BLOCK_SIZES = ["64KiB", "512"]


class DigestTest(cli.ProgramTest):
    def make_files(self):
        names = [f"file-{size}" for size in SIZES]
        for name, size in zip(names, SIZES):
            self.make(name, size)
        return names

    def assert_equals_xxhsum(self, algorithm, names, *arguments, expected=None):
        outcome = self.run_program("--format", "xxhsum", "-H", algorithm, *arguments, *names)
        with self.subTest(arguments=arguments, algorithm=algorithm):
            self.assertEqual(outcome.raw, expected or self.sums(algorithm, *names))
            self.assertEqual(outcome.stderr, "")

    def test_the_lines_are_those_of_xxhsum_0_8_3(self):
        """The expected lines are literals, so that they do not depend on the installed xxhsum."""
        self.make("a b", data=b"abc")
        self.make("empty", data=b"")
        for algorithm, lines in {
                "xxh32": "32d153ff  a b\n02cc5d05  empty\n",
                "xxh64": "44bc2cf5ad770999  a b\nef46db3751d8e999  empty\n",
                "xxh128": "06b05ab6733a618578af5f94892f3950  a b\n"
                          "99aa06d3014798d86001c324468d497f  empty\n",
                "xxh3": "XXH3_78af5f94892f3950  a b\nXXH3_2d06800538d394c2  empty\n"}.items():
            outcome = self.run_program("--format", "xxhsum", "-H", algorithm, "a b", "empty")
            self.assertEqual(outcome.stdout, lines)
            self.assertEqual(self.sums(algorithm, "a b", "empty").decode(), lines)

    def test_the_lines_of_tag_are_those_of_xxhsum(self):
        self.make("a b", data=b"abc")
        for algorithm, line in {
                "xxh32": "XXH32 (a b) = 32d153ff\n",
                "xxh64": "XXH64 (a b) = 44bc2cf5ad770999\n",
                "xxh128": "XXH128 (a b) = 06b05ab6733a618578af5f94892f3950\n",
                "xxh3": "XXH3 (a b) = 78af5f94892f3950\n"}.items():
            for arguments in (["--tag"], ["--tag", "--format", "xxhsum"]):
                outcome = self.run_program(*arguments, "-H", algorithm, "a b")
                self.assertEqual(outcome.stdout, line)
            self.assertEqual(self.sums(algorithm, "a b", tag=True).decode(), line)

    @cli.linux_only
    def test_names_are_escaped_as_by_xxhsum_0_8_3(self):
        for name, line in {"new\nline": "\\XXH3_78af5f94892f3950  new\\nline\n",
                           "carriage\r": "\\XXH3_78af5f94892f3950  carriage\\r\n",
                           "back\\slash": "\\XXH3_78af5f94892f3950  back\\\\slash\n",
                           "\\n": "\\XXH3_78af5f94892f3950  \\\\n\n",
                           "tab\t": "XXH3_78af5f94892f3950  tab\t\n"}.items():
            self.make(name, data=b"abc")
            self.assertEqual(self.run_program("--format", "xxhsum", name).stdout, line)
            self.assertEqual(self.sums("xxh3", name).decode(), line)
            mark, _, escaped = line[:-1].partition("XXH3_78af5f94892f3950  ")
            line = f"{mark}XXH3 ({escaped}) = 78af5f94892f3950\n"
            self.assertEqual(self.run_program("--tag", name).stdout, line)
            self.assertEqual(self.sums("xxh3", name, tag=True).decode(), line)

    def test_all_algorithms_over_all_sizes_in_order(self):
        names = self.make_files()
        for number, algorithm in enumerate(cli.ALGORITHMS):
            expected = self.sums(algorithm, *names)
            for index, engine in enumerate(cli.engines()):
                if cli.BRIEF and (number + index) % len(cli.ALGORITHMS) > 1:
                    continue  # the short form uses two algorithms with each engine
                # Each engine and each algorithm is used with both block sizes.
                for block in BLOCK_SIZES if cli.LONG else [BLOCK_SIZES[(number + index) % 2]]:
                    self.assert_equals_xxhsum(algorithm, names, "-e", engine, "-b", block,
                                              expected=expected)
            self.assert_equals_xxhsum(algorithm, list(reversed(names)))

    def test_auto_over_all_sizes_and_cache_states(self):
        names = self.make_files()
        self.make("large", LARGE)
        for cache in ("asis", "warm", "cold", "direct"):
            # Quiet, because Wine can neither query nor change the page cache.
            self.assert_equals_xxhsum("xxh3", [*names, "large"], "-q", "-e", "auto", "--cache",
                                      cache)
        self.assert_equals_xxhsum("xxh64", names, "-d", "auto", "-t", "auto", "-b", "auto")

    def run_combinations(self, names, algorithms):
        """Runs each combination with each engine, and with the algorithms in turn."""
        expected = {algorithm: self.sums(algorithm, *names) for algorithm in algorithms}
        for index, engine in enumerate(cli.engines()):
            turns = itertools.cycle(algorithms)
            for (depth, threads, block), algorithm in zip(
                    cli.part_of(DEPTHS, THREADS, BLOCKS, 7 * index), turns):
                self.assert_equals_xxhsum(algorithm, names, "-e", engine, "-d", str(depth), "-t",
                                          str(threads), "-b", block, expected=expected[algorithm])

    def test_every_engine_depth_threads_and_block(self):
        names = self.make_files()
        if cli.LONG and not cli.WINDOWS:
            self.make("large", LARGE)
            names.append("large")
        if cli.BRIEF:
            self.run_combinations(names, list(cli.ALGORITHMS))
            return
        self.run_combinations(names, ["xxh3"])
        self.run_combinations(names, ["xxh32", "xxh64", "xxh128"])

    def test_large_file(self):
        self.make("large", LARGE)
        expected = self.sums("xxh3", "large")
        step = 3 if cli.WINDOWS else 1
        for engine in cli.engines():
            for depth, threads in zip(DEPTHS[::step], itertools.cycle(THREADS)):
                self.assert_equals_xxhsum("xxh3", ["large"], "-e", engine, "-d", str(depth),
                                          "-t", str(threads), "-b", "64KiB", expected=expected)

    def test_extremes(self):
        self.make("large", 5 * MIB + 13)
        shapes = [["-d", "4096", "-t", "1024", "-b", "512"], ["-d", "1", "-t", "1024"],
                  ["-d", "4096", "-t", "1", "-b", "513"], ["-b", "1GiB", "-d", "2"]]
        engines = cli.engines()
        for number, arguments in enumerate(shapes):
            some = ["auto", engines[number % len(engines)]]
            for engine in engines if cli.LONG else some:
                self.assert_equals_xxhsum("xxh3", ["large"], "-e", engine, *arguments)

    def test_options_of_engines(self):
        self.make("large", 5 * MIB + 13)
        options = {"io_uring": ["sqpoll", "fixed_buffers", "sqpoll,fixed_buffers"],
                   "iocp": ["batch=1", "batch=64", "skip_on_success", "skip_on_success,batch=3"],
                   "threadpool": ["skip_on_success"] if cli.WINDOWS else []}
        for engine in cli.engines():
            for option in options.get(engine, []):
                for depth in cli.some_of(("33", "1", "256"), 0):
                    self.assert_equals_xxhsum("xxh3", ["large"], "-e", f"{engine}:{option}",
                                              "-d", depth, "-b", "4KiB")

    def test_cache_states(self):
        names = self.make_files()
        for index, cache in enumerate(("asis", "warm", "cold", "direct")):
            for engine in cli.some_of(cli.engines_for(cache), index):
                for block in ["64KiB"] if cli.WINDOWS else ["4KiB", "64KiB"]:
                    outcome = self.run_program("--format", "xxhsum", "--cache", cache, "-e", engine,
                                               "-b", block, *names)
                    self.assertEqual(outcome.raw, self.sums("xxh3", *names), outcome)

    def test_repetitions_print_one_line(self):
        self.make("file", 100000)
        self.assert_equals_xxhsum("xxh64", ["file"], "--repeat", "3", "--warmup", "2")

    def test_the_same_file_twice(self):
        self.make("file", 100000)
        self.assert_equals_xxhsum("xxh64", ["file", "file"])

    @cli.plain_only
    def test_sparse_file_beyond_4_gib(self):
        self.make_sparse("sparse", 4 * GIB + 4097)
        with open(self.directory / "sparse", "r+b") as file:
            for offset in (0, 2 * GIB - 1, 4 * GIB - 1, 4 * GIB + 4090):
                file.seek(offset)
                file.write(b"mark")
        digest = self.digest_past_the_cache("sparse")
        runs = [["-e", engine, "--cache", "direct", "-b", "4MiB"]
                for engine in cli.engines_for("direct")]
        runs += [["-e", engine] for engine in cli.engines() if cli.LONG]
        for arguments in runs:
            run, = self.run_program("sparse", "--format", "json", *arguments).json["runs"]
            self.assertEqual(run["repetitions"][0]["digest"], digest, arguments)


if __name__ == "__main__":
    cli.main()
