"""Proves that the Debian packages are complete, that the unpacked program runs, that all its
dependencies are declared, and that equal builds give equal packages.

scripts/dev/try_deb shows whether a package installs on a bare machine.
"""
import os
import re
import subprocess

import packaging
from packaging import cli, pack, run, sums

PROGRAM = "usr/bin/aiobench"
EXE = "usr/lib/aiobench/aiobench.exe"
# The third-party projects in the program, each with a text from its licence.
LICENCES = {"fmt": "Victor Zverovich", "spdlog": "Gabi Melman", "CLI11": "Henry Schreiner",
            "nlohmann-json": "Niels Lohmann", "xxHash": "Yann Collet", "liburing": "Jens Axboe",
            "libaio": "Benjamin LaHaise", "Chart.js": "Jukka Kurkela",
            "LGPL-2.1": "LESSER GENERAL PUBLIC LICENSE"}


def control(package):
    """The fields of a package, without continuation lines."""
    return dict(re.findall(r"(?m)^([A-Z][\w-]*): (.*)$", run("dpkg-deb", "-f", package)))


def names_of_package(library):
    """The installed package that a file belongs to, and the names that it provides: libspdlog1.10
    is also libspdlog1.10-fmt9, the name that packages depend on."""
    path = os.path.realpath(library)
    for each in (path, path.removeprefix("/usr")):  # dpkg may have the file under either path
        found = subprocess.run(["dpkg-query", "-S", each], capture_output=True, text=True,
                               check=False).stdout
        if found:
            package = found.split(":")[0]
            provided = run("dpkg-query", "-W", "-f", "${Provides}", package)
            return {package, *re.findall(r"(?:^|, )([^ ,]+)", provided)}
    raise AssertionError(f"{library} belongs to no package")


@cli.plain_only
class DebTest(cli.ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.packages = pack("DEB")

    def one(self, name):
        """The path of the package of that name."""
        found = [path for file, path in self.packages.items() if file.startswith(f"{name}_")]
        self.assertEqual(len(found), 1, self.packages)
        return found[0]

    def unpack(self, name):
        root = self.directory / "root"
        run("dpkg-deb", "-x", self.one(name), root)
        return root

    def test_the_fields_have_version_section_and_dependencies(self):
        fields = control(self.one("aiobench"))
        self.assertEqual(fields["Version"], packaging.version() + "-1")
        self.assertEqual((fields["Section"], fields["Priority"]), ("utils", "optional"))
        self.assertEqual(fields["Suggests"], "wine64")
        needed = {each.split()[0] for each in fields["Depends"].split(", ")}
        linked = re.findall(r"\(NEEDED\).*\[(.+)\]", run("readelf", "-d", cli.PROGRAM))
        loaded = dict(re.findall(r"(\S+) => (\S+)", run("ldd", cli.PROGRAM)))
        packages = [names_of_package(loaded[library]) for library in linked]
        self.assertIn("libc6", set().union(*packages))
        # The dependencies are exactly the libraries that the program is linked with.
        for names in packages:
            self.assertTrue(needed & names, (needed, names))
        self.assertLessEqual(needed, set().union(*packages))

    def test_the_program_runs_from_where_it_was_unpacked(self):
        root = self.unpack("aiobench")
        program = root / PROGRAM
        self.assertNotIn("not found", run("ldd", program))
        self.assertIn("no symbols", run("nm", program))
        self.assertEqual(run(program, "--version"), run(cli.PROGRAM, "--version"))
        self.make("file", cli.MIB + 1)
        told = run(program, "--format", "xxhsum", "file", cwd=self.directory)
        self.assertEqual(told.encode(), self.sums("xxh3", "file"))

    def test_the_windows_build_comes_along_where_there_is_one(self):
        if not packaging.WINDOWS_BUILD.exists():
            self.skipTest(f"there is no Windows build at {packaging.WINDOWS_BUILD}")
        root = self.unpack("aiobench")
        self.assertEqual((root / EXE).read_bytes()[:2], b"MZ")
        self.assertLess((root / EXE).stat().st_size, packaging.WINDOWS_BUILD.stat().st_size)
        rows = run(root / PROGRAM, "engines", AIOBENCH_WINDOWS_EXE="")
        self.assertNotIn("no aiobench.exe near", rows)

    def test_licences_and_what_policy_wants(self):
        root = self.unpack("aiobench")
        documents = root / "usr/share/doc/aiobench"
        licences = documents / "licences"
        others = {"gcc-runtime": "GCC RUNTIME LIBRARY EXCEPTION", "mingw-w64": "winpthreads",
                  "GPL-3": "GNU GENERAL PUBLIC LICENSE"} if (root / EXE).exists() else {}
        for name, word in {**LICENCES, **others}.items():
            text = (licences / f"{name}.txt").read_text(encoding="utf-8")
            self.assertIn(word.lower(), text.lower(), name)
        told = (documents / "copyright").read_text(encoding="utf-8")
        self.assertIn("MIT License", told)
        self.assertRegex(told, r"libaio\.txt: of the Debian source package libaio \d")
        self.assertTrue((documents / "changelog.Debian.gz").exists())
        self.assertFalse(list((root / "usr/share").glob("man/**/*.[1-9]")))  # gzip stores a time
        pages = {path.name for path in (cli.BUILD / "documents").rglob("*.1")}
        for page in pages:
            self.assertTrue((root / "usr/share/man/man1" / f"{page}.gz").exists(), page)
        self.assertFalse([path for path in root.rglob("*") if path.stat().st_mode & 0o022
                          and not path.is_symlink()])

    def test_the_library_is_a_package_of_its_own(self):
        names = run("dpkg-deb", "-c", self.one("libaiobench-dev"))
        for name in ("include/aiobench/aiobench.h", "lib/libaiobench.a",
                     "lib/cmake/aiobench/aiobenchConfig.cmake",
                     "share/doc/libaiobench-dev/examples/hash_file.cpp",
                     "share/doc/libaiobench-dev/licences/xxHash.txt"):
            self.assertIn(f" ./usr/{name}\n", names)
        self.assertNotIn(f" ./{PROGRAM}", names)
        self.assertNotIn("include", run("dpkg-deb", "-c", self.one("aiobench")))

    def test_equal_builds_give_equal_packages(self):
        self.assertEqual(sums(self.packages), sums(pack("DEB")))


@cli.plain_only
class LicenceTest(cli.ProgramTest):
    def merge(self, directory, code):
        return run("cmake", f"-DOUTPUT={self.directory / 'out'}", "-DSYSTEM=linux",
                   f"-DDIRECTORY={directory}", "-P", cli.ROOT / "cmake/licences.cmake", code=code)

    def test_a_missing_licence_is_an_error_that_names_it(self):
        directory = self.directory / "doc"
        (directory / "libfmt-dev").mkdir(parents=True)
        (directory / "libfmt-dev/copyright").write_text("fmt's", encoding="utf-8")
        told = " ".join(self.merge(directory, None).split())
        copyright_file = f"{directory}/libspdlog-dev/copyright"
        self.assertIn(f"the licence of spdlog is not in '{copyright_file}'", told)


if __name__ == "__main__":
    cli.main()
