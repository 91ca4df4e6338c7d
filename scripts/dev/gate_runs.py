"""The runs of scripts/perf_regression: two programs that alternate on a file in the page cache.

The number of rounds follows from the sign test."""
import contextlib
import fcntl
import os
import random
import shutil
import tempfile
from dataclasses import dataclass
from math import comb
from pathlib import Path

from dev import ROOT, machine, process, storage
from dev.figures import GIB, MIB
from dev.process import Skip

DEPTH, BLOCK = 8, "1MiB"
# With these sizes a run takes 0.1 to 0.2 s, which is long compared with a timer interrupt.
SIZE, QUICK_SIZE = 2 * GIB, 256 * MIB
# A byte takes this many times longer in random reads than in a pass over the file.
RANDOM_COST = 4
LEAST_SIZE = 4 * MIB
# The error probability of the verdict, over all configurations (Holm) and two-sided.
ERROR_PROBABILITY = 0.05
# The first round is not counted. It brings the programs and the file's pages into all caches.
WARM_UP_ROUNDS = 1
FILE_SUFFIX = ".bin"


class Unusable(Exception):
    """An argument names something that cannot be used. The text is the reason."""


@dataclass(frozen=True)
class Side:
    """One of the two programs. `name` is "base" or "new"; `source` describes its origin."""
    name: str
    program: Path
    source: str

    def described(self):
        return {"source": self.source, "version": machine.version(self.program)}


def this_tree(name):
    return Side(name, process.build("native") / "aiobench", "this tree")


def given_program(name, path):
    if not path.is_file() or not os.access(path, os.X_OK):
        raise Unusable(f"--{name} {path}: no such program")
    return Side(name, path.resolve(), str(path))


def git(*arguments, root=None):
    """(whether git succeeded, its stdout or its error message)"""
    done = process.finish(["git", "-C", root or ROOT, *arguments])
    return (True, done.stdout.strip()) if done.code == 0 else (False, done.stderr.strip())


def commit_of(revision):
    """The commit of a revision. git refuses an option in place of a revision."""
    found, text = git("rev-parse", "--verify", "--quiet", "--end-of-options",
                      f"{revision}^{{commit}}")
    if not found:
        why = f": {text}" if text else ""
        raise Unusable(f"'{revision}' is not a revision of {ROOT}{why}")
    return text


def is_whole(directory, commit):
    """Whether the work tree is complete. An interrupt may have left a part of it."""
    return ((directory / ".git").exists()
            and git("rev-parse", "HEAD", root=directory) == (True, commit)
            and git("status", "--porcelain", "--untracked-files=no", root=directory) == (True, ""))


def work_tree(commit):
    """A work tree of that commit, in a directory that later runs use again."""
    directory = ROOT / "build/revisions" / commit
    if is_whole(directory, commit):
        return directory
    shutil.rmtree(directory, ignore_errors=True)
    # With --force twice, git also replaces a registered work tree that is locked.
    made, text = git("worktree", "add", "--detach", "--force", "--force", str(directory), commit)
    if not made:
        process.fail(f"git cannot check out {commit} to {directory}: {text}")
    return directory


def revision(name, text):
    commit = commit_of(text)
    directory = work_tree(commit)
    if not os.access(directory / "scripts/build", os.X_OK):
        raise Unusable(f"revision {text} has no scripts/build (give its program with --{name})")
    program = process.build("native", root=directory) / "aiobench"
    return Side(name, program, f"revision {text} ({commit[:12]})")


@dataclass(frozen=True)
class Configuration:
    """One kind of run. `engine` must run on this machine; None lets aiobench choose one."""
    id: str
    job: str
    engine: str
    arguments: tuple

    def command(self, program, path, result):
        """The command line that writes its result to the file `result`."""
        return [program, self.job, "-q", *self.arguments, "--cache", "asis", "--json", result, path]


def hash_configuration(engine=None):
    how = ("-e", engine, "-d", str(DEPTH), "-t", "1", "-b", BLOCK) if engine else ()
    return Configuration(f"hash.{engine or 'auto'}", "hash", engine, how)


