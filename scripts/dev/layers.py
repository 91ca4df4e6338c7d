"""The rules that every source file keeps, each a small function: text in, findings out.

scripts/lint runs them; tests/scripts/lint_test.py shows for each what it accepts and refuses.
"""
import ast
import os
import re

import cpp_text

CPP = (".cpp", ".h")
PYTHON = (".py",)
WEB = (".js", ".css", ".html")
FOLDERS = ("docs", "include", "src", "tool", "tests", "scripts")

MAX_COLUMNS = 100
MAX_FILE_LINES = 350
MAX_FUNCTION_LINES = 70
MAX_TEST_CASE_LINES = 120
MIN_COMMENT_WORDS = 4

# Who may include whom. Arrows point down only, and a layer may include itself.
LAYERS = {
    "aiobench": {"aiobench"},  # the public headers
    "base": {"base", "aiobench"},
    "os": {"os", "base"},
    "hash": {"hash", "os", "base"},
    "stats": {"stats", "os", "base"},
    "engine": {"engine", "os", "base"},
    "run": {"run", "engine", "hash", "stats", "os", "base"},
    "library": {"library", "aiobench", "run", "engine", "hash", "stats", "os", "base"},
    "result": {"result", "stats", "os", "base"},
    "report": {"report", "result", "stats", "os", "base"},
    "sweep": {"sweep", "report", "result", "stats", "os", "base"},
}
LAYERS["tool"] = set(LAYERS) | {"tool"}

INCLUDE = re.compile(r'\s*#\s*include\s*"([^"]+)"')
CONDITION = re.compile(r"\s*#\s*(?:el)?if")
PLATFORM_MACRO = re.compile(
    r"\b(_WIN32|_WIN64|WIN32|WIN64|_WINDOWS|_MSC_VER|__MINGW\w*|__CYGWIN__|"
    r"__linux__|__linux|linux|__gnu_linux__|__unix__|__unix|unix|"
    r"__APPLE__|__MACH__|__FreeBSD__|__ANDROID__)\b")
# Written in two halves, so that this file does not find itself.
LEFT_OVER = re.compile(r"\b(" + "|".join(["TO" "DO", "FIX" "ME", "HA" "CK"]) + r")\b")
TEST_CASE = re.compile(r"(DOCTEST_)?(TEST_CASE|SCENARIO)\w*\s*\(")


def layer_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] in ("src", "include") and len(parts) > 2 else parts[0]


def check_layers(path, text):
    """The arrows between the layers, read from the include lines of what is built of them."""
    if not path.startswith(("include/", "src/", "tool/")):
        return
    layer = layer_of(path)
    if layer not in LAYERS:
        yield 1, f"'{layer}' is not a layer; known: {', '.join(sorted(LAYERS))}"
        return
    for number, line in enumerate(cpp_text.without_comments(text).split("\n"), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match[1].split("/")[0]
        if "/" not in match[1] or target not in LAYERS:
            yield number, f'"{match[1]}" is not written from src/ or tool/ ("layer/file.h")'
        elif target not in LAYERS[layer]:
            yield number, f"layer {layer} may not include {match[1]}"


def check_platform_macros(path, text):
    """The choice of platform is CMake's, between the folders linux/ and windows/."""
    if {"linux", "windows"} & set(path.split("/")[:-1]):
        return
    for number, line in cpp_text.directives(text):
        match = PLATFORM_MACRO.search(line)
        if CONDITION.match(line) and match:
            yield number, f"#if with {match[0]} outside a folder linux/ or windows/"


def check_columns(_, text):
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_COLUMNS:
            yield number, f"{len(line)} columns, at most {MAX_COLUMNS}"


def check_file_length(_, text):
    count = text.count("\n")
    if count > MAX_FILE_LINES:
        yield count, f"{count} lines in one file, at most {MAX_FILE_LINES}"


def check_left_over_marks(_, text):
    for number, line in enumerate(text.split("\n"), 1):
        match = LEFT_OVER.search(line)
        if match:
            yield number, f"left-over mark {match[0]}"


def check_function_length(_, text):
    for name, first, last in cpp_text.functions(text):
        limit = MAX_TEST_CASE_LINES if TEST_CASE.match(name) else MAX_FUNCTION_LINES
        if last - first + 1 > limit:
            yield first, f"function of {last - first + 1} lines, at most {limit}: {name}"


def check_python_function_length(_, text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = node.end_lineno - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield node.lineno, f"function of {lines} lines, at most {MAX_FUNCTION_LINES}"


def check_header_comment(path, text):
    if path.startswith(("include/", "src/")) and path.endswith(".h"):
        if len(cpp_text.opening_comment(text).split()) < MIN_COMMENT_WORDS:
            yield 1, "a header opens with a comment that says what it is for"


def check_test_comment(path, text):
    if path.startswith("tests/"):
        if path.endswith(".py"):
            comment = ast.get_docstring(ast.parse(text)) or ""
        else:
            comment = cpp_text.opening_comment(text)
        if len(comment.split()) < MIN_COMMENT_WORDS:
            yield 1, "a test file opens with a comment that says what it proves"


GENERAL_RULES = [check_columns, check_file_length, check_left_over_marks, check_test_comment]
CPP_RULES = [check_layers, check_platform_macros, check_function_length, check_header_comment]
PYTHON_RULES = [check_python_function_length]


def check_text(path, text):
    """All findings about one file, as `path:line: what`."""
    rules = list(GENERAL_RULES)
    rules += CPP_RULES if path.endswith(CPP) else []
    rules += PYTHON_RULES if path.endswith(PYTHON) else []
    found = sorted(finding for rule in rules for finding in rule(path, text))
    return [f"{path}:{line}: {what}" for line, what in found]


def is_source(path):
    is_script = path.startswith("scripts/") and "." not in os.path.basename(path)
    return is_script or path.endswith(CPP + PYTHON + WEB)


def find_sources(root):
    """Paths relative to root, with slashes, in a stable order."""
    for folder in FOLDERS:
        for place, folders, names in os.walk(root / folder):
            folders.sort()
            for name in sorted(names):
                path = os.path.relpath(os.path.join(place, name), root)
                if is_source(path):
                    yield path


def check_tree(root):
    findings = []
    for path in find_sources(root):
        findings += check_text(path, (root / path).read_text(encoding="utf-8"))
    return findings
