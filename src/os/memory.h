// Memory for buffers, read-only mappings of files, and the page cache of a file.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/error.h"
#include "os/file.h"

namespace aiobench::os {

std::size_t page_bytes();

// Page-aligned memory for buffers. All pages are present from the start, so that no page fault
// falls into a timed region. Large pages are used if the system provides them without special
// rights. Sources: mmap(2), madvise(2); VirtualAlloc in the Win32 reference.
class PageMemory {
 public:
  PageMemory() = default;
  PageMemory(PageMemory&& other) noexcept;
  PageMemory& operator=(PageMemory&& other) noexcept;
  ~PageMemory();

  // Allocates zeroed memory; `bytes` is rounded up to whole pages.
  static Result<PageMemory> allocate(std::size_t bytes);

  std::byte* data() const { return data_; }
  std::size_t size() const { return bytes_; }
  std::span<std::byte> span() const { return {data_, bytes_}; }

 private:
  std::byte* data_ = nullptr;
  std::size_t bytes_ = 0;
};

// The system-specific part of Mapping. Not for other callers.

// Installs the fault handler, once per process. Afterwards an unavailable page of a live mapping
// reads as zeros.
void guard_mappings();

// Maps the first `bytes` bytes of `file` for reading; `bytes` must not be 0.
Result<const std::byte*> map_pages(const File& file, std::uint64_t bytes);

// `replaced`: at least a part of the mapping has been replaced by zeros.
void unmap_pages(const std::byte* data, std::uint64_t bytes, bool replaced);

// Populates whole pages; `data` is page-aligned. Returns 0 or the code of the system. An
// unavailable page may also be reported only as a loss.
int populate_pages(const std::byte* data, std::uint64_t bytes);

// Removes whole pages from the page tables of this process.
void release_pages(const std::byte* data, std::uint64_t bytes);

// Reads one byte of each page.
void touch_pages(const std::byte* data, std::uint64_t bytes);

// The record of a mapping that exists; see below.
struct LiveMapping;

// A whole file mapped for reading: its pages in the page cache, without a copy. Sources: mmap(2),
// madvise(2), sigaction(2); MapViewOfFile, PrefetchVirtualMemory, AddVectoredExceptionHandler in
// the Win32 reference.
//
// Reading a mapping can fail where no error can be returned: the file has shrunk (Linux), or its
// device or server does not respond (both systems). The system then sends SIGBUS or raises
// EXCEPTION_IN_PAGE_ERROR. Neither ends the program: the lost part reads as zeros from then on, and
// lost_from() reports it. Therefore a reader must call lost_from() after it has read.
//
// Any number of threads may read, populate and call lost_from() at once. Construction, moves and
// destruction need exclusive access. The File is not needed after map().
class Mapping {
 public:
  Mapping() = default;
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  // Maps the whole of `file`, which must be open for reading. The mapping of an empty file is
  // empty.
  static Result<Mapping> map(const File& file);

  const std::byte* data() const { return data_; }
  // The size of the file when it was mapped. Data appended later is not in the mapping.
  std::uint64_t size() const { return bytes_; }

  // Reads a part of the mapping into the page cache, if it is not there, and enters its pages into
  // the page tables of this process, so that later reads cause no page fault. Returns 0 or the code
  // of the system: device_failure_code() if pages are unavailable. Pages beyond the end of a file
  // that has shrunk are unavailable too; the size of the file distinguishes the two cases.
  int populate(FileOffset offset, std::uint64_t bytes) const;

  // Removes the pages of a part from the page tables of this process, so that they no longer count
  // as its memory. They stay in the page cache, and a read brings them back. `offset` is
  // page-aligned.
  void release(FileOffset offset, std::uint64_t bytes) const;

  // The offset from which the mapping may hold zeros instead of the file; empty if nothing was
  // lost. Everything read below this offset before the call is the content of the file.
  std::optional<FileOffset> lost_from() const;

 private:
  bool lost_before(FileOffset end) const;

  const std::byte* data_ = nullptr;
  std::uint64_t bytes_ = 0;
  LiveMapping* live_ = nullptr;  // its record for the fault handler
};

// A live mapping, for the handler of page faults. The handler has only an address: it must find the
// mapping that contains it and note the loss there. It may not take a lock or use memory that
// another thread could free, so the live mappings are a fixed table of atomics.
struct LiveMapping {
  static constexpr FileOffset kNothing = UINT64_MAX;

  std::atomic<bool> taken{false};
  std::atomic<std::uintptr_t> begin{0};  // 0: the handler skips this entry
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<FileOffset> lost_from{kNothing};

  // Lowers lost_from. The handler calls it before zeros replace the lost part, so that a reader of
  // the zeros finds the loss noted.
  void note_loss(FileOffset from);
};

static_assert(std::atomic<std::uintptr_t>::is_always_lock_free, "used in a signal handler");
static_assert(std::atomic<FileOffset>::is_always_lock_free, "used in a signal handler");

// Adds an entry to the table; nullptr if the table is full.
LiveMapping* add_live_mapping(const std::byte* data, std::uint64_t bytes);
void remove_live_mapping(LiveMapping& mapping);

// The mapping that contains `address`, or nullptr. May be called from a signal handler.
LiveMapping* find_live_mapping(std::uintptr_t address);

// The page cache of one file: how much of it is cached, and how to change that for this file alone,
// without special rights. Sources: mincore(2), posix_fadvise(2), madvise(2), getrusage(2);
// CreateFileW on caching.

// The share (0 to 1) of the pages of the file that are cached. An error if the system does not
// report it to this user.
Result<double> resident_share(const File& file);

// Estimates resident_share() from a sample of a few dozen pages spread over the file. Fast, and
// accurate enough to choose an engine.
Result<double> sampled_resident_share(const File& file);

// Whether mapping the cached file is cheap: the cache holds it in large folios, each of which is
// mapped by one page fault. On Linux this is measured on a few ranges of the file. A file written
// in small pieces is not cheap until it has been read back from the disk. Windows does not report
// it; the result is true.
bool cheap_to_map(const File& file);

// Writes dirty pages and asks the system to drop the file from the cache. The system may keep
// pages: check with resident_share().
Status evict(const File& file);

// Reads the whole file, so that it is cached if it fits.
Status warm(const File& file);

}  // namespace aiobench::os