def random_configuration(engine, file_bytes):
    return Configuration(f"random.{engine}", "read", engine,
                         ("-e", engine, "-d", str(DEPTH), "-t", "1", "-b", "4KiB", "--pattern",
                          "random", "--seed", "1", "--bytes", str(file_bytes // RANDOM_COST)))


def all_configurations(file_bytes):
    return [*map(hash_configuration, (None, "sync", "io_uring", "libaio")),
            *(random_configuration(engine, file_bytes)
              for engine in ("io_uring", "libaio", "sync"))]


def sign_test(pairs, dissenting):
    """The p-value of the two-sided sign test.

    It is the probability that at most `dissenting` of the pairs disagree with the others by chance.
    """
    return min(1.0, 2 * sum(comb(pairs, k) for k in range(dissenting + 1)) / 2 ** pairs)


def rounds_needed(tests, dissenting=1):
    """The smallest number of pairs that can flag the worst of `tests` tests (Holm's first step)
    even if `dissenting` pairs disagree."""
    pairs = dissenting + 1
    while sign_test(pairs, dissenting) > ERROR_PROBABILITY / tests:
        pairs += 1
    return pairs


def schedule(configurations, sides, rounds, seed):
    """(round, configuration, side) in the order of running.

    Each configuration runs on one side and directly afterwards on the other. The order is A B in
    one round and B A in the next. The order of configurations within a round is random, so a change
    of the machine affects all configurations alike.
    """
    draw = random.Random(seed)
    for number in range(rounds):
        order = list(configurations)
        draw.shuffle(order)
        for configuration in order:
            for side in sides if number % 2 == 0 else reversed(sides):
                yield number, configuration, side


def clear(directory, keep):
    """Removes the directory, or with `keep` all its contents except the file that was read."""
    for path in directory.glob("*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif not keep or path.suffix != FILE_SUFFIX:
            path.unlink()
    if not keep:
        directory.rmdir()


@contextlib.contextmanager
def scratch_directory(parent, keep=False):
    """A directory for all files of a run, which is removed at the end.

    Its path is always the same, because new and stored results are matched by the path of the file
    that was read.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Unusable(f"--scratch {parent}: {error.strerror}") from None
    directory = parent / "perf_regression"
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(f"another perf_regression is running in {parent} (wait until it ends: "
                           "two at once would disturb each other)") from None
        try:
            directory.mkdir(exist_ok=True)
            clear(directory, keep=True)  # remains of a run ended by kill -9
            yield directory
        finally:
            with process.interrupts_held():
                clear(directory, keep)
    finally:
        os.close(lock)


def make_file(program, directory, size):
    path = directory / f"{size}{FILE_SUFFIX}"
    if not path.exists() or path.stat().st_size != size:
        process.run_text([program, "create", "-q", "--force", path, "--size", size])
    storage.put_into_cache(program, path)
    return path


def runnable(chosen, sides):
    """(configurations that run on every side, {id of each other one: the reason})"""
    left_out = {}
    for side in sides:
        abilities = machine.Abilities(side.program)
        for configuration in chosen:
            try:
                abilities.require(configuration)
            except Skip as reason:
                left_out.setdefault(configuration.id, f"{side.name}: {reason}")
    return [configuration for configuration in chosen if configuration.id not in left_out], left_out


class Bench:
    """Runs the sides on one file, and stores their results in the scratch directory."""

    def __init__(self, sides, path, scratch, seed):
        self.sides, self.path, self.scratch, self.seed = sides, path, scratch, seed
        self.runs = 0

    def _run(self, configuration, side, result):
        command = configuration.command(side.program, self.path, result)
        process.run(command, discard_output=True)
        if not result.is_file():
            process.fail(f"{' '.join(map(str, command))} wrote no result")
        self.runs += 1

    def measure(self, chosen, rounds):
        """{name of a side: directory with one result file per run}"""
        top = Path(tempfile.mkdtemp(dir=self.scratch))
        directories = {side.name: top / side.name for side in self.sides}
        for directory in directories.values():
            directory.mkdir()
        all_rounds = rounds + WARM_UP_ROUNDS
        for number, configuration, side in schedule(chosen, self.sides, all_rounds, self.seed):
            counts = number >= WARM_UP_ROUNDS
            process.show_progress(f"round {number + 1 - WARM_UP_ROUNDS} of {rounds}" if counts
                                  else "warm-up")
            result = directories[side.name] / f"{configuration.id}.{number:03}.json"
            self._run(configuration, side, result)
            if not counts:
                result.unlink()
        return directories
