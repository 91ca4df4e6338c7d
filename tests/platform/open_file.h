// Test support, proves nothing itself: a file opened for a test.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "platform/file.h"

namespace aiobench::platform {

inline File must_open(const std::string& path, const OpenOptions& options = {}) {
  Result<File> file = File::open(path, options);
  REQUIRE_MESSAGE(file, file.error().line());
  return file.take();
}

}  // namespace aiobench::platform
