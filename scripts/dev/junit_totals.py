"""Counts the outcomes in a JUnit file of ctest, and prints `PASSED FAILED SKIPPED`.

usage: junit_totals.py PRESET FILE

The failed tests are listed on stderr. ctest reports a test that could not start (no program, no
fixture) as "skipped". Here a test counts as skipped only if it was disabled, or if it reported
itself as skipped.
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
