"""Proves that the layer check refuses forbidden includes and macros, and accepts all others.

It also proves that scripts/lint gives each tool the right files, and reports missing tools."""
import json
import shutil
import unittest

from script_case import SCRIPTS, ScriptCase
from dev import layers

COMMENT = "// Proves that this sample is well-formed.\n"


class RuleTest(unittest.TestCase):
    def assert_accepted(self, path, text):
        self.assertEqual(layers.check_text(path, text), [])

    def assert_refused(self, path, text, line, word):
        found = layers.check_text(path, text)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{path}:{line}: "), found)
        self.assertIn(word, found[0])


class LayersTest(RuleTest):
    def test_arrows_point_down(self):
        for layer, target in [("base", "base"), ("os", "base"), ("hash", "os"),
                              ("stats", "os"), ("engine", "os"),
                              ("run", "engine"), ("run", "stats"),
                              ("report", "stats")]:
            self.assert_accepted(f"src/{layer}/a.cpp", f'#include "{target}/b.h"\n')
        for path in ("src/library/a.cpp", "src/base/a.h", "include/aiobench/a.h"):
            self.assert_accepted(path, f'{COMMENT}#include "aiobench/b.h"\n')
        self.assert_accepted("src/library/a.cpp", '#include "run/b.h"\n')
        for target in ["tool", "report", "run", "engine", "base"]:
            self.assert_accepted("tool/a.cpp", f'#include "{target}/b.h"\n')

    def test_no_arrow_points_up_or_sideways(self):
        for layer, target in [("base", "os"), ("os", "hash"), ("hash", "stats"),
                              ("stats", "hash"), ("engine", "stats"), ("engine", "run"),
                              ("report", "run"), ("report", "engine"), ("run", "tool")]:
            self.assert_refused(f"src/{layer}/linux/a.cpp", f'\n#include "{target}/b.h"\n', 2,
                                f"layer {layer} may not include {target}/b.h")

    def test_the_public_headers_stand_alone(self):
        self.assert_refused("include/aiobench/a.h", f'{COMMENT}#include "base/b.h"\n', 2,
                            "layer aiobench may not include base/b.h")
        self.assert_refused("src/run/a.cpp", '#include "aiobench/b.h"\n', 1,
                            "layer run may not include aiobench/b.h")

    def test_includes_are_written_from_the_top(self):
        self.assert_refused("src/engine/a.cpp", '#include "request.h"\n', 1, "not written from")
        self.assert_refused("src/engine/a.cpp", '#include "../base/b.h"\n', 1, "not written from")
        self.assert_accepted("src/engine/a.cpp", "#include <liburing.h>\n")

    def test_unknown_layer(self):
        self.assert_refused("src/misc/a.cpp", "int a;\n", 1, "not a layer")

    def test_comments_do_not_count(self):
        self.assert_accepted("src/base/a.cpp", '/*\n#include "tool/b.h"\n*/\n')
        self.assert_accepted("src/base/a.cpp", '// "\n//#include "tool/b.h"\n')

    def test_what_looks_like_a_comment_in_a_literal_hides_nothing(self):
        for literal in ('"/*"', "'\"', '\\'', '//'", '"\\"/*"'):
            self.assert_refused("src/base/a.cpp", f'f({literal});\n#include "tool/b.h"\n', 2,
                                "layer base may not include tool/b.h")

    def test_tests_may_include_every_layer(self):
        self.assert_accepted("tests/base/a.cpp", '#include "tool/b.h"\n#include "fixture.h"\n')


class PlatformMacrosTest(RuleTest):
    def test_refused_in_shared_code(self):
        for line in ["#ifdef _WIN32", "#ifndef __linux__", "#  if defined(_MSC_VER)",
                     "#if A || \\\n    defined(__MINGW64__)", "#if A\n#elif defined(__linux__)"]:
            text = f"{line}\nint a;\n#endif\n"
            for path in ("src/base/a.cpp", "tests/base/a.cpp"):
                self.assert_refused(path, text, 2 if "#elif" in line else 1, "#if with")

    def test_accepted_in_platform_directories(self):
        for directory in ["src/os/linux", "src/engine/windows"]:
            self.assert_accepted(f"{directory}/a.cpp", "#ifdef _WIN32\nint a;\n#endif\n")

    def test_other_conditions_and_words_are_fine(self):
        self.assert_accepted("src/base/a.cpp", "#ifdef __SANITIZE_THREAD__\nint a;\n#endif\n")
        self.assert_accepted("src/base/a.cpp", "// #ifdef _WIN32\n#ifndef NDEBUG  // not linux\n")


