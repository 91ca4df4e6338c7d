"""Reports whether aiobench became slower: runs two builds alternately and compares them.

usage: scripts/perf_regression --base PROGRAM | --base-revision REV | --baseline RESULTS
                               [--new PROGRAM | --new-revision REV] [--save DIR]
                               [--threshold 5%] [--metric NAME[,NAME...]] [--rounds N]
                               [--size SIZE] [--quick] [--strict] [--json FILE]
                               [--scratch DIR] [--keep] [--seed N]

The new side is this tree by default. A revision is built in its own work tree under
build/revisions, which is kept. The configurations are hashing a cached file, and 4 KiB random
reads of it, with several engines. The programs run alternately (A B B A), one process per run;
`aiobench compare` of this tree gives the verdict. Configurations that it flags are run again, with
twice the rounds; a regression is reported only if it is flagged again.
Prints Markdown. Takes less than a minute besides the builds, and another minute if everything is
flagged. --quick takes about 15 seconds: fewer rounds on a smaller file.

--baseline compares with the results that --save stored, and does not run the base side: a change of
the machine since then looks like a change of the program. --save alone stores results.

Exit code: 0 no regression found (inconclusive configurations are listed), 1 a regression, 2 wrong
arguments, 3 a program failed, 5 not comparable, or with --strict inconclusive; 130 interrupted.
"""
import argparse
import re
import shutil
import time
from pathlib import Path

from dev import ROOT, gate_runs as runs, gate_verdict as verdicts, machine, process
from dev.figures import parse_size
from dev.gate_runs import Unusable

SCHEMA = "aiobench/perf_regression/1"
UNUSABLE_EXIT = 2
# The rounds of the second comparison are this multiple of the first one's. Few configurations are
# flagged, and more rounds keep noise from hiding a real slowdown.
SECOND_TIME = 2


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(prog="perf_regression", description=__doc__.split("\n\n")[0],
                                     allow_abbrev=False)
    base = parser.add_mutually_exclusive_group()
    base.add_argument("--base", type=Path, metavar="PROGRAM", help="compare with this program")
    base.add_argument("--base-revision", metavar="REV", help="compare with this git revision")
    base.add_argument("--baseline", type=Path, metavar="RESULTS",
                      help="compare with stored results: a file, or a directory of --save")
    new = parser.add_mutually_exclusive_group()
    new.add_argument("--new", type=Path, metavar="PROGRAM", help="use this program as the new one")
    new.add_argument("--new-revision", metavar="REV", help="use this git revision as the new one")
    parser.add_argument("--save", type=Path, metavar="DIR",
                        help="store the results of the new side in a new directory, for --baseline")
    parser.add_argument("--threshold", default="5%", metavar="PERCENT",
                        help="a change for the worse up to this is no regression (5%%)")
    parser.add_argument("--metric", default="throughput", metavar="NAME[,NAME...]",
                        help=f"metrics to compare: {', '.join(verdicts.METRICS)} (throughput)")
    parser.add_argument("--rounds", type=int, metavar="N",
                        help="pairs of runs of each configuration (by default enough to flag "
                             "a regression although two pairs disagree)")
    parser.add_argument("--size", type=parse_size, help="size of the file (2GiB)")
    parser.add_argument("--quick", action="store_true", help="fewer rounds on a file of 256 MiB")
    parser.add_argument("--strict", action="store_true",
                        help="exit with code 5 if a configuration is inconclusive")
    parser.add_argument("--json", type=Path, metavar="FILE",
                        help="also write everything to a file, as JSON")
    parser.add_argument("--scratch", type=Path, default=ROOT / "build/gate",
                        metavar="DIR", help="directory for the file and the results (build/gate)")
    parser.add_argument("--keep", action="store_true", help="keep the file for the next run")
    parser.add_argument("--seed", type=int, default=1,
                        help="seed of the order of configurations (1)")
    parser.add_argument("--judge", type=Path, metavar="PROGRAM",
                        help="program whose `compare` gives the verdict (this tree's)")
    options = parser.parse_args(arguments)
    check(parser, options)
    return options


