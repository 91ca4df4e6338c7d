// Tests that each request counts in the interval in which it completed, that the timelines of
// several threads are merged correctly, and that a long run is kept in a limited number of
// intervals without losing a request.
#include "stats/timeline.h"

#include <doctest/doctest.h>

#include <numeric>

namespace aiobench::stats {
namespace {

constexpr os::Ticks kStart = 1'000'000;
constexpr IntervalSettings kEach100{.length = 100, .max = 8};

Flow begun(const IntervalSettings& intervals = kEach100) {
  Flow flow;
  flow.timeline.begin(kStart, intervals);
  return flow;
}

std::uint64_t requests_in(const Timeline& timeline) {
  const auto& slices = timeline.slices();
  return std::accumulate(
      slices.begin(), slices.end(), std::uint64_t{0},
      [](std::uint64_t sum, const Slice& slice) { return sum + slice.requests; });
}

TEST_CASE("timeline: requests, bytes and latencies per interval of completion") {
  Flow flow = begun();
  flow.count(kStart + 10, 4096, 50);
  flow.count(kStart + 99, 4096, 52);
  flow.count(kStart + 100, 512, 900);
  flow.count(kStart + 350, 1, 7);
  flow.end(kStart + 360);
  const std::vector<Slice>& slices = flow.timeline.slices();
  REQUIRE(slices.size() == 3);
  CHECK((slices[0].index == 0 && slices[0].requests == 2 && slices[0].bytes == 8192));
  CHECK((slices[1].index == 1 && slices[1].requests == 1 && slices[1].bytes == 512));
  CHECK((slices[2].index == 3 && slices[2].requests == 1 && slices[2].bytes == 1));
  CHECK(slices[0].percentile_ns(50) == 50);
  CHECK(slices[0].percentile_ns(99) == 52);
  CHECK(slices[1].percentile_ns(50) == doctest::Approx(900).epsilon(0.004));
  CHECK(flow.requests == 4);
}

TEST_CASE("timeline: above the limit, half as many intervals of twice the length are kept") {
  Flow flow = begun();
  for (os::Ticks i = 0; i < 1000; ++i) flow.count(kStart + i * 10, 1, i);
  flow.end(kStart + 10'000);
  const Timeline& timeline = flow.timeline;
  CHECK(timeline.length() == 1600);
  REQUIRE(timeline.slices().size() == 7);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(timeline.slices()[i].index == i);
    CHECK(timeline.slices()[i].requests == 160);
  }
  CHECK(requests_in(timeline) == 1000);
}

TEST_CASE("timeline: merging adds up, also with intervals of different lengths") {
  Flow brief = begun();
  brief.count(kStart + 150, 10, 5);
  brief.end(kStart + 5'000);
  Flow idle = begun();
  idle.end(kStart + 5'000);
  Flow busy = begun();
  for (os::Ticks i = 0; i < 500; ++i) busy.count(kStart + i * 10, 1, 5);
  busy.end(kStart + 5'000);
  Flow all;
  for (const Flow* flow : {&brief, &idle, &busy}) all.merge(*flow);
  CHECK(all.timeline.length() == 800);
  CHECK(requests_in(all.timeline) == 501);
  REQUIRE_FALSE(all.timeline.slices().empty());
  CHECK(all.timeline.slices()[0].requests == 81);
  CHECK(all.timeline.slices()[0].bytes == 90);
  CHECK(all.timeline.slices()[0].latencies.front().second == 81);
}

TEST_CASE("timeline: without begin() nothing is kept") {
  Flow flow;
  for (int i = 0; i < 10; ++i) flow.count(static_cast<os::Ticks>(i) * 1'000'000, 1, 1);
  CHECK(flow.timeline.slices().empty());
  CHECK(flow.requests == 10);
}

}  // namespace
}  // namespace aiobench::stats
