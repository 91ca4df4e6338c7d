#include "os/file_view.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/units.h"
#include "os/linux/populate.h"
#include "os/live_view.h"
#include "os/mapping.h"
#include "os/memory.h"
#include "os/system_error.h"

namespace aiobench::platform {
namespace {

// Both set before the handler is.
struct sigaction previous;
std::uintptr_t page_mask;

// Puts zeros over the view from the page of `address` on: beyond the end of a file that has shrunk
// all following pages are gone too. The bare system call: it may be used in a signal handler, while
// mmap() is a function of a sanitizer's in some builds. Threads that fault here at once may each do
// it, in any order.
bool replace_rest(LiveView& view, std::uintptr_t address) {
  const std::uintptr_t begin = view.begin.load();
  const std::uintptr_t from = address & page_mask;
  const std::uint64_t rest = begin + view.bytes.load() - from;
  view.note_loss(from - begin);
  return ::syscall(SYS_mmap, from, rest, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                   0) == static_cast<long>(from);
}

// Not ours: as if this handler had never been there. A fault happens again on return, in the same
// place; a signal that somebody sent does not.
void hand_on(const siginfo_t& info) {
  ::sigaction(SIGBUS, &previous, nullptr);
  if (info.si_code <= 0) ::raise(SIGBUS);
}

void on_bus_error(int, siginfo_t* info, void*) {
  const int saved = errno;
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  LiveView* const view = info->si_code > 0 ? find_view(address) : nullptr;
  if (view == nullptr || !replace_rest(*view, address)) hand_on(*info);
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
    error.hint = "there is no room for " + format_size(bytes) +
                 " in this process's addresses; use another engine";
  } else if (code == ENODEV) {
    error.hint = "this file system cannot map files; use another engine";
  }
  return error;
}

}  // namespace

void guard_views() {
  static const bool installed = install_handler();
  static_cast<void>(installed);
}

Result<const std::byte*> map_pages(const File& file, std::uint64_t bytes) {
  void* const data =
      ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, static_cast<int>(file.handle()), 0);
  if (data == MAP_FAILED) return explain_map(file, bytes, errno);
  if (file.is_random()) ::madvise(data, bytes, MADV_RANDOM);  // else a fault reads 128 KiB around
  return static_cast<const std::byte*>(data);
}

void unmap_pages(const std::byte* data, std::uint64_t bytes, bool) {
  ::munmap(const_cast<std::byte*>(data), bytes);
}

// MADV_POPULATE_READ says EFAULT where touching the page would raise SIGBUS.
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

}  // namespace aiobench::platform
