"""Proves that the result of `cmake --install` can be used: the example in docs/example finds it
with find_package(aiobench) and hashes a file as xxhsum does, with each engine.

Also proves that a project which includes aiobench as a subdirectory gets only the library.
"""
import json
import re

import packaging
from packaging import cli, run

EXAMPLE = cli.ROOT / "docs/example"


@cli.plain_only
class InstalledTest(cli.ProgramTest):
    def install(self):
        prefix = self.directory / "a prefix"
        run("cmake", "--install", cli.BUILD, "--prefix", prefix, "--component", "development")
        return prefix

    def configure(self, source, prefix, code=0):
        return run("cmake", "-S", source, "-B", self.directory / "build", "-G", "Ninja",
                   "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_PREFIX_PATH={prefix}", code=code)

    def test_the_example_hashes_a_file_over_each_engine(self):
        self.configure(EXAMPLE, self.install())
        run("cmake", "--build", self.directory / "build")
        program = self.directory / "build/hash_file"
        self.make("file", 3 * cli.MIB + 1)
        digest = self.digest("xxh3", "file")
        self.assertGreater(len(cli.engines()), 2)
        for engine in ["auto", *cli.engines()]:
            with self.subTest(engine=engine):
                lines = run(program, "file", engine, cwd=self.directory).split("\n")
                self.assertEqual(lines[0], f"{digest}  file")
                self.assertRegex(lines[1], r"^\d+\.\d\d GiB/s over [\w-]+, ")
        told = run(program, "file", "iocp", cwd=self.directory, code=2)
        self.assertRegex(told, r"^hash_file: cannot use engine 'iocp': "
                               r"the mechanism does not exist on Linux \(.*\)\n$")
        self.assertIn("cannot open 'missing'", run(program, "missing", cwd=self.directory, code=3))

    def test_only_public_headers_are_installed_and_no_path_of_this_machine(self):
        prefix = self.install()
        installed = {path.name for path in (prefix / "include").rglob("*.h")}
        self.assertEqual(installed, {path.name for path in
                                     (cli.ROOT / "include/aiobench").iterdir()})
        for path in (prefix / "lib/cmake/aiobench").iterdir():
            text = path.read_text(encoding="utf-8")
            for place in (str(cli.ROOT), str(prefix), "/usr/lib/"):
                self.assertNotIn(place, text, path.name)

    def test_another_minor_version_is_refused(self):
        prefix = self.install()
        major, minor, _ = map(int, packaging.version().split("."))
        for wanted, code in [(f"{major}.{minor}", 0), (f"{major}.{minor + 1}", None)]:
            source = self.directory / f"wants {wanted}"
            source.mkdir()
            (source / "CMakeLists.txt").write_text(
                "cmake_minimum_required(VERSION 3.23)\nproject(wants LANGUAGES CXX)\n"
                f"find_package(aiobench {wanted} REQUIRED)\n", encoding="utf-8")
            self.configure(source, prefix, code)

    def test_the_example_is_short(self):
        lines = (EXAMPLE / "hash_file.cpp").read_text(encoding="utf-8").split("\n")
        self.assertLess(len(lines), 30)


@cli.plain_only
class SubdirectoryTest(cli.ProgramTest):
    def test_a_part_of_a_project_is_the_library_alone_and_changes_nothing_else(self):
        (self.directory / "main.cpp").write_text("int main() {}\n", encoding="utf-8")
        (self.directory / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.23)\nproject(whole LANGUAGES CXX)\n"
            f"add_subdirectory({cli.ROOT} part)\n"
            "add_executable(whole main.cpp)\n"
            "target_link_libraries(whole PRIVATE aiobench::aiobench)\n", encoding="utf-8")
        build = self.directory / "build"
        run("cmake", "-S", self.directory, "-B", build, "-G", "Ninja",
            "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
        commands = {entry["file"]: entry["command"] for entry in
                    json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))}
        self.assertFalse([path for path in commands if "/tool/" in path or "/tests/" in path])
        self.assertIn("-Wconversion", commands[str(cli.ROOT / "src/library/library.cpp")])
        own = commands[str(self.directory / "main.cpp")]
        self.assertEqual(re.findall(r" -[WDf]\S+", own), [])
        self.assertEqual(re.findall(r" -(?:I|isystem) *(\S+)", own), [str(cli.ROOT / "include")])
        self.assertNotIn("aiobench", (build / "cmake_install.cmake").read_text(encoding="utf-8")
                         .replace(str(self.directory), "").replace("part/cmake_install.cmake", ""))


if __name__ == "__main__":
    cli.main()
