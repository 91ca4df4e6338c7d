"""Proves that read makes the requested requests, with every engine and at the requested rate.

Bytes and requests add up for each pattern, limit and cache state, and the figures are consistent. A
rate is never exceeded, and a rate that was not reached gives a warning. A busy machine cannot break
any time limit of these tests.
"""
import aiobench_cli as cli
from aiobench_cli import KIB, MIB
from read_cli import ALL, ReadTest


class WorkTest(ReadTest):
    def test_every_engine_reads_a_file_once_over(self):
        self.make("file", 3 * MIB + 7)
        for index, engine in enumerate(ALL):
            for depth, threads in cli.some_of((("1", "1"), ("32", "2")), index):
                with self.subTest(engine=engine, depth=depth):
                    run, r = self.read_one("file", "-e", engine, "-d", depth, "-t", threads,
                                           "-b", "64k")
                    self.assert_work(r, 3 * MIB + 7, 49)
                    self.assertEqual(run["target"]["file_bytes"], 3 * MIB + 7)
                    self.assertEqual(self.stderr, "")
                    requested = run["config"]["requested_engine"]
                    self.assertEqual(requested, "auto" if engine == "auto" else None)

    def test_the_request_is_in_the_result(self):
        self.make("file", MIB)
        config = self.read_one("file", "-b", "4k")[0]["config"]
        self.assertEqual(config["read"], {
            "pattern": "sequential", "seed": 1, "duration_seconds": None, "limit_bytes": None,
            "rate_per_second": None, "files_at_once": 1})
        config = self.read_one("file", "--pattern", "random", "--seed", "18446744073709551615",
                               "--duration", "1h", "--bytes", "20k", "--rate", "12345.5",
                               "-b", "4k")[0]["config"]
        self.assertEqual(config["read"], {
            "pattern": "random", "seed": 18446744073709551615, "duration_seconds": 3600,
            "limit_bytes": 20 * KIB, "rate_per_second": 12345.5, "files_at_once": 1})

    def test_bytes_begin_at_the_front_again_and_are_whole_requests(self):
        self.make("file", 10 * 4096 + 100)
        for engine in ALL:
            with self.subTest(engine=engine):
                run = self.read_one("file", "-e", engine, "-b", "4k", "--bytes", "100k")
                self.assert_work(run[1], 23 * 4096 + 200, 25)
                run = self.read_one("file", "-e", engine, "-b", "4k", "--bytes", "4097")
                self.assert_work(run[1], 2 * 4096, 2)

    def test_random_reads_whole_blocks(self):
        self.make("file", 10 * 4096 + 100)
        for index, engine in enumerate(ALL):
            for depth in cli.some_of(("1", "16"), index):
                with self.subTest(engine=engine, depth=depth):
                    _, r = self.read_one("file", "-e", engine, "-d", depth, "-b", "4k",
                                         "--pattern", "random", "--bytes", "4000k")
                    self.assert_work(r, 1000 * 4096, 1000)
        self.make("small", 100)
        self.assert_work(self.read_one("small", "--pattern", "random")[1], 100, 1)

    def test_duration(self):
        self.make("file", MIB)
        for index, engine in enumerate(ALL):
            for pattern in cli.some_of(("sequential", "random"), index):
                with self.subTest(engine=engine, pattern=pattern):
                    run, r = self.read_one("file", "-e", engine, "-b", "4k", "--duration", "80ms",
                                           "--pattern", pattern)
                    self.assertGreater(r["requests"], 0)
                    self.assertEqual(r["bytes"], r["requests"] * 4096)
                    self.assertGreater(r["wall_seconds"], 0.079)
                    self.assertEqual((run["partial"], r["partial"]), (False, False))

    def test_bytes_end_it_before_the_duration_and_the_other_way_round(self):
        self.make("file", MIB)
        _, r = self.read_one("file", "-b", "4k", "--duration", "10h", "--bytes", "40k")
        self.assert_work(r, 40 * KIB, 10)
        _, r = self.read_one("file", "-b", "4k", "--duration", "50ms", "--bytes", "1000T")
        self.assertGreater(r["wall_seconds"], 0.049)

    def test_an_empty_file(self):
        self.make("empty", 0)
        ways = ([], ["--duration", "100h"], ["--bytes", "1G"], ["--rate", "0.001"],
                ["--pattern", "random"])
        for index, engine in enumerate(ALL):
            for arguments in cli.some_of(ways, index):
                _, r = self.read_one("empty", "-e", engine, *arguments)
                self.assert_work(r, 0, 0)
        text = self.run_program("read", "empty").text
        self.assertIn("\nempty\n", text)
        self.assertNotIn("nan", text)

    def test_every_cache_state(self):
        self.make("file", MIB + 100)
        for index, engine in enumerate(ALL):
            for cache in cli.some_of(("asis", "warm", "cold", "direct"), index):
                if (engine, cache) == ("mmap", "direct"):
                    continue  # is refused, see options_test.py
                with self.subTest(engine=engine, cache=cache):
                    run, r = self.read_one("file", "-e", engine, "-b", "4k", "--cache", cache)
                    self.assert_work(r, MIB + 100, 257)
                    self.assertEqual(run["config"]["cache"], cache)

    def test_repetitions_and_warm_up(self):
        self.make("file", MIB)
        run, = self.read("file", "-b", "64k", "--repeat", "4", "--warmup", "2")
        self.assertEqual([r["bytes"] for r in run["repetitions"]], [MIB] * 4)
        self.assertFalse(run["partial"])

    def test_figures_agree(self):
        self.make("file", 8 * MIB)
        for index, engine in enumerate(ALL):
            for arguments in cli.some_of(([], ["--pattern", "random"], ["--duration", "50ms"]),
                                         index):
                with self.subTest(engine=engine, arguments=arguments):
                    _, r = self.read_one("file", "-e", engine, "-b", "16k", *arguments)
                    rate = r["requests"] / r["wall_seconds"]
                    self.assertAlmostEqual(r["requests_per_second"] / rate, 1, 6)
                    latency = r["latency_ns"]
                    achieved = latency["mean"] * latency["count"] * 1e-9 / r["wall_seconds"]
                    self.assertAlmostEqual(r["depth_achieved"] / achieved, 1, 6)
                    self.assertLessEqual(r["depth_achieved"], r["lanes"] * 1.02)
                    self.assertEqual(r["hashing_seconds"], 0)


