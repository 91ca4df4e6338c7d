"""Draws the pictures of the documents: traces as SVG, the charts of a report as PNG.

usage: scripts/dev/dev pictures trace TRACE... -o PICTURE [--from-block N] [--span TIME]
       scripts/dev/dev pictures report REPORT.html PICTURE.png [--dark] [--width PIXELS]
                                                               [--figures N]

  --from-block  the block at whose submission the picture begins (0)
  --span        the length of time shown, in microseconds (1500)
  --dark        use the dark colour scheme
  --width       the width of the page in CSS pixels (1200); the picture is 1.5 times as wide
  --figures     the number of figures of the first section to show (2)

`trace` draws the traces (--trace) below one another, all with the same time scale. `report` shows
the beginning of the first charts; it needs chromium, chromium-driver, python3-selenium and
python3-pil (scripts/setup browser installs them). docs/report.png is made by
  aiobench report results/amd-epyc-2cpu-vm/sweep_cold.json.zst -o report.html
  scripts/dev/dev pictures report report.html docs/report.png
Exit code: 0 done, 1 not a trace, 2 wrong arguments, 3 no browser.
"""
import argparse
from pathlib import Path

from dev import browser, process, trace_picture

SCALE = 1.5
# The rectangle from the first section's heading to the end of its last wanted figure, with a
# margin.
PLACE = """
const section = document.querySelector("section");
const figures = [...section.querySelectorAll("figure")].slice(0, arguments[0]);
const top = section.querySelector("h3").getBoundingClientRect().top + scrollY;
const bottom = Math.max(...figures.map((one) => one.getBoundingClientRect().bottom)) + scrollY;
return {x: 0, y: top - 20, width: innerWidth, height: bottom - top + 36};
"""


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(prog="dev pictures", description=__doc__.split("\n\n")[0])
    kinds = parser.add_subparsers(required=True)
    trace = kinds.add_parser("trace", help="draw traces as SVG")
    trace.set_defaults(draw=draw_traces)
    trace.add_argument("traces", nargs="+", metavar="TRACE")
    trace.add_argument("-o", "--output", type=Path, required=True, metavar="PICTURE")
    trace.add_argument("--from-block", type=int, default=0, metavar="N")
    trace.add_argument("--span", type=float, default=1500, metavar="TIME")
    report = kinds.add_parser("report", help="show the charts of a report as PNG")
    report.set_defaults(draw=draw_report)
    report.add_argument("report", type=Path)
    report.add_argument("picture", type=Path)
    report.add_argument("--dark", action="store_true")
    report.add_argument("--width", type=int, default=1200, metavar="PIXELS")
    report.add_argument("--figures", type=int, default=2, metavar="N")
    options = parser.parse_args(arguments)
    if options.draw is draw_report and not options.report.is_file():
        parser.error(f"there is no file '{options.report}'")
    return options


def draw_traces(options):
    try:
        traces = [trace_picture.Trace(path) for path in options.traces]
        drawn = trace_picture.picture(traces, options.from_block, options.span)
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        process.say(f"cannot draw the trace: not an aiobench trace: {error}")
        return 1
    options.output.write_text(drawn, encoding="utf-8")
    return 0


def draw_report(options):
    if missing := browser.why_unavailable():
        process.fail(f"{missing} (run scripts/setup browser)")
    with browser.browser() as page:
        page.show(options.width, 900, "dark" if options.dark else "light", SCALE)
        page.open(options.report)
        page.settle()
        picture = page.picture(page.script(PLACE, options.figures))
        picture.save(options.picture, "PNG", optimize=True)
    return 0


def main(arguments):
    options = parse_arguments(arguments)
    return options.draw(options)
