// Tests that a histogram can be restored from its figures in a result file, with every figure
// unchanged, and that contradictory figures are rejected.
#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "stats/histogram.h"

namespace aiobench::stats {
namespace {

Histogram::Figures figures_of(const Histogram& histogram) {
  return {.buckets = histogram.buckets(),
          .min = histogram.min(),
          .max = histogram.max(),
          .mean = histogram.mean()};
}

Histogram must_restore(const Histogram::Figures& figures) {
  aiobench::Result<Histogram> restored = Histogram::restore(figures);
  REQUIRE_MESSAGE(restored, restored.error().line());
  return restored.take();
}

void check_same_figures(const Histogram& a, const Histogram& b) {
  CHECK(a.count() == b.count());
  CHECK(a.min() == b.min());
  CHECK(a.max() == b.max());
  CHECK(a.mean() == b.mean());
  CHECK((a.buckets() == b.buckets()));
  for (const double percent : {0.0, 1.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
    CAPTURE(percent);
    CHECK(a.percentile(percent) == b.percentile(percent));
  }
}

TEST_CASE("restored: every figure is unchanged, including the sum") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    Histogram histogram;
    const std::uint64_t count = 1 + random() % 100;
    for (std::uint64_t i = 0; i < count; ++i) histogram.record(random() >> (20 + random() % 44));
    const Histogram restored = must_restore(figures_of(histogram));
    check_same_figures(histogram, restored);
    CHECK(restored.sum() == histogram.sum());
  }
}

TEST_CASE("restored: a sum that a double cannot hold keeps its mean") {
  std::mt19937_64 random(12);
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    Histogram histogram;
    for (int i = 0; i < 7; ++i) histogram.record(random() >> (3 + random() % 8));
    const Histogram restored = must_restore(figures_of(histogram));
    check_same_figures(histogram, restored);
    CHECK(restored.sum() <= histogram.sum());
    // A second restore loses nothing more.
    CHECK(must_restore(figures_of(restored)).sum() == restored.sum());
  }
}

TEST_CASE("restored: empty, one value, and values above the range") {
  check_same_figures(must_restore({}), Histogram());
  for (const std::uint64_t value :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{127}, std::uint64_t{4'000'000},
        std::uint64_t{1} << 42, (std::uint64_t{1} << 60) + 1}) {
    CAPTURE(value);
    Histogram histogram;
    histogram.record(value);
    check_same_figures(must_restore(figures_of(histogram)), histogram);
  }
}

TEST_CASE("restored: a restored histogram can record and merge") {
  Histogram histogram;
  for (const std::uint64_t value : {5u, 1000u, 70'000u}) histogram.record(value);
  Histogram restored = must_restore(figures_of(histogram));
  restored.merge(histogram);
  restored.record(9);
  histogram.merge(Histogram(histogram));
  histogram.record(9);
  check_same_figures(restored, histogram);
  CHECK(restored.sum() == histogram.sum());
}

TEST_CASE("restored: impossible figures are rejected, and the cause names them") {
  // The values 5, 1000, 1003: buckets begin at 5 and 1000.
  const Histogram::Figures good = {{{5, 1}, {1000, 2}}, 5, 1003, 2008.0 / 3};
  CHECK(must_restore(good).sum() == 2008);
  using Break = std::function<void(Histogram::Figures&)>;
  const double kNan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::pair<Break, const char*>> cases = {
      {[](auto& f) { f.buckets[1].first = 1001; }, "buckets[1]: no bucket begins at 1001"},
      {[](auto& f) { f.buckets[1].first = UINT64_MAX; }, "buckets[1]: no bucket begins"},
      {[](auto& f) { f.buckets[1].first = 5; }, "buckets[1]: not in ascending order"},
      {[](auto& f) { f.buckets[1].first = 4; }, "buckets[1]: not in ascending order"},
      {[](auto& f) { f.buckets[0].second = 0; }, "buckets[0]: empty"},
      {[](auto& f) { f.buckets[1].second = UINT64_MAX; }, "buckets[1]: overflow"},
      {[](auto& f) { f.min = 4; }, "min: not in the first bucket"},
      {[](auto& f) { f.max = 1004; }, "max: not in the last bucket"},
      {[](auto& f) {
         f = {{{1000, 2}}, 1003, 1002, 1002};
       },
       "min: greater than max"},
      {[](auto& f) { f.mean = 4.9; }, "mean: not between min and max"},
      {[](auto& f) { f.mean = 1003.1; }, "mean: not between min and max"},
      {[kNan](auto& f) { f.mean = kNan; }, "mean: not between min and max"},
      {[](auto& f) { f.buckets.clear(); }, "buckets: empty, but"},
      {[](auto& f) {
         f = {{{5, 1}, {1000, UINT64_MAX / 2}}, 5, 1003, 1000};
       },
       "too large"},
  };
  for (const auto& row : cases) {
    CAPTURE(row.second);
    Histogram::Figures figures = good;
    row.first(figures);
    const aiobench::Result<Histogram> restored = Histogram::restore(figures);
    REQUIRE_FALSE(restored);
    CHECK(restored.error().cause.find(row.second) != std::string::npos);
  }
}

}  // namespace
}  // namespace aiobench::stats
