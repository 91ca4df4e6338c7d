"""Proves that scripts/setup installs only the packages of its groups, and announces them first.

A failure is reported in one message that names the missing packages and the reason."""
import os
import re
import unittest

from script_case import ScriptCase

DPKG_QUERY = r"""
for name in "${@:3}"; do
  grep -qxF "$name" "$ROOT/installed" && echo "$name installed"
done
true
"""
APT_CACHE = r"""
for name in "${@:2}"; do
  grep -qxF "$name" "$ROOT/absent" && continue
  grep -qxF "$name" "$ROOT/virtual" && candidate="(none)" || candidate=1.2-3
  printf '%s:\n  Installed: (none)\n  Candidate: %s\n  Version table:\n' "$name" "$candidate"
done
"""
# The first word that is not an option is the command. The packages follow it.
APT_GET = r"""
while [[ $1 == -* ]]; do
  [[ $1 == --assume-no ]] && command=simulate
  [[ $1 == -o ]] && shift
  shift
done
: "${command:=$1}"
shift
packages=()
for word; do
  [[ $word == -* || $word == install ]] || packages+=("$word")
done
echo "$command ${packages[*]}" >>"$ROOT/calls"
case $command in
  simulate)
    echo "0 upgraded, 83 newly installed, 0 to remove and 0 not upgraded."
    echo "Need to get 92.1 MB of archives."
    echo "After this operation, 1,365 MB of additional disk space will be used."
    exit 1 ;;
  update | install)
    if [[ -e $ROOT/$command.says ]]; then
      cat "$ROOT/$command.says" >&2
      [[ -e $ROOT/$command.once ]] && rm "$ROOT/$command.says"
      exit 100
    fi
    [[ $command == update ]] || printf '%s\n' "${packages[@]}" >>"$ROOT/installed" ;;
esac
"""
NO_NETWORK = """W: Failed to fetch http://a.test/x/InRelease  Temporary failure resolving 'a.test'
W: Some index files failed to download.
"""
NO_ARCHIVE = """E: Failed to fetch http://a.test/pool/x.deb  Temporary failure resolving 'a.test'
E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?
"""


