"""Runs other programs: ends them with this one, times them, reads what they print.

Wall and CPU time are those of whole processes as the kernel reports them at their end: all threads,
and the kernel's workers for the process's own I/O, which are threads of it. A program that fails
ends this one with a message that names it.
"""
import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from dev import ROOT

GNU_TIME = "/usr/bin/time"
SYSTEM_EXIT, INTERRUPTED_EXIT = 3, 130  # as aiobench itself
INTERRUPTS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
PR_SET_CHILD_SUBREAPER = 36  # <sys/prctl.h>


class Skip(Exception):
    """Something cannot be measured here; says why."""


def say(text):
    """A message of this program on stderr."""
    print(f"{Path(sys.argv[0]).name}: {text}", file=sys.stderr)


def fail(text):
    say(text)
    sys.exit(SYSTEM_EXIT)


def run_tool(main):
    """Ends the program with the exit code of main(arguments), or that of an interrupt."""
    # No signal that ends this program may leave anything behind; an ignored one stays ignored.
    for number in INTERRUPTS - {signal.SIGINT}:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("interrupted")
        sys.exit(INTERRUPTED_EXIT)


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


@dataclass(frozen=True)
class Finished:
    """A process that has ended."""
    code: int
    wall_seconds: float
    cpu_seconds: float
    stdout: str
    stderr: str


def wait_for(command, **options):
    """(exit code, resource usage) of a process. An interrupt does not leave it running, wherever it
    falls: Popen() itself may have started a process that it has not returned yet."""
    try:
        # In its own group: Ctrl-C goes to this program alone, which then ends the other.
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0, **options)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, usage
    except OSError as error:
        fail(f"cannot run {command[0]}: {error.strerror} (run scripts/setup bench)")
    except BaseException:
        end_children()
        raise


def finish(command, discard_output=False, **options):
    """Runs a program to its end, whatever its exit code is.

    Its output goes to files: the reader of a pipe would take processor time of its own.
    """
    command = [str(part) for part in command]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        code, usage = wait_for(command, stdout=subprocess.DEVNULL if discard_output else output,
                               stderr=errors, **options)
        wall = time.perf_counter() - began
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
    return Finished(code, wall, usage.ru_utime + usage.ru_stime, *texts)


def run(command, discard_output=False, good=(0,)):
    """Runs a program that must end with one of these exit codes."""
    done = finish(command, discard_output)
    if done.code not in good:
        fail(f"{' '.join(map(str, command))} ended with exit code {done.code}\n"
             f"{done.stderr.rstrip()}")
    return done


def run_text(command):
    return run(command).stdout


def run_json(command):
    return json.loads(run_text(command))


def peak_memory_bytes(command):
    """The largest resident set of a process, by GNU time.

    A child of this program would inherit the peak of the interpreter; one of `time` does not.
    """
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as report:
        run([GNU_TIME, "-v", "-o", report.name, *command])
        for line in report:
            if "Maximum resident set size (kbytes)" in line:
                return int(line.rsplit(":", 1)[1]) * 1024
    fail(f"{GNU_TIME} did not report the peak memory (install GNU time: run scripts/setup bench)")


def build(preset, *targets, root=ROOT):
    """Builds these targets of a preset with scripts/build; returns its directory."""
    command = [str(root / "scripts/build"), preset, *(targets or ["aiobench"])]
    if wait_for(command, stdout=subprocess.DEVNULL)[0] != 0:
        fail(f"cannot build preset {preset} in {root}")
    return root / "build" / preset


def show_progress(text):
    """A line for those who wait, which the next one overwrites."""
    if sys.stderr.isatty():
        print(f"{text:<40}", end="\r", file=sys.stderr, flush=True)


def write_json(path, document, indent=1):
    path.write_text(json.dumps(document, indent=indent, ensure_ascii=False) + "\n",
                    encoding="utf-8")


def require_directories(parser, *paths):
    """Refuses a file to be written whose directory does not exist."""
    for path in paths:
        if path and not path.absolute().parent.is_dir():
            parser.error(f"cannot write {path}: there is no directory {path.parent}")
