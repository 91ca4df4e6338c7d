"""Proves that the result file has everything that was measured, in the documented form.

Real output validates against docs/result.schema.json, its figures are consistent with each other
and with the raw histogram, and CSV has the same values as JSON in one row per repetition.
"""
import csv
import json
import math
import time

import aiobench_cli as cli
from aiobench_cli import FAILED, GIB, MIB

try:
    import jsonschema
except ImportError:
    jsonschema = None

SCHEMA = json.loads((cli.ROOT / "docs/result.schema.json").read_text(encoding="utf-8"))
EXACT_BELOW = 128  # nanoseconds; above, each octave has this many buckets


def bucket_width(least):
    return 1 if least < EXACT_BELOW else 1 << (least.bit_length() - 1 - 7)


def bucket_at(buckets, percent):
    """The bucket of the value at this quantile."""
    total = sum(count for _, count in buckets)
    rank = max(1, math.ceil(round(percent * total / 100, 6)))  # 99.9 is inexact in binary
    for least, count in buckets:
        rank -= count
        if rank <= 0:
            return least
    raise AssertionError("no bucket")


class ResultTest(cli.ProgramTest):
    def measure(self, *arguments, code=0):
        document = self.run_program("--format", "json", *arguments, code=code).json
        self.assert_valid_result(document)
        return document

    def each_repetition(self, document):
        for run in document["runs"]:
            for repetition in run["repetitions"]:
                yield run, repetition

    def test_the_schema_itself_is_valid_and_closed(self):
        if jsonschema is None:
            self.skipTest("python3-jsonschema is not installed")
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        for name, part in [("result", SCHEMA), *SCHEMA["$defs"].items()]:
            with self.subTest(part=name):
                self.assertFalse(part["additionalProperties"])
                self.assertEqual(sorted(part["required"]), sorted(part["properties"]))
                for field, rule in part["properties"].items():
                    self.assertTrue({"description", "$ref", "const"} & set(rule), field)

    def test_every_engine_hash_and_cache_state(self):
        self.make("file", 3 * MIB + 7)
        for engine in [*cli.engines(), "null", "auto"]:
            self.measure("file", "-e", engine, "-d", "3", "-b", "64k")
        for algorithm in [*cli.ALGORITHMS, "none"]:
            run = self.measure("file", "-H", algorithm)["runs"][0]
            self.assertEqual(run["repetitions"][0]["digest"] is None, algorithm == "none")
        for cache in ("asis", "warm", "cold", "direct"):
            run = self.measure("file", "--cache", cache)["runs"][0]
            self.assertEqual(run["config"]["cache"], cache)

    def test_failed_empty_and_odd_files(self):
        self.make("empty", 0)
        self.make("\u00fc \U0001f40d", 100)
        document = self.measure("missing", "empty", "\u00fc \U0001f40d", code=FAILED)
        missing, empty, odd = document["runs"]
        self.assertEqual(missing["error"]["operation"], "open")
        self.assertEqual(missing["error"]["path"], "missing")
        self.assertIsInstance(missing["error"]["code"], int)
        self.assertEqual(empty["repetitions"][0]["requests"], 0)
        self.assertEqual(odd["target"]["path"], "\u00fc \U0001f40d")

    def test_config_equals_the_request(self):
        self.make("file", MIB)
        config = self.measure("file", "-e", "null", "-d", "5", "-t", "3", "-b", "4k", "-H", "xxh64",
                              "--cache", "warm")["runs"][0]["config"]
        self.assertEqual(config, {"engine": "null", "engine_options": None, "depth": 5,
                                  "threads": 3, "block_bytes": 4096, "hash": "xxh64",
                                  "cache": "warm",
                                  "interval_seconds": None, "requested_engine": None, "read": None,
                                  "copy": None, "latency_of": "requests"})

    def test_config_names_what_latency_measures(self):
        self.make("file", MIB)
        for engine in [*cli.engines(), "null"]:
            config = self.measure("file", "-e", engine)["runs"][0]["config"]
            self.assertEqual(config["latency_of"],
                             "populating pages" if engine == "mmap" else "requests")

    def test_auto_is_settled_in_the_result(self):
        self.make("file", 3 * MIB)
        for arguments in ([], ["-e", "auto"], ["--cache", "cold"], ["--cache", "direct"],
                          ["-H", "none"]):
            config = self.measure("file", *arguments)["runs"][0]["config"]
            self.assertEqual(config["requested_engine"], "auto")
            self.assertIn(config["engine"], cli.engines())
        config = self.measure("file", "-d", "3", "-t", "1", "-b", "8k")["runs"][0]["config"]
        self.assertEqual((config["depth"], config["threads"], config["block_bytes"]), (3, 1, 8192))

    def test_engine_options(self):
        self.make("file", MIB)
        for spec, engine, options in [("iocp:skip_on_success,batch=2", "iocp",
                                       "batch=2,skip_on_success"),
                                      ("io_uring:sqpoll,fixed_buffers", "io_uring",
                                       "fixed_buffers,sqpoll")]:
            if engine in cli.engines():
                config = self.measure("file", "-e", spec)["runs"][0]["config"]
                self.assertEqual((config["engine"], config["engine_options"]), (engine, options))

    def test_repetitions_and_warm_up(self):
        self.make("file", MIB)
        for arguments, count in [([], 1), (["--repeat", "7"], 7), (["--warmup", "3"], 1),
                                 (["--repeat", "2", "--warmup", "5"], 2)]:
            run = self.measure("file", *arguments)["runs"][0]
            repetitions = run["repetitions"]
            self.assertFalse(run["partial"])
            self.assertEqual(len(repetitions), count, arguments)
            self.assertEqual(len({r["digest"] for r in repetitions}), 1)

    def test_lanes_threads_and_requests_of_small_files(self):
        self.make("file", 10 * 4096 + 1)
        for engine in [*cli.engines(), "null"]:
            run, r = next(self.each_repetition(self.measure(
                "file", "-e", engine, "-d", "64", "-t", "16", "-b", "4k")))
            self.assertEqual((run["config"]["depth"], run["config"]["threads"]), (64, 16))
            self.assertEqual((r["lanes"], r["threads"], r["requests"]), (11, 11, 11), engine)

    def test_figures_agree(self):
        self.make("file", 32 * MIB + 5)
        for index, engine in enumerate([*cli.engines(), "null"]):
            for depth, block in cli.some_of([("1", "64k"), ("16", "256k"), ("64", "4k")], index):
                document = self.measure("file", "-e", engine, "-d", depth, "-b", block,
                                        "--repeat", "3")
                for run, r in self.each_repetition(document):
                    with self.subTest(engine=engine, depth=depth, block=block):
                        self.assert_figures_agree(run, r)

    def assert_figures_agree(self, run, r):
        self.assertEqual(r["bytes"], run["target"]["file_bytes"])
        self.assertGreater(r["wall_seconds"], 0)
        age_seconds = time.time() - r["started_unix_ns"] * 1e-9
        self.assertTrue(0 < age_seconds < 300, age_seconds)
        self.assertAlmostEqual(r["bytes_per_second"] / (r["bytes"] / r["wall_seconds"]), 1, 6)
        self.assertAlmostEqual(r["requests_per_second"] / (r["requests"] / r["wall_seconds"]), 1, 6)
        self.assertAlmostEqual(r["inline_share"], r["inline_completions"] / r["requests"], 9)
        self.assertLessEqual(r["inline_completions"], r["requests"])
        cpu = r["cpu_user_seconds"] + r["cpu_system_seconds"]
        self.assertAlmostEqual(r["cpu_seconds_per_gib"], cpu / (r["bytes"] / GIB), 6)
        latency = r["latency_ns"]
        achieved = latency["mean"] * latency["count"] * 1e-9 / r["wall_seconds"]
        self.assertAlmostEqual(r["depth_achieved"] / achieved, 1, 6)
        self.assertLessEqual(r["depth_achieved"], r["lanes"] * 1.02)
        parts = sum(r[f"{part}_seconds"] for part in ("submitting", "waiting", "hashing", "rest"))
        if run["config"]["block_bytes"] >= 65536:  # below, hashing time is estimated
            self.assertAlmostEqual(parts / (r["threads"] * r["wall_seconds"]), 1, delta=0.02)

    def test_inline_share_of_engines_that_have_only_one_kind(self):
        self.make("file", 4 * MIB)
        for engine, share in [("sync", 1.0), ("null", None)]:
            _, r = next(self.each_repetition(self.measure("file", "-e", engine)))
            self.assertIn(r["inline_share"], [0.0, 1.0] if share is None else [share])

    def test_the_histogram_holds_every_request(self):
        self.make("file", 16 * MIB + 5)
        for index, engine in enumerate([*cli.engines(), "null"]):
            for depth, block in cli.some_of([("1", "64k"), ("32", "4k"), ("7", "12345")], index):
                document = self.measure("file", "-e", engine, "-d", depth, "-b", block)
                for _, r in self.each_repetition(document):
                    with self.subTest(engine=engine, depth=depth, block=block):
                        self.assert_histogram(r["latency_ns"], r["requests"])

    def assert_histogram(self, latency, requests):
        buckets = latency["buckets"]
        lows = [least for least, _ in buckets]
        self.assertEqual(lows, sorted(set(lows)))
        self.assertEqual(sum(count for _, count in buckets), requests)
        self.assertEqual(latency["count"], requests)
        for name, percent in [("p50", 50), ("p90", 90), ("p99", 99), ("p99_9", 99.9)]:
            least = bucket_at(buckets, percent)
            self.assertGreaterEqual(latency[name], least * 0.99, name)
            self.assertLessEqual(latency[name], (least + bucket_width(least)) * 1.01, name)
        figures = [latency[name] for name in ("min", "p50", "p90", "p99", "p99_9", "max")]
        self.assertEqual(figures, sorted(figures))
        for value, least in [(latency["min"], lows[0]), (latency["max"], lows[-1])]:
            self.assertGreaterEqual(value, least)
            self.assertLess(value, least + bucket_width(least))
        middle = sum((least + (bucket_width(least) - 1) / 2) * count for least, count in buckets)
        self.assertAlmostEqual(latency["mean"] * requests / middle, 1, delta=0.01)

    def test_all_outputs_of_one_run_are_equal(self):
        names = ["file", "comma, \"quote\" name" if not cli.WINDOWS else "comma, name"]
        for name in names:
            self.make(name, 2 * MIB + 1)
        outcome = self.run_program("--repeat", "3", "--json", "out.json", "--csv", "out.csv",
                                   "--format", "json", *names)
        self.assertEqual((self.directory / "out.json").read_bytes(), outcome.raw)
        self.assert_valid_result(outcome.json)
        with open(self.directory / "out.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
        repetitions = list(self.each_repetition(outcome.json))
        self.assertEqual((len(rows), len(repetitions)), (6, 6))
        for index, (row, (run, r)) in enumerate(zip(rows, repetitions)):
            self.assertEqual(row["repetition"], str(index % 3 + 1))
            self.assert_same(row, {**outcome.json["host"], **run["target"], **run["config"], **r})
            for key in ("p50", "p90", "p99", "p99_9", "max"):
                self.assertEqual(row[f"latency_{key}_ns"], str(r["latency_ns"][key]))

    def assert_same(self, row, values):
        self.assertEqual(row["job"], "hash")
        shared = set(row) & set(values)
        self.assertGreater(len(shared), 25)
        for key in shared - {"threads", "warnings"}:
            value = values[key]
            if isinstance(value, bool):
                self.assertEqual(row[key], str(int(value)), key)
            elif isinstance(value, float):
                last_place = 10.0 ** -len(row[key].partition(".")[2])
                self.assertLessEqual(last_place, 0.1, key)
                self.assertAlmostEqual(float(row[key]), value, delta=last_place)
            else:
                self.assertEqual(row[key], "" if value is None else str(value), key)


if __name__ == "__main__":
    cli.main()
