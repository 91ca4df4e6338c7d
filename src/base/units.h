// Conversion between values and the text that users type and read: sizes, durations, counts, shares
// and names. Size units are powers of 1024: "4k" and "4KiB" are both 4096 bytes.
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

// Parses a size in bytes: "4096", "4k", "4KiB", "1.5G". The cause of an error says what is wrong
// with `text`.
Result<std::uint64_t> parse_size(std::string_view text);

// Parses a duration: "10s", "1.5s", "500ms", "2m", "1h". A number without a unit is in seconds. The
// range is 1 ms to 1000 h.
Result<double> parse_duration_seconds(std::string_view text);

// Parses a whole number from `min` to `max`, both included. The error states both limits.
Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t min, std::uint64_t max);

// 1536 -> "1.50 KiB", 4096 -> "4 KiB", 13 -> "13 B". Three significant digits, or more if the value
// is a whole number of the unit.
std::string format_size(std::uint64_t bytes);

// 4096 -> "4KiB", 12345 -> "12345". Exact; parse_size() reads it back.
std::string format_exact_size(std::uint64_t bytes);

// 1234567 -> "1,234,567"
std::string format_count(std::uint64_t count);

// Nanoseconds in a suitable unit: "850 ns", "12.3 us", "4.56 ms", "1.20 s".
std::string format_duration_ns(double nanoseconds);

constexpr std::uint64_t align_down(std::uint64_t value, std::uint64_t alignment) {
  return value - value % alignment;
}

constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
  return align_down(value + alignment - 1, alignment);
}

// Parses a share of a whole: "5%", "2.5 %" or "0.05" -> 0.05. The range is `min` to `max`, both
// included; the error states both.
Result<double> parse_share(std::string_view text, double min, double max);

// A row of a table of names that users type for values. One table serves the parser, the error
// messages, the help and the shell completion. A table may also have rows of another type with a
// member `name`.
template <class T>
struct Named {
  T value;
  const char* name;
};

// All names of the table: "xxh32, xxh64, xxh3".
template <class Table>
std::string names_of(const Table& table, std::string_view between = ", ") {
  std::string names;
  for (const auto& row : table) {
    if (!names.empty()) names += between;
    names += row.name;
  }
  return names;
}

// The row with this name, or nullptr.
template <class Table>
auto find_named(const Table& table, std::string_view name) -> decltype(&*std::begin(table)) {
  for (const auto& row : table) {
    if (name == row.name) return &row;
  }
  return nullptr;
}

// The name of a value.
template <class Table, class T>
const char* name_in(const Table& table, T value) {
  for (const auto& row : table) {
    if (value == row.value) return row.name;
  }
  return "?";
}

// The value with this name. The error states that `option` has no such `noun` and lists the valid
// names.
template <class Table>
auto parse_named(const Table& table, const std::string& option, const std::string& noun,
                 const std::string& name) -> Result<decltype(std::begin(table)->value)> {
  if (const auto* const row = find_named(table, name)) return row->value;
  return usage_error("use " + option, "unknown " + noun + " '" + printable(name) + "'",
                     "choose one of: " + names_of(table));
}

}  // namespace aiobench
