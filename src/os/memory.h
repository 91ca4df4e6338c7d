// Memory for requests: page-aligned, present from the start (no page fault inside what is
// timed), with large pages where the system gives them unasked. Sources: mmap(2), madvise(2);
// VirtualAlloc in the Win32 reference.
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

class PageMemory {
 public:
  PageMemory() = default;
  PageMemory(PageMemory&& other) noexcept;
  PageMemory& operator=(PageMemory&& other) noexcept;
  ~PageMemory();

  // `bytes` is rounded up to whole pages. The memory is zero.
  static Result<PageMemory> allocate(std::size_t bytes);

  std::byte* data() const { return data_; }
  std::size_t size() const { return bytes_; }
  std::span<std::byte> span() const { return {data_, bytes_}; }

 private:
  std::byte* data_ = nullptr;
  std::size_t bytes_ = 0;
};

// What FileView needs of the system. Not for others.

// From the first call on, a page of a live view that cannot be had reads as zeros.
void guard_views();

// The first `bytes` bytes of `file`, not 0, for reading.
Result<const std::byte*> map_pages(const File& file, std::uint64_t bytes);

// `replaced`: zeros have taken the place of at least a part.
void unmap_pages(const std::byte* data, std::uint64_t bytes, bool replaced);

// Brings in whole pages: `data` is the beginning of one. 0 or the system's code; a page that cannot
// be had may also show as a loss only.
int populate_pages(const std::byte* data, std::uint64_t bytes);

// Takes whole pages out of this process.
void release_pages(const std::byte* data, std::uint64_t bytes);

// Reads a byte of each page.
void touch_pages(const std::byte* data, std::uint64_t bytes);

// A whole file mapped for reading: its pages in the page cache, with nothing copied. Sources:
// mmap(2), madvise(2), sigaction(2); MapViewOfFile, PrefetchVirtualMemory,
// AddVectoredExceptionHandler in the Win32 reference.
//
// Reading a mapping can fail where no error can be returned: the file has shrunk since (Linux), or
// its device or server does not answer (both). The system then sends SIGBUS, or raises
// EXCEPTION_IN_PAGE_ERROR. Neither ends the program here: what is gone reads as zeros from then on,
// and lost_from() says so. So whoever reads a view asks it afterwards.

struct LiveView;

// Any number of threads may read, populate and ask at once. It is made, moved and destroyed by one,
// with no reader left. It does not need the File after map().
class FileView {
 public:
  FileView() = default;
  FileView(FileView&& other) noexcept;
  FileView& operator=(FileView&& other) noexcept;
  ~FileView();

  // Maps all that `file`, open for reading, has at this moment. An empty file gives an empty view.
  static Result<FileView> map(const File& file);

  const std::byte* data() const { return data_; }
  // The file's size when it was mapped. What it has grown by since is not in the view.
  std::uint64_t size() const { return bytes_; }

  // Has the pages of a part of the view read into the page cache, where they are not, and entered
  // into this process's page tables: no page fault later. 0; or the system's code, which is
  // device_failure_code() where pages cannot be had. That is also so beyond the end of a file that
  // has shrunk: its size tells which.
  int populate(FileOffset offset, std::uint64_t bytes) const;

  // Takes the pages of a part out of this process again: out of its page tables, and of what counts
  // as its memory. They stay in the page cache, and a read of the part brings them back.
  void release(FileOffset offset, std::uint64_t bytes) const;

  // From where on the view may hold zeros instead of the file, if something was lost. What was read
  // before this was called was the file up to there.
  std::optional<FileOffset> lost_from() const;

 private:
  bool lost_before(FileOffset end) const;

  const std::byte* data_ = nullptr;
  std::uint64_t bytes_ = 0;
  LiveView* live_ = nullptr;  // its entry among those that the fault handler knows
};

// The views that exist, for the handler of page faults that cannot be served: it has an address,
// and needs to know whether that lies in a view and where to note the loss. A handler may take no
// lock and use no memory that could be freed meanwhile: so this is a fixed table of atomics.

struct LiveView {
  static constexpr FileOffset kNothing = UINT64_MAX;

  std::atomic<bool> taken{false};
  std::atomic<std::uintptr_t> begin{0};  // 0: no handler finds it
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<FileOffset> lost_from{kNothing};

  // Lowers lost_from. Called before zeros take the place of what was lost, so that whoever reads
  // zeros finds the loss noted.
  void note_loss(FileOffset from);
};

static_assert(std::atomic<std::uintptr_t>::is_always_lock_free, "used in a signal handler");
static_assert(std::atomic<FileOffset>::is_always_lock_free, "used in a signal handler");

// nullptr where the table is full.
LiveView* enter_view(const std::byte* data, std::uint64_t bytes);
void remove_view(LiveView& view);

// The view that `address` lies in, or nullptr. For a signal handler.
LiveView* find_view(std::uintptr_t address);

}  // namespace aiobench::os
