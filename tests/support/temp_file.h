// Test support: files with known content in a temporary directory, removed at the end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hash/hasher.h"

namespace aiobench::test {

// Bytes determined by `seed`, which do not repeat within a block.
std::vector<std::byte> random_bytes(std::size_t count, std::uint64_t seed);

class TempFile {
 public:
  explicit TempFile(const std::vector<std::byte>& content);
  // A file that is one hole of `bytes` bytes.
  static TempFile sparse(std::uint64_t bytes);
  TempFile(TempFile&& other) noexcept;
  TempFile(const TempFile&) = delete;
  ~TempFile();

  const std::string& path() const { return path_; }
  void resize(std::uint64_t bytes) const;
  void write(std::uint64_t offset, const std::vector<std::byte>& content) const;

 private:
  TempFile();
  std::string path_;
};

// The digest of `content` in one piece.
std::string digest_of(const std::vector<std::byte>& content, hash::Algorithm algorithm);

}  // namespace aiobench::test
