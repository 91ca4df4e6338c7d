#include "os/page_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

#include "base/units.h"
#include "os/linux/internal.h"
#include "os/memory.h"
#include "os/system_error.h"

namespace aiobench::os {
namespace {

int descriptor(const File& file) {
  return static_cast<int>(file.handle());
}

// mincore() reports the truth only for a file that the user owns or may write (Linux 5.2). For any
// other file it reports every page as resident.
bool may_query_residency(const File& file) {
  struct stat info {};
  if (::fstat(descriptor(file), &info) != 0) return false;
  return ::geteuid() == 0 || info.st_uid == ::geteuid() ||
         ::faccessat(AT_FDCWD, file.path().c_str(), W_OK, AT_EACCESS) == 0;
}

Result<std::uint64_t> resident_pages(const File& file, std::uint64_t from, std::uint64_t bytes) {
  void* const mapping =
      ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, descriptor(file), static_cast<off_t>(from));
  if (mapping == MAP_FAILED) return system_error("map", file.path(), errno);
  std::vector<unsigned char> pages((bytes + page_bytes() - 1) / page_bytes());
  const int failed = ::mincore(mapping, bytes, pages.data());
  const int code = errno;
  ::munmap(mapping, bytes);
  if (failed != 0) return system_error("query the cached pages of", file.path(), code);
  return static_cast<std::uint64_t>(
      std::count_if(pages.begin(), pages.end(), [](unsigned char page) { return page & 1; }));
}

// Minor page faults of the calling thread, which need no I/O.
long faults_so_far() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_minflt;
}

// The number of page faults to map a range; empty if it is unknown. MAP_POPULATE is not used: if
// the device fails to read a page, Linux 6.18 retries forever.
std::optional<long> faults_to_map(const File& file, std::uint64_t from, std::uint64_t bytes) {
  void* const mapping =
      ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, descriptor(file), static_cast<off_t>(from));
  if (mapping == MAP_FAILED) return std::nullopt;
  const long before = faults_so_far();
  const int populated = ::madvise(mapping, bytes, MADV_POPULATE_READ);
  const long faults = faults_so_far() - before;
  ::munmap(mapping, bytes);
  return populated == 0 ? std::optional(faults) : std::nullopt;
}

}  // namespace

Result<double> resident_share(const File& file) {
  constexpr std::uint64_t kStretch = kGiB;  // mapped at a time
  Result<std::uint64_t> size = file.size();
  if (!size) return size.take_error();
  if (*size == 0) return 0.0;
  if (!may_query_residency(file))
    return system_error("query the cached pages of", file.path(), EPERM);
  std::uint64_t resident = 0;
  for (std::uint64_t at = 0; at < *size; at += kStretch) {
    Result<std::uint64_t> pages = resident_pages(file, at, std::min(kStretch, *size - at));
    if (!pages) return pages.take_error();
    resident += *pages;
  }
  const std::uint64_t all = (*size + page_bytes() - 1) / page_bytes();
  return static_cast<double>(resident) / static_cast<double>(all);
}

Result<double> sampled_resident_share(const File& file) {
  constexpr std::uint64_t kSamples = 32;
  Result<std::uint64_t> size = file.size();
  if (!size) return size.take_error();
  const std::uint64_t pages = *size / page_bytes();
  if (pages <= kSamples) return resident_share(file);
  if (!may_query_residency(file))
    return system_error("query the cached pages of", file.path(), EPERM);
  std::uint64_t resident = 0;
  for (std::uint64_t i = 0; i < kSamples; ++i) {
    // The last sample is the last page.
    const std::uint64_t page = i * (pages - 1) / (kSamples - 1);
    Result<std::uint64_t> one = resident_pages(file, page * page_bytes(), page_bytes());
    if (!one) return one.take_error();
    resident += *one;
  }
  return static_cast<double>(resident) / static_cast<double>(kSamples);
}

// Small folios cause a fault per 64 KiB (the kernel maps that much around each), large ones one per
// 2 MiB. The start of the file is not representative: readahead starts with small folios in every
// file.
bool cheap_to_map(const File& file) {
  constexpr std::uint64_t kStretch = 2 * kMiB;
  constexpr std::uint64_t kStretches = 4;
  constexpr std::uint64_t kBytesPerFault = 256 * kKiB;
  const Result<std::uint64_t> size = file.size();
  if (!size || *size < kStretch) return true;
  const std::uint64_t whole = *size / kStretch;
  std::uint64_t bytes = 0;
  std::uint64_t faults = 0;
  for (std::uint64_t i = 0; i < std::min(kStretches, whole); ++i) {
    const std::uint64_t at = (2 * i + 1) * whole / (2 * kStretches) * kStretch;
    const std::optional<long> taken = faults_to_map(file, at, kStretch);
    if (!taken) return false;
    faults += static_cast<std::uint64_t>(*taken);
    bytes += kStretch;
  }
  return faults * kBytesPerFault <= bytes;
}

Status evict(const File& file) {
  // A dirty page cannot be dropped, so it is written first. A page that was just read may still be
  // in the per-CPU list of a processor, which the first try does not reach.
  constexpr int kTries = 3;
  for (int i = 0; i < kTries; ++i) {
    if (::fdatasync(descriptor(file)) != 0 && errno != EROFS && errno != EINVAL) {
      return system_error("flush", file.path(), errno);
    }
    const int code = ::posix_fadvise(descriptor(file), 0, 0, POSIX_FADV_DONTNEED);
    if (code != 0) return system_error("drop from the cache", file.path(), code);
  }
  return {};
}

}  // namespace aiobench::os
