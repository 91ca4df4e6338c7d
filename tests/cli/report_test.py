"""Proves that report writes one HTML file of results, always with the same bytes and complete,
keeps existing files, and refuses files that are not results."""
import json
import re

import aiobench_cli as cli
from aiobench_cli import FAILED, GOOD, KIB, UNUSABLE
from compare_cli import QUIET, CompareTest


def data_of(page):
    """The data for the page's scripts."""
    return json.loads(re.search(r'id="data">\n(.*?)\n</script>', page, re.DOTALL)[1])


class ReportTest(CompareTest):
    def setUp(self):
        super().setUp()
        self.put("result.json", self.document())

    def report(self, *arguments, name="report.html"):
        """The page and its data."""
        outcome = self.run_program("report", *arguments, "-o", name)
        self.assertEqual((outcome.stdout, outcome.stderr), ("", ""))
        page = (self.directory / name).read_text(encoding="utf-8")
        return page, data_of(page)

    def configurations(self, data):
        return [configuration for place in data["places"] for section in place["sections"]
                for configuration in section["configurations"]]


class PageTest(ReportTest):
    def test_one_file_with_what_is_needed(self):
        page, data = self.report("result.json")
        self.assertTrue(page.startswith("<!DOCTYPE html>"))
        self.assertNotRegex(page, r"(?i)<(script|img|iframe)[^>]+\bsrc=")
        self.assertNotRegex(page, r"(?i)<link[^>]+href=\"(?!data:)")
        self.assertIn("default-src 'none'", page)
        self.assertLess(len(page), 400 * KIB)
        self.assertEqual(data["files"], ["result.json"])
        self.assertEqual(data["title"], "aiobench report")

    def test_the_same_results_give_the_same_bytes(self):
        first, _ = self.report("result.json")
        second, _ = self.report("result.json", name="again.html")
        outcome = self.run_program("report", "result.json", "-o", "-")
        self.assertEqual(first, second)
        self.assertEqual(outcome.stdout, first)
        self.assertEqual(outcome.stderr, "")

    def test_the_figures_are_those_of_the_result(self):
        _, data = self.report("result.json")
        (configuration,) = self.configurations(data)
        (run,) = self.document()["runs"]
        size = run["target"]["file_bytes"]
        rates = sorted(size / r["wall_seconds"] for r in run["repetitions"])
        figure = configuration["figures"]["bytes_per_second"]
        self.assertAlmostEqual(figure["median"] / ((rates[3] + rates[4]) / 2), 1, 9)
        self.assertAlmostEqual(figure["low"] / rates[0], 1, 9)
        self.assertAlmostEqual(figure["high"] / rates[7], 1, 9)
        self.assertEqual(configuration["figures"]["repetitions"], len(QUIET))
        latency = run["repetitions"][0]["latency_ns"]
        self.assertEqual(configuration["figures"]["latency"]["requests"], 8 * latency["count"])
        p50, _, _, _, p99_99 = configuration["figures"]["latency"]["percentile_ns"]
        self.assertEqual((p50, p99_99), (latency["p50"], latency["max"]))

    def test_a_sweep(self):
        self.run_program("sweep", "file", "-e", "sync,threadpool", "-d", "1,2", "-b", "64KiB",
                         "--repeat", "4", "--cache", "warm,cold", "--json", "sweep.json", "-q")
        _, data = self.report("sweep.json")
        (place,) = data["places"]
        self.assertEqual(len(place["sections"]), 2)
        for section in place["sections"]:
            self.assertEqual([(configuration["engine"].replace("wine/", ""), configuration["depth"])
                              for configuration in section["configurations"]],
                             [("sync", 1), ("sync", 2), ("threadpool", 1), ("threadpool", 2)])
            self.assertTrue(section["advice"].startswith("Use "), section["advice"])
            marks = [configuration["mark"] for configuration in section["configurations"]]
            self.assertEqual(marks.count("best"), 1)
        self.assertEqual(bool(place["sections"][0]["configurations"][0]["wine"]),
                         bool(cli.WINDOWS))

    def test_jobs_of_every_kind_and_a_directory_of_them(self):
        (self.directory / "all").mkdir()
        self.run_program("file", "-q", "--json", "all/1.json")
        self.run_program("read", "file", "-q", "--json", "all/2.json")
        self.run_program("copy", "file", "new", "-q", "--json", "all/3.json")
        _, data = self.report("all")
        self.assertEqual(data["files"], ["1.json", "2.json", "3.json"])
        settings = [section["setting"].split(",")[0].split(" ")[0]
                    for place in data["places"] for section in place["sections"]]
        self.assertEqual(settings, ["hash", "read", "copy"])

    def test_a_failed_configuration_is_listed_with_its_reason(self):
        line = "cannot read 'file' at offset 7: it went wrong"
        error = {"operation": "read", "path": "file", "offset": 7, "code": 5, "message": line}
        self.put("failed.json", self.changed(lambda d: d["runs"][0].update(error=error)))
        _, data = self.report("failed.json")
        self.assertEqual(self.configurations(data)[0]["figures"]["failures"], [line])

    def test_no_text_becomes_html(self):
        evil = "</script><script>alert(1)</script><!--\"'&"
        document = self.document()
        document["runs"][0]["target"]["path"] = evil
        document["host"]["cpu_model"] = evil
        self.put("evil.json", document)
        plain, _ = self.report("result.json")
        page, data = self.report("evil.json", "--title", evil, name="evil.html")
        self.assertEqual(page.count("<script"), plain.count("<script"))
        self.assertEqual(page.count("</script"), plain.count("</script"))
        self.assertEqual(data["title"], evil)
        self.assertEqual(data["places"][0]["sections"][0]["path"], evil)


