// Where the source of a copy holds data. What lies between is not written, so that holes stay
// holes.
#pragma once

#include <cstddef>
#include <vector>

#include "base/error.h"

namespace aiobench::pipeline {

// A stretch of a file: [begin, end).
struct Stretch {
  FileOffset begin = 0;
  FileOffset end = 0;

  bool empty() const { return begin >= end; }
};

// Any thread, as it never changes.
class HoleMap {
 public:
  // All of the file is data.
  HoleMap() = default;
  // `data`: in order, apart from one another.
  explicit HoleMap(std::vector<Stretch> data) : data_(std::move(data)), has_holes_(true) {}

  // What is to be written next of `part`, whose bytes are at `bytes`: empty where nothing is. A
  // hole that holds something by now is data: the map was made before the file was read.
  Stretch next(Stretch part, const std::byte* bytes) const;

 private:
  std::vector<Stretch> data_;
  bool has_holes_ = false;
};

}  // namespace aiobench::pipeline
