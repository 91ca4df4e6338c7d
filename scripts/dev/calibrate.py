"""Checks that aiobench's figures are correct, on a disk of known speed and against fio.

usage: scripts/dev/dev calibrate [--quick] [--only ENGINE[,ENGINE...]] [--wine | --skewed]
                                 [--json FILE]

Builds aiobench and tests/rigs/slowfs, a FUSE file system whose reads take 2 ms, and reads 4 KiB
blocks from it, bypassing the page cache, with every engine, at depths 1, 4, 16 and 64:
  p50       the median latency against fio's on the same mount, measured alternately
  Little    requests per second against depth achieved / p50, by Little's law
  slow      if 1 % of the reads take 50 ms, p99.5 shows it and p50 does not change
  stall     with --rate below capacity and one stall of 1 s, the number of requests that waited
            for 0.25, 0.5 and 0.75 s is that of a queue, counted from their due times
A check outside 3 % (under Wine 15 % if Wine's own time counts) is MISSED. Takes 9 minutes on an
idle machine; --quick takes two, with one pair per figure.

--wine checks the Windows engines under Wine, whose reads are serial, against the disk only.
--skewed checks a build that adds 5 % to each latency: its checks must be missed.
Exit code: 0 all checks passed, 1 a check was missed, 3 a measurement failed.
"""
import argparse
import heapq
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import slow_file  # of tests/rigs
from slow_file import SlowFile

from dev import ROOT, machine, process
from dev.figures import GIB
from dev.peer_rows import fio_escape

SCHEMA = "aiobench/calibration/1"
SERVICE_MS, SLOW_MS = 2.0, 50.0
DEPTHS = (1, 4, 16, 64)
WINE_TOLERANCE = 0.15  # for figures that include Wine's own time
FULL_DEPTH = 16  # the largest depth that one thread can keep in flight
FILE_BYTES = 256 * GIB  # of zeros; so large that random reads rarely repeat a block
RATE, STALL_AFTER_MS, STALL_MS, STALL_SECONDS, STALL_DEPTH = 200, 2000, 1000, 6, 16
STALL_LIMITS_MS = (250, 500, 750)
TOLERANCE = 0.03
# A count may differ by this many more requests, which are those at the edge of a limit.
EDGE_REQUESTS = 2


@dataclass(frozen=True)
class Check:
    """A figure and its expected value.

    The check passes if they differ by at most `share` of the expected value, plus `slack`.
    """
    name: str
    measured: float
    wanted: float
    share: float = TOLERANCE
    slack: float = 0.0

    @property
    def good(self):
        return abs(self.measured - self.wanted) <= self.share * self.wanted + self.slack

    @property
    def ratio(self):
        return self.measured / self.wanted

    def text(self):
        return (f"{self.measured:.4g} / {self.wanted:.4g} = {self.ratio:.3f}"
                f"{'' if self.good else '  MISSED'}")

    def as_json(self):
        return {"check": self.name, "measured": self.measured, "wanted": self.wanted,
                "ratio": self.ratio, "good": self.good}


