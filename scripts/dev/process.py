"""What scripts/bench_peers and scripts/perf_regression do with processes: run them, time them,
read what they say.

Wall and CPU are those of whole processes as the kernel tells them at their end: all threads, and
the kernel's workers for the process's own I/O, which are threads of it. A program that fails ends
the run with a line that says what failed.
"""
import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from bench_table import BYTES, Comparison, Sample, Series, median

ROOT = Path(__file__).resolve().parent.parent
GNU_TIME = "/usr/bin/time"
SYSTEM_EXIT = 3  # as aiobench itself: a system error
MINIMAL_RUNS = 3
INTERRUPTS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
PR_SET_CHILD_SUBREAPER = 36  # <sys/prctl.h>


class Skip(Exception):
    """Something cannot be measured here; says why."""


def fail(text):
    print(f"{Path(sys.argv[0]).name}: {text}", file=sys.stderr)
    sys.exit(SYSTEM_EXIT)


def spawn(command, output, errors):
    try:
        # A group of its own: Ctrl-C is for this program alone, which then ends the other.
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                process_group=0)
    except OSError as error:
        fail(f"cannot run {command[0]}: {error.strerror}; run scripts/setup bench")
        return None


def end_as_by_ctrl_c():
    """Whatever ends this program must leave nothing behind; what is ignored (nohup) stays so."""
    for number in INTERRUPTS - {signal.SIGINT}:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


@contextlib.contextmanager
def interrupts_held():
    """An interrupt takes effect only afterwards: for what must not be left half done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def children():
    """The processes whose parent this one is."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # After the name, which may hold anything: state, parent.
            if int(path.read_text(errors="replace").rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(path.parent.name))
    return found


def end_children():
    """Kills what was started and all that it started. The jobs of fio are in sessions of their own,
    where no signal to a group finds them: orphaned, they become children of this process."""
    with interrupts_held():
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        while left := children():
            for pid in left:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def use_of(command, output, errors):
    """(exit code, what the process used). An interrupt does not leave it running, wherever it
    falls: Popen() itself may have started a process already that it has not told of yet."""
    try:
        process = spawn(command, output, errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, usage
    except BaseException:
        end_children()
        raise


def run_to_its_end(command, discard_output=False):
    """(exit code, Sample of wall and CPU, stdout, stderr) of one process.

    Its output goes to files: the reader of a pipe would take processor time of its own.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        code, usage = use_of(command, subprocess.DEVNULL if discard_output else output, errors)
        wall = time.perf_counter() - began
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return code, Sample(wall, usage.ru_utime + usage.ru_stime), *texts


def run_timed(command, discard_output=False, good=(0,)):
    """(Sample of wall and CPU, stdout) of one process, which must end with one of these codes."""
    command = [str(part) for part in command]
    code, sample, text, errors = run_to_its_end(command, discard_output)
    if code not in good:
        fail(f"{' '.join(command)} ended with {code}\n{errors.rstrip()}")
    return sample, text


def run_text(command):
    return run_timed(command)[1]


def run_json(command):
    return json.loads(run_text(command))


def peak_memory_bytes(command):
    """The largest resident set of a process, by GNU time.

    A child of this program would inherit the peak of the interpreter; one of `time` does not.
    """
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as report:
        run_timed([GNU_TIME, "-v", "-o", report.name, *command])
        for line in report:
            if "Maximum resident set size (kbytes)" in line:
                return int(line.rsplit(":", 1)[1]) * 1024
    fail(f"{GNU_TIME} did not tell the peak memory; is it GNU time?")
    return None


@dataclass(frozen=True)
class Contender:
    """A program that reads a file: `command` is its command line for a path, `minimal` one with
    the least possible work, and `read` finds in its output the fields of a Sample. `by_shell` is
    the program at work where the command is a shell's; one that is `built_beside` aiobench may not
    be there."""
    name: str
    command: Callable
    read: Callable = lambda text: {}
    minimal: Callable = None
    discard_output: bool = False
    by_shell: str = None
    built_beside: bool = False

    def program(self):
        return self.by_shell or str(self.command("FILE")[0])

    def shown_command(self):
        """Without the folders of this machine."""
        program, *arguments = self.command("FILE")
        return [Path(program).name, *arguments]

    def installed(self):
        return shutil.which(self.program()) is not None

    def require(self):
        if self.built_beside and not self.installed():
            raise Skip(f"{self.name} was not built beside this aiobench")

    def run(self, path):
        sample, text = run_timed(self.command(path), self.discard_output)
        sample.bytes = os.path.getsize(path)  # where the output says nothing else: all of it
        for name, value in self.read(text).items():
            setattr(sample, name, value)
        return sample

    def setup_cpu_seconds(self, path, runs):
        if self.minimal is None:
            return 0.0
        return median([run_timed(self.minimal(path))[0].cpu_seconds for _ in range(runs)])


@dataclass(frozen=True)
class Row:
    """One comparison to be made. `place` is where its file lies: "cached" or "cold" in a folder of
    the user's; on a loop disk and not cached, "disk"; there and cached, "disk cached"."""
    id: str
    place: str
    ours: Contender
    peer: Contender
    unit: str = BYTES
    target: object = None
    cpu_target: object = None
    compares_cpu: bool = True
    engine: str = None   # must be one that runs here
    job: str = "hash"    # must be a command of this aiobench
    leaves_copy: bool = False  # beside the file; each run begins without


def compare(row, path, pairs, prepare=lambda: None):
    """Runs A B A B ... and returns a Comparison. `prepare` goes before each run.

    What does not count: a first pair, or the minimal runs where there are some; either brings both
    programs into the cache.
    """
    sides = [(each, Series(each.name, each.shown_command())) for each in (row.ours, row.peer)]
    runs = MINIMAL_RUNS if pairs > 1 else 1
    for contender, series in sides:
        series.setup_cpu_seconds = contender.setup_cpu_seconds(path, runs)
    unpaired = 0 if row.ours.minimal and row.peer.minimal else 1
    for number in range(pairs + unpaired):
        for contender, series in sides:
            prepare()
            sample = contender.run(path)
            if not getattr(sample, row.unit):
                fail(f"it read nothing: {' '.join(series.command)}")
            if number >= unpaired:
                series.samples.append(sample)
    return Comparison(row.id, row.unit, sides[0][1], sides[1][1], row.target, row.cpu_target,
                      row.compares_cpu)
