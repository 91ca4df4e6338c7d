// Proves that the information about machine and storage in every result is complete where the
// system reports it, and that system errors are readable.
#include "os/host.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>

#include "base/units.h"
#include "engine/registry.h"
#include "os/console.h"
#include "os/memory.h"
#include "os/system_error.h"
#include "os/temp_directory.h"

namespace aiobench::os {
namespace {

TEST_CASE("host_info: system, version, processors and memory") {
  const HostInfo info = host_info();
  CHECK(info.system == engine::this_system());
  CHECK_FALSE(info.version.empty());
  CHECK(info.version.find('.') != std::string::npos);
  CHECK(info.cpus >= 1);
  CHECK(info.cpus <= 65536);
  CHECK(info.memory_bytes >= 64 * kMiB);
  CHECK(info.memory_bytes <= (std::uint64_t{1} << 52));
  CHECK(info.cpu_model == printable(info.cpu_model));
  if (info.system == "Linux") CHECK(info.wine.empty());
}

TEST_CASE("storage_info: the file system and the mount of a file, by any path to it") {
  if (!test::mounts_are_told()) {
    MESSAGE("skipped: this is a chroot whose root is no mount of its own");
    return;
  }
  const test::TempDirectory directory;
  test::put_file(directory.file("f"), "x");
  const StorageInfo info = storage_info(directory.file("f"));
  CHECK_FALSE(info.file_system.empty());
  CHECK_FALSE(info.mount.empty());
  const StorageInfo of_directory = storage_info(directory.path());
  CHECK(of_directory.file_system == info.file_system);
  CHECK(of_directory.mount == info.mount);
  CHECK(of_directory.device == info.device);
  CHECK_FALSE(info.mount_options.empty());
  // Sector sizes are powers of two and the physical one is at least as large, or both are unknown.
  CHECK((info.logical_sector_bytes & (info.logical_sector_bytes - 1)) == 0);
  CHECK(info.physical_sector_bytes >= info.logical_sector_bytes);
}

TEST_CASE("system_error: one line with text and number of the code, operation and path") {
  const Error error = system_error("read", "some file", device_failure_code(), FileOffset{8192});
  CHECK(error.kind == Error::Kind::system);
  CHECK(error.code == device_failure_code());
  CHECK(error.operation == "read");
  CHECK(error.path == "some file");
  CHECK(error.offset == std::optional<FileOffset>(8192));
  CHECK(error.cause.find(std::to_string(device_failure_code())) != std::string::npos);
  CHECK(error.hint.find("device") != std::string::npos);
  CHECK(error.line().find('\n') == std::string::npos);
}

TEST_CASE("system_error: every code, also an invalid one, has a text without a line break") {
  for (int code = 1; code < 2000; ++code) {
    const Error error = system_error("x", "", code);
    CAPTURE(code);
    CAPTURE(error.cause);
    CHECK(error.cause.find(" " + std::to_string(code) + "]") != std::string::npos);
    CHECK(error.cause.find_first_of("\r\n") == std::string::npos);
    CHECK(error.cause.front() != ' ');
    CHECK(error.cause.front() != '(');
  }
  CHECK(system_error("x", "", 123456).cause == "unknown error [code 123456]");
}

TEST_CASE("is_cancelled is true for the cancelled code only") {
  CHECK(is_cancelled(cancelled_code()));
  CHECK_FALSE(is_cancelled(device_failure_code()));
  CHECK_FALSE(is_cancelled(0));
  CHECK(cancelled_code() != 0);
}

TEST_CASE("an environment variable that is not set is empty") {
  CHECK(environment("AIOBENCH_NOBODY_SETS_THIS").empty());
  CHECK_FALSE(environment("PATH").empty());
}

TEST_CASE("terminal_columns has a value, also without a terminal") {
  CHECK(terminal_columns() >= 1);
}

TEST_CASE("page cache: warm reads the whole file; the share is then 1, or an error") {
  const test::TempDirectory directory;
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{3 * kMiB + 5}}) {
    CAPTURE(bytes);
    test::put_file(directory.file("f"), std::string(bytes, 'x'));
    Result<File> file = File::open(directory.file("f"), {});
    REQUIRE(file);
    const Status warmed = warm(*file);
    CHECK_MESSAGE(warmed, warmed.error().line());
    const Result<double> share = resident_share(*file);
    if (!share) {
      CHECK_FALSE(share.error().cause.empty());
      CHECK_FALSE(share.error().hint.empty());
      CHECK(share.error().path == directory.file("f"));
    } else if (bytes > 0) {
      CHECK(*share == doctest::Approx(1.0));
    }
  }
}

}  // namespace
}  // namespace aiobench::os
