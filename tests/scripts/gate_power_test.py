"""Proves that `dev gate-power` slows down only the new side, and counts verdicts correctly."""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import fake_program
from script_case import SCRIPTS
from dev import gate_power


class PowerTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def test_a_side_is_a_copy_with_the_variable_set(self):
        program = self.directory / "program"
        program.write_text('#!/bin/sh\necho "$AIOBENCH_PLANTED_SLOWDOWN_PERCENT" "$@"\n',
                           encoding="utf-8")
        program.chmod(0o755)
        starter = gate_power.place_side(self.directory / "with 'quotes'/new", program, 15)
        program.unlink()
        done = subprocess.run([starter, "a b", "c"], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, "15 a b c\n")

    def test_what_gates_said_is_counted(self):
        def gate(percent, code, seconds, **lists):
            return {"planted_percent": percent, "exit_code": code, "seconds": seconds,
                    "flagged": [], "improved": [], "inconclusive": [], "not_comparable": False,
                    **lists}
        rows = gate_power.rows_of([gate(0, 0, 30.0, flagged=["x"]),
                                   gate(15, 1, 50.0, flagged=["x", "y"]),
                                   gate(0, 0, 32.0, improved=["x"], inconclusive=["y", "z"]),
                                   gate(0, 1, 61.0, flagged=["x"])])
        self.assertEqual(rows[0], {
            "planted_percent": 0, "gates": 3, "regressions": 1, "flagged_at_first": 2,
            "improvements": 1, "inconclusive_configurations": 2, "not_comparable": 0,
            "seconds_median": 32.0, "seconds_most": 61.0})
        self.assertEqual(gate_power.table(rows).splitlines()[2:],
                         ["| 0 % | 3 | 1 | 2 | 1 | 0.7 | 32, 61 |",
                          "| 15 % | 1 | 1 | 1 | 0 | 0.0 | 50, 50 |"])

    def run_power(self, *arguments):
        return subprocess.run(
            [SCRIPTS / "dev/dev", "gate-power", "--runs", "2", "--scratch",
             self.directory / "scratch", "--json", self.directory / "out", "--programs",
             self.directory / "plain", self.directory / "planted", *arguments],
            capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)

    def test_gates_of_each_kind_in_turn(self):
        for name in ("plain", "planted"):
            fake_program.place(self.directory / name)
        # The second and the fourth gate find a regression, and run the configuration again.
        slow = "hash.auto=regression\n" * 2
        (self.directory / "verdicts").write_text(f"\n{slow}\n{slow}", encoding="utf-8")
        done = self.run_power("--only", "0,15", "--", "--size", "4MiB", "--rounds", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads((self.directory / "out").read_text(encoding="utf-8"))
        self.assertEqual([(gate["planted_percent"], gate["exit_code"], gate["seed"])
                          for gate in document["gates"]],
                         [(0, 0, 1), (15, 1, 1), (0, 0, 2), (15, 1, 2)])
        self.assertEqual([row["regressions"] for row in document["summary"]], [0, 2])
        self.assertEqual(list((self.directory / "scratch").iterdir()), [])
        self.assertEqual(done.stdout.splitlines()[-2][:19], "| 0 % | 2 | 0 | 0 |")

    def test_a_gate_that_fails_ends_it(self):
        for name in ("plain", "planted"):
            (self.directory / name).write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
            (self.directory / name).chmod(0o755)
        done = self.run_power()
        self.assertEqual(done.returncode, 3)
        self.assertIn("ended with exit code 7", done.stderr)
        self.assertEqual(self.run_power("--only", "x").returncode, 2)


if __name__ == "__main__":
    unittest.main()
