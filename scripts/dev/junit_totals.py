"""Counts what a JUnit file of ctest reports; prints `PASSED FAILED SKIPPED`, failures on stderr.

usage: junit_totals.py PRESET FILE

ctest files a test that could not even start (no program, no fixture) under "skipped". Here only
a test that was disabled, or that said itself that it must be skipped, counts as skipped.
"""
import sys
import xml.etree.ElementTree


def outcome(case):
    status = case.get("status")
    if status == "run":
        return "passed"
    reason = case.find("skipped")
    asked_for = reason is not None and reason.get("message", "").startswith("SKIP_")
    return "skipped" if status == "disabled" or asked_for else "failed"


def outcomes(text):
    """(test, outcome) in the order of the file."""
    suite = xml.etree.ElementTree.fromstring(text)
    return [(case.get("name"), outcome(case)) for case in suite.iter("testcase")]


def main(preset, path):
    with open(path, encoding="utf-8") as file:
        found = outcomes(file.read())
    for name, what in found:
        if what == "failed":
            print(f"FAILED {preset}: {name}", file=sys.stderr)
    whats = [what for _, what in found]
    print(*(whats.count(wanted) for wanted in ("passed", "failed", "skipped")))


if __name__ == "__main__":
    main(*sys.argv[1:])
