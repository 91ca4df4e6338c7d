"""Proves that scripts/perf_regression works with the program's `compare`: a slowdown above the
threshold is a regression, none is no regression, and different data is not comparable.

Both sides are this program with its times replaced, so that the test controls the figures.
"""
import json
import subprocess

import aiobench_cli as cli
from aiobench_cli import BAD, GOOD, PROGRAM

NOT_COMPARABLE = 5
# Runs the program and then replaces the times in its result: those of the base times FACTOR, plus
# or minus one per cent. Only one engine is used, which gives three configurations and a quick test.
# A shell script, because Python would take longer to start than a run.
SIDE = r"""#!/bin/sh
if [ "$1" = engines ]; then
  echo "sync         Linux    yes  native"
  exit
fi
"{program}" "$@" || exit
while [ $# -gt 0 ] && [ "$1" != --json ]; do shift; done
[ $# -gt 0 ] || exit 0
number=${{2%.json}}
number=1${{number##*.}}
noise=$(((number - 1000) * 7 % 5 - 2))
milliseconds=$(({milliseconds} + noise * {milliseconds} / 200))
sed -i -e 's/"wall_seconds": [^,]*/"wall_seconds": '$milliseconds'e-3/' -e '{change}' "$2"
"""
OTHER_DIGEST = r's/"digest": "\(.\)\(.*\)"/"digest": "\2\1"/'


@cli.plain_only
class GateTest(cli.ProgramTest):
    def side(self, name, factor, other_digest=False):
        path = self.directory / name
        change = OTHER_DIGEST if other_digest else ""
        path.write_text(SIDE.format(milliseconds=round(1000 * factor), program=PROGRAM,
                                    change=change), encoding="utf-8")
        path.chmod(0o755)
        return path

    def gate(self, code, *arguments):
        """Returns (Markdown, document) of a gate that must end with this code."""
        done = subprocess.run(
            [cli.ROOT / "scripts/perf_regression", "--judge", PROGRAM, "--size", "4MiB",
             "--scratch", self.directory / "scratch", "--json", self.directory / "out", *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout, json.loads((self.directory / "out").read_text(encoding="utf-8"))

    def verdicts(self, factor):
        base, new = self.side("base", 1.0), self.side("new", factor)
        code = BAD if factor > 1.05 else GOOD
        text, document = self.gate(code, "--base", base, "--new", new)
        configurations = document["comparison"]["configurations"]
        self.assertEqual({one["method"] for one in configurations}, {"pairs"})
        return text, document, [each["verdict"] for one in configurations
                                for each in one["comparisons"]]

    def test_a_slowdown_above_the_threshold_is_found_in_every_configuration(self):
        text, document, verdicts = self.verdicts(1.15)
        self.assertEqual(verdicts, ["regression"] * 3)
        self.assertEqual([each["configuration"] for each in document["outcome"]["confirmed"]],
                         ["hash.auto", "hash.sync", "random.sync"])
        self.assertIn("**slower in both comparisons: hash.auto -13.0 % ", text)

    def test_no_slowdown_is_no_regression(self):
        text, document, verdicts = self.verdicts(1.0)
        self.assertEqual(verdicts, ["no_change"] * 3)
        self.assertIsNone(document["second_comparison"])
        self.assertTrue(text.startswith("## aiobench: No regression found\n"), text)

    def test_faster_is_no_regression_either(self):
        _, document, verdicts = self.verdicts(0.8)
        self.assertEqual(verdicts, ["improvement"] * 3)
        self.assertEqual(len(document["outcome"]["improved"]), 3)

    def test_other_data_is_not_comparable(self):
        base, new = self.side("base", 1.0), self.side("new", 1.0, other_digest=True)
        text, document = self.gate(NOT_COMPARABLE, "--base", base, "--new", new, "--rounds", "1")
        self.assertEqual(document["verdict"], "not comparable")
        self.assertTrue(text.startswith("## aiobench: Not comparable\n"), text)

    def test_a_stored_baseline(self):
        saved = self.directory / "saved"
        self.gate(GOOD, "--new", self.side("base", 1.0), "--save", saved)
        _, document = self.gate(BAD, "--new", self.side("new", 1.15), "--baseline", saved)
        configurations = document["comparison"]["configurations"]
        self.assertEqual({one["method"] for one in configurations}, {"mann_whitney"})
        self.assertEqual(len(document["outcome"]["confirmed"]), 3)


if __name__ == "__main__":
    cli.main()
