"""Describes the machine, and the abilities of an aiobench program on it."""
import os
import platform
import re
from pathlib import Path

from dev import process
from dev.process import Skip

# Above this load average per CPU other programs were running, and figures are unreliable.
HIGH_LOAD = 0.25


def version(program):
    """The first line that `program --version` prints on stdout or stderr."""
    done = process.finish([program, "--version"])
    return next((line.strip() for line in (done.stdout + done.stderr).splitlines()
                 if line.strip()), "")


def facts(aiobench, programs=()):
    # Any file works here, because the engine null reads nothing.
    host = process.run_json([aiobench, "-e", "null", "-H", "none", "--format", "json",
                             Path(__file__)])["host"]
    return {"cpu_model": host["cpu_model"], "cpus": host["cpus"],
            "memory_bytes": host["memory_bytes"], "hash_instructions": host["hash_instructions"],
            "kernel": platform.release(), "load_average_1_minute": os.getloadavg()[0],
            "aiobench": version(aiobench), "peers": {name: version(name) for name in programs}}


def summary(machine):
    return (f"{machine['cpus']} CPUs ({machine['cpu_model']}), Linux {machine['kernel']}, "
            f"load average {machine['load_average_1_minute']:.2f}")


def print_warnings(machine, quick=False):
    """Prints the reasons why the figures of this run should not be quoted."""
    if machine["load_average_1_minute"] > HIGH_LOAD * machine["cpus"]:
        print("WARNING: the machine is busy; do not quote these figures")
    if quick:
        print("WARNING: --quick only checks that everything works; do not quote these figures")


class Abilities:
    """The engines and commands that this aiobench has on this machine.

    An older aiobench may lack a command, and another kernel may lack an engine.
    """

    def __init__(self, aiobench):
        listed = process.run_text([aiobench, "engines"])
        self.engines = set(re.findall(r"^(\S+) +Linux +yes\b", listed, re.MULTILINE))
        # An aiobench without the command takes its name as a file, and prints the help of `hash`.
        own_options = {"read": "--pattern", "copy": "--manifest"}
        self.jobs = {"hash"} | {
            job for job, option in own_options.items()
            if option in process.run_text([aiobench, job, "--help"])}

    def require(self, row):
        if row.job not in self.jobs:
            raise Skip(f"this aiobench has no command '{row.job}'")
        if row.engine and row.engine not in self.engines:
            raise Skip(f"aiobench's engine '{row.engine}' does not run here")
