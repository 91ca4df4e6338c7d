"""Shared by the tests of compare: results derived from a real one, with given times."""
import copy
import json

import aiobench_cli as cli
from aiobench_cli import GOOD, MIB

try:
    import jsonschema
except ImportError:
    jsonschema = None

QUIET = [1.0, 1.003, 0.997, 1.002, 0.998, 1.001, 0.999, 1.004]
SECOND = 10 ** 9


def schema(name):
    return json.loads((cli.ROOT / "docs" / name).read_text(encoding="utf-8"))


class CompareTest(cli.ProgramTest):
    def setUp(self):
        super().setUp()
        self.make("file", MIB)
        self.real = self.run_program("file", "-e", "sync", "-t", "1", "--format", "json").json
        self.real["runs"][0]["repetitions"][0]["cpu_user_seconds"] = 0.5  # too short to be printed

    def document(self, factor=1, seconds=tuple(QUIET), start=None, step=2 * SECOND):
        """A result with one repetition for each time."""
        document = copy.deepcopy(self.real)
        run = document["runs"][0]
        sample = run["repetitions"][0]
        run["repetitions"] = [
            {**sample, "wall_seconds": one * factor,
             "started_unix_ns": None if start is None else start + i * step}
            for i, one in enumerate(seconds)]
        return document

    def put(self, name, document):
        path = self.directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(document if isinstance(document, str) else json.dumps(document),
                        encoding="utf-8")

    def compare(self, base, new, *options, code=GOOD):
        self.put("base.json", base)
        self.put("new.json", new)
        return self.run_program("compare", "base.json", "new.json", *options, code=code)

    def compare_json(self, base, new, *options, code=GOOD):
        document = self.compare(base, new, *options, "--format", "json", code=code).json
        self.validate(document)
        return document

    def validate(self, document):
        if jsonschema is None:
            return
        validator = jsonschema.Draft202012Validator(schema("comparison.schema.json"))
        self.assertEqual([f"{error.json_path}: {error.message}"
                          for error in validator.iter_errors(document)], [])
        known = schema("result.schema.json")
        config = {"$ref": "#/$defs/config", "$defs": known["$defs"]}
        for configuration in document["configurations"]:
            jsonschema.Draft202012Validator(config).validate(configuration["config"])

    def changed(self, change, **options):
        document = self.document(**options)
        change(document)
        return document
