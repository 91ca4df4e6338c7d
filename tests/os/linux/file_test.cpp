// Proves the behaviour of files that is specific to Linux: pipes, devices and links are handled
// without waiting, no descriptor leaks or reaches a child, and direct access works or reports why
// not.
#include "os/file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/units.h"
#include "os/directory.h"
#include "os/linux/unprivileged.h"
#include "os/memory.h"
#include "os/temp_directory.h"
#include "support/temp_file.h"

namespace aiobench::os {
namespace {

using test::TempDirectory;

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator directory("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(directory), end(directory)));
}

bool is_open_descriptor(NativeHandle handle) {
  return ::fcntl(static_cast<int>(handle), F_GETFD) != -1;
}

TEST_CASE("File: a pipe is refused at once, with a reason") {
  const TempDirectory directory;
  const std::string path = directory.file("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const Result<File> file = File::open(path, {});
  REQUIRE_FALSE(file);
  CHECK(file.error().path == path);
  CHECK(file.error().cause.find("not a regular file") != std::string::npos);
  CHECK_FALSE(file.error().hint.empty());
}

TEST_CASE("File: a character device is refused") {
  for (const char* path : {"/dev/null", "/dev/zero"}) {
    const Result<File> file = File::open(path, {});
    REQUIRE_FALSE(file);
    CHECK(file.error().cause.find("not a regular file") != std::string::npos);
  }
}

TEST_CASE("File: each cause of a failed open is reported by its own name") {
  const TempDirectory directory;
  test::put_file(directory.file("file"), "x");
  REQUIRE(::symlink("loop", directory.file("loop").c_str()) == 0);
  REQUIRE(::symlink("nowhere", directory.file("dangling").c_str()) == 0);
  const std::vector<std::pair<std::string, int>> cases = {
      {directory.file("missing"), ENOENT},
      {directory.file("dangling"), ENOENT},
      {directory.file("file/inside"), ENOTDIR},
      {directory.file("loop"), ELOOP},
      {directory.path(), EISDIR},
      {directory.file(std::string(300, 'n')), ENAMETOOLONG}};
  for (const auto& row : cases) {
    const auto& [path, code] = row;
    CAPTURE(row.first);
    const Result<File> file = File::open(path, {});
    REQUIRE_FALSE(file);
    CHECK(file.error().code == code);
    CHECK(file.error().cause.find(strerrorname_np(code)) != std::string::npos);
  }
}

TEST_CASE("File: a missing permission is reported as such") {
  const TempDirectory directory;
  test::put_file(directory.file("f"), "x");
  REQUIRE(::chmod(directory.file("f").c_str(), 0) == 0);
  const test::Unprivileged user;
  if (!user) {
    MESSAGE("skipped: root may open every file, and cannot become another user");
    return;
  }
  const Result<File> file = File::open(directory.file("f"), {});
  REQUIRE_FALSE(file);
  CHECK(file.error().code == EACCES);
  CHECK(file.error().hint.find("permissions") != std::string::npos);
}

TEST_CASE("File: a link leads to its target") {
  const TempDirectory directory;
  test::put_file(directory.file("file"), "12345");
  REQUIRE(::symlink("file", directory.file("link").c_str()) == 0);
  const Result<File> file = File::open(directory.file("link"), {});
  REQUIRE(file);
  CHECK(*file->size() == 5);
}

TEST_CASE("File: every descriptor is closed once, also that of a refused file") {
  const TempDirectory directory;
  test::put_file(directory.file("a"), "x");
  test::put_file(directory.file("b"), "x");
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    CHECK_FALSE(File::open(directory.path(), {}));
    CHECK_FALSE(File::open("/dev/null", {}));
    Result<File> first = File::open(directory.file("a"), {});
    Result<File> second = File::open(directory.file("b"), {});
    REQUIRE((first && second));
    *first = std::move(*second);
    File third = first.take();
    if (i % 2 == 0) CHECK(third.close());
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("File: adopt takes over a descriptor and closes it") {
  const TempDirectory directory;
  test::put_file(directory.file("f"), "text");
  const int fd = ::open(directory.file("f").c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  {
    const File file = File::adopt(fd, "only a name");
    CHECK(file.handle() == fd);
    CHECK(file.path() == "only a name");
    CHECK(*file.size() == 4);
  }
  CHECK_FALSE(is_open_descriptor(fd));
}

TEST_CASE("File: a child process does not get the descriptor") {
  const TempDirectory directory;
  test::put_file(directory.file("f"), "text");
  const Result<File> file = File::open(directory.file("f"), {});
  REQUIRE(file);
  CHECK((::fcntl(static_cast<int>(file->handle()), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("File: a created file has the permissions that the umask leaves") {
  const TempDirectory directory;
  const mode_t mask = ::umask(027);
  const Result<File> file =
      File::open(directory.file("f"), {.access = Access::write, .create = true});
  ::umask(mask);
  REQUIRE(file);
  struct stat info {};
  REQUIRE(::fstat(static_cast<int>(file->handle()), &info) == 0);
  CHECK((info.st_mode & 0777) == 0640);
}

TEST_CASE("File: direct access reads at multiples of direct_alignment, or says why not") {
  const std::vector<std::byte> content = test::random_bytes(64 * kKiB + 100, 3);
  const test::TempFile data(content);
  Result<File> file = File::open(data.path(), {.direct = true});
  if (!file) {
    MESSAGE("no direct access here: " << file.error().line());
    CHECK(file.error().hint.find("--cache cold") != std::string::npos);
    return;
  }
  CHECK((::fcntl(static_cast<int>(file->handle()), F_GETFL) & O_DIRECT) != 0);
  const std::uint32_t alignment = file->direct_alignment();
  Result<PageMemory> memory = PageMemory::allocate(128 * kKiB);
  REQUIRE(memory);
  const auto equal = [&](std::uint32_t bytes, FileOffset offset) {
    return std::equal(memory->data(), memory->data() + bytes,
                      content.begin() + static_cast<std::ptrdiff_t>(offset));
  };
  const Transferred one = file->read_at(memory->data(), alignment, alignment);
  REQUIRE(one.error == 0);
  REQUIRE(one.bytes == alignment);
  CHECK(equal(alignment, alignment));
  // The last read is short, although the requested length is a multiple.
  const Transferred tail = file->read_at(memory->data(), 64 * kKiB, 64 * kKiB);
  REQUIRE(tail.error == 0);
  REQUIRE(tail.bytes == 100);
  CHECK(equal(100, 64 * kKiB));
}

TEST_CASE("File: a hole takes no disk space") {
  const test::TempFile file = test::TempFile::sparse(8 * kGiB);
  struct stat info {};
  REQUIRE(::stat(file.path().c_str(), &info) == 0);
  CHECK(info.st_size == static_cast<off_t>(8 * kGiB));
  CHECK(static_cast<std::uint64_t>(info.st_blocks) * 512 < kMiB);
}

}  // namespace
}  // namespace aiobench::os
