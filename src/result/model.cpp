#include "result/model.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/units.h"

namespace aiobench::result {
namespace {

constexpr bool kSuspect = true;
constexpr bool kUnmet = true;

constexpr WarningKind kKinds[] = {
    {WarningCode::cache_not_verified, "cache_not_verified", !kSuspect, kUnmet},
    {WarningCode::cache_not_cold, "cache_not_cold", kSuspect, kUnmet},
    {WarningCode::cache_not_warm, "cache_not_warm", kSuspect, kUnmet},
    {WarningCode::rate_not_reached, "rate_not_reached", kSuspect, kUnmet},
    {WarningCode::verified_in_cache, "verified_in_cache", !kSuspect, kUnmet},
    {WarningCode::wine, "wine", kSuspect, !kUnmet},
    {WarningCode::debug_build, "debug_build", kSuspect, !kUnmet},
    {WarningCode::busy_machine, "busy_machine", kSuspect, !kUnmet},
    {WarningCode::coarse_clock, "coarse_clock", kSuspect, !kUnmet},
    {WarningCode::sparse_file, "sparse_file", kSuspect, !kUnmet},
    {WarningCode::cached_though_direct, "cached_though_direct", kSuspect, !kUnmet},
    {WarningCode::mostly_inline, "mostly_inline", !kSuspect, !kUnmet},
    {WarningCode::depth_not_reached, "depth_not_reached", !kSuspect, !kUnmet},
    {WarningCode::hash_bound, "hash_bound", !kSuspect, !kUnmet},
    {WarningCode::cpu_bound, "cpu_bound", !kSuspect, !kUnmet},
    {WarningCode::few_requests, "few_requests", !kSuspect, !kUnmet},
    {WarningCode::drift, "drift", !kSuspect, !kUnmet},
    {WarningCode::traced, "traced", kSuspect, !kUnmet},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if (static_cast<std::size_t>(kKinds[i].code) != i) return false;
  }
  return true;
}

static_assert(in_order());

double per(double amount, double of) {
  return of > 0 ? amount / of : 0.0;
}

}  // namespace

std::span<const WarningKind> warning_kinds() {
  return kKinds;
}

const WarningKind& kind_of(WarningCode code) {
  const auto place = static_cast<std::size_t>(code);
  AIOBENCH_CHECK(place < std::size(kKinds));
  return kKinds[place];
}

const WarningKind* find_warning(std::string_view name) {
  const auto found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const WarningKind& kind) { return kind.name == name; });
  return found == std::end(kKinds) ? nullptr : found;
}

void add_warning(std::vector<Warning>& warnings, Warning warning) {
  const bool known = std::any_of(warnings.begin(), warnings.end(),
                                 [&](const Warning& other) { return other.code == warning.code; });
  if (!known) warnings.push_back(std::move(warning));
}

std::vector<Interval> intervals_of(const stats::Timeline& timeline, double wall_seconds) {
  const double length = os::ticks_to_seconds(timeline.length());
  std::vector<Interval> intervals;
  for (const stats::Slice& slice : timeline.slices()) {
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

const Repetition* Run::median_repetition() const {
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

}  // namespace aiobench::result
