#include "tool/trace_output.h"

#include <fmt/core.h>

#include "base/log.h"
#include "base/units.h"
#include "run/own_cost.h"
#include "os/atomic_file.h"
#include "report/trace_json.h"
#include "tool/command.h"
#include "tool/interrupt.h"

namespace aiobench::tool {

std::unique_ptr<measure::Trace> new_trace(const StreamOptions& options) {
  if (options.trace_file.empty()) return nullptr;
  auto trace = std::make_unique<measure::Trace>();
  trace->event_cost_ns = pipeline::trace_event_cost_ns(main_event());
  return trace;
}

pipeline::RunSettings for_pass(const pipeline::RunSettings& settings, bool measured) {
  pipeline::RunSettings pass = settings;
  if (!measured) pass.trace = nullptr;
  return pass;
}

void note_trace(const pipeline::RunSettings& settings, const pipeline::RunOutcome& outcome,
                measure::Run& run) {
  if (settings.trace == nullptr) return;
  const double each_ns = settings.trace->event_cost_ns;
  const double cost_ns = each_ns * static_cast<double>(outcome.traced_events);
  const double all_ns = outcome.wall_seconds * 1e9 * outcome.threads;
  measure::add_warning(
      run.warnings,
      {measure::WarningCode::traced,
       fmt::format("the figures hold what the trace cost: {} events at about {} each, {:.1f} % of "
                   "the threads' time",
                   format_count(outcome.traced_events), format_duration_ns(each_ns),
                   all_ns > 0 ? cost_ns / all_ns * 100 : 0.0),
       "leave out --trace to measure"});
}

ExitCode write_trace(const StreamOptions& options, const measure::Trace* trace,
                     const measure::Origin& origin, ExitCode code) {
  if (trace == nullptr) return code;
  const std::string& path = options.trace_file;
  if (Status written = platform::write_file(path, report::trace_json(*trace, origin)); !written) {
    return worse(code, tell(written.error()));
  }
  const std::uint64_t left_out = trace->left_out();
  log_info(fmt::format("the trace of {} events is in '{}'; open it in Perfetto (ui.perfetto.dev)",
                       format_count(trace->added() - left_out), printable(path)));
  if (left_out > 0) {
    log_warning(
        fmt::format("{} events came after the {} that a trace holds, and were left out of '{}'",
                    format_count(left_out), format_count(trace->most()), printable(path)));
  }
  return code;
}

}  // namespace aiobench::tool
