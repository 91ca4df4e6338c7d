"""The layer check of scripts/lint: permitted includes, and places for platform macros."""
import re

DIRECTORIES = ("include", "src", "tool", "tests")
# The layers that each layer may include. Includes point down only; a layer may include itself.
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

# Matches comments. Literals are matched first, because a literal may contain comment characters.
COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|(//[^\n]*|/\*.*?\*/)', re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(include|if\w*|elif\w*)\b((?:\\\n|[^\n])*)", re.MULTILINE)
PLATFORM_MACRO = re.compile(
    r"\b(_?WIN(32|64)|_WINDOWS|_MSC_VER|__MINGW\w*|__CYGWIN__|(__)?(gnu_)?(linux|unix)(__)?|"
    r"__APPLE__|__MACH__|__FreeBSD__|__ANDROID__)\b")


def directives(text):
    """(line number, directive, rest of the line) of each #include and #if outside comments."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0]) if match[1] else match[0]

    bare = COMMENT.sub(blank, text)
    for match in DIRECTIVE.finditer(bare):
        yield bare.count("\n", 0, match.start()) + 1, match[1], match[2].strip()


def check_include(layer, included):
    target, slash, _ = included.partition("/")
    if not slash or target not in LAYERS:
        return f'"{included}" is not written from src/ or tool/ ("layer/file.h")'
    return None if target in LAYERS[layer] else f"layer {layer} may not include {included}"


def check_text(path, text):
    """The findings in one file, as `path:line: message`. The path is relative to the project."""
    *directories, _ = path.split("/")
    top, *below = directories
    layer = below[0] if top in ("src", "include") and below else top
    if layer not in LAYERS and layer != "tests":
        return [f"{path}:1: '{layer}' is not a layer; known: {', '.join(sorted(LAYERS))}"]
    findings = []
    for number, word, rest in directives(text):
        what = None
        if word != "include":
            macro = PLATFORM_MACRO.search(rest)
            if macro and not {"linux", "windows"} & set(directories):
                what = f"#if with {macro[0]} outside a directory linux/ or windows/"
        elif rest.startswith('"') and layer != "tests":
            what = check_include(layer, rest.strip('"'))
        if what:
            findings.append(f"{path}:{number}: {what}")
    return findings


def check_tree(root):
    """The findings in all C++ files. Raises ValueError if there is no C++ file."""
    paths = [path for directory in DIRECTORIES for path in sorted((root / directory).rglob("*"))
             if path.suffix in (".cpp", ".h")]
    if not paths:
        raise ValueError(f"no C++ file in {root}")
    return [finding for path in paths for finding in
            check_text(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))]
