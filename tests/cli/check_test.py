"""Proves that --check accepts checksum files of xxhsum, and that xxhsum -c accepts ours.

Covers the forms of all versions of xxhsum, whichever is installed: plain, with the prefix XXH3_,
BSD style (--tag), little-endian, and with escaped names. The program prints one line per file. Exit
codes: 0 all equal, 1 a file differs, 2 unusable checksum file, 3 a file could not be read.
"""
import aiobench_cli as cli
from aiobench_cli import BAD, FAILED, UNUSABLE, MIB

NAMES = ["a.bin", "b with space.bin", "c.bin"]


class CheckTest(cli.ProgramTest):
    def setUp(self):
        super().setUp()
        for index, name in enumerate(NAMES):
            self.make(name, 70000 + index)

    def check(self, *arguments, code=0):
        return self.run_program("--check", "SUMS", *arguments, code=code)

    def write_sums(self, data):
        (self.directory / "SUMS").write_bytes(data)

    def damage(self, name):
        with open(self.directory / name, "r+b") as file:
            file.write(b"damaged")

    def assert_accepted_by_xxhsum(self, sums):
        self.write_sums(sums)
        verdict = cli.xxhsum("-c", "--strict", "SUMS", cwd=self.directory).decode()
        self.assertEqual(verdict, "".join(f"{name}: OK\n" for name in NAMES))
        self.damage("c.bin")
        verdict = cli.xxhsum("-c", "SUMS", cwd=self.directory, code=1).decode()
        self.assertIn("c.bin: FAILED", verdict)
        self.make("c.bin", 70002)

    def assert_accepted(self, sums, names=NAMES):
        self.write_sums(sums)
        outcome = self.check("--strict")
        self.assertEqual(outcome.stdout, "".join(f"{name}: OK\n" for name in names))
        self.assertEqual(outcome.stderr, "")

    def test_xxhsum_accepts_our_lines(self):
        for algorithm in cli.ALGORITHMS:
            sums = self.run_program("--format", "xxhsum", "-H", algorithm, *NAMES).raw
            if algorithm == "xxh3" and not cli.xxhsum_is_current():
                # Before 0.8.3 xxhsum -c does not accept XXH3_, so only our verdict is checked.
                self.write_sums(sums)
                self.assertEqual(cli.xxhsum("-c", "SUMS", cwd=self.directory, code=1), b"")
                continue
            self.assert_accepted_by_xxhsum(sums)

    def test_every_xxhsum_accepts_our_lines_of_tag(self):
        for algorithm in cli.ALGORITHMS:
            self.assert_accepted_by_xxhsum(self.run_program("--tag", "-H", algorithm, *NAMES).raw)

    def test_we_accept_every_form_of_the_installed_xxhsum(self):
        for algorithm in cli.ALGORITHMS:
            for extra in ([], ["--tag"], ["--tag", "--little-endian"]):
                with self.subTest(algorithm=algorithm, extra=extra):
                    self.assert_accepted(self.printed_sums(algorithm, *NAMES, extra=extra))

    def test_we_accept_every_form_of_every_xxhsum(self):
        for algorithm in cli.ALGORITHMS:
            tag = algorithm.upper()
            digest = self.digest(algorithm, "a.bin")
            reverse = bytes.fromhex(digest)[::-1].hex()
            lines = [f"{tag} (a.bin) = {digest}\n", f"{tag}_LE (a.bin) = {reverse}\n"]
            # Without its prefix the last line is the plain form of all versions; * marks a binary
            # file.
            prefix = "XXH3_" if algorithm == "xxh3" else ""
            lines += [f"{prefix}{digest}  a.bin\n", f"{prefix}{digest} *a.bin\n"]
            for line in lines:
                with self.subTest(line=line):
                    self.assert_accepted(line.encode(), ["a.bin"])
                    # A checksum of other data is not accepted in that form.
                    other = line.replace(digest, digest[::-1]).replace(reverse, reverse[::-1])
                    self.assertNotEqual(other, line)
                    self.write_sums(other.encode())
                    self.assertEqual(self.check(code=BAD).stdout, "a.bin: FAILED\n")

    def test_all_algorithms_in_one_file(self):
        self.write_sums(b"".join(self.sums(algorithm, "a.bin") for algorithm in cli.ALGORITHMS))
        self.assertEqual(self.check().stdout, "a.bin: OK\n" * 4)

    def test_line_ends_comments_and_upper_case(self):
        digest = self.digest("xxh64", "a.bin")
        self.write_sums(f"# made by hand\r\n\r\n{digest.upper()}  a.bin\r\n"
                        f"{digest} *a.bin".encode())
        self.assertEqual(self.check().stdout, "a.bin: OK\na.bin: OK\n")

    @cli.linux_only
    def test_escaped_names(self):
        for name, escaped in [("new\nline", "new\\nline"), ("back\\slash", "back\\\\slash"),
                              ("carriage\rreturn", "carriage\\rreturn"), ("\\n", "\\\\n")]:
            self.make(name, 1000)
            for algorithm in cli.ALGORITHMS:
                digest = self.digest(algorithm, name)
                prefix = "XXH3_" if algorithm == "xxh3" else ""
                for line in (f"\\{prefix}{digest}  {escaped}\n",
                             f"\\{algorithm.upper()} ({escaped}) = {digest}\n"):
                    # The verdict is one line with the escaped file name, as in xxhsum -c.
                    self.assert_accepted(line.encode(), [f"\\{escaped}"])
                    if cli.xxhsum_is_current():
                        self.assertEqual(cli.xxhsum("-c", "SUMS", cwd=self.directory).decode(),
                                         f"\\{escaped}: OK\n")
            self.damage(name)
            self.assertEqual(self.check(code=BAD).stdout, f"\\{escaped}: FAILED\n")
            (self.directory / name).unlink()
            self.assertEqual(self.check(code=FAILED).stdout,
                             f"\\{escaped}: FAILED open or read\n")

    @cli.linux_only
    def test_a_backslash_that_xxhsum_0_8_1_has_not_escaped(self):
        name = "back\\slash"
        self.make(name, 1000)
        for line in (f"{self.digest('xxh64', name)}  {name}\n",
                     f"XXH3 ({name}) = {self.digest('xxh3', name)}\n"):
            self.assert_accepted(line.encode(), ["\\back\\\\slash"])

    def test_a_file_that_differs(self):
        self.write_sums(self.sums("xxh3", *NAMES))
        self.damage("b with space.bin")
        outcome = self.check(code=BAD)
        self.assertEqual(outcome.stdout, "a.bin: OK\nb with space.bin: FAILED\nc.bin: OK\n")
        self.assertIn("1 of 3 files does not match its checksum", outcome.stderr)
        self.assertEqual(self.check("-q", code=BAD).stdout, "b with space.bin: FAILED\n")

    def test_quiet_prints_nothing_on_success(self):
        self.write_sums(self.sums("xxh3", *NAMES))
        outcome = self.check("--quiet")
        self.assertEqual((outcome.stdout, outcome.stderr), ("", ""))

    def test_a_file_that_is_missing(self):
        self.write_sums(self.sums("xxh3", *NAMES))
        (self.directory / "a.bin").unlink()
        outcome = self.check(code=FAILED)
        self.assertEqual(outcome.stdout.split("\n")[0], "a.bin: FAILED open or read")
        self.assertIn("c.bin: OK\n", outcome.stdout)
        self.assertIn("cannot open 'a.bin'", outcome.stderr)
        self.damage("c.bin")
        self.assertIn("c.bin: FAILED\n", self.check(code=FAILED).stdout)

    def test_sums_that_cannot_be_used(self):
        self.assert_refused(self.check(code=None), FAILED, "cannot open 'SUMS'")
        for data in (b"", b"no sums here\n", b"\x00\xff\xfe" * 1000, b"123  a.bin\n",
                     b"XXH3 (a.bin) = 12\n", b"XXH3 () = 0123456789abcdef\n"):
            with self.subTest(data=data[:30]):
                self.write_sums(data)
                self.assert_refused(self.check(code=None), UNUSABLE, "SUMS")

    def test_invalid_lines_are_reported_and_fail_with_strict(self):
        self.write_sums(self.sums("xxh3", "a.bin") + b"nonsense\nmore nonsense\n")
        outcome = self.check()
        self.assertEqual(outcome.stdout, "a.bin: OK\n")
        self.assertIn("2 lines", outcome.stderr)
        self.assertIn("line 2", outcome.stderr)
        self.assertEqual(self.check("--strict", code=BAD).stdout, "a.bin: OK\n")

    def test_engines_and_cache_states(self):
        self.make("large", 3 * MIB + 5)
        self.write_sums(self.sums("xxh128", *NAMES, "large"))
        for engine in cli.engines():
            outcome = self.check("-e", engine, "-d", "7", "-t", "2", "-b", "4k", "--cache", "cold")
            self.assertEqual(outcome.stdout.count(": OK\n"), 4)

    def test_an_engine_without_data_cannot_check(self):
        self.write_sums(self.sums("xxh3", *NAMES))
        self.assert_refused(self.check("-e", "null", code=None), UNUSABLE, "null")

    def test_our_own_sums_of_all_algorithms(self):
        for algorithm in cli.ALGORITHMS:
            for form in (["--format", "xxhsum"], ["--tag"]):
                self.assert_accepted(self.run_program(*form, "-H", algorithm, *NAMES).raw)


if __name__ == "__main__":
    cli.main()
