// Which memory a lane reads into.
#pragma once

#include <cstddef>

namespace aiobench::pipeline {

// A lane's part of the buffers, for as long as the lane lives.
struct LaneBuffer {
  std::byte* data = nullptr;
  unsigned index = 0;
};

}  // namespace aiobench::pipeline