def percentile(buckets, percent):
    """The lowest value of the bucket that holds this percentile.

    `buckets` is [[lowest, count], ...], as in a result file.
    """
    rank = max(1, -(-sum(count for _, count in buckets) * percent // 100))
    for lowest, count in buckets:
        rank -= count
        if rank <= 0:
            return lowest
    raise ValueError("no latencies")


def count_above(buckets, value):
    return sum(count for lowest, count in buckets if lowest > value)


def requests_per_second(in_flight, latency_ms):
    """The throughput at this average number of requests in flight, by Little's law."""
    return in_flight / latency_ms * 1000


def latencies_through_a_stall(rate, seconds, service_ms, servers, stall_after_ms, stall_ms):
    """The latency of each request in milliseconds, from its arrival to its completion.

    Requests arrive at `rate` per second at a queue with this number of servers. The servers start
    no request during the stall.
    """
    free = [0.0] * servers
    latencies = []
    for number in range(int(rate * seconds)):
        arrival = number * 1000 / rate
        start = max(arrival, heapq.heappop(free))
        if stall_after_ms <= start < stall_after_ms + stall_ms:
            start = stall_after_ms + stall_ms
        heapq.heappush(free, start + service_ms)
        latencies.append(start + service_ms - arrival)
    return latencies


def stall_checks(buckets, expected_ms, limits_ms, share=TOLERANCE):
    """Checks the number of requests that waited longer than each limit.

    A recorder that leaves out the queue behind a stall counts only the requests in flight.
    """
    return [Check(f"requests above {limit} ms", count_above(buckets, limit * 1e6),
                  sum(latency > limit for latency in expected_ms), share, EDGE_REQUESTS)
            for limit in limits_ms]


@dataclass(frozen=True)
class Mechanism:
    """An engine of aiobench, and the matching engine of fio.

    A `threaded` engine reaches a depth with that number of threads, each with one request. A
    `serial` engine performs one request after another at every depth.
    """
    name: str
    fio: str = None
    threaded: bool = False
    serial: bool = False
    under_wine: bool = False
    cache: str = "direct"


LINUX = [Mechanism("sync", "psync", threaded=True), Mechanism("threadpool", "psync", threaded=True),
         Mechanism("io_uring", "io_uring"), Mechanism("libaio", "libaio"),
         # glibc serves each descriptor with one thread.
         Mechanism("posix-aio", "posixaio", serial=True),
         Mechanism("mmap", "mmap", threaded=True, cache="asis")]
WINDOWS = [Mechanism(name, serial=True, under_wine=True)
           for name in ("sync", "overlapped", "extended", "iocp", "threadpool")]


def ours(program, mechanism, path, depth, seconds, *more):
    """The latencies, throughput, buckets and depth achieved of one run of aiobench."""
    threads = depth if mechanism.threaded else 1
    text = process.run_text([*program, "read", "-e", mechanism.name, "-d", depth, "-t", threads,
                             "-b", "4k", "--pattern", "random", "--cache", mechanism.cache,
                             "--duration", f"{seconds}s", "--format", "json", *more, path])
    repetition = json.loads(text)["runs"][0]["repetitions"][0]
    latency = repetition["latency_ns"]
    return {"p50_ms": latency["p50"] / 1e6, "mean_ms": latency["mean"] / 1e6,
            "p99_5_ms": percentile(latency["buckets"], 99.5) / 1e6,
            "requests_per_second": repetition["requests_per_second"],
            "depth_achieved": repetition["depth_achieved"], "buckets": latency["buckets"]}


def fios(mechanism, path, depth, seconds):
    """The same for fio. Its latency is lat_ns, from the call to the completion."""
    jobs = depth if mechanism.threaded else 1
    text = process.run_text(
        ["fio", "--name=peer", f"--filename={fio_escape(path)}", "--readonly", "--thread",
         f"--ioengine={mechanism.fio}", f"--iodepth={1 if mechanism.threaded else depth}",
         f"--numjobs={jobs}", "--group_reporting", "--bs=4096", "--rw=randread",
         "--norandommap", f"--direct={int(mechanism.cache == 'direct')}", "--invalidate=0",
         "--time_based", f"--runtime={seconds}s", "--lat_percentiles=1", "--clat_percentiles=0",
         "--percentile_list=50:99.5", "--output-format=json"])
    read = json.loads(text[text.index("{"):])["jobs"][0]["read"]
    percentiles = read["lat_ns"]["percentile"]
    return {"p50_ms": percentiles["50.000000"] / 1e6, "p99_5_ms": percentiles["99.500000"] / 1e6,
            "mean_ms": read["lat_ns"]["mean"] / 1e6, "requests_per_second": read["iops"]}


def middle(runs, name):
    return median([run[name] for run in runs])


class Calibration:
    def __init__(self, program, quick):
        self.program = program
        self.pairs, self.seconds = (1, 1) if quick else (3, 2)
        self.source = tempfile.NamedTemporaryFile()  # empty; slowfs extends it with zeros
        self.rows = []
        self.alone_ms = None

    def disk(self, *options):
        return SlowFile(self.source.name, "--resize", f"0:{FILE_BYTES}", "--latency", SERVICE_MS,
                        *options)

    def add(self, mechanism, what, found, raw):
        for run in raw:
            run.pop("buckets", None)
        self.rows.append({"engine": mechanism.name, "what": what,
                          "checks": [check.as_json() for check in found], "runs": raw})
        print(f"{mechanism.name:<11}{what:<10}"
              + "   ".join(f"{check.name} {check.text()}" for check in found), flush=True)

    def seconds_for(self, mechanism, depth):
        """The duration of a run. A serial engine needs longer to complete what is in flight."""
        return self.seconds * (3 if mechanism.serial and depth > 4 else 1)

    def pair_up(self, mechanism, depth, options=()):
        mine, peers = [], []
        with self.disk(*options) as path:
            for _ in range(self.pairs if mechanism.fio else 1):
                seconds = self.seconds_for(mechanism, depth)
                mine.append(ours(self.program, mechanism, path, depth, seconds))
                if mechanism.fio:
                    peers.append(fios(mechanism, path, depth, seconds))
        return mine, peers

    def steady(self, mechanism, depth):
        mine, peers = self.pair_up(mechanism, depth)
        found = []
        if peers:
            found.append(Check("p50/fio's", middle(mine, "p50_ms"), middle(peers, "p50_ms")))
        rate, achieved = middle(mine, "requests_per_second"), middle(mine, "depth_achieved")
        if mechanism.under_wine:
            return self.serial_under_wine(mechanism, depth, rate, mine)
        # The depth achieved is the sum of the latencies over the time. A check against their mean
        # would always pass. A check against their median passes only if all latencies are alike.
        found.append(Check("Little", rate, requests_per_second(
            achieved, middle(mine, "p50_ms"))))
        if depth <= FULL_DEPTH:
            found.append(Check("depth achieved", achieved, depth))
        self.add(mechanism, f"depth {depth}", found, mine + peers)
        return middle(mine, "p50_ms")

    def serial_under_wine(self, mechanism, depth, rate, mine):
        """Checks the throughput of a serial engine under Wine.

        Wine performs each read inside the call, so the disk serves one request after another at
        every depth. A completed request may wait for later ones, so the latencies are of two kinds.
        """
        p50 = middle(mine, "p50_ms")
        if depth == 1:
            self.alone_ms = p50
            found = [Check("p50/disk's", p50, SERVICE_MS, share=WINE_TOLERANCE)]
        else:
            found = []
        found.append(Check("serial rate", rate, requests_per_second(1, self.alone_ms)))
        self.add(mechanism, f"depth {depth}", found, mine)
        return p50

    def slow_share(self, mechanism, depth, steady_p50_ms):
        mine, peers = self.pair_up(mechanism, depth, ("--slow-share", 0.01, "--slow", SLOW_MS))
        wanted = middle(peers, "p99_5_ms") if peers else SLOW_MS
        self.add(mechanism, f"slow, {depth}",
                 [Check("p99.5", middle(mine, "p99_5_ms"), wanted),
                  Check("p50/without", middle(mine, "p50_ms"), steady_p50_ms)], mine + peers)

    def stall(self, mechanism, steady_p50_ms):
        servers = 1 if mechanism.serial else STALL_DEPTH
        with self.disk("--stall", f"{STALL_AFTER_MS}:{STALL_MS}") as path:
            run = ours(self.program, mechanism, path, STALL_DEPTH, STALL_SECONDS,
                       "--rate", RATE)
        expected = latencies_through_a_stall(
            RATE, STALL_SECONDS, steady_p50_ms, servers, STALL_AFTER_MS, STALL_MS)
        share = WINE_TOLERANCE if mechanism.under_wine else TOLERANCE
        self.add(mechanism, "stall",
                 stall_checks(run["buckets"], expected, STALL_LIMITS_MS, share), [run])

    def calibrate(self, mechanism):
        p50 = {depth: self.steady(mechanism, depth) for depth in DEPTHS}
        for depth in (1,) if mechanism.serial else (1, 16):
            self.slow_share(mechanism, depth, p50[depth])
        self.stall(mechanism, p50[1])

    @property
    def missed(self):
        return [f"{row['engine']}, {row['what']}: {check['check']}"
                for row in self.rows for check in row["checks"] if not check["good"]]


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(prog="dev calibrate", description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true",
                        help="only check that everything works, in two minutes")
    parser.add_argument("--only", metavar="ENGINE[,ENGINE...]", help="only these engines")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--wine", action="store_true", help="check the Windows engines, under Wine")
    which.add_argument("--skewed", action="store_true", help="check a build that is wrong by 5 %%")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw figures to a file")
    options = parser.parse_args(arguments)
    mechanisms = WINDOWS if options.wine else LINUX
    names = options.only.split(",") if options.only else [each.name for each in mechanisms]
    options.mechanisms = [each for each in mechanisms if each.name in names]
    if len(options.mechanisms) != len(set(names)):
        known = ", ".join(each.name for each in mechanisms)
        parser.error(f"--only: unknown engine (choose from: {known})")
    return options


def main(arguments):
    options = parse_arguments(arguments)
    preset = "windows" if options.wine else "skewed" if options.skewed else "native"
    process.build(preset)
    process.build("native", "aiobench", "slowfs")
    if reason := slow_file.why_unavailable():
        process.fail(reason)
    program = ([ROOT / "scripts/wine", ROOT / "build/windows/aiobench.exe"] if options.wine
               else [ROOT / "build" / preset / "aiobench"])
    facts = machine.facts(ROOT / "build/native/aiobench", ["fio"])
    print(f"{facts['aiobench']}, {preset} build, against {facts['peers']['fio']}\n"
          f"{machine.summary(facts)}")
    if options.wine:
        print("Under Wine only the arithmetic is checked: timing there says nothing about Windows")
    machine.print_warnings(facts, options.quick)
    print(flush=True)
    calibration = Calibration(program, options.quick)
    for mechanism in options.mechanisms:
        calibration.calibrate(mechanism)
    missed = calibration.missed
    all_checks = sum(len(row["checks"]) for row in calibration.rows)
    print(f"\n{all_checks - len(missed)} of {all_checks} checks within their bounds"
          + "".join(f"\nMISSED {each}" for each in missed))
    if options.json:
        process.write_json(options.json, {
            "schema": SCHEMA, "build": preset, "quick": options.quick, "machine": facts,
            "service_ms": SERVICE_MS, "rows": calibration.rows})
    return 1 if missed else 0
