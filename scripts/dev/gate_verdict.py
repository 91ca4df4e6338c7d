"""The verdict of scripts/perf_regression: what `aiobench compare` says, once and once more."""
import json
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

import bench_measure as measure
from gate_sides import Unusable

METRICS = ("throughput", "p50", "p99", "cpu")
# Exit codes of compare, and of the gate.
GOOD, REGRESSION, UNUSABLE, UNDECIDED = 0, 1, 2, 5


@dataclass(frozen=True)
class Figure:
    """One metric of one cell, as it was judged: "regression", "improvement", "no_change",
    "inconclusive" or "not_comparable". `ratio` is new / base, of the metric itself; of its interval
    there are no ends where the runs were too few."""
    cell: str
    metric: str
    ratio: float
    low: float
    high: float
    verdict: str

    @property
    def key(self):
        return self.cell, self.metric

    @property
    def name(self):
        return self.cell if self.metric == "throughput" else f"{self.cell} ({self.metric})"


def cell_id(document):
    """The id of the gate's cell that this one of compare is."""
    engine = document["config"]["requested_engine"] or document["config"]["engine"]
    return f"{'random' if document['job'] == 'read' else document['job']}.{engine}"


@dataclass(frozen=True)
class Comparison:
    """What compare said: its document, and the same in Markdown."""
    document: dict
    markdown: str

    @property
    def figures(self):
        return [Figure(cell_id(cell), each["metric"], each["ratio"], each["ratio_low"],
                       each["ratio_high"], each["verdict"])
                for cell in self.document["cells"] for each in cell["comparisons"]]

    @property
    def obstacles(self):
        """Why something was not comparable, and was not allowed to be so."""
        return [each["message"] for each in self.document["obstacles"] if not each["allowed"]]

    @property
    def is_of_pairs(self):
        return all(cell["method"] == "pairs" for cell in self.document["cells"])

    def judged(self, verdict):
        return [figure for figure in self.figures if figure.verdict == verdict]

    def flagged(self, cells):
        """Those of the gate's cells with a regression."""
        ids = {figure.cell for figure in self.judged("regression")}
        return [cell for cell in cells if cell.id in ids]


class Judge:
    """`aiobench compare` of one program, with the settings of one gate."""

    def __init__(self, program, metrics, threshold, scratch):
        self.program, self.scratch = program, scratch
        self.settings = ["--metric", ",".join(metrics), "--threshold", threshold]

    def _command(self, base, new, *rest):
        return [str(part) for part in (self.program, "compare", base, new, *self.settings, *rest)]

    def refuse_unusable(self, results):
        """Raises Unusable, with its message, where compare cannot read them."""
        code, _, _, errors = measure.run_to_its_end(self._command(results, results))
        if code == UNUSABLE:
            raise Unusable(f"--baseline {results}: {errors.strip()}")

    def compare(self, folders, missing_allowed=False):
        """`folders` by side's name: "base" and "new"."""
        path = Path(tempfile.mkdtemp(dir=self.scratch)) / "comparison.json"
        rest = ["--format", "markdown", "--json", path]
        if missing_allowed:
            rest += ["--allow", "missing"]
        _, text = measure.run_timed(self._command(folders["base"], folders["new"], *rest),
                                    good=(GOOD, REGRESSION, UNDECIDED))
        return Comparison(json.loads(path.read_text(encoding="utf-8")), text)


@dataclass
class Outcome:
    """What came of both comparisons. Each list is of Figures. `flagged` are those of the first one;
    `once` were flagged in one of the two and not in the other; of what was run once more, the
    others hold what the second one says."""
    name: str = "baseline stored"
    flagged: list = field(default_factory=list)
    confirmed: list = field(default_factory=list)
    once: list = field(default_factory=list)
    improved: list = field(default_factory=list)
    inconclusive: list = field(default_factory=list)
    not_comparable: bool = False

    @classmethod
    def of(cls, first, again):
        """`first` is None where there was nothing to compare with, `again` where nothing was
        flagged."""
        if first is None:
            return cls()
        outcome = cls(flagged=first.judged("regression"),
                      not_comparable=any(each and (each.obstacles or not each.figures)
                                         for each in (first, again)))
        second = {each.key: each for each in again.figures} if again else {}
        for before in first.figures:
            outcome.take(before, second.get(before.key, before), before.key in second)
        outcome.name = ("regression" if outcome.confirmed else
                        "not comparable" if outcome.not_comparable else "no regression")
        return outcome

    def take(self, before, figure, was_run_again):
        """One figure, as it was and as it is now."""
        if figure.verdict == "improvement":
            self.improved.append(figure)
        elif figure.verdict == "inconclusive":
            self.inconclusive.append(figure)
        verdicts = {before.verdict, figure.verdict}
        if verdicts == {"regression"} and was_run_again:
            self.confirmed.append(figure)
        elif "regression" in verdicts:
            self.once.append(figure)
            # Flagged, and then there was nothing to be had of it.
            if not was_run_again or figure.verdict == "not_comparable":
                self.not_comparable = True

    def exit_code(self, strict):
        if self.confirmed:
            return REGRESSION
        return UNDECIDED if self.not_comparable or (strict and self.inconclusive) else GOOD

    def as_json(self):
        return asdict(self)
