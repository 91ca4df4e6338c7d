// Proves that a size, a time or a count, as typed, is rejected with an error line or is within its
// limits, and that its text is read back to the same value.
#include <algorithm>

#include "base/units.h"
#include "fuzz/fuzz_target.h"

namespace aiobench::fuzz {
namespace {

bool accepts_size(std::string_view text) {
  const Result<std::uint64_t> bytes = parse_size(text);
  if (!bytes) {
    check_message(bytes.error(), text);
    return false;
  }
  const Result<std::uint64_t> again = parse_size(format_exact_size(*bytes));
  AIOBENCH_CHECK(again && *again == *bytes);
  // The text has three digits: "1.33 KiB" is not a whole number of bytes, and the largest size is
  // rounded out of range.
  std::string written = format_size(*bytes);
  std::erase(written, ' ');
  if (const Result<std::uint64_t> rounded = parse_size(written)) {
    const std::uint64_t off = *rounded > *bytes ? *rounded - *bytes : *bytes - *rounded;
    AIOBENCH_CHECK(off <= *bytes / 100);
  }
  return true;
}

bool accepts_duration(std::string_view text) {
  const Result<double> seconds = parse_duration_seconds(text);
  if (!seconds) {
    check_message(seconds.error(), text);
    return false;
  }
  AIOBENCH_CHECK(*seconds >= 1e-3 && *seconds <= 3.6e6);
  AIOBENCH_CHECK(!format_duration_ns(*seconds * 1e9).empty());
  return true;
}

bool accepts_count(std::string_view text) {
  constexpr std::uint64_t kMinCount = 3;
  constexpr std::uint64_t kMaxCount = 10'000'000'000;
  const Result<std::uint64_t> count = parse_count(text, kMinCount, kMaxCount);
  if (!count) {
    check_message(count.error(), text);
    return false;
  }
  AIOBENCH_CHECK(*count >= kMinCount && *count <= kMaxCount);
  std::string written = format_count(*count);
  std::erase(written, ',');
  const Result<std::uint64_t> again = parse_count(written, *count, *count);
  AIOBENCH_CHECK(again);
  return true;
}

}  // namespace

bool accepts(std::string_view text) {
  if (text.size() > kMaxTyped) return false;
  // All of them, whatever the result of the previous one.
  const bool size = accepts_size(text);
  const bool duration = accepts_duration(text);
  const bool count = accepts_count(text);
  return size || duration || count;
}

}  // namespace aiobench::fuzz
