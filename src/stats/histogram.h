// Latency histogram with log-linear buckets: each octave is divided into 128 equal parts, so a
// value read back differs from the recorded one by at most 1/256 (0.4 %), from 1 ns to over an
// hour. Takes 37 KiB, and a few nanoseconds per value. The idea is that of HdrHistogram (Gil Tene).
#pragma once

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/error.h"

namespace aiobench::stats {

// One thread records; reading and merging happen afterwards.
class Histogram {
 public:
  static constexpr unsigned kPartBits = 7;  // 128 parts an octave
  static constexpr unsigned kOctaves = 36;  // above the 128 exact values: up to 2^42 ns = 73 min
  static constexpr std::size_t kBuckets = std::size_t{kOctaves} << kPartBits;

  // Records a value. Values above the range count in the last bucket; the maximum is exact.
  void record(std::uint64_t value) {
    if (counts_.empty()) counts_.resize(kBuckets);
    ++counts_[bucket_of(value)];
    ++count_;
    sum_ += value;
    if (value > max_) max_ = value;
    if (value < min_) min_ = value;
  }

  // Records a value `times` times.
  void record(std::uint64_t value, std::uint64_t times);

  void merge(const Histogram& other);

  // What was recorded after this histogram was equal to `earlier`: (bucket, count), in ascending
  // order.
  std::vector<std::pair<std::uint32_t, std::uint64_t>> since(const Histogram& earlier) const;

  // The values of buckets(), min(), max() and mean(), as a result file stores them.
  struct Figures {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> buckets;
    std::uint64_t min = 0;
    std::uint64_t max = 0;
    double mean = 0;
  };

  // Makes the histogram with these figures; each of its own figures is then the same. The sum is
  // exact up to 2^52; above that it is the smallest sum with that mean. Figures that no histogram
  // can have are an error, whose cause names the figure and the reason ("buckets[3]: empty").
  static Result<Histogram> restore(const Figures& figures);

  std::uint64_t count() const { return count_; }
  std::uint64_t sum() const { return sum_; }
  std::uint64_t max() const { return max_; }
  std::uint64_t min() const { return count_ == 0 ? 0 : min_; }
  double mean() const;

  // The smallest value that at least `percent` % of all values do not exceed: the middle of its
  // bucket, and at most max(). 0 if nothing was recorded.
  std::uint64_t percentile(double percent) const;

  // The non-empty buckets: (lowest value of the bucket, count), in ascending order.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> buckets() const;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < (1u << kPartBits)) return static_cast<std::size_t>(value);
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kPartBits;
    const std::size_t index = ((std::size_t{shift} + 1) << kPartBits) +
                              ((value >> shift) - (std::uint64_t{1} << kPartBits));
    return index < kBuckets ? index : kBuckets - 1;
  }
  static std::uint64_t lowest_of(std::size_t bucket);
  static std::uint64_t width_of(std::size_t bucket);

 private:
  Status restore_counts(const Figures& figures);
  Status restore_sum(double mean);

  std::vector<std::uint64_t> counts_;  // empty until something is recorded
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
  std::uint64_t min_ = UINT64_MAX;
};

}  // namespace aiobench::stats
