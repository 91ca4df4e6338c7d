"""Proves that compare reports which of two results is worse, by exit code and in every format, and
lists what it cannot compare."""
import copy

import aiobench_cli as cli
from aiobench_cli import BAD, GOOD, UNCLEAR
from compare_cli import QUIET, SECOND, CompareTest


class VerdictTest(CompareTest):
    def test_exit_codes(self):
        base = self.document()
        for factor, code, verdict in [(1.2, BAD, "regression"), (0.8, GOOD, "improvement"),
                                      (1.01, GOOD, "no_change"), (1.051, UNCLEAR, "inconclusive")]:
            with self.subTest(factor=factor):
                document = self.compare_json(base, self.document(factor), code=code)
                self.assertEqual(document["verdict"], verdict)
                figure = document["configurations"][0]["comparisons"][0]
                self.assertEqual(figure["verdict"], verdict)
                self.assertAlmostEqual(figure["ratio"], 1 / factor, 6)
                self.assertLess(figure["ratio_low"], figure["ratio"])
                self.assertLess(figure["ratio"], figure["ratio_high"])
                self.assertEqual(document["configurations"][0]["method"], "mann_whitney")

    def test_threshold_and_confidence(self):
        base, new = self.document(), self.document(1.2)
        self.compare(base, new, "--threshold", "25%")
        self.compare(base, new, "--threshold", "0.25")
        self.compare(base, new, "--threshold", "20%", code=UNCLEAR)
        self.compare(base, new, "--confidence", "99.99%", code=UNCLEAR)
        self.compare(base, new, "--confidence", "0.99", code=BAD)

    def test_measured_in_turn_they_are_pairs(self):
        drift = [1.3 ** i for i in range(8)]
        base = self.document(seconds=drift, start=1000 * SECOND)
        new = self.document(1.2, seconds=drift, start=1001 * SECOND)
        document = self.compare_json(base, new, code=BAD)
        self.assertEqual(document["configurations"][0]["method"], "pairs")
        self.assertAlmostEqual(document["configurations"][0]["comparisons"][0]["ratio"], 1 / 1.2, 6)
        later = self.document(1.2, seconds=drift, start=2000 * SECOND)
        document = self.compare_json(base, later, code=UNCLEAR)
        self.assertEqual(document["configurations"][0]["method"], "mann_whitney")

    def test_every_metric(self):
        names = ["p99", "cpu", "throughput", "p50"]
        for options in (["--metric", ",".join(names)],
                        [part for name in names for part in ("--metric", name)]):
            document = self.compare_json(self.document(), self.document(1.2), *options, code=BAD)
            figures = document["configurations"][0]["comparisons"]
            self.assertEqual([figure["metric"] for figure in figures], names)
            self.assertEqual([figure["verdict"] for figure in figures],
                             ["no_change", "no_change", "regression", "no_change"])
            self.assertEqual(document["counts"]["all"], 4)

    def test_too_few_runs_are_reported_with_the_number_needed(self):
        few = self.document(seconds=[1, 1])
        outcome = self.compare(few, self.document(3, seconds=[1, 1]), code=UNCLEAR)
        self.assertIn("too few repetitions: needs at least 4 on each side", outcome.stdout)

    def test_real_results_of_every_kind_can_be_compared(self):
        self.run_program("file", "--repeat", "6", "-q", "--json", "a.json")
        self.run_program("file", "--repeat", "6", "-q", "--json", "b.json")
        self.run_program("read", "file", "--repeat", "6", "-q", "--json", "read.json")
        self.run_program("copy", "file", "new", "-q", "--json", "copy.json")
        for base, new in [("a", "b"), ("a", "a"), ("read", "read"), ("copy", "copy")]:
            outcome = self.run_program("compare", f"{base}.json", f"{new}.json", "--format",
                                       "json", "--metric", "throughput,p50,p99", code=None)
            self.assertIn(outcome.code, (GOOD, BAD, UNCLEAR), outcome)
            self.validate(outcome.json)
            self.assertEqual(outcome.json["counts"]["all"], 3)


