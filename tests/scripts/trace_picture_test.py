"""Proves that `dev pictures trace` draws the spans of the traces, and is deterministic.

Each span is a bar. A line marks a completion that another thread took, and a note marks Wine. The
picture in the documents has this form."""
import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "scripts/dev/dev"
SVG = "{http://www.w3.org/2000/svg}"


def span(pid, tid, begin, duration, name, **arguments):
    return {"ph": "X", "pid": pid, "tid": tid, "ts": begin, "dur": duration, "name": name,
            "args": arguments}


def named(pid, tid, name):
    return {"ph": "M", "pid": pid, "tid": tid, "name": "thread_name", "args": {"name": name}}


def trace(taken_by, wine=None):
    """One block, submitted by thread 0."""
    return {"otherData": {"wine": wine, "passes": [
                {"lanes_pid": 1, "threads_pid": 2, "engine": "iocp:batch=1"}]},
            "traceEvents": [
                named(1, 1, "lane <0>"), named(2, 1, "thread 0"), named(2, 2, "thread 1"),
                span(1, 1, 100, 50, "submit", block=3, thread=0),
                span(1, 1, 150, 100, "in flight", block=3, thread=taken_by, submitted_by=0),
                span(1, 1, 250, 50, "queued", block=3, thread=taken_by),
                span(1, 1, 300, 50, "waiting for the turn", block=3, thread=taken_by),
                span(1, 1, 350, 50, "hashing", block=3, thread=taken_by),
                span(2, 1, 100, 50, "submit", lane=0, block=3),
                span(2, taken_by + 1, 250, 50, "resume", lane=0, block=3, submitted_by=0),
                span(2, 2, 50, 200, "waiting", completions=1)]}


class TracePictureTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = Path(scratch.name)

    def run_program(self, *documents, options=()):
        names = []
        for number, document in enumerate(documents):
            names.append(f"trace{number}.json")
            (self.directory / names[-1]).write_text(json.dumps(document), encoding="utf-8")
        return subprocess.run([PROGRAM, "pictures", "trace", *names, "-o", "out.svg", *options],
                              cwd=self.directory, capture_output=True, text=True, check=False)

    def draw(self, *documents, options=("--from-block", "3", "--span", "400")):
        done = self.run_program(*documents, options=options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return (self.directory / "out.svg").read_text(encoding="utf-8")

    def bars(self, drawn, kind):
        """Left edge and width of each bar that has this class."""
        found = []
        for path in ElementTree.fromstring(drawn).iter(SVG + "path"):
            # The legend's bars begin with whole numbers.
            if path.get("class", "").split()[0] == kind:
                found += re.findall(r"M(\d+\.\d) [\d.]+h(\d+\.\d)v", path.get("d"))
        return [(float(left), float(width)) for left, width in found]

    def test_bars_are_where_the_spans_are(self):
        drawn = self.draw(trace(taken_by=0))
        left, width = 104, (960 - 104 - 28) / 400
        self.assertEqual(self.bars(drawn, "a-dark"), [(left, round(50 * width, 1))] * 2)
        (begin, length), = self.bars(drawn, "a-pale")
        self.assertAlmostEqual(begin, left + 50 * width, delta=0.1)
        self.assertAlmostEqual(length, 100 * width, delta=0.1)
        self.assertEqual(len(self.bars(drawn, "a-full")), 1)

    def test_who_takes_a_completion_has_another_colour_and_a_line_leads_there(self):
        alone, other = self.draw(trace(taken_by=0)), self.draw(trace(taken_by=1))
        self.assertNotIn('class="arrow"', alone)
        self.assertEqual(other.count('class="arrow"'), 1)
        self.assertEqual((len(self.bars(alone, "a-mid")), self.bars(alone, "b-mid")), (2, []))
        self.assertEqual((self.bars(other, "a-mid"), len(self.bars(other, "b-mid"))), ([], 2))
        self.assertEqual(len(self.bars(other, "a-pale")), 1, "in flight it is the submitter's")

    def test_what_is_outside_of_the_window_is_not_drawn(self):
        drawn = self.draw(trace(taken_by=0), options=("--from-block", "3", "--span", "40"))
        self.assertEqual(self.bars(drawn, "a-pale"), [])
        self.assertEqual(self.bars(drawn, "a-dark"), [(104, 828)] * 2)

    def test_wine_is_reported_and_names_are_escaped(self):
        drawn = self.draw(trace(0), trace(1, wine="8.0 <x>"))
        self.assertIn("Under Wine 8.0 &lt;x&gt;: order and threads are what to look at", drawn)
        self.assertIn("lane &lt;0&gt;", drawn)
        self.assertEqual(drawn.count("iocp:batch=1"), 2)
        self.assertNotIn("Wine", self.draw(trace(0)))

    def test_the_same_traces_give_the_same_picture(self):
        self.assertEqual(self.draw(trace(1), trace(0)), self.draw(trace(1), trace(0)))

    def test_what_is_no_trace_is_refused(self):
        for document in ({}, [], {"otherData": {}, "traceEvents": []}):
            done = self.run_program(document)
            self.assertEqual(done.returncode, 1)
            self.assertIn("pictures: cannot draw the trace: not an", done.stderr)
        done = self.run_program(trace(0), options=("--from-block", "9"))
        self.assertIn("no block 9", done.stderr)
        self.assertFalse((self.directory / "out.svg").exists())

    def test_the_picture_of_the_documents(self):
        path = ROOT / "docs/mechanisms-traces.svg"
        drawn = path.read_text(encoding="utf-8")
        ElementTree.fromstring(drawn)
        self.assertLess(path.stat().st_size, 150_000)
        for words in ("overlapped", "extended", "iocp", "threadpool", "Under Wine"):
            self.assertIn(words, drawn)
        self.assertIn("docs/mechanisms-traces.svg",
                      (ROOT / "docs/mechanisms.md").read_text(encoding="utf-8"))
        self.assertIn("(mechanisms-traces.svg)",
                      (ROOT / "docs/mechanisms.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
