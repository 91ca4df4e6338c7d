"""Proves that what the documents point to is there: files, test cases, and the lines they quote."""
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
        """The answers, each with the file names in it taken out of their lines."""
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


if __name__ == "__main__":
    unittest.main()
