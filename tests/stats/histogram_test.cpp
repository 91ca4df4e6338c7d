// Tests the latency histogram: values of every magnitude are read back within 1/256, percentiles
// are those of the sorted values, and merging is exact.
#include "stats/histogram.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace aiobench::stats {
namespace {

constexpr std::uint64_t kRange = std::uint64_t{1}
                                 << 42;  // values from here on are in the last bucket

Histogram of(const std::vector<std::uint64_t>& values) {
  Histogram histogram;
  for (const std::uint64_t value : values) histogram.record(value);
  return histogram;
}

// All magnitudes are equally likely.
std::uint64_t any_value(std::mt19937_64& random) {
  const std::uint64_t bits = random() % 42 + 1;
  return (std::uint64_t{1} << (bits - 1)) | (random() & ((std::uint64_t{1} << (bits - 1)) - 1));
}

// The rank computed in integers: 99.9 % of 1,000 values is rank 999.
std::uint64_t sorted_percentile(const std::vector<std::uint64_t>& sorted, std::uint64_t per_mille) {
  const std::uint64_t rank = (per_mille * sorted.size() + 999) / 1000;
  return sorted[std::clamp<std::uint64_t>(rank, 1, sorted.size()) - 1];
}

void check_equal(const Histogram& a, const Histogram& b) {
  CHECK(a.count() == b.count());
  CHECK(a.sum() == b.sum());
  CHECK(a.min() == b.min());
  CHECK(a.max() == b.max());
  CHECK(a.mean() == b.mean());
  CHECK((a.buckets() == b.buckets()));
  for (const double percent : {0.0, 1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    CHECK(a.percentile(percent) == b.percentile(percent));
  }
}

TEST_CASE("buckets are contiguous and do not overlap") {
  CHECK(Histogram::lowest_of(0) == 0);
  for (std::size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    CAPTURE(bucket);
    const std::uint64_t lowest = Histogram::lowest_of(bucket);
    const std::uint64_t next = lowest + Histogram::width_of(bucket);
    REQUIRE(Histogram::bucket_of(lowest) == bucket);
    REQUIRE(Histogram::bucket_of(next - 1) == bucket);
    if (bucket + 1 < Histogram::kBuckets) REQUIRE(Histogram::lowest_of(bucket + 1) == next);
    // The middle of a bucket is within 1/256 of every value in it.
    REQUIRE(Histogram::width_of(bucket) * 128 <= std::max<std::uint64_t>(lowest, 128));
  }
  CHECK(Histogram::lowest_of(Histogram::kBuckets - 1) +
            Histogram::width_of(Histogram::kBuckets - 1) ==
        kRange);
}

TEST_CASE("a value of any magnitude is read back within 1/256") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 5000; ++i) {
    const std::uint64_t value = any_value(random);
    // Recorded between a smaller and a larger value, because minimum and maximum are exact.
    const std::uint64_t read_back = of({0, value, kRange * 2}).percentile(50);
    const double error = std::abs(static_cast<double>(read_back) - static_cast<double>(value));
    CAPTURE(value);
    CAPTURE(read_back);
    REQUIRE(error <= static_cast<double>(value) / 256);
  }
}

TEST_CASE("small values are exact") {
  for (std::uint64_t value = 0; value < 128; ++value) {
    CAPTURE(value);
    CHECK(of({0, value, 1000}).percentile(50) == value);
  }
}

