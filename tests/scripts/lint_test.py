"""Proves that each lint rule refuses what it should refuse and accepts what it should accept, and
that the layout is not checked, and that this is said, where the right clang-format is missing."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import cpp_text  # noqa: E402
import lint_rules  # noqa: E402

COMMENT = "// Proves that this sample is well-formed.\n"
MARK = "TO" "DO"


def findings(path, text):
    return lint_rules.check_text(path, text)


def body(lines):
    return "{\n" + "  work();\n" * lines + "}\n"


class RuleTest(unittest.TestCase):
    def assert_accepted(self, path, text):
        self.assertEqual(findings(path, text), [])

    def assert_refused(self, path, text, line, word):
        found = findings(path, text)
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


class PlatformMacrosTest(RuleTest):
    def test_refused_in_shared_code(self):
        for line in ["#ifdef _WIN32", "#ifndef __linux__", "#  if defined(_MSC_VER)",
                     "#if A || \\\n    defined(__MINGW64__)", "#if A\n#elif defined(__linux__)"]:
            text = f"{line}\nint a;\n#endif\n"
            self.assert_refused("src/base/a.cpp", text, 2 if "#elif" in line else 1, "#if with")
            self.assertEqual(len(findings("tests/base/a.cpp", COMMENT + text)), 1)

    def test_accepted_in_platform_folders(self):
        for folder in ["src/os/linux", "src/engine/windows"]:
            self.assert_accepted(f"{folder}/a.cpp", "#ifdef _WIN32\nint a;\n#endif\n")

    def test_other_conditions_and_words_are_fine(self):
        self.assert_accepted("src/base/a.cpp", "#ifdef __SANITIZE_THREAD__\nint a;\n#endif\n")
        self.assert_accepted("src/base/a.cpp", "// #ifdef _WIN32\n#ifndef NDEBUG  // not linux\n")


class SizesTest(RuleTest):
    def test_columns(self):
        self.assert_accepted("src/base/a.cpp", "//" + "x" * 98 + "\n")
        self.assert_refused("src/base/a.cpp", "\n//" + "x" * 99 + "\n", 2, "101 columns")
        self.assert_refused("scripts/run", "#" * 101 + "\n", 1, "101 columns")

    def test_columns_are_characters(self):
        self.assert_accepted("src/base/a.cpp", "//" + "ü" * 98 + "\n")

    def test_pages_keep_the_same_sizes(self):
        for name in ("src/report/page/a.js", "src/report/page/a.css", "src/report/page/a.html"):
            self.assertTrue(lint_rules.is_source(name))
            self.assert_accepted(name, "x" * 100 + "\n")
            self.assert_refused(name, "x" * 101 + "\n", 1, "101 columns")
            self.assert_refused(name, "x\n" * 351, 351, "351 lines")
        self.assertFalse(lint_rules.is_source("src/report/page/a.txt"))

    def test_file_length(self):
        self.assert_accepted("src/base/a.cpp", "int a;\n" * 350)
        self.assert_refused("src/base/a.cpp", "int a;\n" * 351, 351, "351 lines")

    def test_function_length(self):
        self.assert_accepted("src/base/a.cpp", "void f() " + body(68))
        self.assert_refused("src/base/a.cpp", "int a;\n\nvoid f() " + body(69), 3, "71 lines")

    def test_function_length_in_scopes(self):
        text = "namespace a {\nclass B : C<int()> {\n public:\n  B() : x_(1) " + body(69) + "};}\n"
        self.assert_refused("src/base/a.cpp", text, 4, "71 lines, at most 70: B() : x_(1)")

    def test_long_scopes_are_not_functions(self):
        short = "void f() { work(); }\n" * 100
        for scope in ["namespace {", "namespace a::b {", "class alignas(64) A final {",
                      "template <class T>\nstruct A<T(int)> {", 'extern "C" {']:
            self.assert_accepted("src/base/a.cpp", f"{scope}\n{short}}};\n")
        table = "constexpr Row rows[] = {\n" + "  {name(1), 2},\n" * 100 + "};\n"
        self.assert_accepted("src/base/a.cpp", table)

    def test_test_cases_may_be_longer(self):
        self.assert_accepted("tests/a.cpp", COMMENT + 'TEST_CASE("a { b") ' + body(118))
        self.assert_refused("tests/a.cpp", COMMENT + 'TEST_CASE_FIXTURE(A, "b") ' + body(119), 2,
                            "121 lines, at most 120")

    def test_python_function_length(self):
        self.assert_accepted("scripts/a.py", "def f():\n" + "    pass\n" * 69)
        self.assert_refused("scripts/a.py", "def f():\n" + "    pass\n" * 70, 1, "71 lines")


class CommentsTest(RuleTest):
    def test_header_comment(self):
        for text in ["// What this header is for.\n#pragma once\n",
                     "#pragma once\n\n/* What this header is for. */\nint a;\n",
                     "#ifndef A_H\n#define A_H\n// What this\n// header is for.\n#endif\n"]:
            self.assert_accepted("src/base/a.h", text)
        for text in ["#pragma once\nint a;\n", "", "// Sizes.\n#pragma once\n"]:
            self.assert_refused("src/base/a.h", text, 1, "header opens with")
        self.assert_accepted("src/base/a.cpp", "int a;\n")

    def test_test_comment(self):
        self.assert_accepted("tests/base/a_test.cpp", COMMENT)
        self.assert_refused("tests/base/a_test.cpp", "int a;\n" + COMMENT, 1, "what it proves")
        self.assert_accepted("tests/a_test.py", '"""Proves that all is well."""\n')
        self.assert_refused("tests/a_test.py", "import os\n", 1, "what it proves")

    def test_left_over_marks(self):
        self.assert_refused("src/base/a.cpp", f"int a;  // {MARK}: more\n", 1, MARK)
        self.assert_refused("scripts/run", f"\n# {MARK} more\n", 2, MARK)
        self.assert_accepted("src/base/a.cpp", f"int a;  // {MARK}S and hacks\n")


class CppTextTest(unittest.TestCase):
    def names(self, text):
        return [name for name, _, _ in cpp_text.functions(text)]

    def test_braces_that_are_not_code(self):
        text = ("void f() { a(\"{\", '{', R\"x({{)\" }; {)x\"); /* { */ b(1'000, '\\''); // {\n}\n"
                "#define OPEN {\\\n  {\nvoid g() {}\n")
        self.assertEqual(self.names(text), ["void f()", "void g()"])

    def test_only_one_branch_of_a_condition_counts(self):
        text = "#if A\nvoid f() {\n#else\nvoid f(int) {\n#endif\n}\nvoid g() {}\n"
        self.assertEqual(self.names(text), ["void f()", "void g()"])

    def test_nested_braces_belong_to_the_outer_function(self):
        text = ("auto f() -> int {\n  if (a) { auto l = [] { return 1; }; }\n}\n"
                "struct A { int x{1}; };\n")
        self.assertEqual(list(cpp_text.functions(text)), [("auto f() -> int", 1, 3)])

    def test_templates_are_called_by_their_own_name(self):
        self.assertEqual(self.names("template <class T>\nT f(T a) {}\n"), ["T f(T a)"])


class ClangFormatTest(unittest.TestCase):
    LINT = Path(__file__).resolve().parents[2] / "scripts/lint"

    def test_another_version_of_clang_format_checks_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            other = Path(folder) / "clang-format-19"
            other.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
            other.chmod(0o755)
            for option in ("--format", "--fix"):
                done = subprocess.run([sys.executable, "-B", self.LINT, option], check=False,
                                      env={**os.environ, "PATH": folder}, capture_output=True,
                                      text=True)
                self.assertEqual(done.returncode, 77, done)
                self.assertIn("layout not checked: clang-format-14 is not installed", done.stdout)


if __name__ == "__main__":
    unittest.main()
