// Requests of one direction, reads or writes, counted.
#pragma once

#include <cstdint>

#include "measure/histogram.h"

namespace aiobench::measure {

struct Flow {
  Histogram latency_ns;
  std::uint64_t requests = 0;  // that transferred something, or the end of the file
  std::uint64_t bytes = 0;
  std::uint64_t inline_completions = 0;  // of `requests`: finished inside the call

  void merge(const Flow& other) {
    latency_ns.merge(other.latency_ns);
    requests += other.requests;
    bytes += other.bytes;
    inline_completions += other.inline_completions;
  }
};

}  // namespace aiobench::measure
