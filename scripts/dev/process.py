"""Runs other programs, times them and reads their output. They end when this program ends.

Wall and CPU time are those of whole processes, as the kernel reports them at their end. They cover
all threads, including the kernel workers for the process's own I/O, which are threads of the
process. If a program fails, this one exits with a message that names it.
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
SYSTEM_EXIT, INTERRUPTED_EXIT = 3, 130  # the same as those of aiobench
INTERRUPTS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
PR_SET_CHILD_SUBREAPER = 36  # <sys/prctl.h>


class Skip(Exception):
    """Something cannot be measured on this machine. The text is the reason."""


def say(text):
    """Prints a message of this program on stderr."""
    print(f"{Path(sys.argv[0]).name}: {text}", file=sys.stderr)


def fail(text):
    say(text)
    sys.exit(SYSTEM_EXIT)


def run_tool(main):
    """Exits with the result of main(arguments), or with INTERRUPTED_EXIT on an interrupt."""
    # These signals raise KeyboardInterrupt, so files are cleaned up. An ignored one stays ignored.
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
    """Delays interrupts until the end of the block, for steps that must not be left half done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def children():
    """The process ids of the children of this process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # State and parent follow the name, which may contain any character.
            if int(path.read_text(errors="replace").rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(path.parent.name))
    return found


def end_children():
    """Kills all children and their descendants.

    The jobs of fio run in sessions of their own, which a signal to a process group does not reach.
    When they are orphaned they become children of this process, which is a subreaper.
    """
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
    """(exit code, resource usage) of a process.

    An interrupt at any point ends the process. It may occur in Popen(), which may have started a
    process that it has not yet returned.
    """
    try:
        # The child has its own group. Ctrl-C reaches only this program, which ends the child.
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

    Its output goes to files, because the reader of a pipe would use CPU time.
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

    A child of this program would inherit the interpreter's peak. A child of `time` does not.
    """
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as report:
        run([GNU_TIME, "-v", "-o", report.name, *command])
        for line in report:
            if "Maximum resident set size (kbytes)" in line:
                return int(line.rsplit(":", 1)[1]) * 1024
    fail(f"{GNU_TIME} did not report the peak memory (install GNU time: run scripts/setup bench)")


def build(preset, *targets, root=ROOT):
    """Builds these targets of a preset with scripts/build, and returns the build directory."""
    command = [str(root / "scripts/build"), preset, *(targets or ["aiobench"])]
    if wait_for(command, stdout=subprocess.DEVNULL)[0] != 0:
        fail(f"cannot build preset {preset} in {root}")
    return root / "build" / preset


def show_progress(text):
    """Shows a line of progress on a terminal. The next line overwrites it."""
    if sys.stderr.isatty():
        print(f"{text:<40}", end="\r", file=sys.stderr, flush=True)


def write_json(path, document, indent=1):
    path.write_text(json.dumps(document, indent=indent, ensure_ascii=False) + "\n",
                    encoding="utf-8")


def require_directories(parser, *paths):
    """Exits with a usage error if the directory of an output file does not exist."""
    for path in paths:
        if path and not path.absolute().parent.is_dir():
            parser.error(f"cannot write {path}: there is no directory {path.parent}")
