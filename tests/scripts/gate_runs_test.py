"""Proves the configurations of scripts/perf_regression, their order and the number of rounds.

It also proves that a revision is built in its own work tree, which is kept."""
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import script_case  # noqa: F401  (for the path of dev)
from dev import gate_runs as runs
from dev.figures import MIB

# Builds a program that prints the tree's `word`. Each call adds a line to build/calls.
BUILD = """#!/bin/sh
cd "${0%/scripts/build}" && mkdir -p build/native && echo "$@" >>build/calls
printf '#!/bin/sh\\necho %s\\n' "$(cat word)" >build/native/aiobench
chmod +x build/native/aiobench
"""


class ConfigurationsTest(unittest.TestCase):
    def test_every_configuration_has_a_name_and_a_command_of_its_own(self):
        chosen = runs.all_configurations(64 * MIB)
        self.assertEqual([configuration.id for configuration in chosen],
                         ["hash.auto", "hash.sync", "hash.io_uring", "hash.libaio",
                          "random.io_uring", "random.libaio", "random.sync"])
        commands = [configuration.command("aiobench", "file", "result") for configuration in chosen]
        self.assertEqual(len({tuple(command) for command in commands}), len(chosen))
        self.assertEqual(commands[0], ["aiobench", "hash", "-q", "--cache", "asis", "--json",
                                       "result", "file"])
        # The work is a number of bytes and not a duration, so it is equal at every speed.
        for command in commands[4:]:
            self.assertEqual(command[command.index("--bytes") + 1], str(16 * MIB))
            self.assertNotIn("--duration", command)


class RoundsTest(unittest.TestCase):
    def test_sign_test_beside_published_values(self):
        # Dixon and Mood 1946, table 1: the two-sided critical values at 5 %, and the next values.
        for pairs, critical in ((6, 0), (9, 1), (12, 2), (15, 3), (25, 7)):
            self.assertLessEqual(runs.sign_test(pairs, critical), 0.05)
            self.assertGreater(runs.sign_test(pairs, critical + 1), 0.05)
        self.assertEqual(runs.sign_test(10, 1), 22 / 1024)
        self.assertEqual(runs.sign_test(2, 1), 1)

    def test_as_many_rounds_as_flag_a_configuration_and_not_one_more(self):
        for tests in (1, 3, 7, 28):
            for dissenting in (0, 1, 2):
                rounds = runs.rounds_needed(tests, dissenting)
                self.assertLessEqual(runs.sign_test(rounds, dissenting), 0.05 / tests)
                self.assertGreater(runs.sign_test(rounds - 1, dissenting), 0.05 / tests)
        self.assertEqual([runs.rounds_needed(7, dissenting) for dissenting in (0, 1, 2)],
                         [9, 12, 16])


class ScheduleTest(unittest.TestCase):
    def order(self, seed=1, rounds=4):
        return list(runs.schedule("xyz", "AB", rounds, seed))

    def test_each_configuration_alternates_abba(self):
        runs = self.order()
        self.assertEqual(len(runs), 4 * 3 * 2)
        for configuration in "xyz":
            sides = [side for _, each, side in runs if each == configuration]
            self.assertEqual("".join(sides), "ABBAABBA")

    def test_the_two_runs_of_a_pair_follow_each_other(self):
        runs = self.order()
        for first, second in zip(runs[::2], runs[1::2]):
            self.assertEqual(first[:2], second[:2])

    def test_the_order_of_configurations_is_drawn_anew_in_each_round_from_the_seed(self):
        def orders(runs):
            return [[name for number, name, side in runs if (number, side) == (each, "A")]
                    for each in range(12)]
        found = orders(self.order(rounds=12))
        self.assertTrue(all(sorted(order) == list("xyz") for order in found))
        self.assertGreater(len({"".join(order) for order in found}), 1)
        self.assertEqual(found, orders(self.order(rounds=12)))
        self.assertNotEqual(found, orders(self.order(seed=2, rounds=12)))

    def test_one_side_alone(self):
        self.assertEqual([run[1:] for run in runs.schedule("x", "B", 2, 1)], [("x", "B")] * 2)


class RevisionTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name).resolve() / "project"
        self.root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.commits = [self.commit("word", "nothing\n")]
        (self.root / "scripts").mkdir()
        (self.root / "scripts/build").write_text(BUILD, encoding="utf-8")
        (self.root / "scripts/build").chmod(0o755)
        self.commits += [self.commit("word", "first\n"), self.commit("word", "second\n")]
        patch = mock.patch.object(runs, "ROOT", self.root)
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
        before, now = runs.revision("base", "HEAD~1"), runs.revision("new", "main")
        self.assertEqual((self.says(before), self.says(now)), ("first", "second"))
        self.assertEqual(before.source, f"revision HEAD~1 ({self.commits[1][:12]})")
        self.assertEqual(before.program.parents[2].name, self.commits[1])
        # The user's own tree is unchanged.
        self.assertEqual(self.git("status", "--porcelain", "--untracked-files=no"), "")
        self.assertFalse((self.root / "build/calls").exists())

    def test_it_is_kept_and_built_by_its_own_script(self):
        first = runs.revision("base", "HEAD~1")
        tree = first.program.parents[2]
        (tree / "build/kept").touch()
        self.assertEqual(runs.revision("base", self.commits[1][:10]).program, first.program)
        self.assertTrue((tree / "build/kept").exists())
        self.assertEqual((tree / "build/calls").read_text(encoding="utf-8"),
                         "native aiobench\n" * 2)

    def test_half_a_tree_is_made_anew(self):
        tree = runs.revision("base", "HEAD~1").program.parents[2]
        for spoil in (lambda: (tree / ".git").unlink(), lambda: (tree / "word").unlink()):
            spoil()
            self.assertEqual(self.says(runs.revision("base", "HEAD~1")), "first")

    def test_what_cannot_be_built_is_refused(self):
        for text in ("gone", "", "--help", "HEAD:word"):
            with self.assertRaisesRegex(runs.Unusable, "is not a revision of"):
                runs.revision("base", text)
        with self.assertRaisesRegex(runs.Unusable, r"has no scripts/build \(give its program with"):
            runs.revision("base", "HEAD~2")


if __name__ == "__main__":
    unittest.main()
