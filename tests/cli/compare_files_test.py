"""Proves what compare reads and writes: a directory as one side, text, Markdown and JSON; and that
a file that is not an aiobench result is refused with the position of the error in the file."""
import json
import unittest

import aiobench_cli as cli
from aiobench_cli import BAD, FAILED, MIB, UNCLEAR, UNUSABLE
from compare_cli import QUIET, SECOND, CompareTest, jsonschema, schema


class DirectoriesTest(CompareTest):
    def test_runs_of_one_configuration_in_several_files_are_merged(self):
        self.put("base/1.json", self.document(seconds=QUIET[:4], start=SECOND))
        self.put("base/2.json", self.document(seconds=QUIET[4:], start=100 * SECOND))
        self.put("base/notes.txt", "no result")
        self.put("new.json", self.document())
        outcome = self.run_program("compare", "base", "new.json", "--format", "json")
        self.validate(outcome.json)
        self.assertEqual(outcome.json["base"]["files"], 2)
        self.assertEqual(outcome.json["configurations"][0]["base_repetitions"], len(QUIET))
        self.assertEqual(len(outcome.json["configurations"]), 1)

    def test_a_directory_without_results_is_refused(self):
        self.put("new.json", self.document())
        (self.directory / "empty").mkdir()
        self.put("other/notes.txt", "no result")
        for name in ("empty", "other"):
            outcome = self.run_program("compare", name, "new.json", code=None)
            self.assert_refused(outcome, UNUSABLE, name, ".json")

    def test_one_file_in_a_directory_that_is_no_result_spoils_it(self):
        self.put("base/1.json", self.document())
        self.put("base/2.json", "{}")
        outcome = self.run_program("compare", "base", "base", code=None)
        self.assert_refused(outcome, UNUSABLE, "2.json", "schema")


class OutputTest(CompareTest):
    def test_the_verdict_is_the_last_line_of_a_text_and_the_first_of_markdown(self):
        base, new = self.document(), self.document(1.2)
        sentence = "Regression: of 1 comparison 1 worse by more than 5 %."
        text = self.compare(base, new, code=BAD).stdout
        self.assertTrue(text.endswith(f"\n{sentence}\n"), text)
        self.assertLessEqual(max(map(len, text.split("\n"))), 80)
        markdown = self.compare(base, new, "--format", "markdown", code=BAD).stdout
        self.assertTrue(markdown.startswith(f"**{sentence}**\n"), markdown)
        self.assertEqual(self.compare(base, new, "-q", code=BAD).stdout, sentence + "\n")
        self.assertEqual(self.compare_json(base, new, code=BAD)["summary"], sentence)

    def test_the_json_beside_is_the_json_on_stdout(self):
        base, new = self.document(), self.document(1.2)
        outcome = self.compare(base, new, "--format", "json", "--json", "out.json", code=BAD)
        self.assertEqual((self.directory / "out.json").read_bytes(), outcome.raw)
        self.compare(base, new, "--json", "text.json", code=BAD)
        self.assertEqual((self.directory / "text.json").read_bytes(), outcome.raw)

    def test_no_result_is_overwritten(self):
        before = json.dumps(self.document())
        for name in ("base.json", "new.json", "./new.json"):
            outcome = self.compare(before, before, "--json", name, code=None)
            self.assert_refused(outcome, UNUSABLE, "--json", "would be overwritten")
            self.assertEqual((self.directory / "new.json").read_text(), before)
        self.put("directory/1.json", before)
        outcome = self.run_program("compare", "new.json", "directory", "--json", "directory/1.json",
                                   code=None)
        self.assert_refused(outcome, UNUSABLE, "--json", "would be overwritten")
        self.assertEqual((self.directory / "directory/1.json").read_text(), before)
        outcome = self.compare(before, before, "--json", "none/x.json", code=None)
        self.assert_refused(outcome, FAILED, "none")

    def test_no_name_moves_the_cursor(self):
        evil = "a\u001b[2J\u009b1A\nb|c"
        for form in ("text", "markdown"):
            document = self.document()
            document["runs"][0]["target"]["path"] = evil
            document["host"]["cpu_model"] = evil
            document["tool"]["version"] = evil
            outcome = self.compare(document, self.document(), "--format", form, code=UNCLEAR)
            self.assertNotIn("\u001b", outcome.stdout)
            self.assertNotIn("\u009b", outcome.stdout)
            self.assertIn("x1b", outcome.stdout)


