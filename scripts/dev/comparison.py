"""Compares two programs: their runs, the ratios, the targets, and the tables that show them.

A comparison is a list of pairs. A pair is a run of aiobench and the peer's run that followed it.
The ratio is that of the two medians. The range over the pairs shows how much the machine varied.
"""
from dataclasses import dataclass, field
from statistics import median

from dev.figures import format_size, table, three_digits

# The unit of a row, which is the name of a field of Sample.
BYTES, REQUESTS = "bytes", "requests"
# Divisor and name of a rate, and factor and name of the CPU time of one unit, in a table.
RATES = {BYTES: (1e9, "GB/s"), REQUESTS: (1e3, "1000 requests/s")}
COSTS = {BYTES: (1e9, "ns/B"), REQUESTS: (1e9, "ns")}


@dataclass
class Sample:
    """One run of one program.

    Wall and CPU time cover the whole process and all its threads. The program itself reports the
    other fields; a field that it does not report is None.
    """
    wall_seconds: float
    cpu_seconds: float
    timed_seconds: float = None  # between set-up and teardown
    bytes: int = None
    requests: int = None
    digest: str = None
    warnings: str = ""

    def rate(self, unit):
        seconds = self.wall_seconds if self.timed_seconds is None else self.timed_seconds
        return getattr(self, unit) / seconds


@dataclass
class Series:
    """All runs of one program in a comparison, in the order in which they ran.

    `setup_cpu_seconds` is the CPU time of a run with minimal work. cpu_cost() subtracts it.
    """
    name: str
    command: list = field(default_factory=list)
    setup_cpu_seconds: float = 0.0
    samples: list = field(default_factory=list)

    def rate(self, unit):
        return median([sample.rate(unit) for sample in self.samples])

    def wall(self):
        return median([sample.wall_seconds for sample in self.samples])

    def cpu_cost(self, unit):
        """CPU time in seconds per byte or request, without set-up."""
        return median([(sample.cpu_seconds - self.setup_cpu_seconds) / getattr(sample, unit)
                       for sample in self.samples])

    def tells_times(self):
        return all(sample.timed_seconds is not None for sample in self.samples)


@dataclass(frozen=True)
class Target:
    """The bound that a ratio must reach, and a stretch goal beyond it.

    The bounds are lower ones, or upper ones if `at_most` is set.
    """
    bound: float
    stretch: float = None
    at_most: bool = False

    def holds(self, value, bound):
        return value <= bound if self.at_most else value >= bound

    def verdict(self, value):
        if self.stretch is not None and self.holds(value, self.stretch):
            return "reached"
        return "met" if self.holds(value, self.bound) else "MISSED"

    def text(self, bound):
        if bound is None:
            return ""
        return f"<= {bound:.2f}" if self.at_most else f"{bound:.2f}"


@dataclass
class Comparison:
    """aiobench compared with a peer.

    All ratios are aiobench / peer. Higher is better for speed, and lower is better for CPU time.
    """
    id: str
    unit: str
    ours: Series
    peer: Series
    target: Target = None
    cpu_target: Target = None
    compares_cpu: bool = True
    right_digest: str = None

    def ratio(self):
        """The ratio of rates, which the target is for.

        It excludes set-up and teardown of a program that reports its own times.
        """
        return self.ours.rate(self.unit) / self.peer.rate(self.unit)

    def ratio_range(self):
        ratios = [mine.rate(self.unit) / theirs.rate(self.unit)
                  for mine, theirs in zip(self.ours.samples, self.peer.samples)]
        return min(ratios), max(ratios)

    def whole_ratio(self):
        """The ratio of whole processes, which is the time that a user waits.

        None if the peer reports its own times, because its start-up is then not compared.
        """
        return None if self.peer.tells_times() else self.peer.wall() / self.ours.wall()

    def cpu_ratio(self):
        if not self.compares_cpu:
            return None
        theirs = self.peer.cpu_cost(self.unit)
        return self.ours.cpu_cost(self.unit) / theirs if theirs > 0 else None

    def verdict(self):
        return self.target.verdict(self.ratio()) if self.target else ""

    def cpu_verdict(self):
        ratio = self.cpu_ratio()
        return self.cpu_target.verdict(ratio) if self.cpu_target and ratio is not None else ""

    def samples(self):
        return self.ours.samples + self.peer.samples

    def wrong_digests(self):
        """The wrong digests of either program; empty if all are right."""
        if self.right_digest is None:
            return set()
        told = {sample.digest for sample in self.samples() if sample.digest is not None}
        return told - {self.right_digest}

    def warnings(self):
        return sorted({sample.warnings for sample in self.samples()} - {""})