class BaselineTest(ReportTest):
    def test_side_by_side_with_ratio_and_verdict(self):
        self.put("slow.json", self.document(1.2))
        _, data = self.report("slow.json", "--baseline", "result.json")
        self.assertEqual(data["base_files"], ["result.json"])
        (configuration,) = self.configurations(data)
        self.assertEqual(configuration["base"]["verdict"], "regression")
        self.assertAlmostEqual(configuration["base"]["ratio"], 1 / 1.2, 6)
        self.assertLess(configuration["base"]["ratio_low"], configuration["base"]["ratio"])
        self.assertIn("Regression", data["places"][0]["against"]["summary"])

    def test_several_files_are_one_baseline(self):
        self.put("1.json", self.document(seconds=QUIET[:4]))
        self.put("2.json", self.document(seconds=QUIET[4:]))
        _, data = self.report("result.json", "--baseline", "1.json", "--baseline", "2.json")
        (configuration,) = self.configurations(data)
        self.assertEqual(configuration["base"]["figures"]["repetitions"], len(QUIET))
        self.assertEqual(configuration["base"]["verdict"], "no_change")

    def test_what_cannot_be_compared_is_named(self):
        other = self.document()
        other["host"]["cpu_model"] = "Abacus"
        other["runs"].append({**other["runs"][0], "target": {**other["runs"][0]["target"],
                                                             "path": "gone"}})
        self.put("other.json", other)
        _, data = self.report("result.json", "--baseline", "other.json")
        self.assertEqual(self.configurations(data)[0]["base"]["verdict"], "not_comparable")
        incompatibilities = "\n".join(data["places"][0]["against"]["incompatibilities"])
        self.assertIn("Abacus", incompatibilities)
        self.assertIn("gone", incompatibilities)


class RefusalTest(ReportTest):
    def refuse(self, *arguments, words=(), code=UNUSABLE):
        with self.subTest(arguments=arguments):
            before = self.content()
            outcome = self.run_program("report", *arguments, code=None)
            self.assert_refused(outcome, code, *words)
            self.assertEqual(self.content(), before)

    def test_an_existing_file_is_kept_unless_forced(self):
        self.put("report.html", "mine")
        self.refuse("result.json", "-o", "report.html", words=["report.html", "--force"])
        self.run_program("report", "result.json", "-o", "report.html", "--force")
        self.assertIn("DOCTYPE", (self.directory / "report.html").read_text(encoding="utf-8"))

    def test_no_result_is_overwritten(self):
        self.put("base.json", self.document())
        for name in ("result.json", "./result.json", "base.json"):
            self.refuse("result.json", "--baseline", "base.json", "-o", name, "--force",
                        words=["-o", "would be overwritten"])

    def test_what_is_no_result(self):
        for text, *words in [("", "unexpected end of JSON"), ("aiobench", "invalid JSON"),
                             ('{"schema": "fio/3"}', "aiobench/result/1"),
                             ('{"schema": "aiobench/result/999"}', "version"),
                             (json.dumps(self.document())[:-40], "bad.json")]:
            self.put("bad.json", text)
            self.refuse("bad.json", "-o", "x.html", words=["bad.json", *words])
            self.refuse("result.json", "bad.json", "-o", "x.html", words=["bad.json", *words])
            self.refuse("result.json", "--baseline", "bad.json", "-o", "x.html",
                        words=["bad.json", *words])

    def test_results_without_a_run(self):
        self.put("empty.json", {**self.document(), "runs": []})
        self.refuse("empty.json", "-o", "x.html", words=["empty.json", "no run"])
        self.refuse("result.json", "--baseline", "empty.json", "-o", "x.html",
                    words=["empty.json", "no run"])
        self.run_program("report", "empty.json", "result.json", "-o", "x.html", code=GOOD)

    def test_arguments(self):
        self.refuse("result.json", words=["--output"])
        self.refuse("-o", "x.html", words=["RESULT"])
        self.refuse("none.json", "-o", "x.html", words=["none.json"], code=FAILED)
        self.refuse("result.json", "-o", "none/x.html", words=["none"], code=FAILED)
        self.refuse("result.json", "-o", "x.html", "--bogus", words=["--bogus"])


if __name__ == "__main__":
    cli.main()
