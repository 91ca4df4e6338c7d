#include "base/units.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace aiobench {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};

constexpr std::array<Unit, 5> kUnits = {
    {{"B", 1}, {"KiB", kKiB}, {"MiB", kMiB}, {"GiB", kGiB}, {"TiB", 1024 * kGiB}}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The bytes of the unit that `suffix` names ("", "k", "KB", "KiB", ...), or 0 for an unknown unit.
std::uint64_t unit_bytes(std::string_view suffix) {
  if (suffix.empty()) return 1;
  std::string name;
  for (const char c : suffix) name += lower(c);
  for (const Unit& unit : kUnits) {
    const std::string letter(1, lower(unit.name[0]));
    if (name == letter) return unit.bytes;
    if (unit.bytes > 1 && (name == letter + "ib" || name == letter + "b")) return unit.bytes;
  }
  return 0;
}

std::size_t unit_for(std::uint64_t bytes) {
  std::size_t best = 0;
  while (best + 1 < kUnits.size() && bytes >= kUnits[best + 1].bytes) ++best;
  return best;
}

// 1.234 -> "1.23", 9.996 -> "10.0", 99.96 -> "100", 1023 -> "1023".
std::string three_digits(double value) {
  const int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f}", value, decimals);
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  const auto bad = [&](const char* why) {
    return usage_error("", fmt::format("'{}' {}", text, why), "write bytes, or 4k, 4KiB, 1M, 2GiB");
  };
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  if (digits == 0) return bad("is not a size");
  const std::uint64_t unit = unit_bytes(text.substr(digits));
  if (unit == 0) return bad("has an unknown unit");
  const std::string_view number = text.substr(0, digits);
  const char* const end = number.data() + number.size();
  if (number.find('.') == std::string_view::npos) {
    std::uint64_t value = 0;
    const auto [stop, failure] = std::from_chars(number.data(), end, value);
    if (failure != std::errc() || stop != end) return bad("is too large");
    if (value > UINT64_MAX / unit) return bad("is too large");
    return value * unit;
  }
  double value = 0;
  const auto [stop, failure] = std::from_chars(number.data(), end, value);
  if (failure != std::errc() || stop != end) return bad("is not a size");
  const double bytes = value * static_cast<double>(unit);
  if (bytes >= 9.0e18) return bad("is too large");
  if (bytes != std::floor(bytes)) return bad("is not a whole number of bytes");
  return static_cast<std::uint64_t>(bytes);
}

Result<double> parse_duration_seconds(std::string_view text) {
  struct TimeUnit {
    std::string_view name;
    double seconds;
  };
  constexpr std::array<TimeUnit, 5> kTimeUnits = {
      {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"m", 60}, {"h", 3600}}};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  double value = 0;
  const char* const end = text.data() + digits;
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  for (const TimeUnit& unit : kTimeUnits) {
    if (failure != std::errc() || stop != end || text.substr(digits) != unit.name) continue;
    const double seconds = value * unit.seconds;
    if (seconds >= 1e-3 && seconds <= 3.6e6) return seconds;
    return usage_error("", fmt::format("'{}' is not between 1 ms and 1000 h", text));
  }
  return usage_error("", fmt::format("'{}' is not a time", text), "write 10s, 500ms, 2m or 1h");
}

Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t min, std::uint64_t max) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  const bool number = stop == end && !text.empty();
  if (!number || failure != std::errc() || value < min || value > max) {
    return usage_error("", fmt::format("'{}' is not a whole number from {} to {}", text, min, max));
  }
  return value;
}

std::string format_size(std::uint64_t bytes) {
  constexpr double kRoundsToNextUnit = 1023.5;
  std::size_t best = unit_for(bytes);
  const Unit& whole = kUnits[best];
  if (bytes % whole.bytes == 0) return fmt::format("{} {}", bytes / whole.bytes, whole.name);
  const auto value = [&] {
    return static_cast<double>(bytes) / static_cast<double>(kUnits[best].bytes);
  };
  if (value() >= kRoundsToNextUnit && best + 1 < kUnits.size()) ++best;
  return fmt::format("{} {}", three_digits(value()), kUnits[best].name);
}

std::string format_exact_size(std::uint64_t bytes) {
  const Unit& unit = kUnits[unit_for(bytes)];
  if (unit.bytes == 1 || bytes % unit.bytes != 0) return fmt::format("{}", bytes);
  return fmt::format("{}{}", bytes / unit.bytes, unit.name);
}

std::string format_count(std::uint64_t count) {
  std::string text = fmt::format("{}", count);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), ",");
  }
  return text;
}

std::string format_duration_ns(double nanoseconds) {
  struct Scale {
    double limit;  // values from here on would be rounded to 1000
    double unit;
    const char* name;
  };
  static constexpr std::array<Scale, 2> kScales = {{{999.5e3, 1e3, "us"}, {999.5e6, 1e6, "ms"}}};
  if (nanoseconds < 999.5) return fmt::format("{:.0f} ns", nanoseconds);
  for (const Scale& scale : kScales) {
    if (nanoseconds < scale.limit) {
      return fmt::format("{} {}", three_digits(nanoseconds / scale.unit), scale.name);
    }
  }
  return fmt::format("{} s", three_digits(nanoseconds / 1e9));
}

Result<double> parse_share(std::string_view text, double min, double max) {
  std::string_view number = text;
  const bool percent = !number.empty() && number.back() == '%';
  if (percent) number.remove_suffix(1);
  if (percent && !number.empty() && number.back() == ' ') number.remove_suffix(1);
  double value = 0;
  const char* const end = number.data() + number.size();
  const auto [stop, failure] = std::from_chars(number.data(), end, value, std::chars_format::fixed);
  if (failure != std::errc() || stop != end || !std::isfinite(value)) {
    return usage_error("", fmt::format("'{}' is not a percentage", text), "write it as 5% or 0.05");
  }
  const double share = percent ? value / 100 : value;
  // In binary, 99.9% is slightly more than 0.999.
  constexpr double kRounding = 1e-12;
  if (share >= min - kRounding && share <= max + kRounding) {
    return std::clamp(share, min, max);
  }
  return usage_error(
      "", fmt::format("'{}' is not between {:.6g}% and {:.6g}%", text, min * 100, max * 100),
      percent ? "" : "write 5 percent as 5% or 0.05");
}

}  // namespace aiobench
