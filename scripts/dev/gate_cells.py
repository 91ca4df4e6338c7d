"""What scripts/perf_regression runs: its cells, and how many rounds of them a verdict takes."""
import random
from dataclasses import dataclass
from math import comb

from bench_table import GIB, MIB

DEPTH, BLOCK = 8, "1MiB"
# With these a run takes a tenth of a second or two: long beside what a timer interrupt takes.
SIZE, QUICK_SIZE = 2 * GIB, 256 * MIB
# Bytes take so much longer as random reads than in a pass over the file.
RANDOM_COST = 4
LEAST_SIZE = 4 * MIB
# The verdict's own, over all cells (Holm), in either direction.
ERROR_PROBABILITY = 0.05


@dataclass(frozen=True)
class Cell:
    """One kind of run. `engine` is what must run here, None where aiobench chooses it."""
    id: str
    job: str
    engine: str
    arguments: tuple

    def command(self, program, path, result):
        """The command line that leaves its result in the file `result`."""
        return [program, self.job, "-q", *self.arguments, "--cache", "asis", "--json", result, path]


def hash_cell(engine=None):
    how = ("-e", engine, "-d", str(DEPTH), "-t", "1", "-b", BLOCK) if engine else ()
    return Cell(f"hash.{engine or 'auto'}", "hash", engine, how)


def random_cell(engine, file_bytes):
    return Cell(f"random.{engine}", "read", engine,
                ("-e", engine, "-d", str(DEPTH), "-t", "1", "-b", "4KiB", "--pattern", "random",
                 "--seed", "1", "--bytes", str(file_bytes // RANDOM_COST)))


def all_cells(file_bytes):
    return [hash_cell(), *(hash_cell(engine) for engine in ("sync", "io_uring", "libaio")),
            *(random_cell(engine, file_bytes) for engine in ("io_uring", "libaio", "sync"))]


def sign_test(pairs, dissenting):
    """The probability that of so many pairs so few or fewer go one way, either way, by chance."""
    return min(1.0, 2 * sum(comb(pairs, k) for k in range(dissenting + 1)) / 2 ** pairs)


def rounds_needed(tests, dissenting=1):
    """The least number of pairs with which a cell can be flagged though `dissenting` of them say
    the opposite, when it is the worst one of so many tests (Holm's first step)."""
    pairs = dissenting + 1
    while sign_test(pairs, dissenting) > ERROR_PROBABILITY / tests:
        pairs += 1
    return pairs


def schedule(cells, sides, rounds, seed):
    """(round, cell, side) in the order of running. Each cell is run on one side and at once on the
    other, which go first in turn: A B in one round, B A in the next. Where in the round it comes
    is drawn anew each time, so that what changes on the machine hits all cells alike."""
    draw = random.Random(seed)
    for number in range(rounds):
        order = list(cells)
        draw.shuffle(order)
        for cell in order:
            for side in sides if number % 2 == 0 else reversed(sides):
                yield number, cell, side
