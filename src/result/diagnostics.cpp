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

// Above a half, what was found is what the run was like.
constexpr double kMost = 0.5;

// Mechanisms that are done when the call returns, by nature: nobody who chose one is surprised.
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

// Blocks are hashed one after the other, so a hasher that is busy all the time is the limit,
// however many threads there are. Where the file is mapped all of them may hash at once. A fifth is
// left for what passes between two blocks.
bool is_hash_bound(const Run& run, const Repetition& r) {
  constexpr double kNearlyAll = 0.8;
  const double most = run.config.engine == "mmap" ? r.wall_seconds * r.threads : r.wall_seconds;
  return most > 0 && r.hashing_seconds >= kNearlyAll * most;
}

// By two measures that do not know of each other: threads that look for completions before they
// sleep use the processor too, and a blocking call waits for the disk while it submits.
bool is_cpu_bound(const Run& run, const Repetition& r) {
  constexpr double kNearlyAll = 0.8;
  constexpr double kHardlyAny = 0.1;
  const unsigned files = run.config.read ? run.config.read->files_at_once : 1;
  const double all = all_threads_seconds(r);
  return all > 0 && r.waiting_seconds < kHardlyAny * all &&
         r.cpu_seconds() >= kNearlyAll * all * files;
}

// As far as is known nothing came from the page cache, or nothing was to come from it.
bool disk_was_meant(const Run& run) {
  constexpr double kHardlyAny = 0.05;
  const std::string& cache = run.config.cache;
  if (run.config.engine == "null") return false;
  const std::optional<double>& before = run.target.cached_share_before;
  return cache == "cold" || cache == "direct" ||
         (cache == "asis" && before && *before < kHardlyAny);
}

std::uint64_t all_inline(const Repetition& r) {
  return r.inline_completions + (r.copy ? r.copy->writes.inline_completions : 0);
}

// Why the depth was not reached; empty where nothing tells.
std::string cause_of_shallowness(const Run& run, const Repetition& r) {
  // While the first and the last requests run there are fewer; so are there on average if few are
  // between.
  constexpr std::uint64_t kRounds = 4;
  const std::uint64_t requests = r.all_requests();
  if (r.lanes < run.config.depth || requests < kRounds * run.config.depth) {
    return fmt::format("only {} request{} to be made", format_count(requests),
                       requests == 1 ? " was" : "s were");
  }
  if (static_cast<double>(all_inline(r)) > kMost * static_cast<double>(requests)) {
    return "most were done as soon as they were submitted";
  }
  if (is_hash_bound(run, r)) return "they waited for the hasher";
  if (is_cpu_bound(run, r)) return "they waited for the processor";
  return {};
}

// Of the whole intervals, without the first and the last. Where nothing was done there is none.
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

}  // namespace

Diagnostic rate_not_reached(const Run& run, const Repetition& r) {
  constexpr double kKeptUp = 0.95;
  if (!has_rate(run)) return {};
  const double asked = run.config.read->rate_per_second;
  const double reached = r.requests_per_second();
  if (reached >= kKeptUp * asked) return {};
  return Warning{
      WarningCode::rate_not_reached,
      fmt::format("{:.0f} requests/s were reached of the {} asked for: latencies grow as long as "
                  "the run lasts",
                  reached, asked),
      "ask for a lower --rate, or give it more --depth and --threads"};
}

Diagnostic mostly_inline(const Run& run, const Repetition& r) {
  if (r.lanes < 2) return {};
  const auto found = [&](const char* what, const std::string& engine, double share) -> Diagnostic {
    if (is_blocking(engine) || share <= kMost) return {};
    return Warning{WarningCode::mostly_inline,
                   fmt::format("{:.0f} % of the {} were done inside the submitting call: {} was "
                               "not asynchronous here",
                               share * 100, what, engine),
                   run.config.cache == "direct"
                       ? "take it for a figure of synchronous requests"
                       : "what the page cache serves is copied at once; use --cache direct"};
  };
  const char* const reads = r.copy ? "reads" : "requests";
  if (Diagnostic diagnostic = found(reads, run.config.engine, r.inline_share())) return diagnostic;
  if (!r.copy || !run.config.copy) return {};
  return found("writes", run.config.copy->writer, r.copy->writes_inline_share());
}

// Half of what was asked for is what a run may lose by the way it begins and ends.
Diagnostic depth_not_reached(const Run& run, const Repetition& r) {
  if (is_blocking(run.config.engine) || has_rate(run) || r.requests == 0) return {};
  const double achieved = r.depth_achieved();
  if (run.config.depth < 2 || achieved >= kMost * run.config.depth) return {};
  // That depth was nobody's wish.
  if (!run.config.requested_engine.empty() && r.lanes < run.config.depth) return {};
  const std::string cause = cause_of_shallowness(run, r);
  return Warning{WarningCode::depth_not_reached,
                 fmt::format("{:.1f} requests were in flight of the {} asked for{}{}", achieved,
                             run.config.depth, cause.empty() ? "" : ": ", cause),
                 "take it for a figure of the depth that was reached"};
}

