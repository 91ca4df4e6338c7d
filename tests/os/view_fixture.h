// Test support, proves nothing itself: files mapped for a test.
#pragma once

#include <doctest/doctest.h>

#include "os/memory.h"
#include "os/open_file.h"
#include "support/temp_file.h"

namespace aiobench::os {

inline FileView must_map(const std::string& path) {
  Result<FileView> view = FileView::map(must_open(path));
  REQUIRE_MESSAGE(view, view.error().line());
  return view.take();
}

}  // namespace aiobench::os
