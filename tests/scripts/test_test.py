"""Proves that scripts/test runs the requested parts, and prints the total of all of them.

It installs only what the parts need, and continues after a failure."""
import shutil
import unittest

from script_case import SCRIPTS, ScriptCase

# A fake ctest. It writes a report with the content of $ROOT/report.PRESET, or one passed test.
CTEST = r"""
echo "ctest $* long=${AIOBENCH_LONG-}" >>"$ROOT/calls"
preset=$2
while [[ $1 != --output-junit ]]; do shift; done
cases='<testcase name="good" status="run"/>'
[[ -e $ROOT/report.$preset ]] && cases=$(cat "$ROOT/report.$preset")
[[ $cases == none ]] || echo "<testsuite>$cases</testsuite>" >"$2"
[[ $cases != *'"fail"'* && $cases != none ]]
"""
FAILED = ('<testcase name="good" status="run"/><testcase name="bad" status="fail"/>'
          '<testcase name="off" status="disabled"/>')
USUAL = "-LE ^(long|packages)$"


class TestTest(ScriptCase):
    SCRIPT = "test"

    def setUp(self):
        super().setUp()
        (self.root / "scripts/dev").mkdir()
        shutil.copy(SCRIPTS / "dev/junit_totals.py", self.root / "scripts/dev")
        (self.root / "build").mkdir()
        self.fake("scripts/setup", 'echo "setup $*" >>"$ROOT/calls"')
        # Builds run in the background at any time, so they have a file of their own.
        self.fake("scripts/build", 'echo "$*" >>"$ROOT/built"; [[ $1 != "$FAILING" ]]')
        self.fake("scripts/lint", 'echo "lint $*" >>"$ROOT/calls"; '
                                  '[[ $1 != --format ]] || exit "${FORMAT:-0}"')
        self.fake("scripts/wine", "")
        self.fake("bin/ctest", CTEST)

    def rows(self, done):
        """The table's rows without their seconds, as tuples."""
        lines = done.stdout.splitlines()
        table = lines[max(i for i, line in enumerate(lines) if line.startswith("part ")) + 1:]
        words = [line.split() for line in table[:table.index("")]]
        return [(row[0], *map(int, row[1:4]), row[5]) for row in words]

    def ctests(self):
        return [line.removeprefix("ctest --preset ") for line in self.lines("calls")
                if line.startswith("ctest")]

    def test_the_usual_parts(self):
        done = self.run_script()
        self.assertEqual(self.rows(done), [("lint", 5, 0, 0, "pass"), ("windows", 1, 0, 0, "pass"),
                                           ("native", 1, 0, 0, "pass")])
        self.assertEqual(done.stdout.splitlines()[-1], "7 passed, 0 failed")
        setup = self.lines("calls")[0].split()
        self.assertEqual(set(setup), {"setup", "lint", "windows", "test", "run", "browser"})
        for call, preset in zip(self.ctests(), ("windows", "native"), strict=True):
            self.assertTrue(call.startswith(f"{preset} "), call)
            self.assertIn(USUAL, call)
            self.assertIn("--no-tests=error", call)
            self.assertTrue(call.endswith(" long="), call)
        self.assertEqual(set(self.lines("built")), {"windows --tests", "native --tests"})

    def test_all_parts_and_one_total(self):
        done = self.run_script("all")
        self.assertEqual([(row[0], row[1]) for row in self.rows(done)], [
            ("lint", 5), ("windows", 1), ("native", 1), ("asan", 1), ("tsan", 1), ("long", 3),
            ("packages", 2), ("tidy", 1)])
        self.assertEqual(done.stdout.splitlines()[-1], "15 passed, 0 failed")
        self.assertEqual([call for call in self.lines("calls") if call.startswith("lint ")],
                         [f"lint --{check}" for check in ("format", "layers", "python", "shell",
                                                          "self-test", "tidy")])
        long = [call for call in self.ctests() if "-L ^long$" in call]
        self.assertEqual([call.split()[0] for call in long], ["windows", "native", "asan"])
        self.assertTrue(all(call.endswith(" long=1") for call in long), long)
        packages = [call for call in self.ctests() if "-L ^packages$" in call]
        self.assertEqual([call.split()[0] for call in packages], ["windows", "native"])
        self.assertEqual(sum(USUAL in call for call in self.ctests()), 4)
        self.assertLessEqual({"sanitize", "package"}, set(self.lines("calls")[0].split()))

    def test_each_part_installs_only_what_it_needs(self):
        for part, groups in (("lint", {"lint"}), ("windows", {"windows", "test"}),
                             ("native", {"run", "test", "browser"}), ("tsan", {"run", "test"}),
                             ("asan", {"run", "test", "sanitize"}),
                             ("tidy", {"run", "tidy"}),
                             ("packages", {"run", "windows", "test", "package"})):
            (self.root / "calls").unlink(missing_ok=True)
            self.run_script(part)
            self.assertEqual(set(self.lines("calls")[0].split()[1:]), groups, part)

    def test_a_failure_is_named_and_the_other_parts_go_on(self):
        self.put("report.windows", FAILED)
        self.put("report.tsan", "none")
        self.environment["FAILING"] = "native"
        done = self.run_script("lint", "windows", "native", "tsan", "asan", code=1)
        self.assertEqual(self.rows(done), [
            ("lint", 5, 0, 0, "pass"), ("windows", 1, 1, 1, "FAIL"), ("native", 0, 1, 0, "FAIL"),
            ("tsan", 0, 1, 0, "FAIL"), ("asan", 1, 0, 0, "pass")])
        for line in ("FAILED windows: bad", "FAILED native: build",
                     "FAILED tsan: ctest (exit code 1, no report)"):
            self.assertIn(line, done.stdout.splitlines())
        self.assertEqual(done.stdout.splitlines()[-1], "7 passed, 3 failed, 1 skipped")

    def test_failures_of_a_part_with_several_presets(self):
        self.put("report.native", FAILED)
        done = self.run_script("long", code=1)
        self.assertEqual(self.rows(done), [("long", 3, 1, 1, "FAIL")])
        self.assertIn("FAILED long, native: bad", done.stdout.splitlines())

    def test_a_label_that_no_test_has_is_a_failure(self):
        for preset in ("windows", "native"):
            self.put(f"report.{preset}", " ")
        done = self.run_script("packages", code=1)
        self.assertIn("FAILED packages: no test has this label", done.stdout.splitlines())
        self.assertEqual(done.stdout.splitlines()[-1], "0 passed, 1 failed")

    def test_a_check_that_cannot_run_here_is_skipped(self):
        self.environment["FORMAT"] = "77"
        done = self.run_script("lint")
        self.assertEqual(self.rows(done), [("lint", 4, 0, 1, "pass")])
        self.assertEqual(done.stdout.splitlines()[-1], "4 passed, 0 failed, 1 skipped")
        self.environment["FORMAT"] = "1"
        self.assertIn("FAILED lint --format", self.run_script("lint", code=1).stdout)

    def test_some_tests_of_a_preset(self):
        self.run_script("asan", "--", "-R", "hash")
        call = self.ctests()[0]
        self.assertIn("--no-tests=ignore", call)
        self.assertTrue(call.endswith("-R hash long="), call)
        self.put("report.asan", " ")
        done = self.run_script("asan", "--", "-R", "nothing", code=1)
        self.assertEqual(done.stdout.splitlines()[-1], "0 passed, 0 failed")

    def test_arguments_that_mean_nothing_and_a_failed_setup(self):
        done = self.run_script("natif", code=2)
        self.assertIn("unknown part 'natif' (choose from: lint windows", done.stderr)
        self.fake("scripts/setup", "exit 3")
        self.run_script("lint", code=3)
        self.assertEqual(self.lines("calls"), [])

    def test_ci_runs_all(self):
        place = self.root / ".ci"
        place.mkdir()
        shutil.copy(SCRIPTS.parent / ".ci/run", place)
        self.fake("scripts/test", 'echo "$@"; echo 1 passed, 2 failed; exit 1')
        ci = self.root / "scripts/run"
        ci.symlink_to(place / "run")
        self.SCRIPT = "../.ci/run"
        done = self.run_script(code=1)
        self.assertEqual(done.stdout, "all\n1 passed, 2 failed\n")


if __name__ == "__main__":
    unittest.main()