def check(parser, options):
    if not (options.base or options.base_revision or options.baseline or options.save):
        parser.error("nothing to compare with (give --base, --base-revision or --baseline; "
                     "or --save, to store a baseline)")
    if options.save and options.save.exists():
        parser.error(f"--save {options.save}: it already exists (choose another name)")
    if options.baseline and not options.baseline.exists():
        parser.error(f"--baseline {options.baseline}: no such file or directory")
    if not re.fullmatch(r"\d+(\.\d+)?%", options.threshold):
        parser.error(f"--threshold {options.threshold}: not a percentage (write it as 5%)")
    options.metrics = options.metric.split(",")
    if unknown := [name for name in options.metrics if name not in verdicts.METRICS]:
        parser.error(f"--metric {unknown[0]}: unknown metric (choose from: "
                     f"{', '.join(verdicts.METRICS)})")
    process.require_directories(parser, options.save, options.json)
    if options.size is None:
        options.size = runs.QUICK_SIZE if options.quick else runs.SIZE
    if options.size < runs.LEAST_SIZE or options.size % runs.LEAST_SIZE:
        parser.error("--size: not a multiple of 4 MiB")
    if options.rounds is not None and options.rounds < 1:
        parser.error("--rounds must be at least 1")


def choose_sides(options):
    """(the sides to run, which are base and new, or new alone; the program that compares)"""
    chosen = []
    for name, program, revision in (("base", options.base, options.base_revision),
                                    ("new", options.new, options.new_revision)):
        if program:
            chosen.append(runs.given_program(name, program))
        elif revision:
            chosen.append(runs.revision(name, revision))
        elif name == "new":
            chosen.append(runs.this_tree(name))
    if options.judge:
        return chosen, runs.given_program("judge", options.judge).program
    return chosen, runs.this_tree("judge").program


def rounds_of(options, chosen):
    tests = len(chosen) * len(options.metrics)
    return options.rounds or runs.rounds_needed(tests, 1 if options.quick else 2)


class Gate:
    """One run of the gate: its measurements and comparisons."""

    def __init__(self, options, chosen_sides, judge, scratch):
        self.options = options
        self.judge = verdicts.Judge(judge, options.metrics, options.threshold, scratch)
        if options.baseline:
            self.judge.refuse_unusable(options.baseline)
        file = runs.make_file(judge, scratch, options.size)
        self.bench = runs.Bench(chosen_sides, file, scratch, options.seed)
        self.configurations, self.left_out = runs.runnable(
            runs.all_configurations(options.size), chosen_sides)
        if not self.configurations:
            process.fail(f"no configuration runs here: {', '.join(self.left_out.values())}")
        self.rounds = rounds_of(options, self.configurations)
        self.first = self.again = None

    def _measure(self, chosen, rounds):
        directories = self.bench.measure(chosen, rounds)
        if self.options.baseline:
            directories["base"] = self.options.baseline
        return directories

    def run(self):
        directories = self._measure(self.configurations, self.rounds)
        if self.options.save:
            shutil.copytree(directories["new"], self.options.save)
        if "base" not in directories:
            return
        self.first = self.judge.compare(directories)
        if flagged := self.first.flagged(self.configurations):
            again = self._measure(flagged, self.rounds * SECOND_TIME)
            # A stored base has all configurations; the new side has only the flagged ones.
            self.again = self.judge.compare(again, missing_allowed=bool(self.options.baseline))


def run_gate(options):
    chosen, judge = choose_sides(options)
    began = time.monotonic()
    with runs.scratch_directory(options.scratch, options.keep) as scratch:
        gate = Gate(options, chosen, judge, scratch)
        facts = machine.facts(judge)
        gate.run()
        outcome = verdicts.Outcome.of(gate.first, gate.again)
        document = {
            "schema": SCHEMA, "verdict": outcome.name, "machine": facts,
            "sides": {side.name: side.described() for side in chosen},
            "baseline": str(options.baseline) if options.baseline else None,
            "settings": {"metrics": options.metrics, "threshold": options.threshold,
                         "rounds": gate.rounds, "warm_up_rounds": runs.WARM_UP_ROUNDS,
                         "file_bytes": options.size, "seed": options.seed},
            "configurations": [each.id for each in gate.configurations],
            "left_out": gate.left_out,
            "runs": gate.bench.runs, "seconds": round(time.monotonic() - began, 1),
            "outcome": outcome.as_json(),
            "comparison": gate.first and gate.first.document,
            "second_comparison": gate.again and gate.again.document}
    print(verdicts.markdown(document, gate.first, gate.again, outcome), flush=True)
    if options.json:
        process.write_json(options.json, document)
    return outcome.exit_code(options.strict)


def main(arguments):
    options = parse_arguments(arguments)
    try:
        return run_gate(options)
    except Unusable as reason:
        process.say(reason)
        return UNUSABLE_EXIT
