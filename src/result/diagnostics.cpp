#include "result/diagnostics.h"

#include <fmt/core.h>

#include "base/units.h"
#include "result/flow_doubts.h"

namespace aiobench::measure {
namespace {

// What a twentieth of the bytes does to a figure is less than what two runs differ by.
constexpr double kFewBytes = 0.05;

Doubt under_wine(const platform::HostFacts& host) {
  if (host.wine.empty()) return {};
  return Warning{
      WarningCode::wine,
      fmt::format("this is Wine {}: its timing says nothing about Windows", printable(host.wine)),
      "measure on a real Windows"};
}

Doubt slow_build(const ToolFacts& tool) {
  const bool sanitized = tool.build_type.find("sanitizer") != std::string::npos;
  if (tool.optimized && !sanitized) return {};
  return Warning{WarningCode::debug_build,
                 fmt::format("this aiobench was not built for speed ({}): it costs several times "
                             "what it should",
                             tool.build_type.empty() ? "no build type" : tool.build_type),
                 "use a release build (CMAKE_BUILD_TYPE=Release)"};
}

// From a quarter on others are at work for good; below it is what a system does by itself.
Doubt busy_machine(const Repetition& r, const platform::HostFacts& host) {
  constexpr double kMuch = 0.25;
  // Wine's server works for this process, and is another one.
  if (!r.other_cpu_share || *r.other_cpu_share < kMuch || !host.wine.empty()) return {};
  return Warning{WarningCode::busy_machine,
                 fmt::format("other processes took {:.0f} % of the processors' time meanwhile",
                             *r.other_cpu_share * 100),
                 "end them and measure again; in a virtual machine the host's other guests count"};
}

// Latencies of less than two steps are off by half and more.
Doubt coarse_clock(const Repetition& r, const platform::HostFacts& host) {
  const auto median_ns = static_cast<double>(r.latency_ns.percentile(50));
  if (r.latency_ns.count() == 0 || median_ns >= 2 * host.clock_step_ns) return {};
  return Warning{WarningCode::coarse_clock,
                 fmt::format("half of the latencies are {} or less, and the clock moves in steps "
                             "of {}",
                             format_duration_ns(median_ns), format_duration_ns(host.clock_step_ns)),
                 "quote no latency of it; larger blocks take longer"};
}

Doubt sparse_file(const Run& run) {
  const std::optional<double>& share = run.target.hole_share;
  if (!share || *share < kFewBytes || run.config.engine == "null") return {};
  return Warning{WarningCode::sparse_file,
                 fmt::format("{:.1f} % of the file are holes or were never written: reading them "
                             "touches no disk",
                             *share * 100),
                 "measure a file with data in it: aiobench create makes one"};
}

// Whether direct access was what it is called can be seen only where nothing was cached before.
Doubt cached_though_direct(const Run& run) {
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

std::vector<Warning> judge(const Run& run, const platform::HostFacts& host, const ToolFacts& tool) {
  std::vector<Warning> found;
  const auto add = [&](Doubt doubt) {
    if (doubt) found.push_back(std::move(*doubt));
  };
  const Repetition* const r = run.median();
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

}  // namespace aiobench::measure
