// Part of the rig slowfs; see served_file.h.
#include "served_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace slowfs {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

ServedFile::ServedFile(const std::string& source, const Faults& faults) : faults_(faults) {
  const int file = open(source.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info {};
  if (file < 0 || fstat(file, &info) != 0) fail("open " + source);
  source_bytes_ = static_cast<std::uint64_t>(info.st_size);
  // Maps zeros for the largest size, and the bytes of the file over them.
  mapped_bytes_ = std::max<std::uint64_t>(
      {source_bytes_, faults_.resize ? faults_.resize->bytes : 0, std::uint64_t{1}});
  void* const zeros =
      mmap(nullptr, mapped_bytes_, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (zeros == MAP_FAILED) fail("map memory");
  data_ = static_cast<char*>(zeros);
  if (source_bytes_ > 0 &&
      mmap(data_, source_bytes_, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0) == MAP_FAILED) {
    fail("map " + source);
  }
  close(file);
}

ServedFile::~ServedFile() {
  munmap(data_, mapped_bytes_);
}

std::uint64_t ServedFile::bytes() const {
  const bool resized = faults_.resize && reads_ >= faults_.resize->after_reads;
  return resized ? faults_.resize->bytes : source_bytes_;
}

Answer ServedFile::read(std::uint64_t offset, std::size_t bytes) {
  ++reads_;
  for (const Fault& fault : faults_.errors) {
    if (offset <= fault.offset && fault.offset < offset + bytes) return {fault.code, nullptr, 0};
  }
  const std::uint64_t size = this->bytes();
  std::uint64_t there = offset < size ? std::min<std::uint64_t>(bytes, size - offset) : 0;
  if (faults_.max_bytes > 0) there = std::min(there, faults_.max_bytes);
  return {0, data_ + std::min<std::uint64_t>(offset, mapped_bytes_), there};
}

}  // namespace slowfs
