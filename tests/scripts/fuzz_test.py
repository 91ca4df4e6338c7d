"""Proves that scripts/dev/fuzz reports and keeps its findings, and does not change the corpus."""
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/dev/fuzz"

# A fake fuzzer. It records its arguments, adds a file to its corpus directory, and reports the
# finding in the file NAME.finding, if there is one.
FUZZER = """#!/bin/bash
echo "$@" >"$0.arguments"
for argument; do
  [[ $argument == -artifact_prefix=* ]] && prefix=${argument#*=}
done
ls "${@: -1}" >"$0.corpus"
touch "${@: -1}/invented"
status=0
if [[ -e $0.finding ]]; then
  cp "$0.finding" "${prefix}crash-1"
  echo "==1== ERROR: libFuzzer: deadly signal"
  status=77
fi
echo "stat::number_of_executed_units: 12345"
echo "stat::average_exec_per_sec: 411"
exit $status
"""


class FuzzTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)
        self.fuzzers = self.root / "build/fuzz/tests/fuzz"
        for path in ("scripts/dev", "build/fuzz/tests/fuzz"):
            (self.root / path).mkdir(parents=True)
        shutil.copy(SCRIPT, self.root / "scripts/dev/fuzz")
        self.program("scripts/setup", "#!/bin/sh\n")
        self.program("scripts/build", '#!/bin/sh\necho "$@" >"$0.arguments"\n')
        for target in ("one", "two"):
            corpus = self.root / "tests/fuzz/corpus" / target
            corpus.mkdir(parents=True)
            (corpus / "seed").touch()
            (self.root / f"tests/fuzz/{target}_fuzz.cpp").touch()
            self.program(f"build/fuzz/tests/fuzz/{target}_fuzz", FUZZER)
        (self.root / "tests/fuzz/two.dict").touch()

    def program(self, path, text):
        (self.root / path).write_text(text, encoding="utf-8")
        (self.root / path).chmod(0o755)

    def fuzz(self, *arguments):
        return subprocess.run([self.root / "scripts/dev/fuzz", *arguments], check=False,
                              timeout=500, stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def arguments_of(self, target):
        return (self.fuzzers / f"{target}_fuzz.arguments").read_text(encoding="utf-8").split()

    def test_every_target_runs_on_a_copy_of_its_corpus(self):
        done = self.fuzz("7")
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [line.split() for line in done.stdout.splitlines()]
        self.assertEqual(rows[0], ["target", "seconds", "executions", "per", "second", "found"])
        self.assertEqual([[row[0], *row[2:]] for row in rows[1:]],
                         [["one", "12345", "411", "0"], ["two", "12345", "411", "0"]])
        build = (self.root / "scripts/build.arguments").read_text(encoding="utf-8")
        self.assertEqual(build, "fuzz one_fuzz two_fuzz\n")
        for target in ("one", "two"):
            self.assertIn("-max_total_time=7", self.arguments_of(target))
            self.assertEqual((self.fuzzers / f"{target}_fuzz.corpus").read_text(), "seed\n")
            corpus = self.root / "tests/fuzz/corpus" / target
            self.assertEqual([path.name for path in corpus.iterdir()], ["seed"])
        self.assertFalse([word for word in self.arguments_of("one") if "-dict" in word])
        self.assertTrue([word for word in self.arguments_of("two") if word.endswith("two.dict")])

    def test_one_target_and_a_minute(self):
        done = self.fuzz("two")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("-max_total_time=60", self.arguments_of("two"))
        self.assertFalse((self.fuzzers / "one_fuzz.arguments").exists())

    def test_a_finding_is_reported_and_kept_and_the_others_go_on(self):
        (self.fuzzers / "one_fuzz.finding").write_text("input", encoding="utf-8")
        for _ in range(2):  # the second time the file exists; it is still counted
            done = self.fuzz("1")
            self.assertEqual(done.returncode, 1)
            self.assertIn("ERROR: libFuzzer: deadly signal", done.stderr)
            found = [line.split()[-1] for line in done.stdout.splitlines()[1:3]]
            self.assertEqual(found, ["1", "0"])
            self.assertIn("1 found, kept in build/fuzz/findings", done.stdout)
            kept = self.root / "build/fuzz/findings/one-crash-1"
            self.assertEqual(kept.read_text(encoding="utf-8"), "input")

    def test_arguments_that_mean_nothing(self):
        for arguments, message in ((("0",), "SECONDS must be at least 1"), (("5", "six"), "'six'"),
                                   (("-1",), "'-1'"), (("one", "5"), "'5'"), (("",), "''")):
            done = self.fuzz(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertIn(message, done.stderr)
            self.assertFalse((self.root / "scripts/build.arguments").exists())

    def test_a_build_that_fails(self):
        self.program("scripts/build", "#!/bin/sh\nexit 3\n")
        self.assertEqual(self.fuzz("1").returncode, 3)


if __name__ == "__main__":
    unittest.main()
