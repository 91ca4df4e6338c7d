"""Proves that the documents agree with the project.

The files, test cases and source lines that they name exist. Their table of warnings is that of the
program."""
import json
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")),
             *sorted((ROOT / "results").rglob("*.md"))]
LEARNING = ROOT / "docs/checks-on-learning.md"


def links(path):
    """The files that a document links to."""
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            yield path.parent / target


class LinksTest(unittest.TestCase):
    def test_every_file_that_is_linked_to_is_there(self):
        count = 0
        for path in DOCUMENTS:
            for target in links(path):
                count += 1
                self.assertTrue(target.exists(), f"{path.name}: {target}")
        self.assertGreater(count, 10)


class LearningTest(unittest.TestCase):
    def sections(self):
        """The text of each answer."""
        return re.split(r"(?m)^## ", LEARNING.read_text(encoding="utf-8"))[1:]

    def test_every_answer_has_a_test_that_is_there_and_no_test_is_left_out(self):
        known = set()
        for name in ("learning_test.cpp", "learning_port_test.cpp", "announcement_test.cpp"):
            text = (ROOT / "tests/engine/windows" / name).read_text(encoding="utf-8")
            known |= set(re.findall(r'(?m)^TEST_CASE\(\s*"([^"]+)"\)', text))
        named = set()
        for section in self.sections():
            tests = re.findall(r'(?m)^- Test: "([^"]+)"$', section)
            self.assertTrue(tests, section)
            named |= set(tests)
        self.assertEqual(len(self.sections()), 11)
        self.assertEqual(named, known)

    def test_every_answer_quotes_a_line_of_an_engine(self):
        for section in self.sections():
            found = re.findall(r"- Depends on it: (.+?)\s+in\s+\[\w+\.\w+\]\(\.\./([^)]+)\)",
                               section, re.DOTALL)
            self.assertTrue(found, section)
            for quotes, path in found:
                source = (ROOT / path).read_text(encoding="utf-8")
                for quote in re.findall(r"`([^`]+)`", quotes):
                    self.assertIn(quote, source)


class WarningsTest(unittest.TestCase):
    def kinds(self):
        """(code, whether it is suspect, whether it is unmet) of each warning in the program."""
        source = (ROOT / "src/result/model.cpp").read_text(encoding="utf-8")
        rows = re.findall(r'\{WarningCode::(\w+),\s*"(\w+)",\s*(!?)kSuspect,\s*(!?)kUnmet\}',
                          source)
        for code, name, _, _ in rows:
            self.assertEqual(code, name)
        return [(name, not suspect, not unmet) for _, name, suspect, unmet in rows]

    def test_the_table_of_the_document_is_that_of_the_program(self):
        text = (ROOT / "docs/result-format.md").read_text(encoding="utf-8")
        rows = re.findall(r"(?m)^\| `(\w+)` \| (yes|no) \| (yes)? ?\| .+ \|$", text)
        told = [(code, suspect == "yes", unmet == "yes") for code, suspect, unmet in rows]
        self.assertEqual(told, self.kinds())
        self.assertGreater(len(told), 10)

    def test_the_schema_and_the_header_know_the_same_codes(self):
        codes = [code for code, _, _ in self.kinds()]
        schema = json.loads((ROOT / "docs/result.schema.json").read_text(encoding="utf-8"))
        self.assertEqual(schema["$defs"]["warning"]["properties"]["code"]["enum"], codes)
        header = (ROOT / "src/result/model.h").read_text(encoding="utf-8")
        listed = re.search(r"enum class WarningCode \{([^}]*)\}", header)[1]
        self.assertEqual(re.findall(r"\w+", listed), codes)


if __name__ == "__main__":
    unittest.main()