class RateTest(ReadTest):
    def test_every_engine_keeps_the_number_and_no_request_goes_early(self):
        self.make("file", MIB)
        for index, engine in enumerate(ALL):
            for depth, threads in cli.some_of((("1", "1"), ("8", "2")), index):
                with self.subTest(engine=engine, depth=depth):
                    run, r = self.read_one("file", "-e", engine, "-d", depth, "-t", threads,
                                           "-b", "4k", "--rate", "2000", "--bytes", "800k")
                    self.assert_work(r, 800 * KIB, 200)
                    # The last of 200 requests is due after 199 / 2000 s, so the rate is never
                    # exceeded.
                    self.assertGreater(r["wall_seconds"], 0.0994)
                    self.assertEqual(run["config"]["read"]["rate_per_second"], 2000)

    @cli.plain_only
    def test_the_rate_is_reached(self):
        self.make("file", MIB)
        for _ in range(20):  # of a machine that is sometimes busy
            run, r = self.read_one("file", "-b", "4k", "-d", "8", "--rate", "1000", "--duration",
                                   "1s")
            self.assertLess(r["requests"], 1100)
            codes = [warning["code"] for warning in run["warnings"]]
            if "rate_not_reached" not in codes and r["requests_per_second"] > 950:
                return
        self.fail(f"{r['requests_per_second']} requests/s at best")

    def test_a_rate_that_cannot_be_reached_is_a_warning(self):
        self.make("file", MIB)
        for engine in ALL:
            with self.subTest(engine=engine):
                run, r = self.read_one("file", "-e", engine, "-b", "4k", "--rate", "1000000000",
                                       "--repeat", "1", "--bytes", "64M")
                warning, = (w for w in run["warnings"] if w["code"] == "rate_not_reached")
                self.assertIn("1000000000", warning["message"])
                self.assertIn("--rate", warning["advice"])
                self.assertTrue(warning["suspect"] and run["suspect"])
                self.assertIn("aiobench: warning: ", self.stderr)
                # All are due at once, and each waits for those before it. That holds even if the
                # machine stalls.
                waited = r["latency_ns"]["mean"] * r["requests"]
                self.assertGreater(waited, r["wall_seconds"] * 10e9)
        text = self.run_program("read", "file", "-b", "4k", "--rate", "1000000000").text
        self.assertRegex(text,
                         r"  warning +the run reached only [\d]+ of the requested 1000000000 ")

    def test_the_text_names_what_latency_measures(self):
        self.make("file", 64 * KIB)
        text = self.run_program("read", "file", "-b", "4k", "--rate", "5000", "-e", "sync").text
        self.assertRegex(text, r"  read +sequential, at 5000 requests/s\n")
        self.assertRegex(text, r"  latency .*max .*, from the due time\n")
        self.assertRegex(text, r"  depth +[\d.]+ requests due or in flight on average")


if __name__ == "__main__":
    cli.main()
