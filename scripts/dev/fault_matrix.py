"""Runs every engine with every fault, and prints the outcomes as a table in Markdown.

usage: scripts/dev/dev faults [--wine] [--json FILE]

The faults and their correct outcomes are defined in tests/cli/faults.py, which the tests share: an
error at a block, short reads, a file that changes its size, a device that hangs, too little memory,
too few descriptors, a missing system call. --wine runs the Windows engines with the faults that are
possible under Wine. Takes a minute, under Wine two.
Exit code: 0 all outcomes were correct, 1 an outcome was wrong, 3 the faults could not be run.
"""
import argparse
import os
import tempfile
from pathlib import Path

from dev import ROOT, process
from dev.figures import markdown_head, markdown_row

SCHEMA = "aiobench/fault_matrix/1"


def build(preset):
    """Builds the program and the rig, and sets the variables that the tests' modules read."""
    directory = process.build(preset, "--tests")
    windows = preset == "windows"
    os.environ["AIOBENCH_PROGRAM"] = str(directory / ("aiobench.exe" if windows else "aiobench"))
    os.environ["AIOBENCH_RUNNER"] = str(ROOT / "scripts/wine") if windows else ""
    os.environ["AIOBENCH_SLOWFS"] = str(directory / "tests/rigs/slowfs")


def meet(faults, fault, engine, directory):
    """(description of the outcome, whether it is right); None if the fault does not apply."""
    if not faults.applies(fault, engine):
        return None
    source = directory / "source"
    source.write_bytes(os.urandom(faults.SIZE))
    try:
        return fault.attempt(faults.Case(fault, engine, source)), True
    except (faults.Wrong, AssertionError) as wrong:
        return f"WRONG: {' '.join(str(wrong).split())}", False


def main(arguments):
    parser = argparse.ArgumentParser(prog="dev faults", description=__doc__.split("\n\n")[0])
    parser.add_argument("--wine", action="store_true", help="run the Windows engines, under Wine")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes to a file")
    options = parser.parse_args(arguments)
    preset = "windows" if options.wine else "native"
    build(preset)
    # These modules of tests/cli and tests/rigs read the environment when they are imported.
    import aiobench_cli as cli
    import faults
    import slow_file
    if reason := slow_file.why_unavailable():
        process.fail(reason)
    engines = cli.engines()
    print(markdown_head(["fault", *engines]), flush=True)
    rows = []
    all_right = True
    with tempfile.TemporaryDirectory() as scratch:
        for fault in faults.FAULTS:
            found = {engine: meet(faults, fault, engine, Path(scratch)) for engine in engines}
            if not any(found.values()):
                continue
            cells = [outcome[0] if outcome else "–" for outcome in found.values()]
            print(markdown_row([fault.title, *cells]), flush=True)
            all_right = all_right and all(outcome[1] for outcome in found.values() if outcome)
            rows.append({"fault": fault.title, "outcomes": {
                engine: outcome and {"outcome": outcome[0], "right": outcome[1]}
                for engine, outcome in found.items()}})
    if options.json:
        process.write_json(options.json, {"schema": SCHEMA, "build": preset, "rows": rows})
    return 0 if all_right else 1
