#include "result/diagnostics.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "stats/summary.h"

namespace aiobench::result {
namespace {

// A share above one half characterizes the run.
constexpr double kMajority = 0.5;

// Mechanisms that are synchronous by design, so that inline completions are expected.
bool is_blocking(std::string_view engine) {
  constexpr std::array<std::string_view, 4> kBlocking = {"sync", "mmap", "null", "os"};
  return std::find(kBlocking.begin(), kBlocking.end(), engine) != kBlocking.end();
}

bool has_rate(const Run& run) {
  return run.config.read && run.config.read->rate_per_second > 0;
}

double all_threads_seconds(const Repetition& r) {
  return r.submitting_seconds + r.waiting_seconds + r.hashing_seconds + r.rest_seconds;
}

// Blocks are hashed one after the other, so hashing that takes nearly all of the wall time is the
// limit for any number of threads. With mmap all threads can hash at the same time. The remaining
// fifth allows for the time between two blocks.
bool is_hash_bound(const Run& run, const Repetition& r) {
  constexpr double kNearlyAll = 0.8;
  const double max = run.config.engine == "mmap" ? r.wall_seconds * r.threads : r.wall_seconds;
  return max > 0 && r.hashing_seconds >= kNearlyAll * max;
}

// Requires both little waiting and high CPU time. Either alone is not enough: threads that poll for
// completions also use CPU time, and a blocking call waits for the disk inside submit.
bool is_cpu_bound(const Run& run, const Repetition& r) {
  constexpr double kNearlyAll = 0.8;
  constexpr double kHardlyAny = 0.1;
  const unsigned files = run.config.read ? run.config.read->files_at_once : 1;
  const double all = all_threads_seconds(r);
  return all > 0 && r.waiting_seconds < kHardlyAny * all &&
         r.cpu_seconds() >= kNearlyAll * all * files;
}

// True if the run should have read from the disk: the page cache was empty or bypassed.
bool measures_disk(const Run& run) {
  constexpr double kHardlyAny = 0.05;
  const CacheState cache = run.config.cache;
  if (run.config.engine == "null") return false;
  const std::optional<double>& before = run.target.cached_share_before;
  return cache == CacheState::cold || cache == CacheState::direct ||
         (cache == CacheState::asis && before && *before < kHardlyAny);
}

std::uint64_t all_inline(const Repetition& r) {
  return r.inline_completions + (r.copy ? r.copy->writes.inline_completions : 0);
}

// The cause of a low depth; empty if it is unknown.
std::string cause_of_low_depth(const Run& run, const Repetition& r) {
  // Fewer requests are in flight at the start and at the end of a run. A run with few requests has
  // a low average for that reason alone.
  constexpr std::uint64_t kRounds = 4;
  const std::uint64_t requests = r.all_requests();
  if (r.lanes < run.config.depth || requests < kRounds * run.config.depth) {
    return fmt::format("the run had only {} request{}", format_count(requests),
                       requests == 1 ? "" : "s");
  }
  if (static_cast<double>(all_inline(r)) > kMajority * static_cast<double>(requests)) {
    return "most completed inside the submitting call";
  }
  if (is_hash_bound(run, r)) return "hashing is the bottleneck";
  if (is_cpu_bound(run, r)) return "the CPU is the bottleneck";
  return {};
}

// One value per interval, without the first and the last, which may be incomplete. Intervals
// without a request are missing in `r.intervals` and count as 0.
template <class Value>
std::vector<double> of_intervals(const Repetition& r, Value value) {
  std::vector<double> values;
  if (r.intervals.size() < 3) return values;
  const double length = r.intervals.front().seconds;
  for (std::size_t i = 1; i + 1 < r.intervals.size(); ++i) {
    const double idle = (r.intervals[i].start_seconds - r.intervals[i - 1].start_seconds) / length;
    values.insert(values.end(), static_cast<std::size_t>(std::max(0.0, idle - 0.5)), 0.0);
    values.push_back(value(r.intervals[i]));
  }
  return values;
}

std::vector<double> rates_of_intervals(const Repetition& r) {
  return of_intervals(r, [](const Interval& interval) {
    return static_cast<double>(interval.bytes) / interval.seconds;
  });
}

std::vector<double> latencies_of_intervals(const Repetition& r) {
  return of_intervals(
      r, [](const Interval& interval) { return static_cast<double>(interval.p50_ns); });
}

// 5 % of the bytes change a result by less than two runs differ.
constexpr double kFewBytes = 0.05;

Diagnostic under_wine(const os::HostInfo& host) {
  if (host.wine.empty()) return {};
  return Warning{
      WarningCode::wine,
      fmt::format("the engine ran under Wine {}: timing under Wine says nothing about Windows",
                  printable(host.wine)),
      "measure on Windows"};
}

Diagnostic slow_build(const ToolInfo& tool) {
  const bool sanitized = tool.build_type.find("sanitizer") != std::string::npos;
  if (tool.optimized && !sanitized) return {};
  return Warning{
      WarningCode::debug_build,
      fmt::format("this build of aiobench is not optimized for speed ({}): its overhead is "
                  "several times higher",
                  tool.build_type.empty() ? "no build type" : tool.build_type),
      "use a release build: CMAKE_BUILD_TYPE=Release"};
}

// Background activity of the system itself stays below a quarter.
Diagnostic busy_machine(const Repetition& r, const os::HostInfo& host) {
  constexpr double kMuch = 0.25;
  // The Wine server is another process that works for this one.
  if (!r.other_cpu_share || *r.other_cpu_share < kMuch || !host.wine.empty()) return {};
  return Warning{
      WarningCode::busy_machine,
      fmt::format("other processes used {:.0f} % of the CPU time during the run",
                  *r.other_cpu_share * 100),
      "stop them and measure again; in a virtual machine, other guests of the host count too"};
}

// The error of a latency below two clock steps is one half or more.
Diagnostic coarse_clock(const Repetition& r, const os::HostInfo& host) {
  const auto median_ns = static_cast<double>(r.latency_ns.percentile(50));
  if (r.latency_ns.count() == 0 || median_ns >= 2 * host.clock_step_ns) return {};
  return Warning{WarningCode::coarse_clock,
                 fmt::format("half of the latencies are {} or less, but the clock has a resolution "
                             "of {}",
                             format_duration_ns(median_ns), format_duration_ns(host.clock_step_ns)),
                 "do not quote these latencies; with a larger --block-size, requests take longer"};
}

Diagnostic sparse_file(const Run& run) {
  const std::optional<double>& share = run.target.hole_share;
  if (!share || *share < kFewBytes || run.config.engine == "null") return {};
  return Warning{
      WarningCode::sparse_file,
      fmt::format("{:.1f} % of the file are holes or were never written: reading them does "
                  "not access the disk",
                  *share * 100),
      "measure a file that contains data; aiobench create makes one"};
}

// Direct access is verified by the page cache: it must not gain pages of the file. This cannot be
// seen if the file was cached before.
Diagnostic cached_though_direct(const Run& run) {
  if (!run.config.direct() || run.config.engine == "null") return {};
  const double before = run.target.cached_share_before.value_or(0);
  const double after = run.target.cached_share_after.value_or(0);
  if (before < kFewBytes && after < kFewBytes) return {};
  if (before >= kFewBytes) {
    return Warning{
        WarningCode::cached_though_direct,
        fmt::format("{:.0f} % of the file was in the page cache before a run with --cache "
                    "direct: the data may have come from the cache",
                    before * 100),
        "evict the file by a run with --cache cold, then measure again"};
  }
  return Warning{WarningCode::cached_though_direct,
                 fmt::format("{:.0f} % of the file entered the page cache despite --cache direct: "
                             "this file system does not bypass the cache",
                             after * 100),
                 "use --cache cold or another file system"};
}

}  // namespace

Diagnostic rate_not_reached(const Run& run, const Repetition& r) {
  constexpr double kKeptUp = 0.95;
  if (!has_rate(run)) return {};
  const double requested = run.config.read->rate_per_second;
  const double reached = r.requests_per_second();
  if (reached >= kKeptUp * requested) return {};
  return Warning{
      WarningCode::rate_not_reached,
      fmt::format(
          "the run reached only {:.0f} of the requested {} requests/s: latencies grew until "
          "the end of the run",
          reached, requested),
      "lower --rate, or raise --depth and --threads"};
}

Diagnostic mostly_inline(const Run& run, const Repetition& r) {
  if (r.lanes < 2) return {};
  const auto found = [&](const char* what, const std::string& engine, double share) -> Diagnostic {
    if (is_blocking(engine) || share <= kMajority) return {};
    return Warning{WarningCode::mostly_inline,
                   fmt::format("{:.0f} % of the {} completed inside the submitting call: {} was "
                               "not asynchronous here",
                               share * 100, what, engine),
                   run.config.direct()
                       ? "treat the figures as those of synchronous requests"
                       : "data in the page cache is copied inside the call; use --cache direct"};
  };
  const char* const reads = r.copy ? "reads" : "requests";
  if (Diagnostic diagnostic = found(reads, run.config.engine, r.inline_share())) return diagnostic;
  if (!r.copy || !run.config.copy) return {};
  return found("writes", run.config.copy->writer, r.copy->writes_inline_share());
}

// A run may lose up to half of its average depth by the way it begins and ends.
Diagnostic depth_not_reached(const Run& run, const Repetition& r) {
  if (is_blocking(run.config.engine) || has_rate(run) || r.requests == 0) return {};
  const double achieved = r.depth_achieved();
  if (run.config.depth < 2 || achieved >= kMajority * run.config.depth) return {};
  // auto chose the depth, not the user.
  if (!run.config.requested_engine.empty() && r.lanes < run.config.depth) return {};
  const std::string cause = cause_of_low_depth(run, r);
  return Warning{WarningCode::depth_not_reached,
                 fmt::format("on average {:.1f} requests were in flight instead of {}{}{}",
                             achieved, run.config.depth, cause.empty() ? "" : ": ", cause),
                 fmt::format("treat the figures as those of depth {:.1f}", achieved)};
}

Diagnostic not_the_disk(const Run& run, const Repetition& r) {
  if (!measures_disk(run)) return {};
  if (is_hash_bound(run, r)) {
    return Warning{
        WarningCode::hash_bound,
        fmt::format("hashing took {} of {}: the speed of hashing is the limit, and the disk is "
                    "faster",
                    format_duration_ns(r.hashing_seconds * 1e9),
                    format_duration_ns(r.wall_seconds * 1e9)),
        "use aiobench read or --hash none to measure the disk"};
  }
  if (!is_cpu_bound(run, r)) return {};
  return Warning{
      WarningCode::cpu_bound,
      fmt::format("the threads waited only {:.0f} % of the time: the speed of the CPU is the "
                  "limit, and the disk is faster",
                  r.waiting_seconds / all_threads_seconds(r) * 100),
      "use more --threads or a larger --block-size"};
}

// At a fixed rate throughput equals the rate for as long as the system can keep up, so only
// latencies show a drift.
Diagnostic drifted(const Run& run, const Repetition& r) {
  const bool paced = has_rate(run);
  const std::vector<double> values = paced ? latencies_of_intervals(r) : rates_of_intervals(r);
  const std::optional<stats::Drift> drift = stats::drift_of(values);
  if (!drift) return {};
  const auto format = [&](double value) {
    return paced ? format_duration_ns(value)
                 : format_size(static_cast<std::uint64_t>(value)) + "/s";
  };
  return Warning{
      WarningCode::drift,
      fmt::format("{} {} from {} in the first half of the run to {} in the second",
                  paced ? "latency" : "throughput", drift->change() < 0 ? "fell" : "rose",
                  format(drift->first), format(drift->second)),
      "use --interval to see when: common causes are heat, a full write cache, partly cached data "
      "and other load; a longer run shows which value lasts"};
}

// With fewer than 100 requests the p99 is the slowest request, which differs from run to run.
Diagnostic few_requests(const Repetition& r) {
  constexpr std::uint64_t kEnough = 100;
  const std::uint64_t count = r.latency_ns.count();
  if (count == 0 || count >= kEnough) return {};
  return Warning{
      WarningCode::few_requests,
      fmt::format("p99 needs at least {} requests and p99.9 at least 1,000; this run had {}",
                  kEnough, count),
      "use a larger file, a smaller --block-size or aiobench read --duration"};
}

std::vector<Warning> diagnose(const Run& run, const os::HostInfo& host, const ToolInfo& tool) {
  std::vector<Warning> found;
  const auto add = [&](Diagnostic diagnostic) {
    if (diagnostic) found.push_back(std::move(*diagnostic));
  };
  const Repetition* const r = run.median_repetition();
  if (r == nullptr) return found;
  add(under_wine(host));
  add(slow_build(tool));
  add(sparse_file(run));
  add(cached_though_direct(run));
  add(busy_machine(*r, host));
  add(coarse_clock(*r, host));
  if (r->partial) return found;
  add(rate_not_reached(run, *r));
  add(mostly_inline(run, *r));
  add(depth_not_reached(run, *r));
  add(not_the_disk(run, *r));
  add(drifted(run, *r));
  add(few_requests(*r));
  return found;
}

}  // namespace aiobench::result
