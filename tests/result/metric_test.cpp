// Proves the value and the cost of each metric, and for which runs it is meaningless.
#include "result/configuration.h"

#include <doctest/doctest.h>

#include "base/units.h"
#include "result/sample_result.h"

namespace aiobench::result {
namespace {

TEST_CASE("metric: the values of one repetition") {
  const result::Repetition r = test::sample_repetition();
  CHECK(value_of(r, Metric::throughput) == doctest::Approx(2.0 * kGiB));
  CHECK(value_of(r, Metric::p50) == doctest::Approx(4e6).epsilon(0.004));
  CHECK(value_of(r, Metric::p99) == doctest::Approx(4e6).epsilon(0.004));
  CHECK(value_of(r, Metric::cpu) == doctest::Approx(0.375));
}

TEST_CASE("metric: for a copy, the total time, and reads and writes") {
  result::Repetition r = test::sample_copy_run().repetitions[0];
  // 1.5 s of copying, and 0.56 s of opening, allocating, flushing and renaming.
  CHECK(value_of(r, Metric::throughput) == doctest::Approx(3.0 * kGiB / 2.06));
  for (int i = 0; i < 100; ++i) r.copy->writes.latency_ns.record(9'000'000);
  CHECK(value_of(r, Metric::p50) == doctest::Approx(4e6).epsilon(0.004));
  CHECK(value_of(r, Metric::p99) == doctest::Approx(9e6).epsilon(0.004));
}

TEST_CASE("metric: an unmeasured value is 0") {
  const result::Repetition nothing;
  for (const MetricKind& kind : metric_kinds()) CHECK(value_of(nothing, kind.metric) == 0);
}

TEST_CASE("metric: the cost is the inverse if more is better") {
  CHECK(cost_of(Metric::throughput, 4) == 0.25);
  CHECK(value_of_cost(Metric::throughput, cost_of(Metric::throughput, 3)) == doctest::Approx(3));
  CHECK(cost_of(Metric::p99, 4) == 4);
  CHECK(cost_of(Metric::cpu, 4) == 4);
}

TEST_CASE("metric: a meaningless metric has a reason") {
  result::Run run = test::sample_read_run();  // at a fixed rate, three files at once
  CHECK(why_not(run, Metric::throughput) == "--rate sets the throughput; compare p50 or p99");
  CHECK(why_not(run, Metric::cpu) == "CPU time covers all files together");
  CHECK_FALSE(why_not(run, Metric::p50));
  run.config.read->rate_per_second = 0;
  run.config.read->files_at_once = 1;
  for (const MetricKind& kind : metric_kinds()) {
    CHECK_FALSE(why_not(run, kind.metric));
    CHECK_FALSE(why_not(test::sample_run(), kind.metric));
  }
}

TEST_CASE("metric: names, and values with their units") {
  for (const MetricKind& kind : metric_kinds()) {
    CHECK(find_metric(kind.name) == &kind);
    CHECK(&kind_of(kind.metric) == &kind);
  }
  CHECK(find_metric("p90") == nullptr);
  CHECK(format_value(Metric::throughput, 2.05 * kGiB) == "2.05 GiB/s");
  CHECK(format_value(Metric::throughput, 51.2 * kMiB) == "51.2 MiB/s");
  CHECK(format_value(Metric::throughput, 1e300) == "1e+300 B/s");
  CHECK(format_value(Metric::p50, 4e6) == "4.00 ms");
  CHECK(format_value(Metric::cpu, 0.375) == "375 ms/GiB");
}

}  // namespace
}  // namespace aiobench::result
