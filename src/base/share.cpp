#include "base/share.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace aiobench {

Result<double> parse_share(std::string_view text, double least, double most) {
  std::string_view number = text;
  const bool percent = !number.empty() && number.back() == '%';
  if (percent) number.remove_suffix(1);
  if (percent && !number.empty() && number.back() == ' ') number.remove_suffix(1);
  double value = 0;
  const char* const end = number.data() + number.size();
  const auto [stop, failure] = std::from_chars(number.data(), end, value, std::chars_format::fixed);
  if (failure != std::errc() || stop != end || !std::isfinite(value)) {
    return usage_error("", fmt::format("'{}' is no share", text), "write it as 5% or 0.05");
  }
  const double share = percent ? value / 100 : value;
  // 99.9% is a little more than 0.999, in binary.
  constexpr double kRounding = 1e-12;
  if (share >= least - kRounding && share <= most + kRounding) {
    return std::clamp(share, least, most);
  }
  return usage_error(
      "", fmt::format("'{}' is not between {:.6g}% and {:.6g}%", text, least * 100, most * 100),
      percent ? "" : "5 percent is written 5% or 0.05");
}

}  // namespace aiobench
