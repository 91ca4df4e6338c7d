"""Proves that scripts/run installs and builds only the programs that its arguments need.

That is the native program, the Windows program for a Windows mechanism, or both for a sweep over
both.
"""
import re
import unittest
from pathlib import Path

from script_case import SCRIPTS, ScriptCase

ROOT = Path(__file__).resolve().parents[2]
NATIVE = ["setup run", "build native", "aiobench"]
WINDOWS = ["setup windows", "build windows", "wine"]
BOTH = ["setup windows", "build windows", "setup run", "build native", "aiobench"]


class RunTest(ScriptCase):
    SCRIPT = "run"

    def setUp(self):
        super().setUp()
        self.fake("scripts/setup", 'echo "setup $*" >>"$ROOT/calls"')
        self.fake("scripts/build", 'echo "build $*" >>"$ROOT/calls"')
        note = 'echo "$(basename "$0")" >>"$ROOT/calls"; printf "%s\\n" "$@" >"$ROOT/arguments"\n'
        directories = 'echo "$AIOBENCH_WORKING_DIRECTORY" "$AIOBENCH_CACHE_DIRECTORY"\n'
        self.fake("scripts/wine", note + directories + "exit 7\n")
        self.fake("build/native/aiobench", note + "exit 5\n")
        self.put("build/wine-prefix/.ready", "")

    def calls(self, *arguments):
        """The calls of a run with these arguments. Checks that the arguments are passed on."""
        for name in ("calls", "arguments"):
            (self.root / name).unlink(missing_ok=True)
        calls = self.calls_of(arguments)
        passed_on = self.lines("arguments")
        if calls[-1] == "wine":
            self.assertEqual(passed_on.pop(0), str(self.root / "build/windows/aiobench.exe"))
        self.assertEqual(passed_on, list(arguments) or [""])
        return calls

    def calls_of(self, arguments):
        process = self.start(*arguments)
        process.communicate(timeout=500)
        calls = self.lines("calls")
        self.assertEqual(process.returncode, {"wine": 7, "aiobench": 5}[calls[-1]])
        return calls

    def test_native(self):
        for arguments in (
                "", "--version", "--help", "-h", "help", "engines", "file", "hash file",
                "-e io_uring file", "--engine=libaio file", "-eposix-aio", "-qe sync file",
                "read -e mmap -d 8 file", "copy a b", "compare a.json b.json", "iocp",
                "--json iocp file", "-H none -- -e iocp", "-- --wine", "-e io_uring:sqpoll,sleep f",
                "-e iocp --help", "-qh -e iocp", "--wine -h", "create iocp --size 1M",
                "--version -e iocp", "-e wine/iocp file", "-e nonsense --wine",
                "--wine -e io_uring file", "-H xxh3 -de iocp", "sweep -e all f", "sweep f",
                "sweep -e io_uring,libaio f", "sweep --help -e wine", "sweep -e sync f -- -e wine",
                "sweep --resume", "report -o iocp"):
            self.assertEqual(self.calls(*arguments.split()), NATIVE, arguments)

    def test_windows(self):
        for arguments in (
                "-e iocp", "-eiocp file", "--engine iocp file", "--engine=iocp file",
                "hash --engine overlapped --depth 32 file", "read -e extended file",
                "copy -qe iocp a b", "-qveiocp file", "file -e iocp:batch=1,skip_on_success",
                "--wine file", "--wine", "-e sync --wine file", "read --wine -e threadpool:x f",
                "--wine -e auto", "-d 4 -b 64k -e extended file"):
            self.assertEqual(self.calls(*arguments.split()), WINDOWS, arguments)

    def test_both(self):
        for engines in ("wine", "all,wine", "io_uring,iocp", "iocp", "wine/sync,sync",
                        "iocp:batch=1,skip_on_success,sync", "sync,extended:x"):
            for option in (["-e", engines], [f"-e{engines}"], [f"--engine={engines}"]):
                self.assertEqual(self.calls("sweep", "f", *option), BOTH, option)
        self.assertEqual(self.calls("sweep", "-e", "sync", "f", "-e", "overlapped"), BOTH)

    def test_a_sweep_that_is_resumed_needs_what_its_plan_has(self):
        plan = '{"configurations": [{"engine": "%s", "wine": %s}]}'
        self.put("aiobench-sweep.json.parts/plan", plan % ("iocp", "true"))
        self.put("b.json.parts/plan", plan % ("sync", "false"))
        self.assertEqual(self.calls("sweep", "--resume"), BOTH)
        self.assertEqual(self.calls("sweep", "--resume", "--json", "b.json"), NATIVE)
        self.assertEqual(self.calls("sweep", "--resume", "--json=aiobench-sweep.json"), BOTH)

    def test_arguments_stay_as_they_are(self):
        self.calls("a b", "", "*", "-q", "é")
        self.calls("-e", "iocp", "a b", "", "*", "é")

    def test_the_windows_program_has_the_directories_of_the_native_one(self):
        done = self.run_script("-e", "iocp", code=7)
        self.assertEqual(done.stdout, f"{self.root} {self.root}/.cache/aiobench\n")
        self.environment["XDG_CACHE_HOME"] = "/cache"
        done = self.run_script("-e", "iocp", code=7, cwd=self.root / "scripts")
        self.assertEqual((done.stdout, done.stderr), (f"{self.root}/scripts /cache/aiobench\n", ""))

    def test_a_wine_prefix_is_announced(self):
        (self.root / "build/wine-prefix/.ready").unlink()
        self.assertIn("creating a Wine prefix", self.run_script("-e", "iocp", code=7).stderr)
        self.assertEqual(self.run_script("-e", "sync", code=5).stderr, "")

    def test_what_cannot_be_set_up_or_built_is_not_run(self):
        for failing in ("setup", "build"):
            self.fake(f"scripts/{failing}", "echo reason >&2; exit 3")
            for engine in ("sync", "iocp"):
                done = self.run_script("-e", engine, code=3)
                self.assertEqual((done.stdout, done.stderr), ("", "reason\n"))
        self.assertFalse({"aiobench", "wine"} & set(self.lines("calls")))

    def test_the_engines_are_those_of_the_registry(self):
        registry = (ROOT / "src/engine/registry.cpp").read_text(encoding="utf-8")
        table = registry.split("kMechanisms[] = {")[1].split("};")[0]
        rows = re.findall(r'\{\s*("[\w-]+"|kAuto),\s*Systems::(\w+)', table)
        script = (SCRIPTS / "run").read_text(encoding="utf-8")
        for kind, systems in (("windows", "windows_only"), ("shared", "both")):
            listed = re.search(rf"(?m)^{kind}_engines=\((.*)\)$", script)[1].split()
            names = [name.strip('"').replace("kAuto", "auto") for name, of in rows if of == systems]
            self.assertEqual(sorted(listed), sorted(names))


if __name__ == "__main__":
    unittest.main()
