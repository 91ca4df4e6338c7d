"""Proves that the totals of scripts/test count a test that could not start as failed."""
import unittest

import script_case  # noqa: F401  (for the path of dev)
from dev import junit_totals

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="(empty)" tests="6" failures="1" disabled="1" skipped="3">
  <testcase name="good" status="run"><system-out>fine</system-out></testcase>
  <testcase name="bad" status="fail"><failure message=""/></testcase>
  <testcase name="off" status="disabled"/>
  <testcase name="not here" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
  <testcase name="no program" status="notrun">
    <skipped message="Unable to find executable"/>
  </testcase>
  <testcase name="no fixture" status="notrun">
    <skipped message="Fixture dependency failed"/>
  </testcase>
</testsuite>
"""


class JunitTotalsTest(unittest.TestCase):
    def test_outcomes(self):
        self.assertEqual(junit_totals.outcomes(REPORT), [
            ("good", "passed"), ("bad", "failed"), ("off", "skipped"), ("not here", "skipped"),
            ("no program", "failed"), ("no fixture", "failed")])


if __name__ == "__main__":
    unittest.main()
