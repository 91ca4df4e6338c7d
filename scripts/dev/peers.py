"""Compares aiobench with xxhsum, b3sum, cat and fio on this machine; prints medians and ratios.

usage: scripts/bench_peers [--quick] [--only ROW[,ROW...] | --list] [--json FILE] [--pairs N]
                           [--file FILE | --size SIZE] [--directory DIR] [--keep]

Builds only aiobench. Each row runs two programs alternately (A B A B); its ratio is that of the
medians. Everything takes about 9 minutes, --quick half a minute.

The speed excludes set-up and teardown if a program reports it itself, as aiobench and fio do. For
xxhsum, b3sum and cat it is the speed of the whole process, and the column "whole" has the ratio of
whole processes. CPU covers whole processes: all threads, and the kernel's workers for them. In the
rows with fio it is per request and without set-up (see peer_rows.py).

As root it creates a fast disk in memory for the rows that bypass the page cache, and removes it at
the end. Without root it skips these rows and reports why.

A missed target is shown but is not a failure, because the machine may not have been
idle. Exit code: 0 done, 1 a digest is wrong, 2 wrong arguments, 3 something failed, 130
interrupted.
"""
import argparse
import contextlib
import dataclasses
import itertools
import os
import signal
from pathlib import Path

from dev import ROOT, comparison as tables, machine, peer_rows as rows, process
from dev.comparison import BYTES, Skipped
from dev.figures import GIB, MIB, format_size, parse_size
from dev.process import Skip
from dev.storage import drop_from_cache, evict, loop_disk, put_into_cache

SCHEMA = "aiobench/bench_peers/2"
RUN_MS, QUICK_RUN_MS = 1500, 300
LEGEND = """\
ratio: speed of aiobench / speed of the peer (medians); pairs: lowest and highest ratio of a pair
whole: the ratio of whole processes, with set-up and teardown, if the peer reports no other times
CPU: CPU time of aiobench / that of the peer for the same work, all threads and kernel workers"""


def describe(aiobench, path):
    """Describes the file, its file system and its device."""
    target = process.run_json([aiobench, "-e", "null", "-H", "none", "--format", "json",
                               path])["runs"][0]["target"]
    return {"name": path.name, "bytes": path.stat().st_size,
            "file_system": target["file_system"], "device": target["device"]}


def line_about(facts):
    text = (f"file {facts['name']}, {format_size(facts['bytes'])}, {facts['file_system']} on "
            f"{facts['device']}")
    if facts["file_system"] == "tmpfs":
        text += ("\nNOTE: on tmpfs io_uring passes each read to a kernel worker "
                 "(choose another --directory)")
    return text


