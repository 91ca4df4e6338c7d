"""What the tests of signals share: when to signal the program, and how soon it has to end."""
import signal
import time

import aiobench_cli as cli

# A second is promised; a sanitizer or Wine on a busy machine may take longer.
BOUND_SECONDS = 5 if cli.SANITIZED or cli.WINDOWS else 2
FOREVER = ["--repeat", "1000000"]


def wait_until_watching(process, by_wine):
    """Returns when the program catches SIGINT; under Wine, when its loader has loaded it: the
    loader itself, signalled, would just end."""
    deadline = time.monotonic() + 60
    while by_wine and process.poll() is None and time.monotonic() < deadline:
        with open(f"/proc/{process.pid}/maps", encoding="utf-8", errors="replace") as maps:
            if "aiobench.exe" in maps.read():
                return
        time.sleep(0.01)
    while process.poll() is None and time.monotonic() < deadline:
        with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
            caught = next(line for line in status if line.startswith("SigCgt"))
        if int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1:
            return
        time.sleep(0.001)


def taken_by_wine(outcome):
    """Whether Wine took the signal, as the program had no handler yet: Wine's own ends a process
    with 0, and before it has one the process dies. A whole run would have printed something."""
    return outcome.code in (0, -signal.SIGINT) and not outcome.raw + outcome.errors


def signalled(test, *arguments, after=0.4, number=signal.SIGINT, times=1, gap=0.001,
              bound=BOUND_SECONDS, by_wine=cli.WINDOWS, **options):
    """Starts the program, signals it, and returns what it left and how long it went on.

    Where the machine was too busy, for Wine to have started the program, or for the program to end
    in time, it is tried again: what goes wrong each time is no matter of the machine.
    """
    for attempt in range(4):
        process = cli.start(*arguments, **{"cwd": test.folder, **options})
        wait_until_watching(process, by_wine)
        time.sleep(after + attempt)
        test.assertIsNone(process.poll(), "it ended before the signal")
        for _ in range(times):
            process.send_signal(number)
            time.sleep(gap)
        outcome = cli.finish(process, timeout=60)
        if not (by_wine and taken_by_wine(outcome)) and outcome.seconds < bound:
            break
    test.assertLess(outcome.seconds, bound, outcome)
    return outcome
