// Order statistics: the median and its confidence interval, pairwise differences, and drift. All
// are pure functions.
//
// The interval for the median holds for any distribution. It lies between two of the values,
// counted from either end: the number of values below the true median is distributed like the
// number of heads in tosses of a fair coin. Sources: W. R. Thompson, "On confidence ranges for the
// median and other expectation distributions for populations of unknown distribution form", Annals
// of Mathematical Statistics 7 (1936); H. A. David, H. N. Nagaraja, "Order Statistics", 3rd
// edition, section 7.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace aiobench::stats {

struct Bounds {
  double low = 0;
  double high = 0;

  bool operator==(const Bounds&) const = default;
};

// The middle value, or the mean of the two middle ones. Requires at least one value.
double median(std::vector<double> values);

// The narrowest interval from the k-th smallest to the k-th greatest value that holds the true
// median with at least that confidence (between 0 and 1, for example 0.95). It always holds the
// median of the values. Nothing if even the smallest and the greatest value are not enough: with
// 5 values or fewer, at 95 %.
std::optional<Bounds> median_interval(std::vector<double> values, double confidence);

// The k above, from 1 on; 0 if there is no interval for that number of values.
std::size_t median_interval_rank(std::size_t count, double confidence);

// The number of values that an interval needs: 6 at 95 %.
std::size_t min_for_median_interval(double confidence);

// The k-th smallest, from 1 on, of all differences of a value of `second` minus a value of `first`,
// without storing them all. Both are sorted; k is at most the number of pairs.
double kth_difference(const std::vector<double>& first, const std::vector<double>& second,
                      std::uint64_t k);

// Whether the second half of a run differs from the first: the median of each half.
struct Drift {
  double first = 0;
  double second = 0;

  // +0.5: the median of the second half is 50 % higher.
  double change() const { return second / first - 1; }
};

// `values`: one per interval of a run, in order, all intervals of equal length, without the first
// and the last one, which include the start and the end of the run. Nothing if there are too few
// values, or if the halves differ by no more than the noise: a drift is more than a tenth, and more
// than four standard errors of the difference of the two medians, estimated from the spread within
// the halves.
std::optional<Drift> drift_of(std::span<const double> values);

}  // namespace aiobench::stats
