// A whole file mapped for reading: its pages in the page cache, with nothing copied. Sources:
// mmap(2), madvise(2), sigaction(2); MapViewOfFile, PrefetchVirtualMemory,
// AddVectoredExceptionHandler in the Win32 reference.
//
// Reading a mapping can fail where no error can be returned: the file has shrunk since (Linux), or
// its device or server does not answer (both). The system then sends SIGBUS, or raises
// EXCEPTION_IN_PAGE_ERROR. Neither ends the program here: what is gone reads as zeros from then on,
// and lost_from() says so. So whoever reads a view asks it afterwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/error.h"
#include "os/file.h"

namespace aiobench::platform {

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

}  // namespace aiobench::platform
