#!/usr/bin/python3
"""Has every engine meet every fault, and prints what came of it as a table in Markdown.

usage: scripts/fault_matrix [--wine] [--json FILE]

The faults, and what is right when they come, are those of tests/cli/faults.py, which the tests
demand too: an error at a block, short reads, a file that changes its size, a device that hangs,
too little memory, too few descriptors, no such system call. --wine has the Windows engines meet
those that Wine lets them meet. Takes a minute, under Wine two.
Exit code: 0 all came out right, 1 something did not, 3 it could not be run.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parent.parent
SCHEMA = "aiobench/fault_matrix/1"


def build(preset):
    """The program and the rig of that preset; tells the tests' modules where they are."""
    if subprocess.run([ROOT / "scripts/build", preset, "--tests"], check=False).returncode != 0:
        sys.exit(3)
    folder = ROOT / "build" / preset
    windows = preset == "windows"
    os.environ["AIOBENCH_PROGRAM"] = str(folder / ("aiobench.exe" if windows else "aiobench"))
    os.environ["AIOBENCH_RUNNER"] = str(ROOT / "scripts/wine") if windows else ""
    os.environ["AIOBENCH_SLOWFS"] = str(folder / "tests/rigs/slowfs")
    sys.path[:0] = [str(ROOT / "tests/cli"), str(ROOT / "tests/rigs")]


def meet(faults, fault, engine, folder):
    """(outcome in words, whether it is right); None where that fault cannot meet that engine."""
    if not faults.applies(fault, engine):
        return None
    source = folder / "source"
    source.write_bytes(os.urandom(faults.SIZE))
    try:
        return fault.attempt(faults.Case(fault, engine, source)), True
    except (faults.Wrong, AssertionError) as wrong:
        return f"WRONG: {' '.join(str(wrong).split())}", False


def main(arguments):
    parser = argparse.ArgumentParser(prog="fault_matrix", description=__doc__.split("\n\n")[0])
    parser.add_argument("--wine", action="store_true", help="the Windows engines, under Wine")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes to a file")
    options = parser.parse_args(arguments)
    preset = "windows" if options.wine else "native"
    build(preset)
    import aiobench_cli as cli  # pylint: disable=import-outside-toplevel
    import faults  # pylint: disable=import-outside-toplevel
    import slow_file  # pylint: disable=import-outside-toplevel
    if reason := slow_file.why_unavailable():
        print(f"fault_matrix: {reason}", file=sys.stderr)
        return 3
    engines = cli.engines()
    print(f"| fault | {' | '.join(engines)} |\n|---|{'---|' * len(engines)}", flush=True)
    rows = []
    all_right = True
    with tempfile.TemporaryDirectory() as scratch:
        for fault in faults.FAULTS:
            found = {engine: meet(faults, fault, engine, Path(scratch)) for engine in engines}
            if not any(found.values()):
                continue
            cells = [outcome[0] if outcome else "–" for outcome in found.values()]
            print(f"| {fault.title} | {' | '.join(cells)} |", flush=True)
            all_right = all_right and all(outcome[1] for outcome in found.values() if outcome)
            rows.append({"fault": fault.title, "outcomes": {
                engine: outcome and {"outcome": outcome[0], "right": outcome[1]}
                for engine, outcome in found.items()}})
    if options.json:
        document = {"schema": SCHEMA, "build": preset, "rows": rows}
        options.json.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n",
                                encoding="utf-8")
    return 0 if all_right else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