Diagnostic not_the_disk(const Run& run, const Repetition& r) {
  if (!disk_was_meant(run)) return {};
  if (is_hash_bound(run, r)) {
    return Warning{WarningCode::hash_bound,
                   fmt::format("hashing took {} of {}: this is the speed of the hasher, "
                               "and that of the disk is higher",
                               format_duration_ns(r.hashing_seconds * 1e9),
                               format_duration_ns(r.wall_seconds * 1e9)),
                   "use aiobench read, or --hash none, to measure the disk"};
  }
  if (!is_cpu_bound(run, r)) return {};
  return Warning{WarningCode::cpu_bound,
                 fmt::format("the threads waited for {:.0f} % of the time: this is the speed of "
                             "the processor, and that of the disk is higher",
                             r.waiting_seconds / all_threads_seconds(r) * 100),
                 "use more --threads, or a larger --block-size"};
}

// The p99 of fewer is the slowest one: another run has another.
// At a rate the throughput is what was asked for, as long as it can be: the latencies tell then.
Diagnostic drifted(const Run& run, const Repetition& r) {
  const bool paced = has_rate(run);
  const std::vector<double> values = paced ? latencies_of_intervals(r) : rates_of_intervals(r);
  const std::optional<stats::Drift> drift = stats::drift_of(values);
  if (!drift) return {};
  const auto told = [&](double value) {
    return paced ? format_duration_ns(value)
                 : format_size(static_cast<std::uint64_t>(value)) + "/s";
  };
  return Warning{
      WarningCode::drift,
      fmt::format("the second half of the run had {} {} than the first: {}, then {}",
                  drift->change() < 0 ? "less" : "more", paced ? "latency" : "throughput",
                  told(drift->first), told(drift->second)),
      "look at it with --interval: heat, a write cache that fills, a part that was "
      "cached, or a neighbour; a longer run shows which figure stays"};
}

Diagnostic few_requests(const Repetition& r) {
  constexpr std::uint64_t kEnough = 100;
  const std::uint64_t count = r.latency_ns.count();
  if (count == 0 || count >= kEnough) return {};
  return Warning{WarningCode::few_requests,
                 fmt::format("{} request{} too few for a p99 (of {}) and a p99.9 (of 1,000)", count,
                             count == 1 ? " is" : "s are", kEnough),
                 "use a larger file, a smaller --block-size, or aiobench read --duration"};
}

namespace {

// What a twentieth of the bytes does to a figure is less than what two runs differ by.
constexpr double kFewBytes = 0.05;

Diagnostic under_wine(const os::HostInfo& host) {
  if (host.wine.empty()) return {};
  return Warning{
      WarningCode::wine,
      fmt::format("this is Wine {}: its timing says nothing about Windows", printable(host.wine)),
      "measure on a real Windows"};
}

Diagnostic slow_build(const ToolInfo& tool) {
  const bool sanitized = tool.build_type.find("sanitizer") != std::string::npos;
  if (tool.optimized && !sanitized) return {};
  return Warning{WarningCode::debug_build,
                 fmt::format("this aiobench was not built for speed ({}): it costs several times "
                             "what it should",
                             tool.build_type.empty() ? "no build type" : tool.build_type),
                 "use a release build (CMAKE_BUILD_TYPE=Release)"};
}

// From a quarter on others are at work for good; below it is what a system does by itself.
Diagnostic busy_machine(const Repetition& r, const os::HostInfo& host) {
  constexpr double kMuch = 0.25;
  // Wine's server works for this process, and is another one.
  if (!r.other_cpu_share || *r.other_cpu_share < kMuch || !host.wine.empty()) return {};
  return Warning{WarningCode::busy_machine,
                 fmt::format("other processes took {:.0f} % of the processors' time meanwhile",
                             *r.other_cpu_share * 100),
                 "end them and measure again; in a virtual machine the host's other guests count"};
}

// Latencies of less than two steps are off by half and more.
Diagnostic coarse_clock(const Repetition& r, const os::HostInfo& host) {
  const auto median_ns = static_cast<double>(r.latency_ns.percentile(50));
  if (r.latency_ns.count() == 0 || median_ns >= 2 * host.clock_step_ns) return {};
  return Warning{WarningCode::coarse_clock,
                 fmt::format("half of the latencies are {} or less, and the clock moves in steps "
                             "of {}",
                             format_duration_ns(median_ns), format_duration_ns(host.clock_step_ns)),
                 "quote no latency of it; larger blocks take longer"};
}

Diagnostic sparse_file(const Run& run) {
  const std::optional<double>& share = run.target.hole_share;
  if (!share || *share < kFewBytes || run.config.engine == "null") return {};
  return Warning{WarningCode::sparse_file,
                 fmt::format("{:.1f} % of the file are holes or were never written: reading them "
                             "touches no disk",
                             *share * 100),
                 "measure a file with data in it: aiobench create makes one"};
}

// Whether direct access was what it is called can be seen only where nothing was cached before.
Diagnostic cached_though_direct(const Run& run) {
  if (run.config.cache != "direct" || run.config.engine == "null") return {};
  const double before = run.target.cached_share_before.value_or(0);
  const double after = run.target.cached_share_after.value_or(0);
  if (before < kFewBytes && after < kFewBytes) return {};
  if (before >= kFewBytes) {
    return Warning{WarningCode::cached_though_direct,
                   fmt::format("{:.0f} % of the file was in the page cache though direct was asked "
                               "for: it may have come from there",
                               before * 100),
                   "evict it by a run with --cache cold, and measure again"};
  }
  return Warning{WarningCode::cached_though_direct,
                 fmt::format("{:.0f} % of the file came into the page cache though direct was "
                             "asked for: this file system does not pass it by",
                             after * 100),
                 "use --cache cold, or another file system"};
}

}  // namespace

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
