// Test support: sets options of a description by their names, as the parser does.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tool/command.h"

namespace aiobench::test {

// Reads `value` into the variable of the option `name`, "--depth".
inline Status set_option(const tool::Description& description, std::string_view name,
                         const std::string& value) {
  for (const tool::OptionRow& row : description.rows) {
    if (!row.names.ends_with(name)) continue;
    if (const auto* const read = std::get_if<tool::ReadValue>(&row.target)) return (*read)(value);
    if (auto* const* const text = std::get_if<std::string*>(&row.target)) {
      **text = value;
      return {};
    }
    auto* const* const list = std::get_if<std::vector<std::string>*>(&row.target);
    REQUIRE(list != nullptr);
    **list = {value};
    return {};
  }
  FAIL("no option ", std::string(name));
  return {};
}

// The options `values`, in this order, until the first one is refused.
using Values = std::vector<std::pair<const char*, const char*>>;
template <class Options>
Status set_options(Options& options, const Values& values) {
  tool::Description description;
  options.add_to(description);
  for (const auto& [name, value] : values) {
    if (Status set = set_option(description, name, value); !set) return set;
  }
  return {};
}

}  // namespace aiobench::test
