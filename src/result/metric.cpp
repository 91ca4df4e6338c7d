#include "result/metric.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/units.h"

namespace aiobench::report {
namespace {

constexpr bool kMoreIsBetter = true;

constexpr MetricKind kMetricKinds[] = {
    {Metric::throughput, "throughput", "bytes_per_second", kMoreIsBetter, "bytes a second"},
    {Metric::p50, "p50", "latency_p50_ns", !kMoreIsBetter, "latency, the median of a run"},
    {Metric::p99, "p99", "latency_p99_ns", !kMoreIsBetter, "latency, the 99th percentile of a run"},
    {Metric::cpu, "cpu", "cpu_seconds_per_gib", !kMoreIsBetter, "processor seconds per GiB"},
};

double whole_rate(const measure::Repetition& r) {
  if (!r.copy) return r.bytes_per_second();
  const double seconds = r.copy->whole_seconds(r.wall_seconds);
  return seconds > 0 ? static_cast<double>(r.bytes) / seconds : 0;
}

double latency(const measure::Repetition& r, double percent) {
  if (!r.copy) return static_cast<double>(r.latency_ns.percentile(percent));
  measure::Histogram both = r.latency_ns;
  both.merge(r.copy->writes.latency_ns);
  return static_cast<double>(both.percentile(percent));
}

}  // namespace

std::span<const MetricKind> metric_kinds() {
  return kMetricKinds;
}

const MetricKind& kind_of(Metric metric) {
  const auto place = static_cast<std::size_t>(metric);
  AIOBENCH_CHECK(place < std::size(kMetricKinds));
  return kMetricKinds[place];
}

const MetricKind* find_metric(std::string_view name) {
  const auto found = std::find_if(std::begin(kMetricKinds), std::end(kMetricKinds),
                                  [&](const MetricKind& kind) { return kind.name == name; });
  return found == std::end(kMetricKinds) ? nullptr : found;
}

double value_of(const measure::Repetition& repetition, Metric metric) {
  switch (metric) {
    case Metric::throughput:
      return whole_rate(repetition);
    case Metric::p50:
      return latency(repetition, 50);
    case Metric::p99:
      return latency(repetition, 99);
    case Metric::cpu:
      return repetition.cpu_seconds_per_gib();
  }
  return 0;
}

std::optional<std::string> why_not(const measure::Run& run, Metric metric) {
  const std::optional<measure::ReadConfig>& read = run.config.read;
  if (metric == Metric::throughput && read && read->rate_per_second > 0) {
    return "the rate was asked for; compare p50 or p99";
  }
  if (metric == Metric::cpu && read && read->files_at_once > 1) {
    return "processor time is that of all files together";
  }
  return std::nullopt;
}

double cost_of(Metric metric, double value) {
  return kind_of(metric).more_is_better ? 1 / value : value;
}

std::string format_value(Metric metric, double value) {
  constexpr double kMostWhole = 1e18;
  if (metric == Metric::throughput) {
    return value < kMostWhole ? format_size(static_cast<std::uint64_t>(value)) + "/s"
                              : fmt::format("{:.3g} B/s", value);
  }
  return metric == Metric::cpu ? format_duration_ns(value * 1e9) + "/GiB"
                               : format_duration_ns(value);
}

}  // namespace aiobench::report