class LintTest(ScriptCase):
    """scripts/lint in a small project, with fake tools that record their arguments."""

    SCRIPT = "lint"

    def setUp(self):
        super().setUp()
        shutil.copytree(SCRIPTS / "dev", self.root / "scripts/dev")
        self.put("src/base/a.cpp", "int a;\n")
        self.put("tests/cli/a_test.py", "")

    def tool(self, name, status=0):
        self.fake(f"bin/{name}", f'echo "{name} $*" >>"$ROOT/calls"; exit {status}')

    def files_of(self, tool):
        """The files in the arguments of the tool, relative to the project."""
        line, = (line for line in self.lines("calls") if line.startswith(f"{tool} "))
        return {word.removeprefix(f"{self.root}/") for word in line.split()
                if word.startswith(f"{self.root}/")}

    def test_another_version_of_clang_format_checks_nothing(self):
        self.tool("clang-format-19", 1)
        for option in ("--format", "--fix"):
            done = self.run_script(option, code=77)
            self.assertIn("layout not checked: clang-format-14 is not installed", done.stdout)

    def test_the_layout_of_every_source_is_checked(self):
        self.put("tool/b.h", "")
        self.put("src/report/page.js", "")
        for status in (0, 1):
            (self.root / "calls").unlink(missing_ok=True)
            self.tool("clang-format-14", status)
            self.run_script("--format", code=status)
            self.assertEqual(self.files_of("clang-format-14"), {"src/base/a.cpp", "tool/b.h"})

    def test_a_broken_layer_in_the_tree_is_found(self):
        self.run_script("--layers")
        self.put("src/base/b.h", '#include "tool/c.h"\n')
        done = self.run_script("--layers", code=1)
        self.assertEqual(done.stdout, "src/base/b.h:1: layer base may not include tool/c.h\n")

    def test_a_tree_without_sources_is_no_success(self):
        (self.root / "src/base/a.cpp").unlink()
        self.assertIn("no C++ file", self.run_script("--layers", code=1).stderr)

    def test_every_script_is_checked(self):
        self.put(".ci/run", "#!/bin/sh\n")
        for tool, files in (("flake8", {"scripts/lint", "scripts/dev/dev", "scripts/dev/layers.py",
                                        "tests/cli/a_test.py"}),
                            ("shellcheck", {".ci/run", "scripts/dev/fuzz", "scripts/dev/debian.sh",
                                            "scripts/dev/try_debian"})):
            option = {"flake8": "--python", "shellcheck": "--shell"}[tool]
            self.assertIn(f"{tool} is not installed", self.run_script(option, code=77).stdout)
            for status in (0, 1):
                (self.root / "calls").unlink(missing_ok=True)
                self.tool(tool, status)
                self.run_script(option, code=status)
                self.assertLessEqual(files, self.files_of(tool))
        self.assertFalse(self.files_of("shellcheck") & {"scripts/dev/dev", "src/base/a.cpp"})

    def test_the_newest_clang_tidy_checks_the_sources_of_the_program(self):
        self.assertIn("clang-tidy is not installed", self.run_script("--tidy", code=77).stdout)
        self.fake("scripts/build", 'echo "build $*" >>"$ROOT/calls"')
        commands = [{"file": str(self.root / path)}
                    for path in ("src/base/a.cpp", "tool/main.cpp", "tests/base/a_test.cpp")]
        self.put("build/native/compile_commands.json", json.dumps(commands))
        for name, status in (("clang-tidy", 1), ("clang-tidy-14", 1), ("clang-tidy-9", 1),
                             ("clang-tidy-19", 0)):
            self.tool(name, status)
        self.run_script("--tidy")
        build, *calls = self.lines("calls")
        self.assertEqual(build, "build native")
        self.assertEqual({call.split()[0] for call in calls}, {"clang-tidy-19"})
        self.assertEqual(sorted(call.split()[-1] for call in calls),
                         [str(self.root / path) for path in ("src/base/a.cpp", "tool/main.cpp")])
        self.fake("bin/clang-tidy-19", '[[ $* != *main.cpp ]] || { echo "a finding"; exit 1; }')
        self.assertEqual(self.run_script("--tidy", code=1).stdout, "a finding\n\n")
        self.fake("scripts/build", "exit 3")
        self.run_script("--tidy", code=1)

    def test_arguments_that_mean_nothing(self):
        self.assertIn("usage: scripts/lint", self.run_script("--tidi", code=2).stderr)


if __name__ == "__main__":
    unittest.main()
