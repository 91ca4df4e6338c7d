"""Draws traces of aiobench (--trace) below one another, all with the same time scale, as SVG.

The picture shows the first pass of each file: its lanes, and below them its threads. Each colour is
a thread. If a lane changes its colour, another thread than the submitting one took the completion.
"""
import json
from html import escape
from pathlib import Path

WIDTH, LEFT, RIGHT = 960, 104, 28
ROW, THREAD_ROW, BAR, GAP = 14, 26, 10, 8
NARROWEST, NARROWEST_TAKEN = 0.6, 3  # a taken completion is always wide enough to be seen
HUES = ("a", "b", "c", "d")  # of threads; repeated after four
# The path of a completion to the program, for the title of a trace.
WAYS = {"overlapped": "an event per request, waited on by the thread that submitted it",
        "extended": "a completion routine, called in the thread that submitted",
        "iocp": "a completion port: whichever thread asks next takes it",
        "threadpool": "a callback on a thread of the pool"}
# Spans by name: the style, and for a lane the field with the thread that gives the colour.
LANES = {"submit": ("dark", "thread"), "submit write": ("dark", "thread"),
         "in flight": ("pale", "submitted_by"), "writing": ("pale", "submitted_by"),
         "queued": ("mid", "thread"), "summing": ("full", "thread"), "hashing": ("full", "thread"),
         "waiting for the turn": ("line", None)}
THREADS = {"submit": "dark", "submit write": "dark", "resume": "mid", "summing": "full",
           "hashing": "full", "waiting": "line"}
LEGEND = [("dark", "submitting"), ("pale", "in flight"), ("mid", "taken, its lane goes on next"),
          ("full", "hashing"), ("line", "waiting: a lane for its turn, a thread for completions")]
STYLE = """
text{font:12px system-ui,sans-serif;fill:#24292f}.title{font-weight:600}.small{font-size:11px}
.page{fill:#fff}.line{fill:#8c959f}.grid{stroke:#d0d7de;fill:none}.arrow{stroke:#57606a;fill:none}
.a-dark{fill:#0a3069}.a-full{fill:#218bff}.a-mid{fill:#80ccff}.a-pale{fill:#ddf4ff}
.b-dark{fill:#762c00}.b-full{fill:#fb8f44}.b-mid{fill:#ffb77c}.b-pale{fill:#fff1e5}
.c-dark{fill:#044f1e}.c-full{fill:#2da44e}.c-mid{fill:#6fdd8b}.c-pale{fill:#dafbe1}
.d-dark{fill:#512a97}.d-full{fill:#a475f9}.d-mid{fill:#d8b9ff}.d-pale{fill:#fbefff}
.pale{stroke:#8c959f;stroke-width:.4}
@media(prefers-color-scheme:dark){
text{fill:#e6edf3}.page{fill:#0d1117}.grid{stroke:#30363d}.arrow{stroke:#c9d1d9}
.a-dark{fill:#a5d6ff}.a-mid{fill:#1158c7}.a-pale{fill:#0c2d6b}
.b-dark{fill:#ffdfb6}.b-mid{fill:#bd561d}.b-pale{fill:#5a1e02}
.c-dark{fill:#aff5b4}.c-mid{fill:#238636}.c-pale{fill:#033a16}
.d-dark{fill:#e2c5ff}.d-mid{fill:#6e40c9}.d-pale{fill:#271052}}
"""


class Trace:
    """The first pass of a trace file."""

    def __init__(self, path):
        document = json.loads(Path(path).read_text(encoding="utf-8"))
        self.other = document["otherData"]
        self.about = self.other["passes"][0]
        self.lanes = self.tracks(document, self.about["lanes_pid"])
        self.threads = self.tracks(document, self.about["threads_pid"])
        self.names = {(e["pid"], e["tid"]): e["args"]["name"] for e in document["traceEvents"]
                      if e["name"] == "thread_name"}

    @staticmethod
    def tracks(document, pid):
        found = {}
        for event in document["traceEvents"]:
            if event["ph"] == "X" and event["pid"] == pid:
                found.setdefault(event["tid"], []).append(event)
        return found

    def begin_of(self, block):
        """The time at which the block was submitted."""
        times = [span["ts"] for spans in self.lanes.values() for span in spans
                 if span["args"]["block"] == block and span["name"] == "submit"]
        if not times:
            raise ValueError(f"no block {block} in the trace of {self.about['engine']}")
        return min(times)

    def title(self):
        engine = self.about["engine"] or "?"
        way = WAYS.get(engine.split(":")[0])
        return engine, f": {way}" if way else ""


