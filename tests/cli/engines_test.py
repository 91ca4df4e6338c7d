"""Proves that the list of engines is correct: engines listed as available run, others do not.

Each engine is listed once per system, with the way it receives completions. An engine that is not
available is listed with the reason, and using it is refused in one line. --self-test reports the
overhead of aiobench itself.
"""
import re

import aiobench_cli as cli
from aiobench_cli import FAILED, UNUSABLE

LINUX = ["sync", "threadpool", "io_uring", "libaio", "posix-aio", "mmap", "null", "auto"]
WINDOWS = ["sync", "overlapped", "extended", "iocp", "threadpool", "mmap", "null", "auto"]


class EnginesTest(cli.ProgramTest):
    def rows(self, **options):
        document = self.run_program("engines", "--format", "json", **options).json
        self.assertEqual(document["schema"], "aiobench/engines/1")
        return document["engines"]

    def names(self, system):
        return [row["engine"] for row in self.rows() if row["system"] == system]

    def test_every_mechanism_is_listed_once_a_system(self):
        self.assertEqual(self.names("Windows"), WINDOWS)
        linux = [name for name in LINUX if not cli.WINDOWS or name not in WINDOWS]
        self.assertEqual(self.names("Linux"), linux)

    def test_text_and_json_have_the_same_content(self):
        text = self.run_program("engines").stdout
        table = re.sub(r"\n {32}", " ", text.split("\n\n")[0]).split("\n")[1:]
        found = [re.split(r" +", line, maxsplit=3) for line in table]
        for row, before in zip(found[1:], found):
            if row[3] == "same as above":
                row[3] = before[3]
        self.assertEqual(found, [[row["engine"], row["system"], "yes" if row["available"] else "no",
                                  row["how"]] for row in self.rows()])

    def test_text_teaches_completion_and_options(self):
        text = self.run_program("engines").stdout
        for row in self.rows():
            self.assertRegex(text, rf"(?m)^  {row['engine']} +{re.escape(row['completion'])}")
        for option in ("batch=N (1 to 1024)", "skip_on_success", "sqpoll", "fixed_buffers"):
            self.assertIn(f":{option}", text)

    def test_self_test_reports_the_overhead(self):
        document = self.run_program("engines", "--self-test", "--format", "json").json
        cost = document["own_cost"]
        self.assertEqual(set(cost), {"clock_ns", "request_ns"})
        self.assertGreater(cost["clock_ns"], 0)
        self.assertGreater(cost["request_ns"], 0)
        text = self.run_program("engines", "--self-test").stdout
        self.assertRegex(text, r"(?m)^  clock +\d+\.\d ns per reading \(\w+\)$")
        self.assertRegex(text, r"(?m)^  request +\d+\.\d ns per request without I/O ")
        self.assertNotIn("own_cost", self.run_program("engines", "--format", "json").json)

    def test_what_runs_here_runs(self):
        self.make("file", 100000)
        native = "Windows" if cli.WINDOWS else "Linux"
        ours = [row for row in self.rows() if row["system"] == native]
        usable = {row["engine"] for row in ours if row["available"]}
        self.assertTrue({"sync", "mmap", "null"} <= usable)
        for row in ours:
            with self.subTest(engine=row["engine"]):
                outcome = self.run_program("file", "-e", row["engine"], code=None)
                if row["available"]:
                    self.assertEqual((outcome.code, outcome.stderr), (0, ""))
                else:
                    self.assert_one_error(outcome, row["engine"])
                    self.assertIn(outcome.code, (UNUSABLE, FAILED))

    def test_an_unavailable_engine_has_a_reason(self):
        for row in self.rows():
            if not row["available"]:
                self.assertGreater(len(row["how"]), 10, row)

    def test_the_default_engine_runs_here(self):
        self.make("file", 1000)
        config = self.run_program("file", "--format", "json").json["runs"][0]["config"]
        self.assertIn(config["engine"], cli.engines())
        self.assertEqual(config["requested_engine"], "auto")

    @cli.linux_only
    def test_a_missing_windows_build_is_reported_with_the_remedy(self):
        environment = {"AIOBENCH_WINDOWS_EXE": "/missing/aiobench.exe", "HOME": str(self.directory)}
        self.make("file", 1000)
        for arguments in (["-e", "iocp"], ["-e", "sync", "--wine"]):
            outcome = self.run_program("file", *arguments, code=None, env=environment)
            self.assert_refused(outcome, FAILED, "/missing/aiobench.exe", "AIOBENCH_WINDOWS_EXE")
        rows = self.rows(env=environment)
        self.assertEqual({row["available"] for row in rows if row["system"] == "Windows"}, {False})
        self.assertEqual({row["available"] for row in rows if row["system"] == "Linux"}
                         - {False}, {True})


if __name__ == "__main__":
    cli.main()
