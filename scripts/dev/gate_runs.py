"""The two programs of scripts/perf_regression: one that is there, or a revision that is built."""
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import bench_machine as machine
import bench_measure as measure

ROOT = measure.ROOT
THIS_TREE = ROOT / "build/native/aiobench"


class Unusable(Exception):
    """What the user asked for cannot be used; says why."""


@dataclass(frozen=True)
class Side:
    """`name` is "base" or "new"; `source` says where the program comes from, for people."""
    name: str
    program: Path
    source: str

    def described(self):
        return {"source": self.source, "version": machine.version(self.program)}


def build(root):
    if measure.use_of([str(root / "scripts/build"), "native", "aiobench"],
                      subprocess.DEVNULL, None)[0] != 0:
        measure.fail(f"cannot build aiobench in {root}")


def this_tree(name):
    build(ROOT)
    return Side(name, THIS_TREE, "this tree")


def given_program(name, path):
    if not path.is_file() or not os.access(path, os.X_OK):
        raise Unusable(f"--{name} {path}: no such program")
    return Side(name, path.resolve(), str(path))


def git(*arguments, root=None):
    """(whether it succeeded, stdout or what it complained of)"""
    code, _, text, errors = measure.run_to_its_end(["git", "-C", str(root or ROOT), *arguments])
    return (True, text.strip()) if code == 0 else (False, errors.strip())


def commit_of(revision):
    """What cannot be an option's name is refused by git itself."""
    found, text = git("rev-parse", "--verify", "--quiet", "--end-of-options",
                      f"{revision}^{{commit}}")
    if not found:
        why = f": {text}" if text else ""
        raise Unusable(f"'{revision}' is no revision of {ROOT}{why}")
    return text


def is_whole(folder, commit):
    """An interrupt may have left half of a tree."""
    return ((folder / ".git").exists()
            and git("rev-parse", "HEAD", root=folder) == (True, commit)
            and git("status", "--porcelain", "--untracked-files=no", root=folder) == (True, ""))


def work_tree(commit):
    """The tree of that commit, in a folder that is kept for the next time."""
    folder = ROOT / "build/revisions" / commit
    if is_whole(folder, commit):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    # Twice: also where git still has one there, and has locked it.
    made, text = git("worktree", "add", "--detach", "--force", "--force", str(folder), commit)
    if not made:
        measure.fail(f"git cannot check out {commit} to {folder}: {text}")
    return folder


def revision(name, text):
    commit = commit_of(text)
    folder = work_tree(commit)
    if not os.access(folder / "scripts/build", os.X_OK):
        raise Unusable(f"revision {text} has no scripts/build: give its program with --{name}")
    build(folder)
    return Side(name, folder / "build/native/aiobench", f"revision {text} ({commit[:12]})")
