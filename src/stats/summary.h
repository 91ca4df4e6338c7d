// The median, and an interval for the median of what the values are a sample of, which holds
// whatever their distribution: between two of the values, counted from either end. The number of
// values below the true median is that of heads in tosses of a fair coin, and nothing else is
// needed.
// Source: W. R. Thompson, "On confidence ranges for the median and other expectation distributions
// for populations of unknown distribution form", Annals of Mathematical Statistics 7 (1936);
// H. A. David, H. N. Nagaraja, "Order Statistics", 3rd edition, section 7.1.
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

// The middle value; the mean of the two middle ones of an even number. At least one value.
double median(std::vector<double> values);

// The narrowest interval from the k-th least to the k-th greatest value that holds the true median
// with at least that confidence (0.95; between 0 and 1), and the values' own median always. Nothing
// where even the least and the greatest are too near: with 5 values or less, at 95 %.
std::optional<Bounds> median_interval(std::vector<double> values, double confidence);

// The k above, from 1 on; 0 where there is no interval of so many values.
std::size_t median_interval_rank(std::size_t count, double confidence);

// How many values it takes: 6 at 95 %.
std::size_t least_for_median_interval(double confidence);

// All differences between the values of two samples, which are too many to be written down.

// The k-th least, from 1 on, of the differences of every value of `second` less every value of
// `first`. Both are sorted; k is at most the number of pairs.
double kth_difference(const std::vector<double>& first, const std::vector<double>& second,
                      std::uint64_t k);

// Whether a run went on as it began: its second half beside its first.

// The medians of what was measured in each half of a run.
struct Drift {
  double first = 0;
  double second = 0;

  // +0.5: the second half had half as much again.
  double change() const { return second / first - 1; }
};

// `values`: one for each of the equal intervals of a run, in order, without the first and the last,
// which are of the beginning and the end. Nothing where there are too few to tell, or where the
// halves do not differ by more than the noise: by more than a tenth, and than four standard errors
// of the difference of the two medians, as the spread within the halves lets them be expected.
std::optional<Drift> drift_of(std::span<const double> values);

}  // namespace aiobench::stats