class SetupTest(ScriptCase):
    SCRIPT = "setup"

    def setUp(self):
        super().setUp()
        for name, text in (("dpkg-query", DPKG_QUERY), ("apt-cache", APT_CACHE),
                           ("apt-get", APT_GET)):
            self.fake(f"bin/{name}", text)
        for name in ("installed", "absent", "virtual"):
            self.put(name, "")

    def as_root(self):
        if os.geteuid() != 0:
            self.fake("bin/sudo", '[[ $1 == true ]] || exec "$@"\n')

    def install(self, *groups):
        """The packages that these groups install if none is installed."""
        self.as_root()
        self.put("installed", "")
        self.run_script(*groups)
        return set(self.lines("installed"))

    def commands(self):
        return [line.split()[0] for line in self.lines("calls")]

    def refused(self, *arguments, **options):
        """The lines of a message that ends with exit code 3."""
        done = self.run_script(*arguments, code=3, **options)
        self.assertEqual(done.stdout, "")
        return [line for line in done.stderr.splitlines()
                if not line.startswith(("setup: reading ", "setup: installing for ",
                                        "setup: in total "))]

    def test_each_group_has_its_own_packages(self):
        packages = {group: self.install(group) for group in (
            "run", "windows", "test", "browser", "lint", "tidy", "sanitize", "bench",
            "package")}
        for group, own, others in (
                ("run", "g++ liburing-dev", "mingw wine chromium clang fio doctest debootstrap"),
                ("windows", "wine64 g++-mingw-w64-x86-64-posix", "chromium clang fio doctest"),
                ("test", "doctest-dev xxhash zsh", "mingw wine chromium clang fio debootstrap"),
                ("browser", "chromium", "mingw wine clang fio"),
                ("lint", "clang-format-14 flake8 python3 shellcheck",
                 "mingw wine chromium fio g++ tidy"),
                ("tidy", "clang-tidy", "mingw wine chromium fio doctest"),
                ("sanitize", "clang libclang-rt-dev", "mingw wine chromium fio"),
                ("bench", "fio b3sum", "mingw wine chromium clang"),
                ("package", "debootstrap dpkg-dev file", "mingw wine chromium clang fio")):
            self.assertLessEqual(set(own.split()), packages[group], group)
            for word in others.split():
                found = [name for name in packages[group] if word in name.split("-")]
                self.assertFalse(found, f"{group}: {found}")
        self.assertEqual(self.install("all"), set().union(*packages.values()))
        self.assertEqual(self.install(), set().union(*(
            packages[group] for group in ("run", "windows", "test", "browser", "lint"))))

    def test_nothing_is_said_or_done_when_nothing_is_missing(self):
        self.put("installed", "\n".join(self.install("run", "test")))
        (self.root / "calls").unlink()
        for groups in (("run",), ("run", "test", "run")):
            done = self.run_script(*groups)
            self.assertEqual((done.stdout, done.stderr, self.commands()), ("", "", []))

    def test_what_it_does_is_said_beforehand(self):
        self.as_root()
        done = self.run_script("run")
        self.assertEqual(done.stdout, "")
        reading, first, second, last = done.stderr.splitlines()
        self.assertEqual(reading, "setup: reading the package lists ...")
        self.assertRegex(first, r"^setup: installing for run: cmake .*pkg-config$")
        self.assertRegex(second, r"83 packages, 93 MB to download, 1365 MB on disk, about \d+ s$")
        self.assertRegex(last, r"^setup: installed in \d+ s$")
        self.assertEqual(self.commands(), ["update", "simulate", "install"])

    def test_one_of_several_alternatives_is_enough(self):
        self.put("installed", "clang-14\nlibclang-rt-14-dev\ng++\n")
        self.assertEqual(self.run_script("sanitize").stderr, "")
        self.put("absent", "clang\nlibclang-rt-dev\nclang-19\n")
        self.assertLessEqual({"clang-18", "libclang-rt-19-dev"}, self.install("sanitize"))

    def test_what_a_release_does_not_have_is_left_out_or_named(self):
        self.as_root()
        self.put("installed", "flake8\ngit\npython3\nshellcheck\n")
        for place in ("absent", "virtual"):
            self.put(place, "clang-format-14\nlibuseless\n")
            self.assertEqual(self.run_script("lint").stderr, "")
            self.put(place, "")
        self.assertEqual(self.lines("calls"), [])
        self.put("absent", "libcli11-dev\n")
        message = self.refused("run")
        self.assertEqual(len(message), 1, message)
        self.assertRegex(message[0], r"has no package libcli11-dev \(use Debian 12 or 13")
        self.assertNotIn("install", self.commands())

    def test_no_network(self):
        self.as_root()
        self.put("update.says", NO_NETWORK)
        self.put("install.says", NO_ARCHIVE)
        for absent in ("", "b3sum\nfile\ng++\n"):
            self.put("absent", absent)   # package lists that were never downloaded
            message = self.refused("run", "package")
            self.assertEqual(len(message), 1, message)
            self.assertRegex(message[-1], r"no network: .*Temporary failure resolving 'a\.test'.*"
                                          r"missing: cmake .*debootstrap .*\(log: .*/setup\.log\)$")

    def test_one_source_that_fails_does_not_matter(self):
        self.as_root()
        self.put("update.says", NO_NETWORK)
        self.run_script("lint")
        self.assertIn("clang-format-14", self.lines("installed"))

    def test_neither_root_nor_sudo(self):
        message = self.refused("windows", **self.as_nobody())
        self.assertEqual(len(message), 2, message)
        self.assertRegex(message[0], r"you are not root, and sudo is not installed; .*\bwine\b")
        self.assertEqual(message[1], "setup: run as root: scripts/setup windows")
        self.assertEqual(self.lines("calls"), [])

    def test_sudo_that_refuses(self):
        self.fake("bin/sudo", "exit 1")
        message = self.refused("lint", **self.as_nobody())
        self.assertRegex(message[0], r"sudo refused permission; missing: clang-format-14 flake8")
        self.assertEqual(self.lines("calls"), [])

    def test_a_full_disk_and_other_failures_of_apt(self):
        self.as_root()
        for says, words in (
                ("E: Write error - write (28: No space left on device)\n", "the disk is full"),
                ("E: You don't have enough free space in /var/cache/apt/archives/.\n",
                 "the disk is full"),
                ("dpkg: error processing x\nE: Sub-process dpkg returned an error code (1)\n",
                 "apt-get failed: Sub-process dpkg returned an error code (1)")):
            self.put("install.says", says)
            message = self.refused("lint")
            self.assertIn(words, message[-1])
            self.assertIn("missing: clang-format-14 flake8 git python3", message[-1])

    def test_another_apt_is_waited_for(self):
        self.as_root()
        self.put("update.says", "E: Could not get lock /var/lib/apt/lists/lock. It is held by 12\n")
        self.put("update.once", "")
        done = self.run_script("lint")
        self.assertIn("waiting for another apt ...", done.stderr)
        self.assertEqual(self.commands(), ["update", "update", "simulate", "install"])
        (self.root / "update.once").unlink()
        self.put("installed", "")
        self.put("update.says", "E: Could not get lock /var/lib/apt/lists/lock. It is held by 12\n")
        self.put("install.says", "E: Could not get lock /var/lib/dpkg/lock-frontend.\n")
        self.environment["AIOBENCH_SETUP_APT_TIMEOUT"] = "0"
        self.assertRegex(self.refused("lint")[-1], r"another apt is still running after 0 s")

    def test_two_at_once(self):
        self.as_root()
        os.mkfifo(self.root / "go")
        apt_get = (self.bin / "apt-get").read_text(encoding="utf-8")
        self.fake("bin/apt-get", apt_get.replace("case $command in", "[[ $command == install ]] && "
                                                 'cat "$ROOT/go"\ncase $command in'))
        first = self.start("lint")
        self.addCleanup(first.communicate)
        while "in total with dependencies" not in first.stderr.readline():
            pass
        second = self.start("lint")
        self.addCleanup(second.communicate)
        self.assertIn("waiting for another scripts/setup", second.stderr.readline())
        (self.root / "go").write_text("", encoding="utf-8")
        self.assertEqual((first.wait(60), second.wait(60)), (0, 0))
        self.assertEqual(self.commands().count("install"), 1)

    def test_arguments_and_systems_that_do_not_fit(self):
        done = self.run_script("run", "tests", code=2)
        self.assertRegex(done.stderr,
                         r"unknown group 'tests' \(choose from: run windows test .* all\)$")
        (self.bin / "dpkg-query").unlink()
        message = self.refused("run")
        self.assertEqual(len(message), 1)
        self.assertRegex(message[0], r"not a Debian system.*: cmake .*pkg-config\)$")
        self.assertEqual(self.lines("calls"), [])

    def test_the_groups_are_those_reported_in_the_head(self):
        text = (self.root / "scripts/setup").read_text(encoding="utf-8")
        told = re.findall(r"(?m)^#   (\w+)  +\S", text)
        self.assertEqual(told, [*re.search(r"known=\((.*)\)", text)[1].split(), "all"])


if __name__ == "__main__":
    unittest.main()
