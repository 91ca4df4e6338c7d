"""Just enough understanding of C++ text for lint: comments, strings, directives, braces.

Nothing here parses C++. Functions are found by counting braces after everything that is not code
has been blanked out, which is right for code that clang-format has laid out.
"""
import re

TOKEN = re.compile(
    r'(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)'
    r'|(?P<string>R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*")'
    r"|(?P<number>\b[0-9](?:'?[0-9a-zA-Z_.])*)"
    r"|(?P<char>'(?:\\.|[^'\\\n])+')",
    re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
TYPE_OR_NAMESPACE = re.compile(
    r"(?:template\s*<.*>\s*)?(?:requires\b.*)?"
    r"(?:(?:inline|static|const|constexpr|typedef|export)\s+|\[\[.*?\]\]\s*)*"
    r"(?:namespace|class|struct|union|enum|extern\s*$)\b|.*\bextern\s+\"", re.DOTALL)
ACCESS = re.compile(r"\s*(?:public|private|protected)\s*:(?!:)")


def blank(text):
    """The same lines, with nothing on them."""
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    return TOKEN.sub(lambda m: blank(m[0]) if m["comment"] else m[0], text)


def directives(text):
    """(line number, directive) for each preprocessor directive, continuation lines joined."""
    bare = without_comments(text)
    for match in DIRECTIVE.finditer(bare):
        yield bare.count("\n", 0, match.start()) + 1, match[0].replace("\\\n", " ")


def blank_literals(text):
    def keep(match):
        literal = match["string"] or match["char"]
        return literal[0] + blank(literal[1:-1]) + literal[-1] if literal else match[0]
    return TOKEN.sub(keep, text)


def blank_directives(text):
    """Blanks directives, and every branch of an #if but the first: its braces would count twice."""
    lines, skipping, nested = [], [], False
    for line in text.split("\n"):
        directive = re.match(r"\s*#\s*(if|elif|else|endif)?", line)
        if directive and not nested:
            word = directive[1]
            if word == "if":
                skipping.append(False)
            elif word in ("elif", "else") and skipping:
                skipping[-1] = True
            elif word == "endif" and skipping:
                skipping.pop()
        hidden = directive or nested or any(skipping)
        nested = bool(directive or nested) and line.endswith("\\")
        lines.append("" if hidden else line)
    return "\n".join(lines)


def code_only(text):
    return blank_directives(blank_literals(without_comments(text)))


def opening_comment(text):
    """The comment at the top of a file, before or after its include guard; empty if none."""
    guard = r"\s*(?:#\s*pragma\s+once|#\s*ifndef\s+(\w+)\s*\n\s*#\s*define\s+\1\b)?\s*"
    start = re.match(guard, text).end()
    words = []
    while match := re.compile(r"\s*(//[^\n]*|/\*.*?\*/)", re.DOTALL).match(text, start):
        words.append(match[1])
        start = match.end()
    return re.sub(r"[/*]+", " ", " ".join(words)).strip()


def is_function(head):
    """Whether the text before an opening brace, outside any function, begins a function body."""
    if TYPE_OR_NAMESPACE.match(head) and not re.search(r"\)\s*(?:const|noexcept)?\s*$", head):
        return False
    return "(" in head and head.count("(") == head.count(")") and not head.endswith("=")


def functions(text):
    """(first line of the head, first line, last line) of each outermost function body."""
    code = code_only(text)
    head_start, scopes, inside = 0, [], None
    for match in re.finditer(r"[{};]", code):
        here = match.start()
        if match[0] == "{":
            if inside is None:
                label = ACCESS.match(code, head_start, here)
                head_start = label.end() if label else head_start
                head = code[head_start:here].strip()
                if is_function(head):
                    inside = (len(scopes), head, head_start)
            scopes.append(here)
        elif match[0] == "}" and scopes:
            scopes.pop()
            if inside and inside[0] == len(scopes):
                yield describe(code, inside, here)
                inside = None
        if inside is None:
            head_start = here + 1


def describe(code, function, end):
    _, head, start = function
    start += len(code[start:]) - len(code[start:].lstrip())
    name = re.sub(r"^template\s*<[^\n]*\n\s*", "", head).split("\n")[0]
    return name, code.count("\n", 0, start) + 1, code.count("\n", 0, end) + 1
