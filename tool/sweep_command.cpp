// aiobench sweep: measures the configurations in rounds, keeps every repetition in the store, and
// ranks the configurations at the end.

#include <fmt/core.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/units.h"
#include "engine/registry.h"
#include "os/atomic_file.h"
#include "os/console.h"
#include "os/directory.h"
#include "report/csv.h"
#include "report/text.h"
#include "result/json_writer.h"
#include "run/run.h"
#include "sweep/plan.h"
#include "sweep/ranking.h"
#include "sweep/store.h"
#include "tool/command.h"
#include "tool/measure.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/sweep.h"

namespace aiobench::tool {
namespace {

constexpr std::uint64_t kMaxPlanBytes = 64 * kMiB;

void declare_sweep(Description& description, SweepOptions& options) {
  description.name = "sweep";
  description.about =
      "Measures every combination of the given engines, depths, threads, block sizes and cache "
      "states, "
      "and ranks them.";
  options.add_to(description);
  description.more_engines = group_names();
  description.notes = std::string(kUnitsNote) + "\nEngines: " + engine::names();
  description.examples = {
      {"aiobench sweep --depth 1,8,32 --cache warm --dry-run file.bin",
       "show what would be measured and how long it would take"},
      {"aiobench sweep --engine sync,threadpool --depth 1,8 --max-time 10m file.bin",
       "measure complete rounds for at most ten minutes"},
      {"aiobench sweep --resume", "continue after an interrupt or a limit"},
      {"aiobench sweep --engine all,wine --depth 8 --json both.json file.bin",
       "include the Windows engines under Wine; use another result file"}};
}

std::optional<ExitCode> read_arguments(const Arguments& arguments, SweepOptions& options) {
  Described<SweepOptions> described(declare_sweep);
  std::optional<ExitCode> code = parse(described, arguments);
  options = std::move(described.options);
  return code;
}

// For --resume without FILE: takes the configurations from the unfinished sweep, and limits and
// output options from this command line.
std::optional<ExitCode> read_old_arguments(SweepOptions& options, Arguments& arguments) {
  const std::string path =
      sweep::Store::plan_path(sweep::Store::directory_for(options.outputs.json_file));
  if (!os::exists(path)) return std::nullopt;  // the caller reports it
  const Result<std::string> text = os::read_file(path, kMaxPlanBytes);
  if (!text) return report_error(text.error());
  Result<std::vector<std::string>> old = sweep::arguments_in(*text, path);
  if (!old) return report_error(old.error());
  const SweepOptions now = options;
  arguments = old.take();
  if (std::optional<ExitCode> code = read_arguments(arguments, options)) return code;
  options.resume = true;
  options.force = false;
  options.dry_run = now.dry_run;
  options.max_seconds = now.max_seconds;
  options.max_bytes = now.max_bytes;
  options.outputs = now.outputs;
  options.terminal = now.terminal;
  return std::nullopt;
}

// Refuses outputs that would overwrite an input or an existing result.
Status check_sweep_outputs(const SweepOptions& options) {
  if (options.resume && options.force) {
    return usage_error("use --resume with --force",
                       "--resume continues a sweep, and --force starts a new one",
                       "leave out one of them");
  }
  if (options.outputs.json_file.empty()) {
    return usage_error("use --json", "the name is empty",
                       "give a file name: a sweep writes its result to a file");
  }
  if (Status writable = options.outputs.check(options.files); !writable) return writable;
  const bool begun =
      os::exists(sweep::Store::plan_path(sweep::Store::directory_for(options.outputs.json_file)));
  if (options.force || options.resume || begun || !os::exists(options.outputs.json_file)) return {};
  return usage_error("write the sweep to '" + options.outputs.json_file + "'", "it already exists",
                     "use --force to replace it, or name another file with --json");
}

// "20 s", "3 min 20 s", "1 h 5 min"
std::string time_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

std::string estimate(const SweepOptions& options, const sweep::Plan& plan, double seconds) {
  const unsigned rounds = plan.warmup + plan.rounds;
  std::string text =
      fmt::format("{} configurations, {} warm-up and {} measured rounds: {} to read, about {}",
                  plan.configurations.size(), plan.warmup, plan.rounds,
                  format_size(rounds * plan.round_bytes()), time_text(seconds));
  if (options.max_seconds > 0 && seconds > options.max_seconds) {
    text += fmt::format("; --max-time stops the sweep after {}", time_text(options.max_seconds));
  }
  const unsigned within =
      options.max_bytes > 0 ? sweep::rounds_within(plan, options.max_bytes) : rounds;
  if (within < rounds) text += fmt::format("; --max-bytes stops the sweep after {} rounds", within);
  return text;
}

// Refuses a --max-bytes that does not allow one measured round.
Status check_limits(const SweepOptions& options, const sweep::Plan& plan) {
  if (options.max_bytes == 0) return {};
  if (sweep::rounds_within(plan, options.max_bytes) > plan.warmup) return {};
  return usage_error("use --max-bytes",
                     fmt::format("the {} warm-up rounds and one measured round read {}",
                                 plan.warmup, format_size((plan.warmup + 1) * plan.round_bytes())),
                     "increase --max-bytes or measure fewer configurations");
}

void print_plan(const sweep::Plan& plan, const std::string& line) {
  print("{}\n\n", line);
  for (std::size_t configuration = 0; configuration < plan.configurations.size(); ++configuration) {
    print("  {}\n", printable(sweep::configuration_text(plan, configuration)));
  }
}

void print_tables(const result::Results& result, SweepRun::End end, const report::Style& style) {
  put(sweep::text_of(result, style));
  if (end == SweepRun::End::interrupted)
    put(style.in(report::Tone::unreliable, "Partial: interrupted.") + "\n");
}

// Reports how the sweep ended and how to continue it. Returns the exit code.
ExitCode report_end(const sweep::Plan& plan, const SweepRun& run, SweepRun::End end,
                    const sweep::Merged& merged) {
  if (end == SweepRun::End::interrupted) {
    return report_error(os::interrupted_error("the figures are partial; continue with --resume"));
  }
  if (end == SweepRun::End::limit) {
    log_info(fmt::format("stopped by a limit after {} of {} rounds; continue with --resume",
                         run.rounds_done(), plan.rounds));
  }
  const std::set<std::size_t> measured(merged.configurations.begin(), merged.configurations.end());
  const std::size_t missing = plan.configurations.size() - measured.size();
  if (missing == 0 || end == SweepRun::End::failed) return run.code();
  Error error;
  error.operation = "measure every configuration";
  error.cause = fmt::format("{} of {} configurations were not started before the limit", missing,
                            plan.configurations.size());
  error.hint = "continue with --resume, or increase the limit";
  return worse(run.code(), report_error(error));
}

ExitCode write_result(const Outputs& outputs, const result::Results& result, SweepRun::End end,
                      ExitCode code) {
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) return true;
    Status written = os::write_file(path, text, true);
    if (!written) code = worse(code, report_error(written.error()));
    return static_cast<bool>(written);
  };
  if (outputs.format == Format::text) print_tables(result, end, outputs.style);
  if (outputs.format == Format::json) put(result::to_json(result));
  if (outputs.format == Format::csv) put(report::to_csv(result));
  // An interrupted sweep is incomplete, so it does not replace the result file.
  if (end != SweepRun::End::interrupted) {
    write(outputs.json_file, result::to_json(result));
    write(outputs.csv_file, report::to_csv(result));
  }
  return code;
}

