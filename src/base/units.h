// Sizes and counts as users type and read them. Powers of 1024 throughout: "4k" and "4KiB" are
// the same 4096 bytes.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace aiobench {

inline constexpr std::uint64_t kKiB = 1024;
inline constexpr std::uint64_t kMiB = 1024 * kKiB;
inline constexpr std::uint64_t kGiB = 1024 * kMiB;

// "4096", "4k", "4KiB", "1.5G" -> bytes. The error's cause says what is wrong with `text`.
Result<std::uint64_t> parse_size(std::string_view text);

// "10s", "1.5s", "500ms", "2m", "1h"; a number alone is seconds. At least 1 ms, at most 1000 h.
Result<double> parse_duration_seconds(std::string_view text);

// A whole number between the two limits, both included. The error names the limits.
Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most);

// 1536 -> "1.50 KiB", 4096 -> "4 KiB", 13 -> "13 B": three significant digits, or more where the
// value is a whole number of the unit.
std::string format_size(std::uint64_t bytes);

// 4096 -> "4KiB", 12345 -> "12345": exact, and accepted by parse_size.
std::string format_exact_size(std::uint64_t bytes);

// 1234567 -> "1,234,567"
std::string format_count(std::uint64_t count);

// Nanoseconds with the unit that fits: "850 ns", "12.3 us", "4.56 ms", "1.20 s".
std::string format_duration_ns(double nanoseconds);

constexpr std::uint64_t align_down(std::uint64_t value, std::uint64_t alignment) {
  return value - value % alignment;
}

constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
  return align_down(value + alignment - 1, alignment);
}

// Shares of a whole, as users type them.

// "5%", "2.5 %" or "0.05" -> 0.05: with the sign it is of a hundred. Both limits included; the
// error names them.
Result<double> parse_share(std::string_view text, double least, double most);

// Names that users type for values: one table of them serves reading, messages, help and shell
// completion.

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
