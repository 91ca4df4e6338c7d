"""Proves that scripts/perf_regression builds a revision in a tree of its own, which it keeps."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import gate_sides as sides  # noqa: E402

# Makes a program that says what the tree was, and counts how often it was called.
BUILD = """#!/bin/sh
cd "${0%/scripts/build}" && mkdir -p build/native && echo "$@" >>build/calls
printf '#!/bin/sh\\necho %s\\n' "$(cat word)" >build/native/aiobench
chmod +x build/native/aiobench
"""


class RevisionTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve() / "project"
        self.root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.commits = [self.commit("word", "nothing\n")]
        (self.root / "scripts").mkdir()
        (self.root / "scripts/build").write_text(BUILD, encoding="utf-8")
        (self.root / "scripts/build").chmod(0o755)
        self.commits += [self.commit("word", "first\n"), self.commit("word", "second\n")]
        patch = mock.patch.object(sides, "ROOT", self.root)
        patch.start()
        self.addCleanup(patch.stop)

    def git(self, *arguments):
        return subprocess.run(
            ["git", "-c", "user.name=n", "-c", "user.email=e", *arguments], cwd=self.root,
            check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout.strip()

    def commit(self, name, text):
        (self.root / name).write_text(text, encoding="utf-8")
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", text)
        return self.git("rev-parse", "HEAD")

    def says(self, side):
        return subprocess.run([side.program], capture_output=True, text=True,
                              check=True).stdout.strip()

    def test_each_revision_has_a_tree_of_its_own(self):
        before, now = sides.revision("base", "HEAD~1"), sides.revision("new", "main")
        self.assertEqual((self.says(before), self.says(now)), ("first", "second"))
        self.assertEqual(before.source, f"revision HEAD~1 ({self.commits[1][:12]})")
        self.assertEqual(before.program.parents[2].name, self.commits[1])
        # The user's own tree is as it was.
        self.assertEqual(self.git("status", "--porcelain", "--untracked-files=no"), "")
        self.assertFalse((self.root / "build/calls").exists())

    def test_it_is_kept_and_built_by_its_own_script(self):
        first = sides.revision("base", "HEAD~1")
        tree = first.program.parents[2]
        (tree / "build/kept").touch()
        self.assertEqual(sides.revision("base", self.commits[1][:10]).program, first.program)
        self.assertTrue((tree / "build/kept").exists())
        self.assertEqual((tree / "build/calls").read_text(encoding="utf-8"),
                         "native aiobench\n" * 2)

    def test_half_a_tree_is_made_anew(self):
        tree = sides.revision("base", "HEAD~1").program.parents[2]
        for spoil in (lambda: (tree / ".git").unlink(), lambda: (tree / "word").unlink()):
            spoil()
            self.assertEqual(self.says(sides.revision("base", "HEAD~1")), "first")

    def test_what_cannot_be_built_is_refused(self):
        for text in ("gone", "", "--help", "HEAD:word"):
            with self.assertRaisesRegex(sides.Unusable, "is no revision of"):
                sides.revision("base", text)
        with self.assertRaisesRegex(sides.Unusable, "has no scripts/build: give its program with"):
            sides.revision("base", "HEAD~2")


if __name__ == "__main__":
    unittest.main()
