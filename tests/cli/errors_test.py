"""Proves that a failing file or disk is reported in one line, and that other files are still
hashed.

The line has the operation, the path and the system's error text; the exit code is 3. An empty file
is not an error: it has a digest.
"""
import os
import shutil
import socket
import stat
import subprocess

import aiobench_cli as cli
from aiobench_cli import FAILED, GOOD, MIB

NOBODY = 65534
IN_NEW_MOUNTS = ["unshare", "--mount", "--"]


def can(*arguments, cwd=None):
    """Whether this command works on this machine."""
    if shutil.which(arguments[0]) is None:
        return False
    return subprocess.run(arguments, cwd=cwd, capture_output=True, check=False).returncode == 0


class FileErrorsTest(cli.ProgramTest):
    def assert_fails(self, name, *words):
        """Each format reports the same error and has no digest for the file."""
        for form in ("text", "json", "csv", "xxhsum"):
            with self.subTest(name=name, format=form):
                outcome = self.run_program("--format", form, name, code=FAILED)
                self.assert_one_error(outcome, *words)
                self.assertRegex(outcome.stderr, r" \(.+\)\n", "no hint")
                self.assertNotIn("xxh3 ", outcome.stdout)
        run = self.run_program("--format", "json", name, code=FAILED).json["runs"][0]
        self.assertEqual(run["repetitions"], [])
        self.assertIn(run["error"]["message"], outcome.stderr)

    def test_missing_file(self):
        self.assert_fails("missing.bin", "cannot open 'missing.bin'")
        if not cli.WINDOWS:
            self.assert_fails("missing.bin", "No such file or directory", "ENOENT")

    def test_missing_directory(self):
        self.assert_fails("missing/file.bin", "cannot open 'missing/file.bin'")

    def test_part_of_the_path_is_a_file(self):
        self.make("file.bin", 10)
        self.assert_fails("file.bin/inner", "cannot open 'file.bin/inner'")

    def test_empty_name(self):
        self.assert_fails("", "cannot open ''")

    def test_directory(self):
        (self.directory / "directory").mkdir()
        self.assert_fails("directory", "cannot open 'directory'")

    @cli.linux_only
    def test_fifo_is_refused_at_once(self):
        os.mkfifo(self.directory / "fifo")
        self.assert_fails("fifo", "cannot open 'fifo'", "not a regular file")

    @cli.linux_only
    def test_socket(self):
        with socket.socket(socket.AF_UNIX) as server:
            directory = os.open(self.directory, os.O_PATH)
            server.bind(f"/proc/self/fd/{directory}/socket")  # at most 108 characters
            os.close(directory)
            self.assert_fails("socket", "cannot open 'socket'")

    def test_device_without_size(self):
        for device in ["NUL"] if cli.WINDOWS else ["/dev/null", "/dev/zero", "/dev/tty"]:
            self.assert_fails(device, "cannot open", device)

    @cli.linux_only
    def test_loop_of_links(self):
        os.symlink("loop", self.directory / "loop")
        self.assert_fails("loop", "cannot open 'loop'", "ELOOP")

    @cli.linux_only
    def test_file_with_content_but_no_size_gets_no_false_digest(self):
        outcome = self.run_program("--format", "xxhsum", "/proc/cpuinfo", code=None)
        if outcome.code == GOOD:
            self.assertEqual(outcome.raw, self.sums("xxh3", "/proc/cpuinfo"))
        else:
            self.assert_refused(outcome, FAILED, "/proc/cpuinfo")

    def test_empty_file_has_a_digest(self):
        self.make("empty", 0)
        for algorithm in cli.ALGORITHMS:
            outcome = self.run_program("--format", "xxhsum", "-H", algorithm, "empty")
            self.assertEqual(outcome.raw, self.sums(algorithm, "empty"))
        for form in ("text", "json", "csv"):
            outcome = self.run_program("--format", form, "empty")
            self.assertIn("2d06800538d394c2", outcome.stdout)
            self.assertEqual(outcome.stderr, "")

    @cli.linux_only
    def test_no_permission(self):
        path = self.make("secret", 100)
        path.chmod(0)
        if os.geteuid() != 0:
            self.assert_fails("secret", "cannot open 'secret'", "Permission denied", "EACCES")
            return
        drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
        if not can(*drop, *cli.command("--version")):
            self.skipTest("no other user may run the program, and root may read all")
        self.directory.chmod(0o755)
        done = subprocess.run([*drop, *cli.command("secret")], cwd=self.directory,
                              capture_output=True, check=False)
        outcome = cli.Outcome(done.returncode, done.stdout, done.stderr, 0)
        self.assertEqual(outcome.code, FAILED, outcome)
        self.assert_one_error(outcome, "cannot open 'secret'", "Permission denied", "EACCES",
                              "permissions")

    def test_the_other_files_are_still_hashed(self):
        self.make("first", 5000)
        self.make("last", 2 * MIB)
        outcome = self.run_program("--format", "xxhsum", "first", "missing", "last", code=FAILED)
        self.assert_one_error(outcome, "cannot open 'missing'")
        self.assertEqual(outcome.raw, self.sums("xxh3", "first", "last"))
        runs = self.run_program("--format", "json", "first", "missing", "last",
                                code=FAILED).json["runs"]
        self.assertEqual([run["target"]["path"] for run in runs], ["first", "missing", "last"])
        self.assertEqual([run["error"] is None for run in runs], [True, False, True])
        text = self.run_program("missing", "missing", "last", code=FAILED)
        self.assertEqual(text.stderr.count("cannot open 'missing'"), 2)
        self.assertIn("last  xxh3 ", text.stdout)


