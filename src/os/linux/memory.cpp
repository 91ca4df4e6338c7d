#include "os/memory.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

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

}  // namespace aiobench::os
