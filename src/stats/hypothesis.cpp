#include "stats/hypothesis.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <mutex>
#include <numeric>
#include <utility>

#include "base/error.h"

namespace aiobench::stats {
namespace {

// Yields the probability of 0 heads, of 1 head, and so on. Computed in logarithms, because
// 2^-tosses underflows from 1075 tosses on.
class Heads {
 public:
  explicit Heads(std::size_t tosses)
      : tosses_(tosses), log_(-static_cast<double>(tosses) * std::log(2.0)) {}

  double next() {
    const double probability = std::exp(log_);
    log_ += std::log(static_cast<double>(tosses_ - heads_) / static_cast<double>(heads_ + 1));
    ++heads_;
    return probability;
  }

 private:
  std::size_t tosses_;
  std::size_t heads_ = 0;
  double log_;
};

constexpr double kRounding = 1e-12;

// The probability of each U. The greatest of all n + m values belongs to the first sample with
// probability n / (n + m), and then adds nothing to U; otherwise it belongs to the second sample,
// and adds n:
//       p(u; n, m) = n / (n + m) p(u; n - 1, m) + m / (n + m) p(u - n; n, m - 1)
// All terms are positive, so there is no cancellation.
std::vector<double> distribution(std::size_t first, std::size_t second) {
  std::vector<std::vector<double>> rows(second + 1, {1.0});  // by m, of n - 1 and then of n
  for (std::size_t n = 1; n <= first; ++n) {
    for (std::size_t m = 1; m <= second; ++m) {
      const double of_first = static_cast<double>(n) / static_cast<double>(n + m);
      std::vector<double> next(n * m + 1);
      for (std::size_t u = 0; u < rows[m].size(); ++u) next[u] = of_first * rows[m][u];
      for (std::size_t u = 0; u < rows[m - 1].size(); ++u) {
        next[u + n] += (1 - of_first) * rows[m - 1][u];
      }
      rows[m] = std::move(next);
    }
  }
  return rows[second];
}

}  // namespace

double fair_coin_at_most(std::size_t heads, std::size_t tosses) {
  if (heads >= tosses) return 1;
  // Sums the smaller tail, so that a small probability keeps its digits.
  const std::size_t rest = tosses - heads - 1;
  const bool lower = heads <= rest;
  Heads next(tosses);
  double tail = 0;
  for (std::size_t k = 0; k <= (lower ? heads : rest); ++k) tail += next.next();
  return lower ? std::min(1.0, tail) : std::max(0.0, 1 - tail);
}

std::size_t fair_coin_quantile(double tail, std::size_t tosses) {
  Heads next(tosses);
  double sum = 0;
  std::size_t k = 0;
  while (k < tosses / 2 && (sum += next.next()) <= tail) ++k;
  return k;
}

double sign_test(std::size_t greater, std::size_t pairs) {
  AIOBENCH_CHECK(greater <= pairs);
  // At least `greater` heads are as probable as at most `pairs - greater` heads.
  return fair_coin_at_most(pairs - greater, pairs);
}

std::shared_ptr<const MannWhitney> MannWhitney::of(std::size_t first, std::size_t second) {
  static std::mutex mutex;
  static std::map<std::pair<std::size_t, std::size_t>, std::shared_ptr<const MannWhitney>> known;
  const std::lock_guard lock(mutex);
  std::shared_ptr<const MannWhitney>& found = known[std::minmax(first, second)];
  if (!found) found = std::make_shared<MannWhitney>(first, second);
  return found;
}

MannWhitney::MannWhitney(std::size_t first, std::size_t second)
    : pairs_(std::uint64_t{first} * second) {
  AIOBENCH_CHECK(first > 0 && second > 0);
  if (first <= kMaxExact && second <= kMaxExact) {
    at_most_ = distribution(std::min(first, second), std::max(first, second));
    for (std::size_t u = 1; u < at_most_.size(); ++u) at_most_[u] += at_most_[u - 1];
    return;
  }
  const auto pairs = static_cast<double>(pairs_);
  mean_ = pairs / 2;
  deviation_ = std::sqrt(pairs * static_cast<double>(first + second + 1) / 12);
}

double MannWhitney::at_most(std::uint64_t u) const {
  if (u >= pairs_) return 1;
  if (!at_most_.empty()) return std::min(1.0, at_most_[static_cast<std::size_t>(u)]);
  const double from_mean = (static_cast<double>(u) + 0.5 - mean_) / deviation_;
  return std::erfc(-from_mean / std::sqrt(2.0)) / 2;
}

std::size_t MannWhitney::interval_rank(double confidence) const {
  AIOBENCH_CHECK(confidence > 0 && confidence < 1);
  const double each_tail = (1 - confidence) / 2 + kRounding;
  std::uint64_t min = 0;
  std::uint64_t above = pairs_ / 2 + 1;  // the wanted k is at least `min` and below `above`
  while (min + 1 < above) {
    const std::uint64_t middle = min + (above - min) / 2;
    (at_most(middle - 1) <= each_tail ? min : above) = middle;
  }
  return static_cast<std::size_t>(min);
}

std::uint64_t greater_pairs(std::span<const double> first, std::span<const double> second) {
  std::vector<double> sorted(first.begin(), first.end());
  std::sort(sorted.begin(), sorted.end());
  std::uint64_t count = 0;
  for (const double value : second) {
    const auto not_less = std::lower_bound(sorted.begin(), sorted.end(), value);
    count += static_cast<std::uint64_t>(not_less - sorted.begin());
  }
  return count;
}

std::size_t min_for_mann_whitney(double confidence) {
  std::size_t count = 1;
  while (MannWhitney::of(count, count)->interval_rank(confidence) == 0) ++count;
  return count;
}

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double greatest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double left = static_cast<double>(order.size() - rank);
    greatest = std::max(greatest, std::min(1.0, left * p_values[order[rank]]));
    adjusted[order[rank]] = greatest;
  }
  return adjusted;
}

}  // namespace aiobench::stats
