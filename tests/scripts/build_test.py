"""Proves that scripts/build configures a preset only when needed, and reports a failure.

It builds the tests only on request. A failure is reported in one message with its reason."""
import os
import unittest

from script_case import ScriptCase

# A fake cmake. It stores the -D variables in the cache, and creates the file that ninja reads.
CMAKE = r"""
echo "cmake $*" >>"$ROOT/calls"
[[ -e $ROOT/cmake.says ]] && { cat "$ROOT/cmake.says"; exit 1; }
directory=$ROOT/build/$2
mkdir -p "$directory"
for word; do
  [[ $word == -D* ]] || continue
  name=${word#-D}
  touch "$directory/CMakeCache.txt"
  sed -i "/^${name%%=*}:/d" "$directory/CMakeCache.txt"
  echo "${name%%=*}:BOOL=${name#*=}" >>"$directory/CMakeCache.txt"
done
touch "$directory/build.ninja"
"""
NINJA = r"""
echo "ninja ${*:3}" >>"$ROOT/calls"
[[ -e $ROOT/ninja.waits ]] && { echo waiting >"$ROOT/ninja.waits"; read -r _ <"$ROOT/go"; }
[[ -e $ROOT/ninja.says ]] && { cat "$ROOT/ninja.says"; exit 1; }
true
"""
TESTS_OFF, TESTS_ON = "-DBUILD_TESTING=OFF", "-DBUILD_TESTING=ON"
ERRORS = "-DCMAKE_COMPILE_WARNING_AS_ERROR=ON"


