#!/usr/bin/python3
"""Makes a picture (PNG) of the beginning of a report's first charts, as the README shows it.

usage: scripts/report_picture REPORT.html PICTURE.png [--dark] [--width PIXELS] [--figures N]

  --dark     as a system shows it that prefers dark colours
  --width    of the page, in CSS pixels (1200); the picture has half as many again
  --figures  how many figures of the first section are in it (2)

Needs chromium, chromium-driver and python3-selenium (scripts/setup browser installs them).
docs/report.png is made by
  aiobench report results/amd-epyc-2cpu-vm/sweep_cold.json -o report.html
  scripts/report_picture report.html docs/report.png
Exit code: 0 made, 2 wrong arguments, 3 no browser here.
"""
import argparse
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import report_browser  # noqa: E402  (its folder is this script's own)
import report_png  # noqa: E402

SCALE = 1.5
# From the first section's heading to the end of its last figure that is wanted, with a margin.
PLACE = """
const section = document.querySelector("section");
const figures = [...section.querySelectorAll("figure")].slice(0, arguments[0]);
const top = section.querySelector("h3").getBoundingClientRect().top + scrollY;
const bottom = Math.max(...figures.map((one) => one.getBoundingClientRect().bottom)) + scrollY;
return {x: 0, y: top - 20, width: innerWidth, height: bottom - top + 36};
"""


def parse_arguments():
    parser = argparse.ArgumentParser(prog="report_picture", description=__doc__.split("\n\n")[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1200, metavar="PIXELS")
    parser.add_argument("--figures", type=int, default=2, metavar="N")
    options = parser.parse_args()
    if not options.report.is_file():
        parser.error(f"there is no file {options.report}")
    return options


def main():
    options = parse_arguments()
    missing = report_browser.why_unavailable()
    if missing:
        print(f"report_picture: {missing}; run scripts/setup browser", file=sys.stderr)
        return 3
    with report_browser.browser() as page:
        page.show(options.width, 900, "dark" if options.dark else "light", SCALE)
        page.open(options.report)
        page.settle()
        place = page.script(PLACE, options.figures)
        picture = report_png.read(page.picture(place))
        options.picture.write_bytes(report_png.write(picture))
    return 0


if __name__ == "__main__":
    sys.exit(main())
