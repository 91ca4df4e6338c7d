#include "os/memory.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "base/units.h"
#include "os/console.h"
#include "os/linux/internal.h"
#include "os/system_error.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23  // Linux 5.14; glibc 2.35 names it
#endif

namespace aiobench::os {
namespace {

void populate_piece(std::byte* data, std::size_t bytes) {
  if (::madvise(data, bytes, MADV_POPULATE_WRITE) == 0) return;
  for (std::size_t at = 0; at < bytes; at += page_bytes()) {
    *reinterpret_cast<volatile std::byte*>(data + at) = std::byte{0};
  }
}

// Populates all pages now, so that no page fault falls into a timed region. It works in pieces:
// many gigabytes take seconds, and Ctrl-C must not have to wait for them.
Status populate(std::byte* data, std::size_t bytes) {
  constexpr std::size_t kPiece = 64 * kMiB;
  for (std::size_t at = 0; at < bytes; at += kPiece) {
    if (interrupted()) return interrupted_error("the buffers were not allocated");
    populate_piece(data + at, std::min(kPiece, bytes - at));
  }
  return {};
}

}  // namespace

std::size_t page_bytes() {
  return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

PageMemory::PageMemory(PageMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

PageMemory& PageMemory::operator=(PageMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

PageMemory::~PageMemory() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

Result<PageMemory> PageMemory::allocate(std::size_t bytes) {
  const std::size_t rounded = align_up(bytes, page_bytes());
  void* const data =
      ::mmap(nullptr, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) {
    return system_error("allocate " + format_size(bytes) + " for buffers", "", errno);
  }
  PageMemory memory;
  memory.data_ = static_cast<std::byte*>(data);
  memory.bytes_ = rounded;
  ::madvise(data, rounded, MADV_HUGEPAGE);  // only a hint; small pages work too
  if (Status done = populate(memory.data_, rounded); !done) return done.take_error();
  return memory;
}

namespace {

// Set before the handler is installed.
struct sigaction previous;
std::uintptr_t page_mask;

// Replaces the mapping by zeros from the page of `address` on: beyond the end of a file that has
// shrunk all following pages are unavailable too. It uses the bare system call because sanitizers
// intercept mmap(), and this runs in a signal handler. Threads that fault at the same time may each
// do it, in any order.
bool replace_rest(LiveMapping& mapping, std::uintptr_t address) {
  const std::uintptr_t begin = mapping.begin.load();
  const std::uintptr_t from = address & page_mask;
  const std::uint64_t rest = begin + mapping.bytes.load() - from;
  mapping.note_loss(from - begin);
  return ::syscall(SYS_mmap, from, rest, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                   0) == static_cast<long>(from);
}

// Not a fault in a live mapping: restores the previous action. A fault repeats itself on return; a
// signal that another process sent must be raised again.
void restore_previous(const siginfo_t& info) {
  ::sigaction(SIGBUS, &previous, nullptr);
  if (info.si_code <= 0) ::raise(SIGBUS);
}

void on_bus_error(int, siginfo_t* info, void*) {
  const int saved = errno;
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  LiveMapping* const mapping = info->si_code > 0 ? find_live_mapping(address) : nullptr;
  if (mapping == nullptr || !replace_rest(*mapping, address)) restore_previous(*info);
  errno = saved;
}

bool install_handler() {
  page_mask = ~(static_cast<std::uintptr_t>(page_bytes()) - 1);
  struct sigaction action {};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, nullptr, &previous);
  return ::sigaction(SIGBUS, &action, nullptr) == 0;
}

Error explain_map(const File& file, std::uint64_t bytes, int code) {
  Error error = system_error("map", file.path(), code);
  if (code == ENOMEM) {
    error.hint = "use another engine: the address space of this process has no room for " +
                 format_size(bytes);
  } else if (code == ENODEV) {
    error.hint = "use another engine: this file system cannot map files";
  }
  return error;
}

}  // namespace

void guard_mappings() {
  static const bool installed = install_handler();
  static_cast<void>(installed);
}

Result<const std::byte*> map_pages(const File& file, std::uint64_t bytes) {
  void* const data =
      ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, static_cast<int>(file.handle()), 0);
  if (data == MAP_FAILED) return explain_map(file, bytes, errno);
  if (file.is_random())
    ::madvise(data, bytes, MADV_RANDOM);  // otherwise a fault reads 128 KiB around it
  return static_cast<const std::byte*>(data);
}

void unmap_pages(const std::byte* data, std::uint64_t bytes, bool) {
  ::munmap(const_cast<std::byte*>(data), bytes);
}

// MADV_POPULATE_READ fails with EFAULT where touching the page would raise SIGBUS.
int populate_pages(const std::byte* data, std::uint64_t bytes) {
  int code = EINTR;
  while (code == EINTR || code == EAGAIN) {
    const int done = ::madvise(const_cast<std::byte*>(data), bytes, MADV_POPULATE_READ);
    code = done == 0 ? 0 : errno;
  }
  if (code == EFAULT) return device_failure_code();
  if (code != EINVAL) return code;
  touch_pages(data, bytes);  // Linux before 5.14
  return 0;
}

void release_pages(const std::byte* data, std::uint64_t bytes) {
  ::madvise(const_cast<std::byte*>(data), bytes, MADV_DONTNEED);
}

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