class BuildTest(ScriptCase):
    SCRIPT = "build"

    def setUp(self):
        super().setUp()
        self.fake("bin/cmake", CMAKE)
        self.fake("bin/ninja", NINJA)
        self.put("CMakePresets.json", "{}")

    def calls(self, *arguments):
        (self.root / "calls").unlink(missing_ok=True)
        done = self.run_script(*arguments)
        self.assertEqual(done.stdout, "")
        return self.lines("calls")

    def refused(self, *arguments, **options):
        done = self.run_script(*arguments, code=3, **options)
        self.assertEqual(done.stdout, "")
        return [line for line in done.stderr.splitlines() if "for the first time" not in line]

    def test_the_program_alone(self):
        self.assertEqual(self.calls("windows"),
                         [f"cmake --preset windows {TESTS_OFF}", "ninja installed"])
        self.assertEqual(self.calls("windows"), ["ninja installed"])
        self.assertEqual(self.calls("windows", "aiobench"), ["ninja aiobench"])

    def test_with_its_tests_warnings_are_errors(self):
        self.assertEqual(self.calls("native", "--tests"),
                         [f"cmake --preset native {TESTS_ON} {ERRORS}", "ninja "])
        self.assertEqual(self.calls("native", "--tests"), ["ninja "])
        self.assertEqual(self.calls("native"), ["ninja installed"])

    def test_a_target_of_the_tests(self):
        self.assertEqual(self.calls("native", "aiobench", "unit_test"),
                         [f"cmake --preset native {TESTS_ON} {ERRORS}", "ninja aiobench unit_test"])

    def test_tests_are_added_without_building_the_program_anew(self):
        self.calls("native")
        self.assertEqual(self.calls("native", "--tests"),
                         [f"cmake --preset native {TESTS_ON}", "ninja "])
        self.assertEqual(self.calls("native"), ["ninja installed"])

    def test_other_presets_and_another_place_are_configured_anew(self):
        self.calls("native")
        later = (self.root / "build/native/.configured").stat().st_mtime + 10
        os.utime(self.root / "CMakePresets.json", (later, later))
        self.assertEqual(self.calls("native"), ["cmake --preset native", "ninja installed"])
        self.put("build/native/.configured", "/another/place\n")
        self.put("build/native/left-over", "")
        self.assertEqual(self.calls("native"),
                         [f"cmake --preset native {TESTS_OFF}", "ninja installed"])
        self.assertFalse((self.root / "build/native/left-over").exists())

    def test_what_was_not_completed_starts_afresh(self):
        self.put("cmake.says", "interrupted\n")
        self.put("build/native/CMakeCache.txt", "BUILD_TESTING:BOOL=ON\n")
        self.refused("native")
        (self.root / "cmake.says").unlink()
        self.assertEqual(self.calls("native"),
                         [f"cmake --preset native {TESTS_OFF}", "ninja installed"])

    def test_what_was_configured_by_hand_keeps_its_settings(self):
        self.put("build/native/CMakeCache.txt", "BUILD_TESTING:BOOL=ON\n")
        self.put("build/native/build.ninja", "")
        self.assertEqual(self.calls("native"), ["cmake --preset native", "ninja installed"])
        self.assertEqual(self.calls("native", "--tests"), ["ninja "])

    def test_the_sanitizers_take_the_newest_clang_that_works(self):
        for version, status in ((9, 0), (14, 0), (19, 0), (20, 1)):
            self.fake(f"bin/clang++-{version}", f"cat >/dev/null; exit {status}")
        for preset in ("asan", "fuzz"):
            self.assertEqual(self.calls(preset, "--tests")[0],
                             f"cmake --preset {preset} {TESTS_ON} {ERRORS} "
                             f"-DCMAKE_CXX_COMPILER={self.bin}/clang++-19")
        # The build directory keeps its compiler if a newer one appears and the presets change.
        self.fake("bin/clang++-21", "cat >/dev/null")
        (self.root / "build/asan/.configured").unlink()
        self.assertIn(f"{self.bin}/clang++-19", self.calls("asan", "--tests")[0])
        for version in (9, 14, 19, 20, 21):
            (self.bin / f"clang++-{version}").unlink()
        (self.root / "build/fuzz/CMakeCache.txt").unlink()
        self.assertIn("run scripts/setup sanitize", self.refused("fuzz", "--tests")[-1])

    def test_errors_of_the_compiler_are_shown(self):
        self.put("ninja.says", "[1/2] Building a.o\nFAILED: b.o\nb.cpp:1: error: no\n")
        message = self.refused("native")
        self.assertEqual(message[:2], ["FAILED: b.o", "b.cpp:1: error: no"])
        self.assertRegex(message[2], r"^build: cannot build preset native \(log: .*native\.log\)$")
        self.assertEqual(len(message), 3)

    def test_a_full_disk_is_named_and_the_log_is_not_shown(self):
        for program, what in (("cmake", "configure"), ("ninja", "build")):
            self.put(f"{program}.says", "FAILED: b.o\nb.s: fatal error: No space left on device\n")
            message = self.refused("native")
            self.assertEqual(len(message), 1, message)
            self.assertIn(f"build: cannot {what} preset native: the disk of {self.root}/build is "
                          "full", message[0])
            (self.root / f"{program}.says").unlink()
        self.fake("bin/df", "printf 'Avail\\n12\\n'")  # the log cannot be written either
        self.put("ninja.says", "")
        self.assertIn("is full", self.refused("native")[0])

    def test_a_checkout_that_cannot_be_written_to(self):
        self.root.chmod(0o555)
        self.addCleanup(self.root.chmod, 0o755)
        message = self.refused("native", **self.as_nobody())
        self.assertEqual(len(message), 1, message)
        self.assertRegex(message[0], r"cannot write to .*/build: the checkout is read-only")

    def test_two_builds_of_a_preset_at_once(self):
        os.mkfifo(self.root / "go")
        os.mkfifo(self.root / "ninja.waits")
        first = self.start("native")
        self.addCleanup(first.communicate)
        (self.root / "ninja.waits").read_text(encoding="utf-8")
        second = self.start("native")
        self.addCleanup(second.communicate)
        self.assertIn("waiting for another build of preset native", second.stderr.readline())
        (self.root / "ninja.waits").unlink()
        self.put("go", "\n")
        self.assertEqual((first.wait(60), second.wait(60)), (0, 0))
        self.assertEqual(self.lines("calls"), [f"cmake --preset native {TESTS_OFF}",
                                               "ninja installed", "ninja installed"])

    def test_arguments_that_mean_nothing(self):
        for arguments in ((), ("--tests",), ("native", "--tests", "unit_test"), ("native", "-j8")):
            self.assertIn("usage: scripts/build PRESET", self.run_script(*arguments, code=2).stderr)
        self.assertEqual(self.lines("calls"), [])


if __name__ == "__main__":
    unittest.main()
