"""Proves in a headless Chromium that a report is readable: tables sort, it follows light and dark
mode, fits a phone, prints with its charts, and the reports in results/ open."""
import collections
import re
import shutil
import subprocess
import unittest

import aiobench_cli as cli
from aiobench_cli import MIB
from page_cli import MISSING, BrowserTest
from dev.browser import read_png

SHEET = (cli.ROOT / "src/report/page/page.css").read_text(encoding="utf-8")
STORED = sorted((cli.ROOT / "results").glob("*/*.html"))


def colors_of(picture):
    """Each colour, as its three bytes, with the number of its pixels."""
    return collections.Counter({bytes(color): count for count, color
                                in picture.getcolors(picture.width * picture.height)})


class LooksTest(BrowserTest):
    def setUp(self):
        super().setUp()
        self.sweep("sweep.json")
        self.report("sweep.json")

    def picture(self, clip):
        return self.page.picture(clip)

    def rows(self):
        return self.page.script(
            "return [...document.querySelectorAll('.configurations tbody tr')].map("
            "(row) => [...row.children].map((cell) => cell.firstChild?.textContent ?? ''))")

    def sort_by(self, name):
        """Clicks a column's heading. Returns the index of the column and its sort order."""
        return self.page.script(
            "const heads = [...document.querySelectorAll('.configurations thead th')];"
            "const index = heads.findIndex((head) => head.textContent === arguments[0]);"
            "heads[index].querySelector('button').click();"
            "return [index, heads[index].getAttribute('aria-sort')];", name)

    def test_every_column_sorts_both_ways(self):
        names = self.page.script("return [...document.querySelectorAll('.configurations thead th')]"
                                 ".map((head) => head.textContent)")
        self.assertGreater(len(names), 12)
        for name in names:
            orders = {self.sort_by(name)[1], self.sort_by(name)[1]}
            self.assertEqual(orders, {"ascending", "descending"}, name)
        for name, number in (("depth", True), ("req/s", True), ("engine", False)):
            for _ in range(2):
                index, order = self.sort_by(name)
                shown = [row[index] for row in self.rows()]
                values = [float(text.replace(",", "")) for text in shown] if number else shown
                self.assertEqual(values, sorted(values, reverse=order == "descending"))

    def test_headings_are_reached_and_used_by_keyboard(self):
        from selenium.webdriver.common.keys import Keys
        button = self.page.driver.find_elements("css selector", ".configurations thead button")[1]
        self.page.script("arguments[0].focus()", button)
        button.send_keys(Keys.ENTER)
        self.assertEqual(self.page.script(
            "return document.querySelectorAll('.configurations thead th')[1]"
            ".getAttribute('aria-sort')"), "descending")

    def test_a_line_is_switched_off_in_the_legend(self):
        entries = self.page.driver.find_elements("css selector", ".legend button")
        self.page.script("arguments[0].click()", entries[0])
        self.assertEqual(entries[0].get_attribute("aria-pressed"), "false")
        self.assertFalse(self.page.script(
            "return Chart.getChart(document.querySelector('canvas')).isDatasetVisible(0)"))

    def test_no_chart_is_blank_in_light_or_dark(self):
        grounds = {}
        for scheme in ("light", "dark"):
            self.page.show(scheme=scheme)
            places = self.page.script(
                "return [...document.querySelectorAll('canvas')].map((canvas) => {"
                "const box = canvas.getBoundingClientRect();"
                "return {x: box.x + scrollX, y: box.y + scrollY, width: box.width,"
                " height: box.height};})")
            self.assertGreaterEqual(len(places), 3)
            for place in places:
                colors = colors_of(self.picture(place))
                self.assertGreater(len(colors), 20, f"{scheme}: blank")
            corner = self.picture({"x": 0, "y": 0, "width": 4, "height": 4})
            grounds[scheme] = corner.getpixel((0, 0))
        self.assertGreater(sum(grounds["light"]), 3 * 220)
        self.assertLess(sum(grounds["dark"]), 3 * 60)
        self.assert_quiet()

    def test_it_fits_a_phone(self):
        for width in (320, 400, 768, 1600):
            self.page.show(width=width)
            self.assertLessEqual(
                self.page.script("return document.documentElement.scrollWidth"), width)
        self.assert_quiet()

    def printed_colors(self, path):
        """The pixels of all pages of a PDF."""
        subprocess.run(["pdftoppm", "-r", "50", "-png", path, self.directory / "page"], check=True)
        pages = sorted(self.directory.glob("page-*.png"))
        self.assertGreaterEqual(len(pages), 2)
        return sum((colors_of(read_png(page.read_bytes())) for page in pages),
                   collections.Counter())

    @unittest.skipUnless(shutil.which("pdftoppm"), "poppler-utils is not installed")
    def test_it_prints_with_its_charts_and_returns_to_the_screen(self):
        self.page.show(scheme="dark")
        before = self.page.picture(clip={"x": 0, "y": 0, "width": 300, "height": 300})
        path = self.directory / "report.pdf"
        path.write_bytes(self.page.pdf())
        drawn = self.printed_colors(path)
        # The bars of the time breakdown, in the colours of light mode.
        names = ("--time-waiting", "--time-hashing", "--time-submitting")
        colors = [re.search(rf"{name}: #(\w+);", SHEET)[1] for name in names]
        self.assertGreater(sum(drawn[bytes.fromhex(color)] for color in colors), 1500)
        self.page.settle()
        self.assertEqual(self.page.picture(clip={"x": 0, "y": 0, "width": 300, "height": 300}),
                         before)
        self.assert_quiet()


@unittest.skipUnless(STORED, "no report is stored in results/")
class StoredReportsTest(BrowserTest):
    def test_each_opens_without_a_complaint(self):
        for path in STORED:
            self.open(path)
            self.assertGreater(len(self.drawn()), 3, path)
            self.page.show(width=320)
            self.assertLessEqual(
                self.page.script("return document.documentElement.scrollWidth"), 320, path)
            self.page.show()
            self.assert_quiet()


class PictureTest(cli.ProgramTest):
    @unittest.skipIf(MISSING, MISSING)
    def test_the_script_makes_a_picture_of_a_report(self):
        self.make("file", MIB)
        self.run_program("sweep", "file", "-e", "sync,threadpool", "-d", "1,4", "-q",
                         "--json", "sweep.json")
        self.run_program("report", "sweep.json", "-o", "report.html")
        path = self.directory / "report.png"
        subprocess.run([cli.ROOT / "scripts/dev/dev", "pictures", "report",
                        self.directory / "report.html", path], check=True)
        picture = read_png(path.read_bytes())
        self.assertGreater(picture.width, 800)
        self.assertGreater(len(colors_of(picture)), 20)


if __name__ == "__main__":
    cli.main()
