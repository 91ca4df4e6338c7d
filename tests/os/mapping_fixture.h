// Test support, proves nothing itself: files mapped for a test.
#pragma once

#include <doctest/doctest.h>

#include "os/memory.h"
#include "os/open_file.h"
#include "support/temp_file.h"

namespace aiobench::os {

inline Mapping must_map(const std::string& path) {
  Result<Mapping> mapping = Mapping::map(must_open(path));
  REQUIRE_MESSAGE(mapping, mapping.error().line());
  return mapping.take();
}

}  // namespace aiobench::os
