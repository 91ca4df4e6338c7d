// Hypothesis tests: the binomial distribution of a fair coin, the sign test, the Mann-Whitney U
// test, and the adjustment of several p-values by Holm. All are pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace aiobench::stats {

// The probability of at most `heads` heads in `tosses` tosses of a fair coin, to about twelve
// digits.
double fair_coin_at_most(std::size_t heads, std::size_t tosses);

// The greatest k, at most half of the tosses, for which the probability of fewer than k heads is at
// most `tail`.
std::size_t fair_coin_quantile(double tail, std::size_t tosses);

// The sign test for pairs. In `greater` of `pairs` pairs, the value of a certain side is the
// greater one. Returns the probability of at least that many, if both sides have the same
// distribution. A tie does not count as greater. The test makes no assumption about the
// distribution, and drift that affects both values of a pair does not affect it. Source: W. J.
// Dixon, A. M. Mood, "The statistical sign test", Journal of the American Statistical Association
// 41 (1946).
double sign_test(std::size_t greater, std::size_t pairs);

// If either sample has more values than this, the normal distribution approximates the exact one.
inline constexpr std::size_t kMaxExact = 100;

// The Mann-Whitney U test: whether the values of one sample tend to be greater than those of
// another. It uses only their order, and is exact for samples of up to 100 values each.
//
// A pair consists of one value of each sample. U is the number of pairs in which the value of the
// second sample is the greater one. This class is the distribution of U if both samples come from
// the same distribution. U ranges from 0 to first x second, and its distribution is symmetric.
// Immutable: any thread may use it.
//
// Sources: H. B. Mann, D. R. Whitney, "On a test of whether one of two random variables is
// stochastically larger than the other", Annals of Mathematical Statistics 18 (1947), for the
// recurrence; J. L. Hodges, E. L. Lehmann, "Estimates of location based on rank tests", Annals of
// Mathematical Statistics 34 (1963), for the interval that follows from it.
class MannWhitney {
 public:
  // `first` and `second` are the sizes of the samples, at least 1. of() keeps each distribution,
  // because computing one takes some 30 ms for 100 values each. Any thread.
  static std::shared_ptr<const MannWhitney> of(std::size_t first, std::size_t second);
  MannWhitney(std::size_t first, std::size_t second);

  // The probability that U is at most `u`.
  double at_most(std::uint64_t u) const;
  // The probability that U is at least `u`.
  double at_least(std::uint64_t u) const { return u == 0 ? 1 : at_most(pairs_ - u); }
  // The greatest k for which the true shift lies between the k-th smallest and the k-th greatest of
  // all pairwise differences, with at least that confidence; 0 if there is none.
  std::size_t interval_rank(double confidence) const;

 private:
  std::uint64_t pairs_;
  double mean_ = 0;
  double deviation_ = 0;
  std::vector<double> at_most_;  // by u; empty if the normal distribution is used
};

// U of two samples. Ties are not counted.
std::uint64_t greater_pairs(std::span<const double> first, std::span<const double> second);

// The number of values that each of two samples of equal size needs for an interval: 4 at 95 %.
std::size_t min_for_mann_whitney(double confidence);

// The p-values adjusted by the method of Holm, in the order of `p_values`. Several tests together
// raise the chance of a false alarm. If every test with an adjusted p-value of at most 0.05 is
// taken as significant, the probability of any false alarm among them is at most 5 %, whether or
// not the tests are independent. Source: S. Holm, "A simple sequentially rejective multiple test
// procedure", Scandinavian Journal of Statistics 6 (1979).
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace aiobench::stats