class IncompatibilityTest(CompareTest):
    def other(self, change, **options):
        """Two files on one side; the other side has only the first of them."""
        both = self.document(**options)
        second = copy.deepcopy(both["runs"][0])
        change(second)
        both["runs"].append(second)
        return both

    def test_a_configuration_on_only_one_side(self):
        both = self.other(lambda run: run["target"].update(path="gone"))
        for base, new, side in [(both, self.document(), "not in NEW"),
                                (self.document(), both, "not in BASE")]:
            outcome = self.compare(base, new, code=UNCLEAR)
            self.assertRegex(outcome.stdout.replace("\n", " "),
                             rf"missing \(not comparable\): gone: hash .*{side}")
            self.compare(base, new, "--allow", "missing")
        self.compare(both, self.document(1.2), code=BAD)

    def test_nothing_compared_is_never_good(self):
        empty = {**self.document(), "runs": []}
        every = ["--allow", "missing,digest,environment"]
        for base, new in [(empty, empty), (self.document(), empty), (empty, self.document())]:
            outcome = self.compare(base, new, *every, code=UNCLEAR)
            self.assertTrue(outcome.stdout.endswith("Not comparable: nothing was compared.\n"))

    def test_failed_runs_are_missing_and_named(self):
        error = {"operation": "read", "path": "file", "offset": 7, "code": 5,
                 "message": "cannot read 'file' at offset 7: it went wrong"}
        failed = self.changed(lambda document: document["runs"][0].update(error=error))
        outcome = self.compare(self.document(), failed, code=UNCLEAR)
        self.assertIn("failed in NEW: cannot read 'file' at offset 7: it went wrong",
                      " ".join(outcome.stdout.split()))

    def test_partial_repetitions_are_left_out_and_named(self):
        cut = self.document()
        cut["runs"][0]["repetitions"][0].update(partial=True, wall_seconds=99.0)
        document = self.compare_json(cut, self.document())
        self.assertEqual(document["configurations"][0]["base_repetitions"], len(QUIET) - 1)
        self.assertIn("1 interrupted repetition of BASE left out", document["notes"][-1])

    def test_another_content_or_size(self):
        def other_digest(document):
            for repetition in document["runs"][0]["repetitions"]:
                repetition["digest"] = "f" * 16
        for change in (other_digest,
                       lambda document: document["runs"][0]["target"].update(file_bytes=7)):
            new = self.changed(change, factor=1.2)
            document = self.compare_json(self.document(), new, code=UNCLEAR)
            self.assertEqual(document["incompatibilities"][0]["kind"], "digest")
            compared = document["configurations"][0]["comparisons"]
            self.assertEqual(compared[0]["verdict"], "not_comparable")
            self.compare(self.document(), new, "--allow", "digest", code=BAD)

    def test_another_environment(self):
        for part, field, value in [("host", "wine", "99.0"), ("host", "cpu_model", "Abacus"),
                                   ("host", "version", "0.0.1"), ("tool", "build_type", "Debug"),
                                   ("host", "cpus", 4096)]:
            with self.subTest(field=field):
                new = self.document()
                new[part][field] = value
                outcome = self.compare(self.document(), new, code=UNCLEAR)
                self.assertRegex(outcome.stdout, r"(?m)^environment \(not comparable\): ")
                self.assertIn(f"{value:,}" if value == 4096 else value, outcome.stdout)
                self.compare(self.document(), new, "--allow", "digest,environment")

    def test_another_version_of_the_program_is_what_one_compares(self):
        new = self.document()
        new["tool"].update(version="9.9.9", commit="fffffff", compiler="another")
        self.assertIn("aiobench 9.9.9 (fffffff)", self.compare(self.document(), new).stdout)

    def test_a_file_in_another_directory_is_the_same_where_there_is_only_one(self):
        moved = self.document()
        moved["runs"][0]["target"]["path"] = "/elsewhere/file"
        self.assertIn("path: file, then /elsewhere/file",
                      self.compare(self.document(), moved).stdout)

    def test_a_metric_that_is_not_there_is_named(self):
        silent = self.document()
        for repetition in silent["runs"][0]["repetitions"]:
            repetition.update(cpu_user_seconds=0, cpu_system_seconds=0)
        options = ["--metric", "throughput,cpu"]
        outcome = self.compare(self.document(), silent, *options, code=UNCLEAR)
        self.assertIn("no cpu: not measured in NEW", " ".join(outcome.stdout.split()))
        self.compare(self.document(), silent, *options, "--allow", "missing")

    def test_suspect_runs_are_marked_in_every_format(self):
        warning = {"code": "busy_machine", "suspect": True, "message": "it was", "advice": "wait"}
        new = self.changed(lambda document: document["runs"][0].update(warnings=[warning]))
        self.assertIn("suspect: ", self.compare(self.document(), new).stdout)
        self.assertIn("busy_machine", self.compare(self.document(), new).stdout)
        markdown = self.compare(self.document(), new, "--format", "markdown").stdout
        self.assertIn("busy\\_machine", markdown)
        configuration = self.compare_json(self.document(), new)["configurations"][0]
        self.assertTrue(configuration["suspect"])
        self.assertIn("busy_machine", configuration["suspect_new"])


if __name__ == "__main__":
    cli.main()