@dataclass
class Skipped:
    """A row that could not be measured here."""
    id: str
    reason: str


@dataclass
class Limit:
    """A figure that must not exceed a limit."""
    name: str
    value: float
    limit: float
    unit: str  # "ns", "ms", or "B" for a size

    def met(self):
        return self.value <= self.limit

    def text(self, value):
        return format_size(value) if self.unit == "B" else f"{value:.1f} {self.unit}"


def group_of(row_id):
    """The group of a row: "rand.cached" for the id "rand.cached.io_uring.d8"."""
    return ".".join(row_id.split(".")[:2])


def label_of(row_id):
    return row_id[len(group_of(row_id)) + 1:]


def target_cells(target):
    if target is None:
        return ["", ""]
    return [target.text(target.bound), target.text(target.stretch)]


def speed_row(each):
    divisor, _ = RATES[each.unit]
    low, high = each.ratio_range()
    whole, cpu = each.whole_ratio(), each.cpu_ratio()
    return [label_of(each.id), three_digits(each.ours.rate(each.unit) / divisor),
            three_digits(each.peer.rate(each.unit) / divisor), f"{each.ratio():.2f}",
            f"{low:.2f}-{high:.2f}", "" if whole is None else f"{whole:.2f}",
            "" if cpu is None else f"{cpu:.2f}", *target_cells(each.target), each.verdict()]


def cpu_row(each):
    factor, unit = COSTS[each.unit]
    costs = [f"{three_digits(series.cpu_cost(each.unit) * factor)} {unit}"
             for series in (each.ours, each.peer)]
    return ["  its CPU", *costs, f"{each.cpu_ratio():.2f}", "", "", "",
            *target_cells(each.cpu_target), each.cpu_verdict()]


def comparison_table(results):
    """A table of one group of rows. `results` holds objects of Comparison and Skipped."""
    rows = []
    for each in results:
        if isinstance(each, Skipped):
            rows.append([label_of(each.id), f"skipped: {each.reason}"])
            continue
        rows.append(speed_row(each))
        if each.cpu_verdict():
            rows.append(cpu_row(each))
        rows += [["", f"warning: {text}"] for text in each.warnings()]
    return table(["row", "ours", "peer", "ratio", "pairs", "whole", "CPU", "at least",
                  "reach for", "verdict"], rows)


def limit_table(title, limits):
    rows = [[each.name, each.text(each.value), f"<= {each.text(each.limit)}",
             "met" if each.met() else "MISSED"] for each in limits]
    return table([title, "found", "target", "verdict"], rows)


def count_verdicts(results, limits):
    """A summary like "1 targets reached, 4 met, 2 missed; 3 rows skipped"."""
    compared = [each for each in results if isinstance(each, Comparison)]
    verdicts = [each.verdict() for each in compared] + [each.cpu_verdict() for each in compared]
    verdicts += ["met" if each.met() else "MISSED" for each in limits]
    return (f"{verdicts.count('reached')} targets reached, {verdicts.count('met')} met, "
            f"{verdicts.count('MISSED')} missed; {len(results) - len(compared)} rows skipped")
