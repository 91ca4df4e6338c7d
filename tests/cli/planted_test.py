"""Proves that a build with a planted slowdown states that, and that other builds have none.

The preset `planted` is only for `dev gate-power`; tests/run/planted_slowdown_test.cpp proves the
arithmetic.
"""
from pathlib import Path

import aiobench_cli as cli
from aiobench_cli import KIB

VARIABLE = "AIOBENCH_PLANTED_SLOWDOWN_PERCENT"


class PlantedTest(cli.ProgramTest):
    def test_a_build_with_the_slowdown_states_it_in_its_results(self):
        self.make("file", KIB)
        outcome = self.run_program("--format", "json", "file")
        says_so = "slowed down by environment variables" in outcome.json["tool"]["build_type"]
        self.assertEqual(says_so, VARIABLE.encode() in Path(cli.PROGRAM).read_bytes())


if __name__ == "__main__":
    cli.main()