class Files:
    """Creates each file when it is first needed, and removes all of them at the end.

    `described` holds the result of describe() for each file that exists, by place.
    """

    def __init__(self, aiobench, options):
        self.aiobench = aiobench
        self.options = options
        self.described = {}
        self._made = {}
        self._digests = {}
        self._undo = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._undo.close()

    def at(self, place):
        """The path of the file. Raises Skip, with the same reason each time, if there is none."""
        if place == "cold":
            place = "cached"  # the same file; a cold row evicts it before each run
        if place not in self._made:
            try:
                self._made[place] = path = self._make(place)
                self.described[place] = describe(self.aiobench, path)
                print(f"{line_about(self.described[place])}\n", flush=True)
            except Skip as reason:
                self._made[place] = reason
        if isinstance(self._made[place], Skip):
            raise self._made[place]
        return self._made[place]

    def right_digest(self, place):
        path = self.at(place)
        if path not in self._digests:
            self._digests[path] = rows.XXHSUM.run(path).digest
            if place == "disk":
                drop_from_cache(path)  # direct reads must check for cached pages
        return self._digests[path]

    def _make(self, place):
        if place == "cached":
            return self._in_cache()
        if place == "disk":
            return self._on_disk(self.options.size // 2)
        # The disk has room for two copies, because an old copy stays until a new one is complete.
        path = self._on_disk(self.options.size, copies=2)
        put_into_cache(self.aiobench, path)
        return path

    def _create(self, path, size):
        process.run_text([self.aiobench, "create", "-q", "--force", path, "--size", str(size)])

    def _in_cache(self):
        path = self.options.file
        if not path:
            self.options.directory.mkdir(parents=True, exist_ok=True)
            path = self.options.directory / f"peers-{self.options.size}.bin"
            if not self.options.keep:
                self._undo.callback(Path.unlink, path, missing_ok=True)
            # A file of another size was left by an interrupt.
            if not path.exists() or path.stat().st_size != self.options.size:
                self._create(path, self.options.size)
        put_into_cache(self.aiobench, path)
        return path

    def _on_disk(self, size, copies=0):
        """A file on a new loop disk with room for copies. It is not in the page cache."""
        disk = self._undo.enter_context(loop_disk(size * (1 + copies)))
        path = disk / f"peers-{size}.bin"
        self._create(path, size)
        drop_from_cache(path)
        return path


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(prog="bench_peers", description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true",
                        help="256 MiB, short runs, 1 pair: only checks that everything works")
    parser.add_argument("--only", metavar="ROW[,ROW...]", default="",
                        help="only these rows: full names, or beginnings of names")
    parser.add_argument("--list", action="store_true",
                        help="list the rows and the commands that they run")
    parser.add_argument("--file", type=Path, help="read this file instead of creating one")
    parser.add_argument("--size", type=parse_size,
                        help="size of the created file (2GiB); half of it on the fast disk")
    parser.add_argument("--pairs", type=int, help="measured pairs of each row (7)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw figures to a file")
    parser.add_argument("--directory", type=Path, default=ROOT / "build/bench",
                        help="directory for the file (build/bench), on a real file system")
    parser.add_argument("--keep", action="store_true", help="keep the created file")
    parser.add_argument("--aiobench", type=Path, help="use this program, not the native build")
    options = parser.parse_args(arguments)
    if options.size is None:
        options.size = 256 * MIB if options.quick else 2 * GIB
    if options.pairs is None:
        options.pairs = 1 if options.quick else 7
    if options.pairs < 1 or options.size < 4 * MIB:
        parser.error("--pairs must be at least 1, and --size at least 4 MiB")
    process.require_directories(parser, options.json)
    return parser, options


def choose(parser, options, aiobench):
    """(rows, ids of limits) that --only selects."""
    known = rows.all_rows(aiobench, QUICK_RUN_MS if options.quick else RUN_MS)
    wanted = options.only.split(",") if options.only else []
    try:
        ids = rows.select([row.id for row in known] + list(rows.LIMITS), wanted)
    except ValueError as error:
        parser.error(str(error))
    return [row for row in known if row.id in ids], [each for each in rows.LIMITS if each in ids]


def print_list(chosen, limit_ids):
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a closed pipe is not an error
    for row in chosen:
        print(row.id)
        for contender in (row.ours, row.peer):
            print("   ", *contender.shown_command())
    for name in limit_ids:
        print(f"{name}\n    {rows.LIMITS[name][0]}, of aiobench alone")


def find_aiobench(options):
    if options.aiobench:
        return options.aiobench.resolve()
    return ROOT / "build/native/aiobench"


def find_peers(chosen):
    """The peers that these rows run. Exits with a message if one of them is missing."""
    peers = {row.peer for row in chosen if not row.peer.built_beside}
    peers |= {rows.XXHSUM for row in chosen if row.unit == BYTES}
    for peer in peers:
        if not peer.installed():
            process.fail(f"{peer.program()} is not installed (run scripts/setup bench, or leave "
                         "out its rows with --only)")
    return sorted({peer.program() for peer in peers})


def print_head(facts, options):
    print(f"{facts['aiobench']}\n"
          f"peers: {', '.join(facts['peers'].values())}\n"
          f"{machine.summary(facts)}\n"
          f"{format_size(facts['memory_bytes'])} of memory; {options.pairs} pairs per row")
    machine.print_warnings(facts, options.quick)
    print(f"\n{LEGEND}\n", flush=True)


def run_copies(row, path, pairs):
    """Compares a copy row. The copy is removed, and the disk synced, before each run."""
    def remove():
        Path(rows.copy_of(path)).unlink(missing_ok=True)
        os.sync()

    try:
        return rows.compare(row, path, pairs, remove)
    finally:
        remove()


def run_row(row, files, pairs):
    path = files.at(row.place)
    # This comes before the runs, because reading the file may change the page cache.
    right = files.right_digest(row.place) if row.unit == BYTES else None
    process.show_progress(f"{row.id} ...")
    if row.leaves_copy:
        done = run_copies(row, path, pairs)
    else:
        prepare = (lambda: evict(path)) if row.place == "cold" else lambda: None
        done = rows.compare(row, path, pairs, prepare)
    done.right_digest = right
    return done


def run_rows(chosen, files, abilities, pairs):
    """Runs the rows group by group, and prints the table of each group when it is done."""
    results = []
    for group, members in itertools.groupby(chosen, lambda row: tables.group_of(row.id)):
        done, unit = [], None
        for row in members:
            unit = tables.RATES[row.unit][1]
            try:
                abilities.require(row)
                row.peer.require()
                done.append(run_row(row, files, pairs))
            except Skip as reason:
                done.append(Skipped(row.id, str(reason)))
        print(f"{group} ({unit}): {rows.TITLES[group]}\n{tables.comparison_table(done)}\n",
              flush=True)
        results += done
    return results


def run_limits(ids, aiobench, files, pairs):
    found = []
    for name in ids:
        title, measure = rows.LIMITS[name]
        done = measure(aiobench, files.at("cached"), pairs)
        print(f"{tables.limit_table(title, done)}\n", flush=True)
        found += done
    return found


def series_document(series, unit):
    """All runs of a series and their median, for JSON."""
    samples = [{**dataclasses.asdict(each), "per_second": each.rate(unit)}
               for each in series.samples]
    return {**dataclasses.asdict(series), "samples": samples,
            "median_per_second": series.rate(unit)}


def comparison_document(each):
    return {**dataclasses.asdict(each), "ours": series_document(each.ours, each.unit),
            "peer": series_document(each.peer, each.unit), "ratio": each.ratio(),
            "ratio_range": each.ratio_range(), "whole_ratio": each.whole_ratio(),
            "cpu_ratio": each.cpu_ratio(), "verdict": each.verdict() or None,
            "cpu_verdict": each.cpu_verdict() or None}


def measure_all(chosen, limit_ids, aiobench, options):
    """(completed comparisons, document for --json)"""
    facts = machine.facts(aiobench, find_peers(chosen))
    print_head(facts, options)
    with Files(aiobench, options) as files:
        results = run_rows(chosen, files, machine.Abilities(aiobench), options.pairs)
        bounds = run_limits(limit_ids, aiobench, files, options.pairs)
        print(tables.count_verdicts(results, bounds), flush=True)
    done = [each for each in results if not isinstance(each, Skipped)]
    skipped = [dataclasses.asdict(each) for each in results if isinstance(each, Skipped)]
    return done, {
        "schema": SCHEMA, "machine": facts,
        "settings": {"pairs": options.pairs, "quick": options.quick, "only": options.only},
        "files": files.described, "comparisons": [comparison_document(each) for each in done],
        "skipped": skipped,
        "limits": [{**dataclasses.asdict(each), "met": each.met()} for each in bounds]}


def report_wrong_digests(done):
    wrong = [each for each in done if each.wrong_digests()]
    for each in wrong:
        process.say(f"wrong digest: {each.id}: {', '.join(sorted(each.wrong_digests()))}, "
                    f"correct: {each.right_digest}")
    return 1 if wrong else 0


def main(arguments):
    parser, options = parse_arguments(arguments)
    aiobench = find_aiobench(options)
    chosen, limit_ids = choose(parser, options, aiobench)
    if options.list:
        print_list(chosen, limit_ids)
        return 0
    if not options.aiobench:
        process.build("native", "aiobench", "memory_rate")
    done, document = measure_all(chosen, limit_ids, aiobench, options)
    if options.json:
        process.write_json(options.json, document, indent=2)
    return report_wrong_digests(done)
