"""Proves that the texts of stored sweeps in results/ are what the program prints of their raw data
today, and that the pages there show these texts."""
import subprocess
import unittest

import aiobench_cli as cli

SWEEP_TEXT = cli.BUILD / "tests/rigs/sweep_text"
RESULTS = cli.ROOT / "results"


class StoredSweepsTest(unittest.TestCase):
    def test_every_text_is_what_the_program_prints_today(self):
        if not SWEEP_TEXT.exists():
            self.skipTest(f"there is no {SWEEP_TEXT}")
        stored = sorted(RESULTS.glob("*/sweep_*.json.zst"))
        self.assertTrue(stored)
        for path in stored:
            with self.subTest(file=path.name):
                done = subprocess.run([SWEEP_TEXT, path], capture_output=True, text=True,
                                      check=False)
                if "without libzstd" in done.stderr:
                    self.skipTest(done.stderr)
                self.assertEqual(done.stderr, "")
                text = path.with_name(path.name.replace(".json.zst", ".txt"))
                self.assertEqual(text.read_text(encoding="utf-8"), done.stdout,
                                 f"make it anew: {SWEEP_TEXT} {path} > {text}")

    def test_every_page_shows_these_texts(self):
        pages = sorted(RESULTS.glob("*/sweep.md"))
        self.assertTrue(pages)
        for page in pages:
            shown = page.read_text(encoding="utf-8")
            for text in sorted(page.parent.glob("sweep_*.txt")):
                with self.subTest(page=page.parent.name, text=text.name):
                    self.assertIn(f"```\n{text.read_text(encoding='utf-8')}```\n", shown)


if __name__ == "__main__":
    cli.main()