class RefusalTest(CompareTest):
    def setUp(self):
        super().setUp()
        self.put("good.json", self.document())

    def refuse(self, *arguments, words=(), code=UNUSABLE):
        with self.subTest(arguments=arguments, words=words):
            before = self.content()
            outcome = self.run_program("compare", *arguments, code=None)
            self.assert_refused(outcome, code, *words)
            self.assertEqual(self.content(), before)

    def refuse_file(self, text, *words):
        """Tries the file on either side. The error names the file, the position and the cause."""
        self.put("bad.json", text)
        self.refuse("bad.json", "good.json", words=["bad.json", *words])
        self.refuse("good.json", "bad.json", words=["bad.json", *words])

    def test_broken_and_foreign_files(self):
        for text, *words in [("", "unexpected end of JSON"),
                             ("aiobench", "at offset 0", "invalid JSON"),
                             ("[]", "no field 'schema'"), ('{"schema": 7}', "aiobench/result/1"),
                             ('{"schema": "fio/3"}', "aiobench/result/1"),
                             ('{"schema": "aiobench/result/999"}', "aiobench/result/1", "version"),
                             ('{"schema": "aiobench/comparison/1"}', "aiobench/result/1"),
                             ("[" * 100000, "levels"), ('{"a": 1, "a": 2}', "duplicate"),
                             ("[" + "0," * 6000000, "6000000 values")]:
            self.refuse_file(text, *words)

    def test_a_file_cut_off_anywhere(self):
        text = json.dumps(self.document(seconds=[1]))
        for end in range(1, len(text), max(1, len(text) // 8)):
            self.refuse_file(text[:end], "offset")

    def test_an_invalid_field_is_reported_with_its_position(self):
        def spoil(place, value):
            document = self.document(seconds=[1])
            at = document
            for step in place[:-1]:
                at = at[step]
            if value is None:
                del at[place[-1]]
            else:
                at[place[-1]] = value
            return json.dumps(document)
        first = ["runs", 0, "repetitions", 0]
        for place, value, told in [
                (["runs", 0, "config", "depth"], "8", "runs[0].config.depth"),
                ([*first, "wall_seconds"], -1, "runs[0].repetitions[0].wall_seconds"),
                ([*first, "bytes"], None, "runs[0].repetitions[0].bytes: missing"),
                ([*first, "latency_ns", "count"], 99999, "runs[0].repetitions[0].latency_ns"),
                (["runs"], {}, "runs")]:
            self.refuse_file(spoil(place, value), told)

    def test_a_huge_file_is_refused_before_it_is_read(self):
        self.make_sparse("huge.json", 300 * MIB)
        for arguments in (["huge.json", "good.json"], ["good.json", "huge.json"]):
            self.refuse(*arguments, words=["huge.json", "larger than 128 MiB"])

    def test_what_is_not_there(self):
        self.refuse("none.json", "good.json", words=["none.json"], code=FAILED)
        self.refuse("good.json", "none.json", words=["none.json"], code=FAILED)

    def test_options(self):
        names = ["good.json", "good.json"]
        self.refuse("good.json", words=["NEW"])
        self.refuse(*names, "more.json", words=["more.json"])
        for value in ("speed", "", "throughput,speed"):
            self.refuse(*names, f"--metric={value}", words=["--metric"])
        self.refuse(*names, "--metric", "p90", words=["'p90'", "throughput, p50, p99, cpu"])
        self.refuse(*names, "--allow", "all", words=["'all'", "missing, digest, environment"])
        self.refuse(*names, "--format", "csv", words=["'csv'", "text, json, markdown"])
        for value in ("5", "-1%", "1", "99%"):
            self.refuse(*names, f"--threshold={value}", words=["--threshold", f"'{value}'"])
        for value in ("five", "5%%", ""):
            self.refuse(*names, f"--threshold={value}", words=["--threshold"])
        for value in ("100%", "10%", "0", "95"):
            self.refuse(*names, f"--confidence={value}", words=["--confidence", f"'{value}'"])


class SchemaTest(unittest.TestCase):
    def test_the_schema_itself_is_valid_and_closed(self):
        if jsonschema is None:
            self.skipTest("python3-jsonschema is not installed")
        whole = schema("comparison.schema.json")
        jsonschema.Draft202012Validator.check_schema(whole)
        for name, part in [("comparison", whole), *whole["$defs"].items()]:
            with self.subTest(part=name):
                self.assertFalse(part["additionalProperties"])
                self.assertEqual(sorted(part["required"]), sorted(part["properties"]))
                for field, rule in part["properties"].items():
                    self.assertTrue({"description", "$ref"} & set(rule), field)


if __name__ == "__main__":
    cli.main()
