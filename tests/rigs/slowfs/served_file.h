// The file that the rig serves: the bytes of a real file, with the requested faults.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace slowfs {

// Reads that touch the byte at `offset` fail.
struct Fault {
  std::uint64_t offset = 0;
  int code = 0;  // an errno
};

// Changes the size of the file after this number of reads.
struct Resize {
  std::uint64_t after_reads = 0;
  std::uint64_t bytes = 0;
};

struct Faults {
  std::vector<Fault> errors;
  std::uint64_t max_bytes = 0;  // maximum per read, to make reads short; 0: no limit
  std::optional<Resize> resize;
};

struct Answer {
  int code = 0;  // an errno; 0: the bytes
  const char* data = nullptr;
  std::size_t bytes = 0;
};

// Maps the source file, which must not shrink while it is served. One thread.
class ServedFile {
 public:
  // Throws std::system_error.
  ServedFile(const std::string& source, const Faults& faults);
  ~ServedFile();
  ServedFile(const ServedFile&) = delete;
  ServedFile& operator=(const ServedFile&) = delete;

  // The current size. If the file has grown, the new bytes are zeros.
  std::uint64_t bytes() const;
  // The answer to the next read. Its data is valid as long as this object.
  Answer read(std::uint64_t offset, std::size_t bytes);

 private:
  Faults faults_;
  std::uint64_t source_bytes_ = 0;
  std::uint64_t reads_ = 0;
  char* data_ = nullptr;
  std::size_t mapped_bytes_ = 0;
};

}  // namespace slowfs
