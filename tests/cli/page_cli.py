"""Shared by the tests of the HTML report: a browser with reports open in it."""
import json
import sys
import unittest
from pathlib import Path

import aiobench_cli as cli
from aiobench_cli import MIB
from report_test import data_of

sys.path.insert(0, str(cli.ROOT / "scripts"))
from dev import browser  # noqa: E402

MISSING = ("only with the native release build" if cli.WINDOWS or cli.SANITIZED
           else browser.why_unavailable())

# The type of each chart and what Chart.js drew: the data sets and the positions of their points.
DRAWN = """
return [...document.querySelectorAll("canvas")].map((canvas) => {
  const chart = Chart.getChart(canvas);
  return {
    kind: canvas.dataset.kind, unit: Number(canvas.dataset.unit),
    label: canvas.getAttribute("aria-label"),
    section: Number(canvas.closest("section").id.replace("section-", "")),
    type: chart.config.type,
    datasets: chart.data.datasets.map((dataset, index) => ({
      label: dataset.label, ofBase: dataset.side.ofBase, data: dataset.data,
      intervals: dataset.intervals ?? null, dash: dataset.borderDash ?? [],
      points: dataset.pointStyle ?? null,
      configurations: dataset.configurations.map((one) => [one.engine, one.depth]),
      places: chart.getDatasetMeta(index).data.map((point) => [point.x, point.y]),
    })),
  };
});
"""


class BrowserTest(cli.ProgramTest):
    @classmethod
    def setUpClass(cls):
        if MISSING:
            raise unittest.SkipTest(MISSING)
        cls.browsing = browser.browser()
        cls.page = cls.browsing.__enter__()
        cls.addClassCleanup(cls.browsing.__exit__, None, None, None)

    def setUp(self):
        super().setUp()
        self.page.show()
        self.page.open(Path("/dev/null"))
        self.page.complaints()
        self.page.requests()

    def open(self, path):
        self.page.open(path)
        self.page.settle()

    def report(self, *arguments):
        """A report, open in the browser, and its data."""
        path = self.directory / "report.html"
        self.run_program("report", *arguments, "-o", path.name, "--force")
        self.open(path)
        return data_of(path.read_text(encoding="utf-8"))

    def sweep(self, name, *options):
        if not (self.directory / "file").exists():
            self.make("file", MIB)
        self.run_program("sweep", "file", "-e", "sync,threadpool", "-b", "16KiB", "--cache", "warm",
                         "-q", "--json", name, *(options or ("-d", "1,4", "--repeat", "6")))

    def change(self, name, change):
        document = json.loads((self.directory / name).read_text(encoding="utf-8"))
        change(document)
        (self.directory / name).write_text(json.dumps(document), encoding="utf-8")

    def drawn(self, kind=None):
        return [chart for chart in self.page.script(DRAWN) if kind in (None, chart["kind"])]

    def assert_quiet(self):
        self.assertEqual(self.page.complaints(), [])
        requested = [address for address in self.page.requests()
                     if not address.startswith(("file://", "data:", "chrome:"))]
        self.assertEqual(requested, [])
