#include "stats/pairwise.h"

#include <algorithm>

#include "base/check.h"

namespace aiobench::measure {
namespace {

struct UpTo {
  std::uint64_t count = 0;  // differences of at most the limit
  double next = 0;          // the least one above it; the limit itself where there is none
};

// One walk through both: where a value of `first` is greater, no fewer of `second` fit below.
UpTo up_to(const std::vector<double>& first, const std::vector<double>& second, double limit) {
  UpTo found{.count = 0, .next = limit};
  std::size_t fit = 0;
  for (const double value : first) {
    while (fit < second.size() && second[fit] - value <= limit) ++fit;
    found.count += fit;
    if (fit == second.size()) continue;
    const double above = second[fit] - value;
    if (found.next == limit || above < found.next) found.next = above;
  }
  return found;
}

}  // namespace

double kth_difference(const std::vector<double>& first, const std::vector<double>& second,
                      std::uint64_t k) {
  AIOBENCH_CHECK(k > 0 && k <= std::uint64_t{first.size()} * second.size());
  double low = second.front() - first.back();
  double high = second.back() - first.front();
  if (up_to(first, second, low).count >= k) return low;
  // Fewer than k are at most `low`, k or more at most `high`.
  for (;;) {
    const double next = up_to(first, second, low).next;
    if (up_to(first, second, next).count >= k) return next;
    const double middle = low + (high - low) / 2;
    (up_to(first, second, middle).count >= k ? high : low) = middle;
  }
}

}  // namespace aiobench::measure
