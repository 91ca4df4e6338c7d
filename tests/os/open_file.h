// Test support, proves nothing itself: a file opened for a test, and written.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "os/file.h"

namespace aiobench::os {

inline File must_open(const std::string& path, const OpenOptions& options = {}) {
  Result<File> file = File::open(path, options);
  REQUIRE_MESSAGE(file, file.error().line());
  return file.take();
}

// Writes all of `text` by one call.
inline void write_text(const File& file, const std::string& text, FileOffset offset = 0) {
  const Transferred put = file.write_at(reinterpret_cast<const std::byte*>(text.data()),
                                        static_cast<std::uint32_t>(text.size()), offset);
  REQUIRE(put.error == 0);
  REQUIRE(put.bytes == text.size());
}

}  // namespace aiobench::os