class Panel:
    """One trace in the picture. `paths` holds the SVG paths by CSS class."""

    def __init__(self, trace, begin, span, top):
        self.trace, self.begin, self.span = trace, begin, span
        self.paths = {}
        self.texts = []
        self.rows = {}
        self.bottom = top

    def x(self, time):
        share = min(max((time - self.begin) / self.span, 0), 1)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def bar(self, kind, begin, end, y, height):
        if end < self.begin or begin > self.begin + self.span:
            return
        left, right = self.x(begin), self.x(end)
        least = NARROWEST_TAKEN if kind.endswith("-mid") else NARROWEST
        width = max(right - left, least)
        self.paths.setdefault(kind, []).append(
            f"M{left:.1f} {y:.1f}h{width:.1f}v{height}h{-width:.1f}z")

    def row(self, pid, tid, height=ROW):
        self.rows[pid, tid] = self.bottom
        self.texts.append((LEFT - 8, self.bottom + BAR - 1, self.trace.names[pid, tid]))
        self.bottom += height
        return self.rows[pid, tid]

    def draw_span(self, span, style, hue, y):
        end = span["ts"] + span["dur"]
        if style == "line":
            self.bar("line", span["ts"], end, y + BAR / 2 - 1, 2)
        else:
            self.bar(f"{hue}-{style}", span["ts"], end, y, BAR)

    def draw(self):
        about = self.trace.about
        for tid, spans in sorted(self.trace.lanes.items()):
            y = self.row(about["lanes_pid"], tid)
            for span in spans:
                style, whose = LANES[span["name"]]
                thread = span["args"].get(whose, span["args"]["thread"])
                self.draw_span(span, style, HUES[thread % len(HUES)], y)
        self.bottom += GAP
        for tid, spans in sorted(self.trace.threads.items()):
            y = self.row(about["threads_pid"], tid, THREAD_ROW)
            for span in spans:
                self.draw_span(span, THREADS[span["name"]], HUES[(tid - 1) % len(HUES)], y)
        self.bottom -= THREAD_ROW - ROW
        self.draw_handovers()

    def draw_handovers(self):
        """Draws a line from each submission to the thread that took it, if that is another one."""
        pid = self.trace.about["threads_pid"]
        submitted = {}
        for tid, spans in self.trace.threads.items():
            for span in spans:
                key = span["args"].get("lane"), span["args"].get("block")
                if span["name"] == "submit":
                    submitted[key] = (tid, span["ts"] + span["dur"])
        for tid, spans in sorted(self.trace.threads.items()):
            for span in spans:
                if span["name"] != "resume" or span["args"].get("submitted_by", tid - 1) == tid - 1:
                    continue
                start = submitted.get((span["args"]["lane"], span["args"]["block"]))
                if start is not None:
                    self.line((pid, start[0]), start[1], (pid, tid), span["ts"])

    def line(self, row, begin, other_row, end):
        if begin < self.begin or end > self.begin + self.span:
            return
        y, other_y = self.rows[row], self.rows[other_row]
        down = other_y > y
        self.paths.setdefault("arrow", []).append(
            f"M{self.x(begin):.1f} {y + (BAR if down else 0)}"
            f"L{self.x(end):.1f} {other_y + (0 if down else BAR)}")


def text(x, y, words, kind="", anchor="start"):
    parts = [f' class="{kind}"'] if kind else []
    parts += [f' text-anchor="{anchor}"'] if anchor != "start" else []
    return f'<text x="{x:g}" y="{y:g}"{"".join(parts)}>{words}</text>'


def legend(y):
    """The legend of the shades. Every thread has all shades in its own colour."""
    parts, x = [text(LEFT - 8, y + 9, "thread 0, 1:", "small", "end")], LEFT
    for kind, words in LEGEND:
        if kind == "line":
            parts.append(f'<path class="line" d="M{x} {y + 4}h24v2h-24z"/>')
        else:
            parts += [f'<path class="{hue}-{kind}{" pale" if kind == "pale" else ""}" '
                      f'd="M{x + 12 * i} {y}h12v{BAR}h-12z"/>' for i, hue in enumerate("ab")]
        parts.append(text(x + 30, y + 9, escape(words), "small"))
        x += 48 + 5.6 * len(words)
    return parts


def grid(top, bottom, span):
    parts = []
    step = next(s for s in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10 ** 9) if span / s <= 10)
    for k in range(int(span // step) + 1):
        x = LEFT + k * step / span * (WIDTH - LEFT - RIGHT)
        parts.append(f'<path class="grid" d="M{x:.1f} {top}V{bottom}"/>')
        time = f"{k * step / 1000:g} ms" if span >= 2000 else f"{k * step} us"
        parts.append(text(x, bottom + 14, time, "small", "middle"))
    return parts


def picture(traces, from_block, span):
    """The picture as SVG text."""
    wine = sorted({trace.other["wine"] for trace in traces if trace.other["wine"]})
    y, parts = 20, []
    if wine:
        versions = escape(", ".join(wine))
        parts.append(text(LEFT, y, f"Under Wine {versions}: order and threads are what to look at, "
                                   "not the times.", "title"))
        y += 22
    parts += legend(y - 8)
    y += 26
    for trace in traces:
        name, way = trace.title()
        parts.append(text(LEFT, y, f'<tspan class="title">{escape(name)}</tspan>{escape(way)}'))
        panel = Panel(trace, trace.begin_of(from_block), span, y + 8)
        panel.draw()
        parts += grid(y + 6, panel.bottom, span)
        parts += [text(*place, escape(words), "small", "end") for *place, words in panel.texts]
        for kind, paths in sorted(panel.paths.items(), key=lambda item: item[0] == "arrow"):
            classes = f"{kind} pale" if kind.endswith("-pale") else kind
            parts.append(f'<path class="{classes}" d="{"".join(paths)}"/>')
        y = panel.bottom + 44
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y - 20}" '
            f'width="{WIDTH}" height="{y - 20}" role="img">')
    page = f'<rect class="page" width="{WIDTH}" height="{y - 20}"/>'
    return "\n".join([head, f"<style>{STYLE}</style>", page, *parts, "</svg>", ""])
