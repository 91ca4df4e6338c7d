"""Shared by the tests of signals: when to signal the program, and how soon it must end.

A moment is defined by what the program does (it has a signal handler, it has its file open, it has
used some amount of processor time). A time would not do, because on a busy machine a program may
have done little in it.
"""
import contextlib
import os
import signal
import time

import aiobench_cli as cli

# The limit is one second; with a sanitizer or Wine on a busy machine it may take longer.
BOUND_SECONDS = 5 if cli.SANITIZED or cli.WINDOWS else 2
FOREVER = ["--repeat", "1000000"]
PART = ".aiobench-part"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def wait_for(process, condition, what):
    """Waits until condition() is true or the program has ended."""
    deadline = time.monotonic() + 120
    while process.poll() is None:
        # The /proc files of a process that is ending cannot be read.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            if condition():
                return
        if time.monotonic() > deadline:
            process.kill()
            process.communicate()
            raise AssertionError(f"within 120 s it was not seen that {what}: {process.args}")
        time.sleep(0.001)


def catches_sigint(process):
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
        caught = next(line for line in status if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1)


def wait_until_watching(process, under_wine):
    """Returns when the program catches SIGINT; under Wine, when the loader has loaded it, because a
    signal would end the loader."""
    if under_wine:
        def loaded():
            with open(f"/proc/{process.pid}/maps", encoding="utf-8", errors="replace") as maps:
                return "aiobench.exe" in maps.read()
        wait_for(process, loaded, "Wine has loaded the program")
    wait_for(process, lambda: catches_sigint(process), "it catches SIGINT")


def opened(process, directory):
    """The files below a directory that the program has open."""
    names = set()
    for number in os.listdir(f"/proc/{process.pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            path = os.readlink(f"/proc/{process.pid}/fd/{number}")
            if path.startswith(f"{directory}/"):
                names.add(path[len(f"{directory}/"):])
    return names


def wait_until_open(process, directory, name=None):
    """Returns when the program has this file open, or any data file if no name is given."""
    def there():
        found = opened(process, directory)
        return name in found if name else any(not one.endswith(PART) for one in found)
    wait_for(process, there, f"{name or 'a file'} is open")


def cpu_seconds(process):
    """The processor time of all threads so far."""
    with open(f"/proc/{process.pid}/stat", encoding="utf-8", errors="replace") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def wait_until_worked(process, seconds):
    """Returns when the program has used this much processor time from now on."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        before = cpu_seconds(process)
        wait_for(process, lambda: cpu_seconds(process) - before >= seconds,
                 f"it has worked for {seconds} s")


def signalled(test, *arguments, until="open", name=None, work=0, after=0, number=signal.SIGINT,
              times=1, gap=0.001, bound=BOUND_SECONDS, under_wine=cli.WINDOWS, **options):
    """Starts the program, signals it, and returns its outcome and the time until it ended.

    The signal is sent when the program is "watching" or has a file "open" (this name, or any data
    file), has then used `work` seconds of processor time, and `after` more seconds have passed. On
    a machine that is busy the program still ends, with the exit code of an interrupt. If it did not
    end in time, the test is repeated: only a program that is late every time fails."""
    outcome = None
    for _ in range(4):
        process = cli.start(*arguments, **{"cwd": test.directory, **options})
        wait_until_watching(process, under_wine)
        if until == "open":
            wait_until_open(process, test.directory, name)
        if work:
            wait_until_worked(process, work)
        time.sleep(after)
        if process.poll() is not None:
            test.fail(f"it ended before the signal\n{cli.finish(process)}")
        for _ in range(times):
            process.send_signal(number)
            time.sleep(gap)
        try:
            outcome = cli.finish(process)
        except cli.WineBroke:
            continue
        test.assertEqual(outcome.code, cli.INTERRUPTED, outcome)
        if outcome.seconds < bound:
            break
    test.assertIsNotNone(outcome, "Wine broke each time")
    test.assertLess(outcome.seconds, bound, outcome)
    return outcome