ExitCode run_sweep(const SweepOptions& options, const Arguments& arguments,
                   const sweep::Plan& plan) {
  result::Origin origin = new_result();
  origin.own_cost = run::own_cost(main_event());
  const std::string directory = sweep::Store::directory_for(options.outputs.json_file);
  using Begin = sweep::Store::Begin;
  Result<sweep::Store> store =
      sweep::Store::open(directory, sweep::to_json(plan, arguments, origin),
                         options.resume  ? Begin::where_left
                         : options.force ? Begin::over
                                         : Begin::anew);
  if (!store) return report_error(store.error());
  ConfigurationMeasurer measurer(plan, origin, store->scratch());
  Result<std::vector<double>> estimates = measurer.estimate_seconds();
  if (!estimates) return report_error(estimates.error());
  sweep::Forecast forecast(estimates.take());
  SweepRun run(options, plan, *store, measurer, forecast);
  log_info(estimate(options, plan, run.seconds_left(0)));
  const Result<SweepRun::End> end = run.run(*store);
  if (!end) return report_error(end.error());
  if (*end == SweepRun::End::differs) return run.code();
  Result<sweep::Merged> merged = sweep::merge(plan, *store, origin);
  if (!merged) return report_error(merged.error());
  for (std::size_t configuration = 0; configuration < run.failures().size(); ++configuration) {
    if (const std::optional<Error>& failure = run.failures()[configuration]) {
      sweep::add_failure(plan, configuration, *failure, *merged);
    }
  }
  ExitCode code = report_end(plan, run, *end, *merged);
  code = write_result(options.outputs, merged->result, *end, code);
  if (*end == SweepRun::End::complete && code == ExitCode::good) {
    if (Status removed = store->remove(); !removed) code = report_error(removed.error());
  }
  return finish_output(code);
}

}  // namespace

std::shared_ptr<Description> describe_sweep() {
  return std::make_shared<Described<SweepOptions>>(declare_sweep);
}

ExitCode sweep_command(const Arguments& given) {
  SweepOptions options;
  Arguments arguments = given;
  if (const std::optional<ExitCode> code = read_arguments(arguments, options)) return *code;
  if (options.resume && options.files.empty()) {
    if (const std::optional<ExitCode> code = read_old_arguments(options, arguments)) return *code;
    if (options.files.empty()) {
      return report_error(usage_error(
          "use --resume", "there is no unfinished sweep for '" + options.outputs.json_file + "'",
          "name the result file of the sweep with --json"));
    }
  }
  const Result<PlannedSweep> planned = plan_sweep(options);
  if (!planned) return report_error(planned.error());
  const sweep::Plan& plan = planned->plan;
  options.outputs.style = output_style(options.terminal.color);
  options.terminal.apply_verbosity();
  if (Status limits = check_limits(options, plan); !limits) return report_error(limits.error());
  main_event();
  for (const std::string& why : planned->left_out) log_info("left out: " + why);
  if (options.dry_run) {
    const result::Origin origin;
    ConfigurationMeasurer measurer(plan, origin, "");
    const Result<std::vector<double>> estimates = measurer.estimate_seconds();
    if (!estimates) return report_error(estimates.error());
    double round = 0;
    for (const double seconds : *estimates) round += seconds;
    print_plan(plan, estimate(options, plan, round * (plan.warmup + plan.rounds)));
    return finish_output(ExitCode::good);
  }
  if (Status outputs = check_sweep_outputs(options); !outputs) return report_error(outputs.error());
  return run_sweep(options, arguments, plan);
}

}  // namespace aiobench::tool
