"""Proves that create writes incompressible data that depends only on size and seed.

It writes under a temporary name, so the final name never has an incomplete file, and it replaces a
file only with --force.
"""
import os
import zlib

import aiobench_cli as cli
from aiobench_cli import FAILED, KIB, MIB, UNUSABLE


class CreateTest(cli.ProgramTest):
    def create(self, name, size, *arguments, code=0):
        return self.run_program("create", name, "--size", size, *arguments, code=code)

    def read(self, name):
        return (self.directory / name).read_bytes()

    def test_sizes(self):
        for text, size in [("0", 0), ("1", 1), ("511", 511), ("4k", 4 * KIB), ("4097", 4097),
                           ("1.5M", MIB + MIB // 2), ("8MiB", 8 * MIB), ("4194305", 4 * MIB + 1)]:
            outcome = self.create(f"file-{text}", text)
            self.assertEqual((outcome.stdout, outcome.stderr), ("", ""))
            self.assertEqual((self.directory / f"file-{text}").stat().st_size, size)

    def test_content_follows_from_the_seed(self):
        self.create("one", "3M")
        self.create("same", "3M", "--seed", "1")
        self.create("other", "3M", "--seed", "2")
        self.create("longer", "5M")
        self.assertEqual(self.read("one"), self.read("same"))
        self.assertNotEqual(self.read("one"), self.read("other"))
        self.assertEqual(self.read("one"), self.read("longer")[:3 * MIB])
        self.create("greatest", "1k", "--seed", str(2 ** 64 - 1))

    def test_content_cannot_be_compressed_and_has_no_two_equal_blocks(self):
        self.create("file", "9M")
        data = self.read("file")
        self.assertGreater(len(zlib.compress(data, 1)), len(data) * 0.999)
        blocks = [data[at:at + 4096] for at in range(0, len(data), 4096)]
        self.assertEqual(len(blocks), len(set(blocks)))

    @cli.linux_only
    def test_data_is_on_the_disk_and_no_hole(self):
        self.create("file", "9M")
        self.assertGreaterEqual((self.directory / "file").stat().st_blocks * 512, 9 * MIB)

    def test_an_existing_file_is_kept_unless_forced(self):
        self.make("old", 1000)
        before = self.content()
        outcome = self.create("old", "4k", code=None)
        self.assert_refused(outcome, UNUSABLE, "'old'", "exists", "--force")
        self.assertEqual(self.content(), before)
        self.create("old", "4k", "--force")
        self.assertEqual(len(self.read("old")), 4096)

    def test_a_leftover_of_a_killed_run_is_no_hindrance(self):
        process = cli.start("create", "file", "--size", "32GiB", cwd=self.directory)
        while not os.listdir(self.directory):
            self.assertIsNone(process.poll())
        process.kill()
        cli.finish(process)
        self.assertFalse((self.directory / "file").exists())
        self.create("file", "4k")
        self.assertEqual(os.listdir(self.directory), ["file"])

    def test_places_that_cannot_be_written(self):
        (self.directory / "directory").mkdir()
        for name in ("missing/file", "directory", "directory/"):
            with self.subTest(name=name):
                outcome = self.create(name, "4k", "--force", code=None)
                self.assert_refused(outcome, FAILED, f"'{name}'")
        self.assertEqual(os.listdir(self.directory), ["directory"])
        self.assertEqual(os.listdir(self.directory / "directory"), [])

    @cli.linux_only
    def test_a_directory_without_permission(self):
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere")
        (self.directory / "locked").mkdir(mode=0o500)
        self.assert_refused(self.create("locked/file", "4k", code=None), FAILED, "locked/file",
                            "EACCES")

    @cli.linux_only
    def test_a_size_that_no_file_system_holds(self):
        outcome = self.run_program("create", "file", "--size", "8000000TiB", code=None)
        self.assert_refused(outcome, FAILED, "file")
        self.assertEqual(os.listdir(self.directory), [])

    def test_hash_of_a_created_file(self):
        self.create("file", "2M")
        self.assertEqual(self.run_program("file", "--format", "xxhsum").raw,
                         self.sums("xxh3", "file"))


if __name__ == "__main__":
    cli.main()
