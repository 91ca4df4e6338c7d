"""Proves that scripts/wine, with a fake Wine, reports why it cannot create a prefix."""
import unittest

from script_case import ScriptCase


class WineTest(ScriptCase):
    SCRIPT = "wine"

    def setUp(self):
        super().setUp()
        script = self.root / "scripts/wine"
        text = script.read_text(encoding="utf-8")
        self.put("scripts/wine", text.replace("/usr/lib/wine", "/none"))  # hides a real Wine
        self.fake("bin/wineserver", "exit 0\n")
        self.fake("bin/wine64", "echo cannot write a file >&2; exit 1\n")
        self.fake("bin/locale", "echo UTF-8\n")

    def refused(self, free):
        self.fake("bin/df", f"echo Avail; echo {free}\n")
        outcome = self.run_script("program.exe", code=3)
        self.assertIn("cannot write a file", outcome.stderr)
        return outcome.stderr.splitlines()[-1]

    def test_a_full_disk_is_named(self):
        self.assertRegex(self.refused(20), r"^wine: cannot create the prefix \S+: the disk of \S+ "
                                           r"is full \(20 KiB left, and the prefix needs up to ")

    def test_another_failure_shows_what_wine_printed(self):
        self.assertRegex(self.refused(5_000_000), r"^wine: cannot create the prefix \S+$")


if __name__ == "__main__":
    unittest.main()
