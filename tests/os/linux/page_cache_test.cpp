// Proves that one file can be brought into the page cache and dropped from it, and that its cached
// share is reported correctly.

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <vector>

#include "base/units.h"
#include "os/host.h"
#include "os/linux/internal.h"
#include "os/linux/unprivileged.h"
#include "os/memory.h"
#include "os/open_file.h"
#include "support/temp_file.h"

namespace aiobench::os {
namespace {

double share_of(const File& file) {
  const Result<double> share = resident_share(file);
  REQUIRE_MESSAGE(share, share.error().line());
  return *share;
}

// A file system in memory is its own cache: nothing can be dropped.
bool lies_in_memory(const std::string& path) {
  const std::string file_system = storage_info(path).file_system;
  if (file_system != "tmpfs" && file_system != "ramfs") return false;
  MESSAGE("skipped: the directory of the tests is in memory (" << file_system << ")");
  return true;
}

TEST_CASE("evict empties the cache of a file that was just written, warm fills it") {
  const test::TempFile data(test::random_bytes(16 * kMiB + 123, 5));
  if (lies_in_memory(data.path())) return;
  const File file = must_open(data.path());
  for (int i = 0; i < 2; ++i) {
    const Status evicted = evict(file);
    REQUIRE_MESSAGE(evicted, evicted.error().line());
    CHECK(share_of(file) <= 0.01);
    REQUIRE(warm(file));
    CHECK(share_of(file) >= 0.999);
    CHECK(share_of(file) <= 1.0);
  }
}

// Readahead would be measured as a read by the device and not by the request.
TEST_CASE("a file opened for random reads has no readahead, nor a read around a page fault") {
  const test::TempFile data(test::random_bytes(16 * kMiB, 5));
  if (lies_in_memory(data.path())) return;
  const File file = must_open(data.path(), {.random = true});
  CHECK(file.is_random());
  const auto share_of_page = 4096.0 / (16 * kMiB);
  std::byte page[4096];
  REQUIRE(evict(file));
  for (const FileOffset number : {0u, 1u, 2000u}) {
    REQUIRE(file.read_at(page, sizeof page, number * 4096).bytes == sizeof page);
  }
  CHECK(share_of(file) == doctest::Approx(3 * share_of_page));
  REQUIRE(evict(file));
  const Result<Mapping> mapping = Mapping::map(file);
  REQUIRE(mapping);
  REQUIRE(mapping->populate(8 * kMiB, 4096) == 0);
  CHECK(share_of(file) == doctest::Approx(share_of_page));
}

TEST_CASE("evict leaves other files alone") {
  const test::TempFile kept(test::random_bytes(4 * kMiB, 6));
  const test::TempFile dropped(test::random_bytes(4 * kMiB, 7));
  if (lies_in_memory(kept.path())) return;
  const File kept_file = must_open(kept.path());
  const File dropped_file = must_open(dropped.path());
  REQUIRE(warm(kept_file));
  REQUIRE(evict(dropped_file));
  CHECK(share_of(dropped_file) <= 0.01);
  CHECK(share_of(kept_file) >= 0.99);
}

TEST_CASE("evict loses no data, not even dirty data") {
  const std::vector<std::byte> content = test::random_bytes(2 * kMiB + 7, 8);
  const test::TempFile data(content);
  const File file = must_open(data.path());
  REQUIRE(evict(file));
  std::vector<std::byte> back(content.size());
  for (std::size_t at = 0; at < back.size();) {
    const Transferred got =
        file.read_at(back.data() + at, static_cast<std::uint32_t>(back.size() - at), at);
    REQUIRE(got.error == 0);
    REQUIRE(got.bytes > 0);
    at += got.bytes;
  }
  CHECK((back == content));
}

TEST_CASE("resident_share counts the cached pages of a file of any length") {
  const std::size_t page = page_bytes();
  const test::TempFile data(test::random_bytes(64 * page + 1, 9));
  if (lies_in_memory(data.path())) return;
  REQUIRE(warm(must_open(data.path())));
  CHECK(share_of(must_open(data.path())) == 1.0);

  const test::TempFile one_byte(test::random_bytes(1, 10));
  REQUIRE(warm(must_open(one_byte.path())));
  CHECK(share_of(must_open(one_byte.path())) == 1.0);

  const test::TempFile empty(std::vector<std::byte>{});
  CHECK(share_of(must_open(empty.path())) >= 0.0);
  CHECK(evict(must_open(empty.path())));
}

TEST_CASE("resident_share is an error for a user to whom Linux does not report the truth") {
  const test::TempFile data(test::random_bytes(kMiB, 11));
  REQUIRE(::chmod(data.path().c_str(), 0644) == 0);
  const File file = must_open(data.path());
  REQUIRE(evict(file));
  const test::Unprivileged user;
  struct stat info {};
  REQUIRE(::fstat(static_cast<int>(file.handle()), &info) == 0);
  if (!user || info.st_uid == ::geteuid()) {
    MESSAGE("skipped: it needs a file of another user, which only root can make");
    return;
  }
  const Result<double> share = resident_share(file);
  REQUIRE_FALSE(share);
  CHECK(share.error().code == EPERM);
  CHECK(share.error().path == data.path());
}

TEST_CASE("resident_share of a file beyond 4 GiB covers all of it") {
  const test::TempFile hole = test::TempFile::sparse(4 * kGiB + 2 * kMiB);
  if (lies_in_memory(hole.path())) return;
  const File file = must_open(hole.path());
  REQUIRE(evict(file));
  CHECK(share_of(file) == 0.0);
  std::vector<std::byte> data(kMiB);
  REQUIRE(file.read_at(data.data(), kMiB, 4 * kGiB + kMiB).bytes == kMiB);
  const double part = static_cast<double>(kMiB) / static_cast<double>(4 * kGiB + 2 * kMiB);
  // Readahead may have brought in some more.
  CHECK(share_of(file) >= part * 0.999);
  CHECK(share_of(file) <= part * 16);
}

TEST_CASE(
    "a file in small pieces is not cheap to map; one of less than a large piece is no matter") {
  const test::TempFile file(test::random_bytes(0, 8));
  const std::vector<std::byte> piece = test::random_bytes(4 * kKiB, 8);
  for (std::uint64_t at = 0; at < 8 * kMiB; at += piece.size()) file.write(at, piece);
  CHECK_FALSE(cheap_to_map(must_open(file.path())));
  const test::TempFile small(test::random_bytes(1 * kMiB, 9));
  CHECK(cheap_to_map(must_open(small.path())));
}

// The number of page faults to map 2 MiB at `offset`.
long faults_at(const File& file, std::uint64_t offset) {
  void* const data = ::mmap(nullptr, 2 * kMiB, PROT_READ, MAP_SHARED,
                            static_cast<int>(file.handle()), static_cast<off_t>(offset));
  REQUIRE(data != MAP_FAILED);
  struct rusage before {};
  struct rusage after {};
  ::getrusage(RUSAGE_THREAD, &before);
  ::madvise(data, 2 * kMiB, MADV_POPULATE_READ);
  ::getrusage(RUSAGE_THREAD, &after);
  ::munmap(data, 2 * kMiB);
  return after.ru_minflt - before.ru_minflt;
}

TEST_CASE(
    "a file that readahead brought is cheap to map, though its beginning is in small pieces") {
  constexpr std::uint64_t kBytes = 192 * kMiB;  // the small pieces are the first 30 MiB
  const test::TempFile data = test::TempFile::sparse(kBytes);
  if (lies_in_memory(data.path())) return;
  const File file = must_open(data.path());
  REQUIRE(evict(file));
  std::vector<std::byte> buffer(kMiB);
  for (std::uint64_t at = 0; at < kBytes; at += kMiB) {
    REQUIRE(file.read_at(buffer.data(), kMiB, at).bytes == kMiB);
  }
  for (std::uint64_t at = 24 * kMiB; at < kBytes; at += 48 * kMiB) {
    if (faults_at(file, at) <= 2) continue;
    MESSAGE("skipped: this file system or kernel caches in small pieces");
    return;
  }
  CHECK(cheap_to_map(file));
}

}  // namespace
}  // namespace aiobench::os
