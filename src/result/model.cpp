#include "result/model.h"

#include <algorithm>

#include "base/units.h"

namespace aiobench::measure {
namespace {

double per(double amount, double of) {
  return of > 0 ? amount / of : 0.0;
}

}  // namespace

std::vector<Interval> intervals_of(const Timeline& timeline, double wall_seconds) {
  const double length = platform::ticks_to_seconds(timeline.length());
  std::vector<Interval> intervals;
  for (const Slice& slice : timeline.slices()) {
    const double start = static_cast<double>(slice.index) * length;
    intervals.push_back({.start_seconds = start,
                         .seconds = std::min(length, std::max(0.0, wall_seconds - start)),
                         .requests = slice.requests,
                         .bytes = slice.bytes,
                         .p50_ns = slice.percentile_ns(50),
                         .p99_ns = slice.percentile_ns(99)});
  }
  return intervals;
}

double CopyFigures::writes_inline_share() const {
  return per(static_cast<double>(writes.inline_completions), static_cast<double>(writes.requests));
}

double CopyFigures::whole_seconds(double copy_seconds) const {
  return open_seconds + allocate_seconds + copy_seconds + flush_seconds + rename_seconds;
}

double Repetition::bytes_per_second() const {
  return per(static_cast<double>(bytes), wall_seconds);
}

double Repetition::requests_per_second() const {
  return per(static_cast<double>(requests), wall_seconds);
}

std::uint64_t Repetition::all_requests() const {
  return requests + (copy ? copy->writes.requests : 0);
}

double Repetition::cpu_seconds_per_gib() const {
  return per(cpu_seconds(), static_cast<double>(bytes) / static_cast<double>(kGiB));
}

double Repetition::inline_share() const {
  return per(static_cast<double>(inline_completions), static_cast<double>(requests));
}

double Repetition::depth_achieved() const {
  const std::uint64_t writing = copy ? copy->writes.latency_ns.sum() : 0;
  return per(static_cast<double>(latency_ns.sum() + writing) * 1e-9, wall_seconds);
}

const Repetition* Run::median() const {
  std::vector<const Repetition*> order;
  for (const Repetition& repetition : repetitions) {
    if (!repetition.partial) order.push_back(&repetition);
  }
  if (order.empty()) return repetitions.empty() ? nullptr : &repetitions.front();
  std::sort(order.begin(), order.end(), [](const Repetition* a, const Repetition* b) {
    return a->wall_seconds < b->wall_seconds;
  });
  return order[order.size() / 2];
}

bool Run::suspect() const {
  return std::any_of(warnings.begin(), warnings.end(),
                     [](const Warning& warning) { return warning.kind().suspect; });
}

}  // namespace aiobench::measure
