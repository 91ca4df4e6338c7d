"""The base class for tests of shell scripts. It runs a copy of one script in a tree of fakes.

The script's PATH is one directory, which holds the fakes and the real tools of TOOLS.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
TOOLS = ("awk", "basename", "bash", "cat", "cut", "df", "dirname", "env", "false", "flock", "grep",
         "head", "ln", "ls", "mkdir", "mktemp", "nice", "nproc", "readlink", "rm", "sed",
         "setarch", "sh", "sleep", "sort", "tail", "touch", "tr", "true")
NOBODY = 65534
# The tests import the package dev after this module.
sys.path.insert(0, str(SCRIPTS))


class ScriptCase(unittest.TestCase):
    """A directory self.root with scripts/NAME in it, and self.bin, the only directory of PATH."""

    SCRIPT = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="script-")
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name).resolve()
        self.root.chmod(0o755)
        self.bin = self.root / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        place = self.root / "scripts" / self.SCRIPT
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SCRIPTS / self.SCRIPT, place)
        self.environment = {"PATH": str(self.bin), "HOME": str(self.root), "LC_ALL": "C.UTF-8",
                            "ROOT": str(self.root)}

    def fake(self, path, text):
        """Creates an executable script. $ROOT is self.root when it runs."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)  # otherwise a link would be followed to the real tool
        place.write_text("#!/bin/bash\n" + text, encoding="utf-8")
        place.chmod(0o755)

    def put(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def lines(self, path):
        """The lines of a file; empty if it does not exist."""
        place = self.root / path
        return place.read_text(encoding="utf-8").splitlines() if place.exists() else []

    def start(self, *arguments, **options):
        options = {"cwd": self.root, "env": self.environment, **options}
        return subprocess.Popen([str(self.root / "scripts" / self.SCRIPT), *arguments], text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **options)

    def run_script(self, *arguments, code=0, **options):
        process = self.start(*arguments, **options)
        stdout, stderr = process.communicate(timeout=500)
        done = subprocess.CompletedProcess(arguments, process.returncode, stdout, stderr)
        self.assertEqual(done.returncode, code, f"{arguments}\n{stdout}\n{stderr}")
        return done

    def as_nobody(self):
        """Options for run_script() that run the script without root privileges."""
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
