"""Proves the plan of scripts/perf_regression: the cells, their order, the number of rounds."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import gate_cells as cells  # noqa: E402
from bench_table import MIB  # noqa: E402


class CellsTest(unittest.TestCase):
    def test_every_cell_has_a_name_and_a_command_of_its_own(self):
        chosen = cells.all_cells(64 * MIB)
        self.assertEqual([cell.id for cell in chosen],
                         ["hash.auto", "hash.sync", "hash.io_uring", "hash.libaio",
                          "random.io_uring", "random.libaio", "random.sync"])
        commands = [cell.command("aiobench", "file", "result") for cell in chosen]
        self.assertEqual(len({tuple(command) for command in commands}), len(chosen))
        self.assertEqual(commands[0], ["aiobench", "hash", "-q", "--cache", "asis", "--json",
                                       "result", "file"])
        # Equal work, whatever the speed: so many bytes, and not so much time.
        for command in commands[4:]:
            self.assertEqual(command[command.index("--bytes") + 1], str(16 * MIB))
            self.assertNotIn("--duration", command)


class RoundsTest(unittest.TestCase):
    def test_sign_test_beside_published_values(self):
        # Dixon and Mood 1946, table 1: the critical values at 5 %, both sides, and the next ones.
        for pairs, critical in ((6, 0), (9, 1), (12, 2), (15, 3), (25, 7)):
            self.assertLessEqual(cells.sign_test(pairs, critical), 0.05)
            self.assertGreater(cells.sign_test(pairs, critical + 1), 0.05)
        self.assertEqual(cells.sign_test(10, 1), 22 / 1024)
        self.assertEqual(cells.sign_test(2, 1), 1)

    def test_as_many_rounds_as_flag_a_cell_and_not_one_more(self):
        for tests in (1, 3, 7, 28):
            for dissenting in (0, 1, 2):
                rounds = cells.rounds_needed(tests, dissenting)
                self.assertLessEqual(cells.sign_test(rounds, dissenting), 0.05 / tests)
                self.assertGreater(cells.sign_test(rounds - 1, dissenting), 0.05 / tests)
        self.assertEqual([cells.rounds_needed(7, dissenting) for dissenting in (0, 1, 2)],
                         [9, 12, 16])


class ScheduleTest(unittest.TestCase):
    def runs(self, seed=1, rounds=4):
        return list(cells.schedule("xyz", "AB", rounds, seed))

    def test_each_cell_alternates_abba(self):
        runs = self.runs()
        self.assertEqual(len(runs), 4 * 3 * 2)
        for cell in "xyz":
            self.assertEqual("".join(side for _, each, side in runs if each == cell), "ABBAABBA")

    def test_the_two_runs_of_a_pair_follow_each_other(self):
        runs = self.runs()
        for first, second in zip(runs[::2], runs[1::2]):
            self.assertEqual(first[:2], second[:2])

    def test_the_order_of_cells_is_drawn_anew_in_each_round_and_follows_from_the_seed(self):
        def orders(runs):
            return [[cell for number, cell, side in runs if (number, side) == (each, "A")]
                    for each in range(12)]
        found = orders(self.runs(rounds=12))
        self.assertTrue(all(sorted(order) == list("xyz") for order in found))
        self.assertGreater(len({"".join(order) for order in found}), 1)
        self.assertEqual(found, orders(self.runs(rounds=12)))
        self.assertNotEqual(found, orders(self.runs(seed=2, rounds=12)))

    def test_one_side_alone(self):
        self.assertEqual([run[1:] for run in cells.schedule("x", "B", 2, 1)], [("x", "B")] * 2)


if __name__ == "__main__":
    unittest.main()
