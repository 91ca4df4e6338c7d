#include "os/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/units.h"
#include "os/interrupt.h"
#include "os/system_error.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23  // Linux 5.14; glibc 2.35 names it
#endif

namespace aiobench::platform {
namespace {

void populate_piece(std::byte* data, std::size_t bytes) {
  if (::madvise(data, bytes, MADV_POPULATE_WRITE) == 0) return;
  for (std::size_t at = 0; at < bytes; at += page_bytes()) {
    *reinterpret_cast<volatile std::byte*>(data + at) = std::byte{0};
  }
}

// Faults every page in now, rather than inside what is timed. Piece by piece, as many gigabytes
// take seconds, and Ctrl-C must not wait for them.
Status populate(std::byte* data, std::size_t bytes) {
  constexpr std::size_t kPiece = 64 * kMiB;
  for (std::size_t at = 0; at < bytes; at += kPiece) {
    if (interrupted()) return interrupted_error("the buffers were not made");
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
    return system_error("get " + format_size(bytes) + " of memory for buffers", "", errno);
  }
  PageMemory memory;
  memory.data_ = static_cast<std::byte*>(data);
  memory.bytes_ = rounded;
  ::madvise(data, rounded, MADV_HUGEPAGE);  // only a wish: refused, small pages do
  if (Status done = populate(memory.data_, rounded); !done) return done.take_error();
  return memory;
}

}  // namespace aiobench::platform