@cli.linux_only
class FailingDiskTest(cli.ProgramTest):
    def loop_device_that_ends_early(self):
        """A block device that returns EIO after its first MiB, because its file was truncated."""
        path = self.make("disk", 4 * MIB)
        done = subprocess.run(["losetup", "--find", "--show", path], capture_output=True,
                              check=False) if shutil.which("losetup") else None
        if done is None or done.returncode != 0:
            self.skipTest("no loop device can be set up here (that needs root)")
        device = done.stdout.decode().strip()
        self.addCleanup(subprocess.run, ["losetup", "--detach", device], check=False)
        os.truncate(path, MIB)
        return device

    def test_read_error_names_path_and_offset(self):
        device = self.loop_device_that_ends_early()
        self.make("good", 100)
        for cache, depth in (("asis", "1"), ("asis", "64"), ("direct", "8")):
            arguments = ["-d", depth, "--cache", cache]
            for engine in cli.engines_for(cache):
                with self.subTest(engine=engine, arguments=arguments):
                    outcome = self.run_program("-e", engine, *arguments, "-b", "64k", "--format",
                                               "xxhsum", device, "good", code=FAILED)
                    self.assert_one_error(outcome, f"cannot read '{device}' at offset {MIB}:",
                                          "EIO")
                    self.assertEqual(outcome.raw, self.sums("xxh3", "good"))

    def test_mapped_page_that_cannot_be_loaded(self):
        """Reading a hole with read() needs no memory of a tmpfs; a mapping does, and the tmpfs is
        full."""
        (self.directory / "full").mkdir()
        script = ("mount -t tmpfs -o size=1m none full && cp good full && truncate -s 8M full/hole"
                  ' && exec "$@"')
        namespace = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
        self.make("good", 100)
        if not shutil.which("unshare") or subprocess.run(
                [*namespace, "true"], cwd=self.directory, check=False,
                capture_output=True).returncode:
            self.skipTest("no file system can be mounted here")
        for shape in (["-d", "1"], ["-d", "16", "-b", "4k"], ["-t", "4", "-b", "12345"]):
            with self.subTest(shape=shape):
                line = cli.command("-e", "mmap", "--format", "xxhsum", *shape, "full/hole",
                                   "full/good")
                done = subprocess.run([*namespace, *line], cwd=self.directory, capture_output=True,
                                      check=False)
                outcome = cli.Outcome(done.returncode, done.stdout, done.stderr, 0)
                self.assertEqual(outcome.code, FAILED, outcome)
                self.assert_one_error(outcome, "cannot read 'full/hole' at offset ", "EIO")
                self.assertEqual(outcome.stdout.count("full/good"), 1)

    def test_full_standard_output(self):
        self.make("file", 2 * MIB)
        for arguments in (["--version"], ["--help"], ["hash", "--help"], ["engines"],
                          ["engines", "--format", "json"], ["file"],
                          ["file", "--format", "json", "-b", "512"], ["file", "--format", "csv"],
                          ["file", "--format", "xxhsum"], ["file"] * 40):
            with self.subTest(arguments=arguments), open("/dev/full", "wb") as full:
                outcome = self.run_program(*arguments, code=None, stdout=full)
                self.assertEqual(outcome.code, FAILED, outcome)
                self.assert_one_error(outcome, "standard output", "ENOSPC")

    def test_closed_standard_output(self):
        self.make("file", 2 * MIB)
        for arguments in (["--version"], ["file"], ["file", "--format", "json", "-b", "512"]):
            with self.subTest(arguments=arguments):
                line = ["sh", "-c", 'exec "$@" >&-', "sh", *cli.command(*arguments)]
                done = subprocess.run(line, cwd=self.directory, capture_output=True, check=False)
                outcome = cli.Outcome(done.returncode, done.stdout, done.stderr, 0)
                self.assertEqual(outcome.code, FAILED, outcome)
                self.assert_one_error(outcome, "standard output", "EBADF")

    def on_full_disk(self, *arguments):
        """Runs the program in a file system of 1 MiB; also returns the files left there."""
        (self.directory / "full").mkdir()
        mount = "mount -t tmpfs -o size=1m none full"
        if not can(*IN_NEW_MOUNTS, "sh", "-c", mount, cwd=self.directory):
            self.skipTest("no file system can be mounted here (that needs root)")
        script = mount + ' && cd full && "$@"; code=$?; ls -A; exit $code'
        line = [*IN_NEW_MOUNTS, "sh", "-c", script, "sh", *cli.command(*arguments)]
        done = subprocess.run(line, cwd=self.directory, capture_output=True, check=False)
        return cli.Outcome(done.returncode, done.stdout, done.stderr, 0)

    def test_create_on_a_full_disk_leaves_nothing(self):
        outcome = self.on_full_disk("create", "new.bin", "--size", "8M")
        self.assert_refused(outcome, FAILED, "new.bin", "ENOSPC", "disk is full")

    def test_result_file_on_a_full_disk(self):
        self.make("file", 1000)
        outcome = self.on_full_disk("../file", "--repeat", "4000", "-t", "1", "-e", "sync",
                                    "--json", "out")
        self.assertEqual(outcome.code, FAILED, outcome)
        self.assert_one_error(outcome, "'out' at offset", "ENOSPC")
        self.assertIn("4000 repetitions", outcome.stdout)
        self.assertFalse(outcome.stdout.endswith("\nout\n"), outcome)


@cli.linux_only
class ResultFileTest(cli.ProgramTest):
    def test_a_device_or_pipe_named_for_the_result_stays_what_it_is(self):
        self.make("file", 1000)
        os.mkfifo(self.directory / "pipe")
        for option in ("--json", "--csv"):
            self.run_program("file", option, "pipe", code=None)
            self.assertTrue(stat.S_ISFIFO(os.lstat(self.directory / "pipe").st_mode), option)

    def test_a_link_named_for_the_result_is_followed(self):
        self.make("file", 1000)
        self.make("real", 0)
        os.symlink("real", self.directory / "link")
        self.run_program("file", "--json", "link")
        self.assertTrue(os.path.islink(self.directory / "link"))
        self.assertIn(b"aiobench/result/1", (self.directory / "real").read_bytes())


if __name__ == "__main__":
    cli.main()
