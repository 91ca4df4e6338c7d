"""Proves those properties of try_debian and try_deb that can be tested without root.

They report wrong arguments before they create anything, and do not name a host to download from."""
import re
import subprocess
import unittest

from script_case import SCRIPTS, ScriptCase


class TryDebianTest(ScriptCase):
    SCRIPT = "dev/try_debian"

    def test_mistakes_are_reported_first(self):
        for script, arguments, words in (
                ("dev/try_debian", (), "unknown release '' (choose 12 or 13)"),
                ("dev/try_debian", ("11", "true"), "unknown release '11' (choose 12 or 13)"),
                ("dev/try_debian", ("--keep", "--quick", "13"), "unknown option '--quick'"),
                ("dev/try_debian", ("--base", "/missing", "12"), "there is no file '/missing'"),
                ("dev/try_debian", ("--mirror",), "--mirror needs a value"),
                ("dev/try_deb", ("--base", "/missing"), "there is no file '/missing'"),
                ("dev/try_deb", ("/missing.deb",), "there is no file '/missing.deb'")):
            done = subprocess.run([SCRIPTS / script, *arguments], check=False, text=True,
                                  capture_output=True, stdin=subprocess.DEVNULL)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertIn(words, done.stderr)

    def test_without_root_nothing_is_made(self):
        (self.root / "tree").mkdir()
        subprocess.run(["cp", "-r", SCRIPTS, self.root / "tree"], check=True)
        done = subprocess.run([self.root / "tree/scripts/dev/try_debian", "13"], check=False,
                              capture_output=True, text=True, **self.as_nobody())
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertEqual(done.stderr,
                         "try_debian: this needs root, for debootstrap, mount and chroot\n")

    def test_the_archive_is_that_of_this_machine(self):
        for script in ("debian.sh", "try_debian", "try_deb"):
            text = (SCRIPTS / "dev" / script).read_text(encoding="utf-8")
            self.assertEqual(re.findall(r"\w+://\S+|\b\w+\.debian\.\w+", text), [])


if __name__ == "__main__":
    unittest.main()
