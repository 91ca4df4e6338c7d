"""What scripts/bench_peers does with processes: runs them, times them, reads what they say.

Times are those of whole processes, from their start to their end, and include what a user waits
for: loading, threads, buffers. Every failure ends the program with a line that says what failed.
"""
import contextlib
import ctypes
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_table import Comparison, Sample, Series

ROOT = Path(__file__).resolve().parent.parent
GNU_TIME = "/usr/bin/time"
SYSTEM_EXIT = 3  # as aiobench itself: a system error
# Above this share of the processors, others were at work, and figures say little.
HIGH_LOAD = 0.25
INTERRUPTS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
PR_SET_CHILD_SUBREAPER = 36  # <sys/prctl.h>


class Skip(Exception):
    """Something cannot be measured here; says why."""


def fail(text):
    print(f"bench_peers: {text}", file=sys.stderr)
    sys.exit(SYSTEM_EXIT)


def spawn(command, output, errors):
    try:
        # A group of its own: Ctrl-C is for this program alone, which then ends the other.
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                process_group=0)
    except OSError as error:
        fail(f"cannot run {command[0]}: {error.strerror}; run scripts/setup")
        return None


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


def run_timed(command):
    """(Sample without digest, stdout) of one process.

    Its output goes to files: the reader of a pipe would take processor time of its own.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        code, usage = use_of(command, output, errors)
        wall = time.perf_counter() - began
        for file in (output, errors):
            file.seek(0)
        if code != 0:
            fail(f"{' '.join(map(str, command))} ended with {code}\n"
                 f"{errors.read().decode('utf-8', 'replace').rstrip()}")
        text = output.read().decode("utf-8", "replace")
    return Sample(wall, usage.ru_utime + usage.ru_stime), text


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


class Contender:
    """A program that reads the file. `digest` and `timed_seconds` find in its output what their
    names say; the latter is the time between set-up and teardown."""

    def __init__(self, name, command, digest=lambda text: "", timed_seconds=lambda text: None):
        self.name = name
        self.command = [str(part) for part in command]
        self.digest = digest
        self.timed_seconds = timed_seconds

    def installed(self):
        return shutil.which(self.command[0]) is not None

    def run(self):
        sample, text = run_timed(self.command)
        sample.digest = self.digest(text)
        sample.timed_seconds = self.timed_seconds(text)
        return sample


def compare(ours, peer, pairs, target=None):
    """Runs A B A B ..., after a pair that does not count, and returns a Comparison."""
    comparison = Comparison(Series(ours.name), Series(peer.name), target)
    for number in range(pairs + 1):
        mine, theirs = ours.run(), peer.run()
        if number > 0:
            comparison.ours.samples.append(mine)
            comparison.peer.samples.append(theirs)
    return comparison


def machine_facts(aiobench, path):
    """What a reader must know of the machine; `path` is a file on the disk in question."""
    result = run_json([aiobench, "-e", "null", "-H", "none", "--format", "json", path])
    host, target = result["host"], result["runs"][0]["target"]
    return {"cpu_model": host["cpu_model"], "cpus": host["cpus"],
            "memory_bytes": host["memory_bytes"], "hash_instructions": host["hash_instructions"],
            "file_system": target["file_system"], "device": target["device"],
            "kernel": platform.release(), "load_average_1_minute": os.getloadavg()[0],
            "aiobench": run_text([aiobench, "--version"]).strip()}


def is_loaded(facts):
    return facts["load_average_1_minute"] > HIGH_LOAD * facts["cpus"]


def put_into_cache(aiobench, path):
    """Reads the file into the page cache, and makes sure that it is there as a whole."""
    run = run_json([aiobench, "--cache", "warm", "--format", "json", path])["runs"][0]
    for warning in run["warnings"]:
        fail(f"{path} is not in the page cache: {warning['message']}; {warning['advice']}")
