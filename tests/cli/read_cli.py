"""Shared by the tests of `aiobench read`: a run whose result is validated against the schema."""
import json

import aiobench_cli as cli
from aiobench_cli import GOOD

try:
    import jsonschema
except ImportError:
    jsonschema = None

SCHEMA = json.loads((cli.ROOT / "docs/result.schema.json").read_text(encoding="utf-8"))
ALL = [*cli.engines(), "null", "auto"]


class ReadTest(cli.ProgramTest):
    """A test that runs `aiobench read` and examines the JSON result."""

    def read(self, *arguments, code=GOOD):
        outcome = self.run_program("read", "--format", "json", *arguments, code=code)
        if jsonschema is not None:
            validator = jsonschema.Draft202012Validator(SCHEMA)
            self.assertEqual([f"{error.json_path}: {error.message}"
                              for error in validator.iter_errors(outcome.json)], [])
        self.stderr = outcome.stderr
        return outcome.json["runs"]

    def read_one(self, *arguments, code=GOOD):
        run, = self.read(*arguments, code=code)
        self.assertEqual((run["job"], run["config"]["hash"]), ("read", "none"))
        repetition, = run["repetitions"]
        self.assertIsNone(repetition["digest"])
        self.assertEqual(repetition["latency_ns"]["count"], repetition["requests"])
        return run, repetition

    def assert_work(self, repetition, size, requests):
        self.assertEqual((repetition["bytes"], repetition["requests"]), (size, requests))
