"""The verdict of scripts/perf_regression, and the Markdown that it prints for a pull request.

The verdict follows from the results of `aiobench compare` for the first and second comparison."""
import json
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dev import machine, process
from dev.figures import format_size, percent
from dev.gate_runs import Unusable

METRICS = ("throughput", "p50", "p99", "cpu")
# Exit codes of compare, and of the gate.
GOOD, REGRESSION, UNUSABLE, UNDECIDED = 0, 1, 2, 5
TITLES = {
    "no regression": "No regression found",
    "regression": "REGRESSION: slower in both comparisons",
    "not comparable": "Not comparable",
    "baseline stored": "Baseline stored: nothing was compared",
}


@dataclass(frozen=True)
class Figure:
    """One metric of one configuration.

    `verdict` is "regression", "improvement", "no_change", "inconclusive" or "not_comparable".
    `ratio` is new / base. `low` and `high` are the ends of its confidence interval, or None if
    there were too few runs for an interval.
    """
    configuration: str
    metric: str
    ratio: float
    low: float
    high: float
    verdict: str

    @property
    def key(self):
        return self.configuration, self.metric

    @property
    def name(self):
        metric = "" if self.metric == "throughput" else f" ({self.metric})"
        return self.configuration + metric


def configuration_id(document):
    """The gate's id of a configuration in the JSON document of compare."""
    engine = document["config"]["requested_engine"] or document["config"]["engine"]
    return f"{'random' if document['job'] == 'read' else document['job']}.{engine}"


@dataclass(frozen=True)
class Comparison:
    """The result of compare: its JSON document, and the same in Markdown."""
    document: dict
    markdown: str

    @property
    def figures(self):
        return [Figure(configuration_id(one), each["metric"], each["ratio"], each["ratio_low"],
                       each["ratio_high"], each["verdict"])
                for one in self.document["configurations"] for each in one["comparisons"]]

    @property
    def incompatibilities(self):
        """The reasons why results are not comparable, without those that --allow permits."""
        return [each["message"] for each in self.document["incompatibilities"]
                if not each["allowed"]]

    @property
    def is_of_pairs(self):
        return all(one["method"] == "pairs" for one in self.document["configurations"])

    def with_verdict(self, verdict):
        return [figure for figure in self.figures if figure.verdict == verdict]

    def flagged(self, configurations):
        """The configurations with a regression."""
        ids = {figure.configuration for figure in self.with_verdict("regression")}
        return [one for one in configurations if one.id in ids]


class Judge:
    """Runs `aiobench compare` of one program with the settings of one gate."""

    def __init__(self, program, metrics, threshold, scratch):
        self.program, self.scratch = program, scratch
        self.settings = ["--metric", ",".join(metrics), "--threshold", threshold]

    def _command(self, base, new, *rest):
        return [self.program, "compare", base, new, *self.settings, *rest]

    def refuse_unusable(self, results):
        """Raises Unusable, with the message of compare, if compare cannot read the results."""
        done = process.finish(self._command(results, results))
        if done.code == UNUSABLE:
            raise Unusable(f"--baseline {results}: {done.stderr.strip()}")

    def compare(self, directories, missing_allowed=False):
        """Compares two sides. `directories` maps "base" and "new" to their results."""
        path = Path(tempfile.mkdtemp(dir=self.scratch)) / "comparison.json"
        rest = ["--format", "markdown", "--json", path]
        if missing_allowed:
            rest += ["--allow", "missing"]
        done = process.run(self._command(directories["base"], directories["new"], *rest),
                           good=(GOOD, REGRESSION, UNDECIDED))
        return Comparison(json.loads(path.read_text(encoding="utf-8")), done.stdout)


