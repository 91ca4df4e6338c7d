// The binomial distribution of a fair coin: behind every statement on a median that asks of the
// values only on which side of it they lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace aiobench::stats {

// The probability of at most `heads` heads in `tosses` tosses. To about twelve digits.
double fair_coin_at_most(std::size_t heads, std::size_t tosses);

// The greatest k, at most half of the tosses, with a probability of less than k heads of at most
// `tail`.
std::size_t fair_coin_quantile(double tail, std::size_t tosses);

// The sign test for pairs: whether one of each pair tends to be the greater, by nothing but which
// one it is. It asks nothing of the distribution, and drift that hits both of a pair hits it not.
// Source: W. J. Dixon, A. M. Mood, "The statistical sign test", Journal of the American Statistical
// Association 41 (1946).

// The probability that as many pairs as these, or more, of all would have the greater value on one
// side that was named before, were both sides alike. A tie is a pair that has not.
double sign_test(std::size_t greater, std::size_t pairs);

// The test of Mann and Whitney: whether the values of one sample tend to be greater than those of
// another, by nothing but their order. Exact for samples of up to 100 values each.
// Sources: H. B. Mann, D. R. Whitney, "On a test of whether one of two random variables is
// stochastically larger than the other", Annals of Mathematical Statistics 18 (1947), whose
// recurrence this is; J. L. Hodges, E. L. Lehmann, "Estimates of location based on rank tests",
// Annals of Mathematical Statistics 34 (1963), for the interval that follows from it.

// Beyond this many values in either sample the normal distribution stands for the exact one.
inline constexpr std::size_t kMostExact = 100;

// How U, the number of pairs of which the second sample's value is the greater, is distributed
// where both samples are of the same distribution. U lies between 0 and first x second, and both
// sides of the middle are alike. Immutable: any thread may ask.
class MannWhitney {
 public:
  // At least one value each. One that was made before is not worked out again: making it takes
  // some 30 ms for 100 values each.
  static std::shared_ptr<const MannWhitney> of(std::size_t first, std::size_t second);
  MannWhitney(std::size_t first, std::size_t second);

  // The probability of a U of at most `u`.
  double at_most(std::uint64_t u) const;
  // The same of at least `u`.
  double at_least(std::uint64_t u) const { return u == 0 ? 1 : at_most(pairs_ - u); }
  // The k for which the true shift lies between the k-th least and the k-th greatest of all
  // differences with at least that confidence; 0 where there is none.
  std::size_t interval_rank(double confidence) const;

 private:
  std::uint64_t pairs_;
  double mean_ = 0;
  double deviation_ = 0;
  std::vector<double> at_most_;  // by u; empty where the normal distribution stands for it
};

// U of two samples; a tie is not counted.
std::uint64_t greater_pairs(std::span<const double> first, std::span<const double> second);

// How many values each of two samples of equal size needs for an interval: 4 at 95 %.
std::size_t least_for_mann_whitney(double confidence);

// Several tests at once: each is one more chance of a false alarm.
// Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
// of Statistics 6 (1979).

// For each of the p-values, in their order, the adjusted one. Who takes for true what has an
// adjusted p of at most 0.05 is wrong anywhere among them in at most 5 % of all cases, however the
// tests hang together.
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace aiobench::stats
