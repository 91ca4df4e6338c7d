"""Proves that a copy equals its source, over engines, depths, threads, block sizes and file sizes.

Also covers: holes stay holes, times and permissions are preserved, several files can be copied into
a directory, xxhsum -c accepts the manifest, --verify reads the copy back, and a refused copy
changes nothing.
"""
import filecmp
import itertools
import os
import random

import aiobench_cli as cli
from aiobench_cli import FAILED, GIB, GOOD, KIB, MIB, UNUSABLE

SIZES = [0, 1, 511, 512, 513, 4095, 4096, 4097, MIB - 1, MIB + 1]
DEPTHS = [1, 2, 7, 32, 63, 64, 65, 256]
THREADS = [1, 2, 4]
BLOCKS = ["4KiB", "64KiB", "1MiB", "12345"]


class CopyTest(cli.ProgramTest):
    def copy(self, *arguments, **options):
        return self.run_program("copy", "-q", "--no-sync", *arguments, **options)

    def assert_same(self, a, b):
        self.assertTrue(filecmp.cmp(self.directory / a, self.directory / b, shallow=False), (a, b))

    def assert_no_leftovers(self, directory="."):
        left = [name for name in os.listdir(self.directory / directory) if "aiobench-part" in name]
        self.assertEqual(left, [])

    def test_every_size_and_engine(self):
        for size in SIZES:
            self.make(f"size{size}", size)
        for engine in [*cli.engines(), "auto", "os"]:
            (self.directory / engine).mkdir()
            self.copy("-e", engine, "-b", "64KiB", *[f"size{size}" for size in SIZES], engine)
            for size in SIZES:
                with self.subTest(engine=engine, size=size):
                    self.assert_same(f"size{size}", f"{engine}/size{size}")
            self.assert_no_leftovers(engine)

    def test_every_engine_depth_threads_and_block(self):
        self.make("file", 3 * MIB + 13)
        for index, engine in enumerate(cli.engines()):
            for depth, threads, block in cli.part_of(DEPTHS, THREADS, BLOCKS, 7 * index):
                with self.subTest(engine=engine, depth=depth, threads=threads, block=block):
                    self.copy("--force", "-e", engine, "-d", str(depth), "-t", str(threads), "-b",
                              block, "file", "copy")
                    self.assert_same("file", "copy")

    def test_ways_to_write(self):
        self.make("file", 5 * MIB + 4099)
        ways = list(itertools.product(("asis", "direct"), ("buffered", "direct")))
        for index, engine in enumerate(cli.engines()):
            for cache, write_cache in cli.some_of(ways, index):
                if cache == "direct" and engine == "mmap":
                    continue
                with self.subTest(engine=engine, cache=cache, write_cache=write_cache):
                    self.copy("--force", "-e", engine, "-b", "64KiB", "--cache", cache,
                              "--write-cache", write_cache, "file", "copy")
                    self.assert_same("file", "copy")

    def test_the_digest_is_that_of_the_source(self):
        self.make("file", MIB + 1)
        outcome = self.copy("--format", "xxhsum", "-H", "xxh64", "file", "copy")
        self.assertEqual(outcome.raw, self.sums("xxh64", "file"))

    def test_manifest(self):
        self.make("a", 1000)
        self.make("b c", 5000)
        (self.directory / "out").mkdir()
        for algorithm in cli.ALGORITHMS:
            self.copy("--force", "-H", algorithm, "--manifest", "SUMS", "a", "b c", "out")
            self.assertEqual((self.directory / "SUMS").read_bytes(),
                             self.sums_in_out(algorithm, "a", "b c"))
            if not cli.WINDOWS and (algorithm != "xxh3" or cli.xxhsum_is_current()):
                cli.xxhsum("-c", "--strict", "SUMS", cwd=self.directory)
            self.assertEqual(self.run_program("--check", "SUMS").stdout.count(": OK\n"), 2)

    def test_tag_is_the_form_of_the_manifest_or_of_what_is_printed(self):
        self.make("a", 1000)
        (self.directory / "out").mkdir()
        for more, is_text in (([], True), (["--format", "json"], False)):
            outcome = self.copy("--force", "--tag", "--manifest", "SUMS", *more, "a", "out")
            self.assertEqual((self.directory / "SUMS").read_bytes(),
                             self.sums_in_out("xxh3", "a", tag=True))
            self.assertEqual("latency" in outcome.stdout.split("{")[0], is_text)
        # Every version of xxhsum accepts BSD-style lines.
        if not cli.WINDOWS:
            cli.xxhsum("-c", "--strict", "SUMS", cwd=self.directory)
        outcome = self.copy("--force", "--tag", "a", "out")
        self.assertEqual(outcome.raw, self.sums("xxh3", "a", tag=True))
        outcome = self.copy("--force", "--tag", "--format", "xxhsum", "--manifest", "SUMS", "a",
                            "out")
        self.assertEqual(outcome.raw, self.sums("xxh3", "a", tag=True))
        outcome = self.copy("--force", "--tag", "--format", "csv", "a", "out", code=None)
        self.assert_refused(outcome, UNUSABLE, "--tag with --format csv")

    def sums_in_out(self, algorithm, *names, tag=False):
        """The checksum lines of the files in the directory out, with this system's path
        separator."""
        found = cli.digests(algorithm, *(f"out/{name}" for name in names), cwd=self.directory)
        separator = "\\" if cli.WINDOWS else "/"
        return b"".join(cli.checksum_line(algorithm, digest, f"out{separator}{name}", tag)
                        for digest, name in zip(found, names))

    def test_json_has_both_directions_and_the_stages(self):
        self.make("file", MIB + 1)
        run, = self.run_program("copy", "--format", "json", "--write-cache", "buffered", "-b",
                                "64KiB", "file", "copy").json["runs"]
        copy = run["repetitions"][0]["copy"]
        self.assertEqual((run["job"], run["repetitions"][0]["bytes"], copy["write_bytes"]),
                         ("copy", MIB + 1, MIB + 1))
        self.assertEqual(copy["write_latency_ns"]["count"], 17)
        self.assertEqual(run["config"]["copy"]["destination"], "copy")
        stages = ["open", "allocate", "copy", "flush", "rename"]
        self.assertAlmostEqual(sum(copy[f"{stage}_seconds"] for stage in stages),
                               copy["whole_seconds"])
        self.assertGreater(copy["flush_seconds"], 0)
        self.assertFalse(copy["verified"])
        text = self.run_program("copy", "--force", "file", "copy").text
        for label in ("copy", "total", "writes", "latency"):
            self.assertRegex(text, rf"(?m)^  {label} +\S")

    def test_the_result_fits_the_schema(self):
        self.make("file", MIB)
        outcome = self.run_program("copy", "--verify", "--format", "json", "file", "copy")
        self.assert_valid_result(outcome.json)

    def test_verify(self):
        self.make("file", 3 * MIB + 5)
        for more in ([], ["--no-sync"], ["-H", "xxh128"]):
            run, = self.run_program("copy", "-q", "--verify", "--force", "--format", "json", *more,
                                    "file", "copy").json["runs"]
            self.assertTrue(run["repetitions"][0]["copy"]["verified"])
            self.assert_same("file", "copy")

    def test_the_systems_own_call(self):
        self.make("file", 3 * MIB + 5)
        run, = self.copy("-e", "os", "--format", "json", "--verify", "--manifest", "SUMS", "file",
                         "copy").json["runs"]
        self.assert_same("file", "copy")
        self.assertEqual((run["config"]["engine"], run["repetitions"][0]["copy"]["verified"]),
                         ("os", True))
        self.assertEqual((self.directory / "SUMS").read_bytes(), self.sums("xxh3", "copy"))
        outcome = self.run_program("copy", "-e", "os", "--manifest", "S", "file", "new", code=None)
        self.assert_refused(outcome, UNUSABLE, "--manifest", "--verify")

    def test_repetitions(self):
        self.make("file", MIB)
        run, = self.copy("--format", "json", "--repeat", "3", "--warmup", "1", "file",
                         "copy").json["runs"]
        self.assertEqual(len(run["repetitions"]), 3)

    @cli.linux_only
    def test_holes_stay_holes(self):
        path = self.make_sparse("sparse", 64 * MIB)
        with open(path, "r+b") as file:
            for at in (0, 10 * MIB + 4096, 40 * MIB, 64 * MIB - 10):
                file.seek(at)
                file.write(random.Random(at).randbytes(10))
        for engine in cli.engines():
            for write_cache in ("buffered", "direct"):
                with self.subTest(engine=engine, write_cache=write_cache):
                    self.copy("--force", "-e", engine, "-b", "64KiB", "--write-cache", write_cache,
                              "sparse", "copy")
                    self.assert_same("sparse", "copy")
                    blocks = os.stat(self.directory / "copy").st_blocks * 512
                    self.assertLess(blocks, MIB)
        self.copy("--force", "--no-sparse", "sparse", "copy")
        self.assert_same("sparse", "copy")
        self.assertGreaterEqual(os.stat(self.directory / "copy").st_blocks * 512, 64 * MIB)

    def test_a_large_sparse_file(self):
        size = (GIB if cli.SANITIZED or cli.WINDOWS else 4 * GIB) + 4097
        path = self.make_sparse("sparse", size)
        with open(path, "r+b") as file:
            for at in (123, size // 2, size - 100):
                file.seek(at)
                file.write(random.Random(at).randbytes(100))
        run, = self.copy("--cache", "direct", "-b", "4MiB", "--format", "json", "sparse",
                         "copy").json["runs"]
        self.assertEqual(os.stat(self.directory / "copy").st_size, size)
        digests = [self.digest_past_the_cache(name) for name in ("sparse", "copy")]
        self.assertEqual(digests, [run["repetitions"][0]["digest"]] * 2)

    def test_a_directory_of_many_files(self):
        dice = random.Random(5)
        names = [f"file{i}" for i in range(200)]
        for name in names:
            self.make(name, dice.choice((0, 10, 5000, 70000, 300000)) + dice.randrange(1000))
        (self.directory / "out").mkdir()
        self.copy("-b", "64KiB", "--manifest", "SUMS", *names, "out")
        found = filecmp.cmpfiles(self.directory, self.directory / "out", names, shallow=False)
        self.assertEqual(found, (names, [], []))
        self.assertEqual(len((self.directory / "SUMS").read_text().splitlines()), 200)

    @cli.linux_only
    def test_times_and_permissions_are_kept(self):
        path = self.make("file", 5000)
        os.chmod(path, 0o640)
        os.utime(path, ns=(1_500_000_000_123_456_789, 1_400_000_000_987_654_321))
        self.copy("file", "copy")
        info = os.stat(self.directory / "copy")
        self.assertEqual(info.st_mode & 0o7777, 0o640)
        self.assertEqual(info.st_mtime_ns, 1_400_000_000_987_654_321)

    def test_refusals_touch_nothing(self):
        self.make("file", 5000)
        self.make("other", 6000)
        (self.directory / "directory").mkdir()
        (self.directory / "directory/file").write_bytes(b"old")
        for arguments, words in (
                (["file", "other"], ["other", "already exists", "--force"]),
                (["file", "file"], ["the same file"]),
                (["--force", "file", "./file"], ["the same file"]),
                (["file", "directory"], ["already exists"]),
                (["file", "other", "missing"], ["existing directory"]),
                (["--force", "file", "directory/file", "directory"], ["another source"]),
                (["file"], ["a source and a destination"]),
                (["-e", "null", "file", "new"], ["null"]),
                (["--verify", "-H", "none", "file", "new"], ["--verify"]),
                (["--manifest", "S", "-H", "none", "file", "new"], ["--manifest"]),
                (["--write-cache", "warm", "file", "new"], ["--write-cache", "buffered"])):
            with self.subTest(arguments=arguments):
                before = self.content()
                outcome = self.run_program("copy", *arguments, code=None)
                self.assert_refused(outcome, UNUSABLE, *words)
                self.assertEqual(self.content(), before)
                self.assertEqual((self.directory / "directory/file").read_bytes(), b"old")

    @cli.linux_only
    def test_links_and_devices_are_refused(self):
        self.make("file", 5000)
        os.link(self.directory / "file", self.directory / "hard")
        os.symlink("file", self.directory / "soft")
        for arguments in (["--force", "file", "hard"], ["--force", "soft", "file"],
                          ["--force", "file", "soft"], ["--force", "file", "/dev/null"],
                          ["/dev/zero", "new"]):
            with self.subTest(arguments=arguments):
                outcome = self.run_program("copy", *arguments, code=None)
                self.assert_refused(outcome, UNUSABLE, "copy")
        self.assert_same("file", "hard")
        self.assertFalse((self.directory / "new").exists())

    def test_an_empty_name_is_refused_before_any_change(self):
        self.make("file", 5000)
        for arguments in (["file", ""], ["", "new"]):
            outcome = self.run_program("copy", *arguments, code=None)
            self.assert_refused(outcome, FAILED, "the name is empty")
            self.assertEqual(list(self.content()), ["file"])

    def test_force_replaces(self):
        self.make("file", 5000)
        self.make("copy", 900000, seed=2)
        self.copy("--force", "file", "copy", code=GOOD)
        self.assert_same("file", "copy")

    def test_small_blocks_of_a_small_disk_sector(self):
        self.make("file", 64 * KIB + 1)
        outcome = self.run_program("copy", "-b", "1000", "--write-cache", "direct", "file", "copy",
                                   code=None)
        self.assert_refused(outcome, UNUSABLE, "--block-size 1000", "--write-cache direct")
        self.assertFalse((self.directory / "copy").exists())
        self.assert_no_leftovers()


if __name__ == "__main__":
    cli.main()
