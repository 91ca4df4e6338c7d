"""The arithmetic and the layout of scripts/bench_peers: figures in, text out, nothing measured.

A comparison is a list of pairs, each of one run of ours and one of the peer that followed it. Its
ratio is that of the two medians; the range over the pairs shows how far the machine wavered.
"""
from dataclasses import dataclass, field

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
UNITS = {"": 1, "k": KIB, "m": MIB, "g": GIB}


def parse_size(text):
    """'4k', '64KiB', '2GiB' -> bytes; ValueError for anything else."""
    number = text.rstrip("kmgibKMGIB")
    unit = text[len(number):].lower().removesuffix("b").removesuffix("i")
    if unit not in UNITS or not number.isdigit():
        raise ValueError(f"'{text}' is not a size: write bytes, or 4k, 1MiB, 2GiB")
    return int(number) * UNITS[unit]


def format_size(size):
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if size >= unit:
            text = f"{size / unit:.1f}"
            return f"{text.removesuffix('.0')} {name}"
    return f"{size} B"


def median(values):
    """The middle one; of an even number, the mean of the two in the middle."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


@dataclass
class Sample:
    """One run of one program, as a whole process; `timed_seconds` is what it says itself of the
    part between set-up and teardown, if it does."""
    wall_seconds: float
    cpu_seconds: float
    digest: str = ""
    timed_seconds: float = None


@dataclass
class Series:
    """All runs of one program in a comparison, in the order in which they ran."""
    name: str
    samples: list = field(default_factory=list)

    def median(self, what):
        return median([getattr(sample, what) for sample in self.samples])


@dataclass
class Comparison:
    """Ours against a peer. `target` is the speed ratio to be reached, or None."""
    ours: Series
    peer: Series
    target: float = None

    def ratio(self):
        """How many times as fast as the peer ours is."""
        return self.peer.median("wall_seconds") / self.ours.median("wall_seconds")

    def timed_ratio(self):
        """The same, without our set-up and teardown; None where they are not told apart."""
        if any(sample.timed_seconds is None for sample in self.ours.samples):
            return None
        return self.peer.median("wall_seconds") / self.ours.median("timed_seconds")

    def ratio_range(self):
        ratios = [theirs.wall_seconds / mine.wall_seconds
                  for mine, theirs in zip(self.ours.samples, self.peer.samples)]
        return min(ratios), max(ratios)

    def cpu_ratio(self):
        """How many times the peer's processor time ours takes."""
        return self.ours.median("cpu_seconds") / self.peer.median("cpu_seconds")

    def met(self):
        return None if self.target is None else self.ratio() >= self.target

    def wrong_digests(self):
        """The digests of ours that are not the peer's; empty where all agree."""
        right = {sample.digest for sample in self.peer.samples}
        if len(right) > 1:
            return right
        return {sample.digest for sample in self.ours.samples} - right


@dataclass
class Limit:
    """A figure that is to stay at or below a limit."""
    name: str
    value: float
    limit: float
    unit: str  # "ns", or "B" for a size

    def met(self):
        return self.value <= self.limit

    def text(self, value):
        return format_size(value) if self.unit == "B" else f"{value:.1f} {self.unit}"


def verdict(met):
    return {None: "", True: "met", False: "MISSED"}[met]


def table(head, rows):
    """Columns as wide as they must be: the first one to the left, the others to the right."""
    widths = [max(len(str(row[i])) for row in [head, *rows]) for i in range(len(head))]
    lines = []
    for row in [head, *rows]:
        cells = [str(cell).rjust(width) for cell, width in zip(row, widths)]
        cells[0] = str(row[0]).ljust(widths[0])
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def comparison_table(comparisons):
    rows = []
    for each in comparisons:
        low, high = each.ratio_range()
        target = "" if each.target is None else f">= {each.target:.1f}"
        timed = each.timed_ratio()
        rows.append([each.ours.name, f"{each.ours.median('wall_seconds'):.3f} s",
                     each.peer.name, f"{each.peer.median('wall_seconds'):.3f} s",
                     f"{each.ratio():.2f}", f"{low:.2f} - {high:.2f}",
                     "" if timed is None else f"{timed:.2f}", f"{each.cpu_ratio():.2f}", target,
                     verdict(each.met())])
    head = ["aiobench", "median", "peer", "median", "speed", "pairs", "timed", "CPU", "target", ""]
    return table(head, rows)


def limit_table(title, limits):
    rows = [[each.name, each.text(each.value), f"<= {each.text(each.limit)}", verdict(each.met())]
            for each in limits]
    return table([title, "found", "target", ""], rows)
