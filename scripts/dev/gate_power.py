"""Runs scripts/perf_regression many times on cases with a known answer, and counts its verdicts.

usage: scripts/dev/dev gate-power [--runs N] [--only PERCENT[,PERCENT...]] [--json FILE]
                          [--scratch DIR] [-- OPTIONS OF perf_regression]

  planted 0 %    two copies of the native build: every regression found is a false alarm
  planted 15 %   two copies of the build `planted`, the new one slowed down by 15 %: must be found
  planted 5 %    the same with 5 %, which is the threshold: must never be called an improvement

Prints a table in Markdown, and a line for each gate on stderr. The file of --json is rewritten
after each gate. 20 gates of each kind take about an hour on an idle machine.
Exit code: 0 done, 2 wrong arguments, 3 a gate failed, 130 interrupted.
"""
import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from dev import ROOT, machine, process
from dev.figures import markdown_head, markdown_row

SCHEMA = "aiobench/gate_power/1"
VARIABLE = "AIOBENCH_PLANTED_SLOWDOWN_PERCENT"
GATE = ROOT / "scripts/perf_regression"
KINDS = ("0", "15", "5")
REGRESSION = 1
ANSWERS = (0, REGRESSION, 5)  # exit codes of a gate that completed


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(prog="dev gate-power", description=__doc__.split("\n\n")[0])
    parser.add_argument("--runs", type=int, default=20, help="gates of each kind (20)")
    parser.add_argument("--only", default=",".join(KINDS), metavar="PERCENT[,PERCENT...]",
                        help="only these slowdowns (0,15,5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all verdicts to a file")
    parser.add_argument("--scratch", type=Path, default=ROOT / "build/gate_power",
                        metavar="DIR",
                        help="directory for the programs and the file (build/gate_power)")
    parser.add_argument("--programs", type=Path, nargs=2, metavar="PROGRAM",
                        help="a plain and a planted build, instead of this tree's")
    parser.add_argument("gate", nargs="*", metavar="OPTION",
                        help="options of perf_regression, after --")
    options = parser.parse_args(arguments)
    options.kinds = options.only.split(",")
    if options.runs < 1 or not all(kind.isdigit() for kind in options.kinds):
        parser.error("--runs must be at least 1, and --only a list of whole percentages")
    process.require_directories(parser, options.json)
    return options


def place_side(directory, program, percent):
    """Copies the program, and writes a script that sets the variable and starts the copy.

    Returns the script. Both sides use such a script, so both have the same start-up cost.
    """
    directory.mkdir(parents=True)
    copy = directory / "program"
    shutil.copy2(program, copy)
    starter = directory / "aiobench"
    starter.write_text(f'#!/bin/sh\n{VARIABLE}={percent} exec "{copy}" "$@"\n', encoding="utf-8")
    starter.chmod(0o755)
    return starter


class Power:
    def __init__(self, options, plain, planted, directory):
        self.options, self.plain, self.planted, self.directory = options, plain, planted, directory
        self.gates = []

    def run_gate(self, kind, seed):
        program = self.planted if int(kind) else self.plain
        top = self.directory / f"planted-{kind}"
        if not top.exists():
            place_side(top / "base", program, 0)
            place_side(top / "new", program, kind)
        result = self.directory / "gate.json"
        command = [GATE, "--base", top / "base/aiobench", "--new", top / "new/aiobench",
                   "--judge", self.plain, "--scratch", self.directory, "--keep", "--seed", seed,
                   "--json", result, *self.options.gate]
        code = process.run(command, good=ANSWERS).code
        document = json.loads(result.read_text(encoding="utf-8"))
        outcome = document["outcome"]
        self.gates.append({"planted_percent": int(kind), "seed": seed, "exit_code": code,
                           "seconds": document["seconds"], "runs": document["runs"],
                           "settings": document["settings"], **outcome,
                           "comparison": document["comparison"],
                           "second_comparison": document["second_comparison"]})
        return self.gates[-1]


def row_of(percent, gates):
    """The verdicts of the gates with this planted slowdown, counted."""
    return {"planted_percent": percent, "gates": len(gates),
            "regressions": sum(gate["exit_code"] == REGRESSION for gate in gates),
            "flagged_at_first": sum(bool(gate["flagged"]) for gate in gates),
            "improvements": sum(bool(gate["improved"]) for gate in gates),
            "inconclusive_configurations": sum(len(gate["inconclusive"]) for gate in gates),
            "not_comparable": sum(gate["not_comparable"] for gate in gates),
            "seconds_median": median([gate["seconds"] for gate in gates]),
            "seconds_most": max(gate["seconds"] for gate in gates)}


def rows_of(gates):
    kinds = list(dict.fromkeys(gate["planted_percent"] for gate in gates))
    return [row_of(kind, [gate for gate in gates if gate["planted_percent"] == kind])
            for kind in kinds]


def table(rows):
    return "\n".join([
        markdown_head(["planted", "gates", "regressions", "flagged at first",
                       "improvements", "inconclusive configurations per gate",
                       "seconds per gate, median and maximum"]),
        *(markdown_row([f"{row['planted_percent']} %", row["gates"], row["regressions"],
                        row["flagged_at_first"], row["improvements"],
                        f"{row['inconclusive_configurations'] / row['gates']:.1f}",
                        f"{row['seconds_median']:.0f}, {row['seconds_most']:.0f}"])
          for row in rows)])


def replace_json(path, facts, gates):
    """Replaces the file atomically, so an interrupt keeps the results of all completed gates."""
    following = path.with_name(f"{path.name}.next")
    process.write_json(following, {"schema": SCHEMA, "machine": facts, "summary": rows_of(gates),
                                   "gates": gates})
    os.replace(following, path)


def main(arguments):
    options = parse_arguments(arguments)
    plain, planted = options.programs or [process.build(preset) / "aiobench"
                                          for preset in ("native", "planted")]
    facts = machine.facts(plain)
    options.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        power = Power(options, plain.resolve(), planted.resolve(), Path(scratch))
        # The kinds alternate, so a change of the machine affects all kinds alike.
        for number in range(options.runs):
            for kind in options.kinds:
                gate = power.run_gate(kind, number + 1)
                print(f"{number + 1} of {options.runs}, planted {kind} %: exit code "
                      f"{gate['exit_code']}, flagged {len(gate['flagged'])}, confirmed "
                      f"{len(gate['confirmed'])}, {gate['seconds']:.0f} s", file=sys.stderr,
                      flush=True)
                if options.json:
                    replace_json(options.json, facts, power.gates)
    machine.print_warnings(facts)
    print(f"\n{table(rows_of(power.gates))}")
    return 0
