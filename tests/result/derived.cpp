// Test support, proves nothing itself: see derived.h.
#include "result/derived.h"

#include <set>

namespace aiobench::test {

bool is_derived(const std::string& name) {
  static const std::set<std::string> kDerived = {"name",
                                                 "suspect",
                                                 "inline_share",
                                                 "bytes_per_second",
                                                 "requests_per_second",
                                                 "copy_seconds",
                                                 "cpu_seconds_per_gib",
                                                 "depth_achieved",
                                                 "p50",
                                                 "whole_seconds",
                                                 "p90",
                                                 "write_inline_share",
                                                 "p99",
                                                 "p99_9"};
  return kDerived.count(name) != 0;
}

}  // namespace aiobench::test
