// The figures of one cell of an overview.
#include <algorithm>

#include "result/metric.h"
#include "report/report_model.h"

namespace aiobench::report {
namespace {

using measure::Repetition;
using measure::Run;

// Of those repetitions that have it: a figure that was not told is 0.
template <class Value>
std::optional<Estimate> estimate(const Cell& cell, Value value) {
  std::vector<double> values;
  for (const Repetition* r : cell.repetitions) {
    if (const double one = value(*r); one > 0) values.push_back(one);
  }
  if (values.empty()) return std::nullopt;
  return Estimate{.median = measure::median(values),
                  .interval = measure::median_interval(values, kOverviewConfidence)};
}

std::optional<LatencySpread> latency_of(const Cell& cell) {
  measure::Histogram all;
  for (const Repetition* r : cell.repetitions) {
    all.merge(r->latency_ns);
    if (r->copy) all.merge(r->copy->writes.latency_ns);
  }
  if (all.count() == 0) return std::nullopt;
  LatencySpread spread{.requests = all.count(), .max_ns = static_cast<double>(all.max())};
  for (std::size_t i = 0; i < kOverviewPercents.size(); ++i) {
    spread.percentile_ns[i] = static_cast<double>(all.percentile(kOverviewPercents[i]));
  }
  return spread;
}

std::optional<TimeShares> time_of(const Cell& cell) {
  TimeShares sum;
  for (const Repetition* r : cell.repetitions) {
    sum.waiting += r->waiting_seconds;
    sum.hashing += r->hashing_seconds;
    sum.submitting += r->submitting_seconds;
    sum.rest += r->rest_seconds;
  }
  const double all = sum.waiting + sum.hashing + sum.submitting + sum.rest;
  if (!(all > 0)) return std::nullopt;
  return TimeShares{.waiting = sum.waiting / all,
                    .hashing = sum.hashing / all,
                    .submitting = sum.submitting / all,
                    .rest = sum.rest / all};
}

std::optional<double> inline_share_of(const Cell& cell) {
  double requests = 0;
  double done_inline = 0;
  for (const Repetition* r : cell.repetitions) {
    requests += static_cast<double>(r->requests);
    done_inline += static_cast<double>(r->inline_completions);
  }
  if (requests == 0) return std::nullopt;
  return done_inline / requests;
}

}  // namespace

bool CellFigures::suspect() const {
  return std::any_of(warnings.begin(), warnings.end(),
                     [](const measure::Warning& warning) { return warning.kind().suspect; });
}

CellFigures figures_of(const Cell& cell) {
  CellFigures figures;
  figures.repetitions = cell.repetitions.size();
  figures.partial = cell.partial;
  for (const MeasuredRun& measured : cell.runs) {
    for (const measure::Warning& warning : measured.run->warnings) {
      measure::add_warning(figures.warnings, warning);
    }
  }
  for (const Run* run : cell.failures) figures.failures.push_back(run->failure->line());
  const auto metric = [](Metric which) {
    return [which](const Repetition& r) { return value_of(r, which); };
  };
  figures.bytes_per_second = estimate(cell, metric(Metric::throughput));
  figures.requests_per_second =
      estimate(cell, [](const Repetition& r) { return r.requests_per_second(); });
  if (!why_not(cell.first(), Metric::cpu)) {
    figures.cpu_seconds_per_gib = estimate(cell, metric(Metric::cpu));
  }
  figures.latency = latency_of(cell);
  if (!figures.latency) return figures;  // the system's own call: nobody sees its requests
  figures.time = time_of(cell);
  figures.inline_share = inline_share_of(cell);
  const std::optional<Estimate> depth =
      estimate(cell, [](const Repetition& r) { return r.depth_achieved(); });
  if (depth) figures.depth_achieved = depth->median;
  return figures;
}

}  // namespace aiobench::report
