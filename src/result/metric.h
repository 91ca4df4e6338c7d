// What two runs are compared by.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "result/model.h"

namespace aiobench::report {

enum class Metric { throughput, p50, p99, cpu };

struct MetricKind {
  Metric metric;
  const char* name;  // as --metric has it
  const char* unit;  // as the JSON names it
  bool more_is_better;
  const char* meaning;  // for --help
};

// One for each metric, in their order.
std::span<const MetricKind> metric_kinds();
const MetricKind& kind_of(Metric metric);
// nullptr where there is none of that name.
const MetricKind* find_metric(std::string_view name);

// The figure of one repetition, in its unit; 0 where it has none. Of a copy, throughput counts all
// that the user waits for, and latency reads and writes together.
double value_of(const measure::Repetition& repetition, Metric metric);

// Why this metric says nothing of such a run; nothing where it does.
std::optional<std::string> why_not(const measure::Run& run, Metric metric);

// What a value costs: the value itself, or its inverse where more is better; and back.
double cost_of(Metric metric, double value);

// "2.05 GiB/s", "4.00 ms", "375 ms/GiB"
std::string format_value(Metric metric, double value);

}  // namespace aiobench::report
