"""Proves in a headless Chromium that a report is drawn correctly: every chart has the values of the
data in the page, unreliable figures are marked, there are no errors, and no network access."""
import aiobench_cli as cli
from page_cli import BrowserTest

EVIL = "</script><img src=x onerror=\"document.title='hacked'\"> & <b>\"name\"</b>"


def configurations_of(data):
    """The configurations of each section, by engine and depth."""
    return [{(one["engine"], one["depth"]): one for one in section["configurations"]}
            for place in data["places"] for section in place["sections"]]


class ChartsTest(BrowserTest):
    def figures(self, sections, chart, dataset, index):
        configuration = sections[chart["section"]][tuple(dataset["configurations"][index])]
        return configuration["base"]["figures"] if dataset["ofBase"] else configuration["figures"]

    def check_estimates(self, sections, chart, field):
        for dataset in chart["datasets"]:
            self.assertGreater(len(dataset["data"]), 0)
            for i, drawn in enumerate(dataset["data"]):
                value = drawn["y"] if isinstance(drawn, dict) else drawn
                estimate = self.figures(sections, chart, dataset, i)[field]
                self.assertAlmostEqual(value * chart["unit"], estimate["median"],
                                       delta=1e-9 * estimate["median"])
                if estimate["low"] is None:
                    self.assertIsNone(dataset["intervals"][i])
                    continue
                for end, bound in zip(dataset["intervals"][i], ("low", "high")):
                    self.assertAlmostEqual(end * chart["unit"], estimate[bound],
                                           delta=1e-9 * estimate[bound])

    def check_latency(self, sections, chart, percents):
        for dataset in chart["datasets"]:
            place = percents.index(float(dataset["label"][1:]))
            for i, point in enumerate(dataset["data"]):
                latency = self.figures(sections, chart, dataset, i)["latency"]
                self.assertEqual(point["x"], latency["percentile_ns"][place])

    def check_time(self, sections, chart):
        sums = {}
        for dataset in chart["datasets"]:
            name = dataset["label"].split(" ")[-1]
            for i, percent in enumerate(dataset["data"]):
                time = self.figures(sections, chart, dataset, i)["time"]
                self.assertAlmostEqual(percent, 100 * time[name], 9)
                key = (dataset["ofBase"], i)
                sums[key] = sums.get(key, 0) + percent
        for total in sums.values():
            self.assertAlmostEqual(total, 100, 6)

    def check_values(self, data):
        """Checks every chart against the data. Returns the number of charts of each kind."""
        sections = configurations_of(data)
        kinds = {}
        for chart in self.drawn():
            kind = chart["kind"]
            kinds[kind] = kinds.get(kind, 0) + 1
            self.assertGreater(len(chart["label"]), 30)
            if kind == "latency":
                self.check_latency(sections, chart, data["percents"])
            elif kind == "time":
                self.check_time(sections, chart)
            else:
                field = {"throughput": "bytes_per_second", "cpu": "cpu_seconds_per_gib"}[kind]
                self.check_estimates(sections, chart, field)
        return kinds

    def test_a_sweep_is_drawn_with_its_values(self):
        self.sweep("sweep.json")
        data = self.report("sweep.json")
        self.assertEqual(self.check_values(data)["throughput"], 1)
        (chart,) = self.drawn("throughput")
        self.assertEqual(chart["type"], "line")
        self.assertEqual([d["label"] for d in chart["datasets"]], ["sync", "threadpool"])
        configurations = self.page.script("return [...document.querySelectorAll('.heat td')]"
                                          ".map((cell) => parseFloat(cell.textContent))")
        size = chart["unit"]
        expected = [configuration["figures"]["bytes_per_second"]["median"] / size
                    for configuration in configurations_of(data)[0].values()]
        for shown, value in zip(configurations, expected):
            self.assertAlmostEqual(shown, value, delta=0.005 * value + 0.005)
        self.assertEqual(len(configurations), 4)
        self.assert_quiet()

    def test_faster_is_drawn_higher(self):
        self.sweep("sweep.json")
        self.report("sweep.json")
        (chart,) = self.drawn("throughput")
        points = [(value["y"], place[1]) for dataset in chart["datasets"]
                  for value, place in zip(dataset["data"], dataset["places"])]
        by_value = [place for _, place in sorted(points)]
        self.assertEqual(by_value, sorted(by_value, reverse=True))

    def test_a_baseline_is_drawn_dashed_beside(self):
        self.sweep("base.json")
        self.sweep("now.json")
        data = self.report("now.json", "--baseline", "base.json")
        self.check_values(data)
        (chart,) = self.drawn("throughput")
        self.assertEqual([d["ofBase"] for d in chart["datasets"]], [False, True, False, True])
        self.assertEqual([bool(d["dash"]) for d in chart["datasets"]], [False, True, False, True])
        for kind in ("latency", "time"):
            (chart,) = self.drawn(kind)
            self.assertEqual(sum(d["ofBase"] for d in chart["datasets"]),
                             len(chart["datasets"]) / 2)
        text = self.page.script("return document.querySelector('.configurations').textContent")
        self.assertIn("verdict", text)
        self.assertIn("%", text)
        self.assert_quiet()

    def test_one_depth_is_drawn_as_bars_and_one_configuration_as_text(self):
        self.sweep("sweep.json", "-d", "2", "--repeat", "2")
        self.check_values(self.report("sweep.json"))
        (chart,) = self.drawn("throughput")
        self.assertEqual(chart["type"], "bar")
        self.run_program("file", "-e", "sync", "-q", "--json", "one.json")
        self.report("one.json")
        self.assertEqual(self.drawn("throughput"), [])
        self.assertIn("One configuration", self.page.script("return document.body.textContent"))
        self.assert_quiet()

    def test_suspect_wine_and_failed_configurations_are_marked(self):
        self.sweep("sweep.json")

        def spoil(document):
            busy, wine, failed = document["runs"][:3]
            busy["warnings"] = [{"code": "busy_machine", "suspect": True,
                                 "message": "others were at work", "advice": "wait a while"}]
            origin = {key: document[key] for key in ("tool", "own_cost")}
            wine["origin"] = {**origin, "host": {**document["host"], "system": "Windows",
                                                 "wine": "99.0"}}
            failed["error"] = {"operation": "read", "path": "file", "offset": 7, "code": 5,
                               "message": "cannot read 'file' at offset 7: it broke"}
        self.change("sweep.json", spoil)
        self.report("sweep.json")
        charts = self.drawn("throughput")
        self.assertEqual(len(charts), 2)
        points = {tuple(configuration): point for chart in charts for dataset in chart["datasets"]
                  for configuration, point in zip(dataset["configurations"], dataset["points"])}
        self.assertEqual(points[("sync", 1)], "triangle")
        self.assertNotIn("triangle", [point for configuration, point in points.items()
                                      if configuration != ("sync", 1)])
        self.assertIn(("wine/sync", 4), points)
        self.assertNotIn(("threadpool", 1), points)
        text = self.page.script("return document.body.innerText")
        for words in ("busy_machine (suspect): others were at work (wait a while)",
                      "Timing under Wine says nothing about Windows", "wine/sync", "Wine 99.0",
                      "cannot read 'file' at offset 7: it broke", "\u25b2"):
            self.assertIn(words, text)
        self.assert_quiet()

    def test_no_text_is_taken_for_html(self):
        self.sweep("sweep.json")
        self.change("sweep.json", lambda document: [
            run["target"].update(path=EVIL) for run in document["runs"]])
        self.report("sweep.json", "--title", EVIL)
        self.assertEqual(self.page.script("return document.title"), EVIL)
        self.assertEqual(self.page.script("return document.querySelectorAll('img').length"), 0)
        self.assertEqual(self.page.script("return document.querySelector('h3').textContent"), EVIL)
        self.assert_quiet()


if __name__ == "__main__":
    cli.main()
