"""What scripts/perf_regression does: brings a file into the cache, and runs cells on it."""
import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

import bench_files as files
import bench_machine as machine
import bench_measure as measure
import gate_cells as cells
from gate_sides import Unusable

# A first round that does not count: it has the programs and the file's pages in all caches.
WARM_UP_ROUNDS = 1
FILE_SUFFIX = ".bin"


def clear(folder, keep):
    """Removes it, or with `keep` all in it but the file that was read."""
    for path in folder.glob("*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif not keep or path.suffix != FILE_SUFFIX:
            path.unlink()
    if not keep:
        folder.rmdir()


@contextlib.contextmanager
def scratch_folder(parent, keep=False):
    """One folder for everything, gone at the end. The same path each time: results are told apart
    by the path of their file, and those that were stored belong beside new ones."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Unusable(f"--scratch {parent}: {error.strerror}") from None
    folder = parent / "perf_regression"
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(f"another perf_regression is at work in {parent}: two at once would "
                           "measure each other") from None
        try:
            folder.mkdir(exist_ok=True)
            clear(folder, keep=True)  # of what a kill -9 has left
            yield folder
        finally:
            with measure.interrupts_held():
                clear(folder, keep)
    finally:
        os.close(lock)


def make_file(program, folder, size):
    path = folder / f"{size}{FILE_SUFFIX}"
    if not path.exists() or path.stat().st_size != size:
        measure.run_text([program, "create", "-q", "--force", path, "--size", size])
    files.put_into_cache(program, path)
    return path


def runnable(chosen, sides):
    """(cells that run on every side, {id of another: why not})"""
    left_out = {}
    for side in sides:
        abilities = machine.Abilities(side.program)
        for cell in chosen:
            try:
                abilities.require(cell)
            except measure.Skip as reason:
                left_out.setdefault(cell.id, f"{side.name}: {reason}")
    return [cell for cell in chosen if cell.id not in left_out], left_out


class Bench:
    """Where it is measured. `show` is told what runs, for people who wait."""

    def __init__(self, sides, path, scratch, seed, show):
        self.sides, self.path, self.scratch, self.seed = sides, path, scratch, seed
        self.show = show
        self.runs = 0

    def _run(self, cell, side, result):
        measure.run_timed(cell.command(side.program, self.path, result), discard_output=True)
        if not result.is_file():
            measure.fail(f"{' '.join(map(str, cell.command(side.program, self.path, result)))} "
                         "left no result")
        self.runs += 1

    def measure(self, chosen, rounds):
        """{side's name: folder with a result file for each run}"""
        top = Path(tempfile.mkdtemp(dir=self.scratch))
        folders = {side.name: top / side.name for side in self.sides}
        for folder in folders.values():
            folder.mkdir()
        all_rounds = rounds + WARM_UP_ROUNDS
        for number, cell, side in cells.schedule(chosen, self.sides, all_rounds, self.seed):
            counts = number >= WARM_UP_ROUNDS
            self.show(f"round {number + 1 - WARM_UP_ROUNDS} of {rounds}" if counts else "warm-up")
            result = folders[side.name] / f"{cell.id}.{number:03}.json"
            self._run(cell, side, result)
            if not counts:
                result.unlink()
        return folders
