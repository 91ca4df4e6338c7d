// Test support, proves nothing itself: files mapped for a test.
#pragma once

#include <doctest/doctest.h>

#include "platform/file_view.h"
#include "support/temp_file.h"

namespace aiobench::platform {

inline FileView must_map(const std::string& path) {
  Result<File> file = File::open(path, {});
  REQUIRE_MESSAGE(file, file.error().line());
  Result<FileView> view = FileView::map(*file);
  REQUIRE_MESSAGE(view, view.error().line());
  return view.take();
}

}  // namespace aiobench::platform
