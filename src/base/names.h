// Names that users type for values: one table of them serves reading, messages, help and shell
// completion.
#pragma once

#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace aiobench {

// A row of such a table. A table may have rows of another type that has a `name`.
template <class T>
struct Named {
  T value;
  const char* name;
};

// "xxh32, xxh64, xxh3"
template <class Table>
std::string names_of(const Table& table, std::string_view between = ", ") {
  std::string names;
  for (const auto& row : table) {
    if (!names.empty()) names += between;
    names += row.name;
  }
  return names;
}

// The row of that name, or nullptr.
template <class Table>
auto find_named(const Table& table, std::string_view name) -> decltype(&*std::begin(table)) {
  for (const auto& row : table) {
    if (name == row.name) return &row;
  }
  return nullptr;
}

// The value of that name. The error says that `option` has no such `noun`, and names those it has.
template <class Table>
auto parse_named(const Table& table, const std::string& option, const std::string& noun,
                 const std::string& name) -> Result<decltype(std::begin(table)->value)> {
  if (const auto* const row = find_named(table, name)) return row->value;
  return usage_error("use " + option, "there is no " + noun + " '" + printable(name) + "'",
                     "the " + noun + "s: " + names_of(table));
}

}  // namespace aiobench
