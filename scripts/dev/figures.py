"""Formats sizes, percentages and tables as text, and parses sizes."""
KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
UNITS = {"": 1, "k": KIB, "m": MIB, "g": GIB}


def parse_size(text):
    """'4k', '64KiB', '2GiB' -> bytes; ValueError for anything else."""
    number = text.rstrip("kmgibKMGIB")
    unit = text[len(number):].lower().removesuffix("b").removesuffix("i")
    if unit not in UNITS or not number.isdigit():
        raise ValueError(f"'{text}' is not a size (write bytes, or 4k, 1MiB, 2GiB)")
    return int(number) * UNITS[unit]


def format_size(size):
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if size >= unit:
            text = f"{size / unit:.1f}"
            return f"{text.removesuffix('.0')} {name}"
    return f"{size} B"


def three_digits(value):
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f}"


def percent(ratio):
    """'+5.0 %' for 1.05."""
    return f"{(ratio - 1) * 100:+.1f} %"


def table(head, rows):
    """A table as text. The first column is aligned to the left, and the others to the right.

    Empty columns are left out. The second cell of a row with two cells is a remark, which does not
    widen a column.
    """
    full = [row for row in rows if len(row) == len(head)]
    columns = [i for i in range(len(head)) if i == 0 or any(row[i] != "" for row in full)]
    widths = {i: max(len(str(row[i])) for row in [head, *full]) for i in columns}
    widths[0] = max([widths[0], *(len(row[0]) for row in rows)])
    lines = []
    for row in [head, *rows] if full else rows:
        cells = [str(row[0]).ljust(widths[0])]
        cells += [str(row[i]).rjust(widths[i]) for i in columns[1:]] \
            if len(row) == len(head) else [str(row[1])]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def markdown_row(cells):
    return f"| {' | '.join(map(str, cells))} |"


def markdown_head(cells):
    return f"{markdown_row(cells)}\n|{'---|' * len(cells)}"
