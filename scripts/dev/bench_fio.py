"""fio as a peer of scripts/bench_peers: its command line, and what its JSON says.

All that is not named here is at fio's default, in particular that the job is a process of its own
(as a thread, --thread=1, it is no faster) and that it takes every request's latency.

CPU. fio's own usr_cpu and sys_cpu are of the job's one thread (getrusage(RUSAGE_THREAD)): kernel
workers that serve its requests are missing. So both programs are counted from outside, whole
processes with all they started, less what each takes for a run of one request. For fio that
agrees to about 1 % with its own figures where there are no workers.
"""
import json

from bench_measure import Contender
from bench_table import KIB, MIB

RANDOM, SEQUENTIAL = "random", "sequential"
PATTERNS = {RANDOM: "randread", SEQUENTIAL: "read"}


def escape(path):
    """fio takes a colon for the end of a file's name."""
    return str(path).replace("\\", "\\\\").replace(":", "\\:")


def command_line(path, engine, depth, pattern, direct, *rest):
    # norandommap: no record of what was read already, as aiobench keeps none either.
    block = 4 * KIB if pattern == RANDOM else MIB
    return ["fio", "--name=peer", f"--filename={escape(path)}", "--readonly",
            f"--ioengine={engine}", f"--iodepth={depth}", f"--bs={block}",
            f"--rw={PATTERNS[pattern]}", *(["--norandommap"] if pattern == RANDOM else []),
            f"--direct={int(direct)}", *([] if direct else ["--invalidate=0"]), "--numjobs=1",
            "--gtod_reduce=0", "--output-format=json", *rest]


def read_result(text):
    """The fields of a Sample. Notes may come before the JSON."""
    read = json.loads(text[text.index("{"):])["jobs"][0]["read"]
    # Milliseconds; a run below one would be divided by nothing.
    return {"timed_seconds": max(read["runtime"], 1) / 1000, "bytes": read["io_bytes"],
            "requests": read["total_ios"]}


def random_reads(engine, depth, direct, milliseconds):
    def of(*rest):
        return lambda path: command_line(path, engine, depth, RANDOM, direct, *rest)
    return Contender("fio", of("--time_based", f"--runtime={milliseconds}ms"), read_result,
                     of("--number_ios=1"))


def one_pass(engine, depth):
    """All of the file once, in its order, past the page cache."""
    return Contender("fio", lambda path: command_line(path, engine, depth, SEQUENTIAL, True),
                     read_result)