TEST_CASE("percentiles are those of the sorted values") {
  std::mt19937_64 random(2);
  for (const std::size_t count :
       {1u, 2u, 3u, 10u, 99u, 100u, 101u, 999u, 1000u, 1001u, 2000u, 3000u, 10'000u}) {
    std::vector<std::uint64_t> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(any_value(random));
    const Histogram histogram = of(values);
    std::sort(values.begin(), values.end());
    for (const std::uint64_t per_mille :
         {0u, 1u, 10u, 250u, 333u, 500u, 501u, 750u, 900u, 950u, 990u, 995u, 999u, 1000u}) {
      CAPTURE(count);
      CAPTURE(per_mille);
      const std::uint64_t expected = sorted_percentile(values, per_mille);
      const std::uint64_t got = histogram.percentile(static_cast<double>(per_mille) / 10);
      CHECK(Histogram::bucket_of(got) == Histogram::bucket_of(expected));
    }
    CHECK(histogram.percentile(100) == values.back());
    CHECK(histogram.max() == values.back());
    CHECK(histogram.min() == values.front());
  }
}

TEST_CASE("the rank of a percentile is exact if it is an integer") {
  // Values from 1 to 100, so that each has its own bucket.
  std::vector<std::uint64_t> values;
  for (std::uint64_t value = 1; value <= 100; ++value) values.push_back(value);
  const Histogram hundred = of(values);
  for (unsigned percent = 1; percent <= 100; ++percent) {
    CAPTURE(percent);
    CHECK(hundred.percentile(percent) == percent);
  }
  for (const std::uint64_t thousands : {1u, 2u, 3u, 4u, 7u, 8u, 9u, 16u}) {
    CAPTURE(thousands);
    Histogram histogram;  // one value in a thousand is slow: p99.9 is not
    for (std::uint64_t i = 0; i < thousands * 1000; ++i) histogram.record(i % 1000 == 0 ? 90 : 10);
    CHECK(histogram.percentile(99.9) == 10);
    CHECK(histogram.percentile(99.91) == 90);
  }
}

TEST_CASE("a percentile is never outside the range of the recorded values") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t base = any_value(random);
    const Histogram histogram = of({base, base, base + random() % 3});
    for (const double percent : {0.0, 50.0, 99.9, 100.0}) {
      CHECK(histogram.percentile(percent) >= histogram.min());
      CHECK(histogram.percentile(percent) <= histogram.max());
    }
  }
  CHECK(of({1'000'003}).percentile(50) == 1'000'003);
}

TEST_CASE("merging parts equals recording all values in one histogram") {
  std::mt19937_64 random(4);
  for (const std::size_t parts : {1u, 2u, 3u, 8u}) {
    CAPTURE(parts);
    Histogram whole;
    std::vector<Histogram> part(parts);
    for (int i = 0; i < 5000; ++i) {
      const std::uint64_t value = any_value(random);
      whole.record(value);
      part[random() % parts].record(value);
    }
    Histogram merged;
    for (const Histogram& one : part) merged.merge(one);
    check_equal(merged, whole);
    merged.merge(Histogram());
    check_equal(merged, whole);
  }
}

TEST_CASE("the buckets are in order, hold their values and add up to the count") {
  std::mt19937_64 random(5);
  Histogram histogram;
  for (int i = 0; i < 5000; ++i) histogram.record(any_value(random));
  std::uint64_t sum = 0;
  std::uint64_t before = 0;
  for (const auto& [lowest, count] : histogram.buckets()) {
    CHECK(count > 0);
    CHECK((sum == 0 || lowest > before));
    CHECK(Histogram::lowest_of(Histogram::bucket_of(lowest)) == lowest);
    before = lowest;
    sum += count;
  }
  CHECK(sum == histogram.count());
  CHECK(histogram.count() == 5000);

  const Histogram three = of({5, 1000, 1003, 5, 1004});
  const std::vector<std::pair<std::uint64_t, std::uint64_t>> expected = {
      {5, 2}, {1000, 2}, {1004, 1}};
  CHECK((three.buckets() == expected));
}

TEST_CASE("extreme values count, and the maximum is exact") {
  const Histogram histogram = of({0, kRange - 1, kRange, UINT64_MAX / 4});
  CHECK(histogram.count() == 4);
  CHECK(histogram.min() == 0);
  CHECK(histogram.max() == UINT64_MAX / 4);
  CHECK(histogram.percentile(100) == UINT64_MAX / 4);
  CHECK(histogram.percentile(25) == 0);
  REQUIRE(histogram.buckets().size() == 2);
  CHECK(histogram.buckets().back().second == 3);
  const Histogram largest = of({UINT64_MAX});
  CHECK(largest.max() == UINT64_MAX);
  CHECK(largest.percentile(50) == UINT64_MAX);
}

TEST_CASE("sum and mean are exact") {
  const Histogram histogram = of({1, 2, 1'000'000'007});
  CHECK(histogram.sum() == 1'000'000'010);
  CHECK(histogram.mean() == doctest::Approx(1'000'000'010.0 / 3));
}

TEST_CASE("an empty histogram: every figure is 0") {
  Histogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(histogram.sum() == 0);
  CHECK(histogram.min() == 0);
  CHECK(histogram.max() == 0);
  CHECK(histogram.mean() == 0.0);
  CHECK(histogram.percentile(50) == 0);
  CHECK(histogram.percentile(100) == 0);
  CHECK(histogram.buckets().empty());
  histogram.merge(Histogram());
  CHECK(histogram.min() == 0);
  histogram.merge(of({7}));
  check_equal(histogram, of({7}));
}

}  // namespace
}  // namespace aiobench::stats
