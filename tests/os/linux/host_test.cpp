// Proves that the information about machine and storage agrees with other sources of Linux, and
// that errors have the names of errno.
#include "os/host.h"

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

#include "os/memory.h"
#include "os/system_error.h"
#include "os/temp_directory.h"

namespace aiobench::os {
namespace {

TEST_CASE("host_info agrees with the kernel") {
  const HostInfo info = host_info();
  std::ifstream release("/proc/sys/kernel/osrelease");
  std::string version;
  std::getline(release, version);
  CHECK(info.version == version);
  const auto pages = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES));
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  CHECK(info.memory_bytes == pages * page);
}

TEST_CASE("host_info counts the processors that this process may run on") {
  cpu_set_t before;
  REQUIRE(::sched_getaffinity(0, sizeof(before), &before) == 0);
  CHECK(host_info().cpus == static_cast<unsigned>(CPU_COUNT(&before)));
  cpu_set_t one;
  CPU_ZERO(&one);
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &before) && CPU_COUNT(&one) == 0) CPU_SET(cpu, &one);
  }
  unsigned narrowed = 0;
  // In a separate thread, because the affinity is that of a thread; this thread keeps its own.
  std::thread([&] {
    if (::sched_setaffinity(0, sizeof(one), &one) == 0) narrowed = host_info().cpus;
  }).join();
  CHECK(narrowed == 1);
}

TEST_CASE("storage_info finds the mount of a file through links and relative paths") {
  if (!test::mounts_are_told()) {
    MESSAGE("skipped: this is a chroot whose root is no mount of its own");
    return;
  }
  const test::TempDirectory directory;
  test::put_file(directory.file("f"), "x");
  REQUIRE(::symlink("f", directory.file("link").c_str()) == 0);
  const StorageInfo info = storage_info(directory.file("f"));
  const std::string whole = std::filesystem::absolute(directory.file("f")).string();
  CHECK(storage_info(directory.file("link")).mount == info.mount);
  CHECK(storage_info(whole).mount == info.mount);
  CHECK(whole.compare(0, info.mount.size(), info.mount) == 0);
  CHECK(info.mount.front() == '/');
}

TEST_CASE("storage_info agrees with the kernel's description of the device") {
  const test::TempDirectory directory;
  test::put_file(directory.file("f"), "x");
  struct stat file {};
  REQUIRE(::stat(directory.file("f").c_str(), &file) == 0);
  const std::string queue = "/sys/dev/block/" + std::to_string(major(file.st_dev)) + ":" +
                            std::to_string(minor(file.st_dev)) + "/queue/";
  if (!std::filesystem::exists(queue)) {
    MESSAGE("skipped: the file lies on no whole block device");
    return;
  }
  const auto number = [&](const char* name) {
    unsigned value = ~0u;
    std::ifstream(queue + name) >> value;
    return value;
  };
  const StorageInfo info = storage_info(directory.file("f"));
  CHECK(info.logical_sector_bytes == number("logical_block_size"));
  CHECK(info.physical_sector_bytes == number("physical_block_size"));
  CHECK(info.queue_depth == number("nr_requests"));
  REQUIRE(info.rotational.has_value());
  CHECK(*info.rotational == (number("rotational") == 1));
}

TEST_CASE("storage_info of special file systems, and of a missing file") {
  const StorageInfo proc = storage_info("/proc/self/status");
  CHECK(proc.file_system == "proc");
  CHECK(proc.mount == "/proc");
  CHECK(proc.model.empty());
  const StorageInfo missing = storage_info("/no such directory/no such file");
  CHECK(missing.file_system.empty());
  CHECK(missing.mount.empty());
  CHECK(missing.device.empty());
  CHECK(missing.model.empty());
  for (const StorageInfo& info : {proc, missing}) {
    CHECK_FALSE(info.rotational.has_value());
    CHECK(info.logical_sector_bytes == 0);
    CHECK(info.queue_depth == 0);
  }
}

TEST_CASE("system_error has the name and the text of errno, and a hint") {
  const std::array<std::pair<int, const char*>, 4> known = {
      {{ENOENT, "No such file or directory [ENOENT 2]"},
       {EACCES, "Permission denied [EACCES 13]"},
       {EIO, "Input/output error [EIO 5]"},
       {ENOSPC, "No space left on device [ENOSPC 28]"}}};
  for (const auto& [code, cause] : known) {
    const Error error = system_error("open", "f", code);
    CHECK(error.cause == cause);
    CHECK_FALSE(error.hint.empty());
  }
  errno = EBADF;
  CHECK(last_error() == EBADF);
  CHECK(is_cancelled(ECANCELED));
}

}  // namespace
}  // namespace aiobench::os
