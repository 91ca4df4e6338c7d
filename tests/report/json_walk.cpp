// Test support, proves nothing itself: see json_walk.h.
#include "report/json_walk.h"

#include <set>
#include <vector>

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

void for_each_field(nlohmann::json& value, const std::string& place, const VisitField& visit) {
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      for_each_field(value[i], place + "[" + std::to_string(i) + "]", visit);
    }
  } else if (value.is_object()) {
    std::vector<std::string> names;
    for (const auto& item : value.items()) names.push_back(item.key());
    for (const std::string& name : names) {
      const std::string field = (place.empty() ? "" : place + ".") + name;
      for_each_field(value[name], field, visit);
      visit(field, value, name);
    }
  }
}

}  // namespace aiobench::test