@dataclass
class Outcome:
    """The verdict of both comparisons. Each list holds Figures.

    `flagged` are the regressions of the first comparison. `confirmed` are regressions in both, and
    `once` are regressions in only one. `improved` and `inconclusive` are taken from the second
    comparison for what was run again, and from the first one for the rest.
    """
    name: str = "baseline stored"
    flagged: list = field(default_factory=list)
    confirmed: list = field(default_factory=list)
    once: list = field(default_factory=list)
    improved: list = field(default_factory=list)
    inconclusive: list = field(default_factory=list)
    not_comparable: bool = False

    @classmethod
    def of(cls, first, again):
        """`first` is None if there is no base side. `again` is None if nothing was flagged."""
        if first is None:
            return cls()
        outcome = cls(flagged=first.with_verdict("regression"),
                      not_comparable=any(each and (each.incompatibilities or not each.figures)
                                         for each in (first, again)))
        second = {each.key: each for each in again.figures} if again else {}
        for before in first.figures:
            outcome.take(before, second.get(before.key, before), before.key in second)
        outcome.name = ("regression" if outcome.confirmed else
                        "not comparable" if outcome.not_comparable else "no regression")
        return outcome

    def take(self, before, figure, was_run_again):
        """Adds one figure. `before` is from the first comparison, `figure` from the last one."""
        if figure.verdict == "improvement":
            self.improved.append(figure)
        elif figure.verdict == "inconclusive":
            self.inconclusive.append(figure)
        verdicts = {before.verdict, figure.verdict}
        if verdicts == {"regression"} and was_run_again:
            self.confirmed.append(figure)
        elif "regression" in verdicts:
            self.once.append(figure)
            # It was flagged at first, and was not comparable the second time.
            if not was_run_again or figure.verdict == "not_comparable":
                self.not_comparable = True

    def exit_code(self, strict):
        if self.confirmed:
            return REGRESSION
        return UNDECIDED if self.not_comparable or (strict and self.inconclusive) else GOOD

    def as_json(self):
        return asdict(self)


def figure_text(figure):
    """The change from base to new: 'hash.sync -8.1 % (-9.0 % to -7.2 %)'."""
    text = f"{figure.name} {percent(figure.ratio)}"
    if figure.low is not None:
        text += f" ({percent(figure.low)} to {percent(figure.high)})"
    return text


def figure_list(figures):
    return "; ".join(figure_text(figure) for figure in figures)


def side_lines(document):
    for name, side in document["sides"].items():
        yield f"- {name}: {side['source']}, {side['version']}"
    if document["baseline"]:
        yield (f"- base: results stored in {document['baseline']}. They were not measured "
               "together with the new ones: a change of the machine since then looks like a change "
               "of the program")


def run_lines(document, first):
    settings = document["settings"]
    in_turn = len(document["sides"]) > 1
    alternately = " alternately (A B B A)" if in_turn else ""
    yield (f"- {document['runs']} runs{alternately} in {document['seconds']:.0f} s: "
           f"{len(document['configurations'])} configurations, {settings['rounds']} rounds, "
           f"a file of {format_size(settings['file_bytes'])} in the page cache")
    yield f"- {machine.summary(document['machine'])} before the first run"
    if in_turn and not first.is_of_pairs:
        yield ("- WARNING: not compared as pairs: one of the programs does not report when a run "
               "began")
    for name, why in document["left_out"].items():
        yield f"- left out: {name} ({why})"


def outcome_lines(outcome):
    if outcome.confirmed:
        yield f"- **slower in both comparisons: {figure_list(outcome.confirmed)}**"
    if outcome.once:
        yield f"- flagged in only one of two comparisons: {figure_list(outcome.once)}"
    if outcome.inconclusive:
        yield ("- inconclusive, because the noise was larger than the threshold: "
               f"{figure_list(outcome.inconclusive)}")


def comparison_parts(title, comparison):
    if comparison:
        yield f"### {title}\n\n{comparison.markdown.strip()}"


def markdown(document, first, again, outcome):
    parts = [f"## aiobench: {TITLES[outcome.name]}"]
    lines = list(outcome_lines(outcome))
    parts += ["\n".join(lines)] if lines else []
    parts.append("\n".join([*side_lines(document), *run_lines(document, first)]))
    parts += comparison_parts("Comparison", first)
    parts += comparison_parts("Flagged configurations, run again", again)
    return "\n\n".join(parts)
