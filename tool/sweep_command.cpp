#include <fmt/core.h>

#include <set>

#include "base/log.h"
#include "base/units.h"
#include "run/own_cost.h"
#include "os/directory.h"
#include "os/atomic_file.h"
#include "report/csv.h"
#include "result/json_writer.h"
#include "report/text.h"
#include "sweep/gather.h"
#include "sweep/table.h"
#include "tool/command.h"
#include "tool/description.h"
#include "tool/interrupt.h"
#include "tool/output.h"
#include "tool/result_output.h"
#include "tool/session.h"
#include "tool/sweep_cells.h"
#include "tool/sweep_options.h"
#include "tool/sweep_run.h"

namespace aiobench::tool {
namespace {

constexpr std::uint64_t kMostPlanBytes = 64 * kMiB;

void declare_sweep(Description& description, SweepOptions& options) {
  description.name = "sweep";
  description.about = "Measures every combination of lists, in rounds, and says what to pick.";
  options.add_to(description);
  description.more_engines = group_names();
  description.notes = "Engines: " + engine::names();
  description.examples = {
      {"aiobench sweep --depth 1,8,32 --cache warm --dry-run file.bin",
       "what would be measured, and how long that would take"},
      {"aiobench sweep --engine sync,threadpool --depth 1,8 --max-time 10m file.bin",
       "whole rounds, for ten minutes at most"},
      {"aiobench sweep --resume", "goes on with aiobench-sweep.json after an interrupt or a limit"},
      {"aiobench sweep --engine all,wine --depth 8 --json both.json file.bin",
       "Windows' mechanisms too, by Wine; into a result of another name"}};
}

std::optional<ExitCode> read_arguments(const Arguments& arguments, SweepOptions& options) {
  Described<SweepOptions> described(declare_sweep);
  std::optional<ExitCode> code = parse(described, arguments);
  options = std::move(described.options);
  return code;
}

// The sweep that was begun, with the output that is wanted now.
std::optional<ExitCode> read_old_arguments(SweepOptions& options, Arguments& arguments) {
  const std::string path = sweep::Parts::plan_path(sweep::Parts::folder_for(options.json_file));
  if (!platform::exists(path)) return std::nullopt;  // Parts tells it
  const Result<std::string> text = platform::read_file(path, kMostPlanBytes);
  if (!text) return tell(text.error());
  Result<std::vector<std::string>> old = sweep::arguments_in(*text, path);
  if (!old) return tell(old.error());
  const SweepOptions now = options;
  arguments = old.take();
  if (std::optional<ExitCode> code = read_arguments(arguments, options)) return code;
  options.resume = true;
  options.force = false;
  options.dry_run = now.dry_run;
  options.max_time = now.max_time;
  options.max_bytes = now.max_bytes;
  options.json_file = now.json_file;
  options.csv_file = now.csv_file;
  options.format = now.format;
  options.progress = now.progress;
  options.color = now.color;
  options.quiet = now.quiet;
  options.verbose = now.verbose;
  return std::nullopt;
}

// Nothing that is there is lost: neither a file to be read, nor an older result.
Status check_sweep_outputs(const SweepOptions& options) {
  if (options.resume && options.force) {
    return usage_error("use --resume with --force", "one goes on, the other begins anew");
  }
  if (options.json_file.empty()) {
    return usage_error("use --json", "the name is empty", "a sweep keeps its result in a file");
  }
  StreamOptions outputs;
  outputs.files = options.files;
  outputs.json_file = options.json_file;
  outputs.csv_file = options.csv_file;
  if (Status writable = check_outputs(outputs); !writable) return writable;
  const bool begun =
      platform::exists(sweep::Parts::plan_path(sweep::Parts::folder_for(options.json_file)));
  if (options.force || options.resume || begun || !platform::exists(options.json_file)) return {};
  return usage_error("begin a sweep into '" + options.json_file + "'", "it exists already",
                     "choose another --json, or replace it with --force");
}

std::string estimate(const SweepSettings& settings, double seconds) {
  const sweep::Plan& plan = settings.plan;
  const unsigned rounds = plan.warmup + plan.rounds;
  std::string text =
      fmt::format("{} cells, {} warm-up and {} measured rounds: {} to read, about {}",
                  plan.cells.size(), plan.warmup, plan.rounds,
                  format_size(rounds * plan.round_bytes()), format_time_left(seconds));
  if (settings.max_seconds > 0 && seconds > settings.max_seconds) {
    text += fmt::format("; --max-time ends it after {}", format_time_left(settings.max_seconds));
  }
  const unsigned within =
      settings.max_bytes > 0 ? sweep::rounds_within(plan, settings.max_bytes) : rounds;
  if (within < rounds) text += fmt::format("; --max-bytes ends it after {} rounds", within);
  return text;
}

// A limit that leaves nothing to measure is a mistake, known before anything is read.
Status check_limits(const SweepSettings& settings) {
  if (settings.max_bytes == 0) return {};
  if (sweep::rounds_within(settings.plan, settings.max_bytes) > settings.plan.warmup) return {};
  return usage_error(
      "use --max-bytes",
      fmt::format("the {} warm-up rounds and one measured round read {}", settings.plan.warmup,
                  format_size((settings.plan.warmup + 1) * settings.plan.round_bytes())),
      "allow more, or sweep less");
}

void print_plan(const SweepSettings& settings, const std::string& line) {
  print("{}\n\n", line);
  for (std::size_t cell = 0; cell < settings.plan.cells.size(); ++cell) {
    print("  {}\n", printable(sweep::cell_text(settings.plan, cell)));
  }
}

void print_tables(const measure::Result& result, SweepRun::End end, const report::Style& style) {
  const std::vector<sweep::Group> groups = sweep::standing(result);
  print("{}\n", report::text_header(result, style));
  for (const sweep::Group& group : groups) print("{}\n", sweep::text_of(group, style));
  if (!groups.empty()) put(sweep::legend(groups));
  if (end == SweepRun::End::interrupted)
    put(style.in(report::Tone::doubtful, "Partial: interrupted.") + "\n");
}

// What is to be known besides the figures, and how the sweep goes on.
ExitCode tell_end(const SweepSettings& settings, const SweepRun& run, SweepRun::End end,
                  const sweep::Gathered& gathered) {
  if (end == SweepRun::End::interrupted) {
    return tell(platform::interrupted_error("the figures are partial; --resume goes on"));
  }
  if (end == SweepRun::End::limit) {
    log_info(fmt::format("ended by a limit; --resume goes on with the {} rounds of it",
                         settings.plan.rounds));
  }
  const std::set<std::size_t> measured(gathered.cells.begin(), gathered.cells.end());
  const std::size_t missing = settings.plan.cells.size() - measured.size();
  if (missing == 0 || end == SweepRun::End::failed) return run.code();
  Error error;
  error.operation = "measure every cell";
  error.cause =
      fmt::format("{} of {} were not begun before the limit", missing, settings.plan.cells.size());
  error.hint = "--resume goes on; or allow more time";
  return worse(run.code(), tell(error));
}

ExitCode write_result(const SweepOptions& options, const SweepSettings& settings,
                      const measure::Result& result, SweepRun::End end, ExitCode code) {
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) return true;
    Status written = platform::write_file(path, text, true);
    if (!written) code = worse(code, tell(written.error()));
    return static_cast<bool>(written);
  };
  if (settings.format == Format::text) print_tables(result, end, settings.style);
  if (settings.format == Format::json) put(report::to_json(result));
  if (settings.format == Format::csv) put(report::to_csv(result));
  // Half a sweep is not put where somebody looks for a whole one.
  if (end != SweepRun::End::interrupted) {
    write(options.json_file, report::to_json(result));
    write(options.csv_file, report::to_csv(result));
  }
  return code;
}

ExitCode run_sweep(const SweepOptions& options, const Arguments& arguments,
                   const SweepSettings& settings) {
  measure::Origin origin = new_result();
  origin.own_cost = pipeline::own_cost(main_event());
  // Not known before the folder is there: a part of its name, but nothing is written yet.
  const std::string folder = sweep::Parts::folder_for(options.json_file);
  using Begin = sweep::Parts::Begin;
  Result<sweep::Parts> parts =
      sweep::Parts::open(folder, sweep::to_json(settings.plan, arguments, origin),
                         options.resume  ? Begin::where_left
                         : options.force ? Begin::over
                                         : Begin::anew);
  if (!parts) return tell(parts.error());
  CellMeasurer measurer(settings.plan, settings.cells, origin, parts->scratch());
  Result<std::vector<double>> guesses = measurer.guess();
  if (!guesses) return tell(guesses.error());
  sweep::Forecast forecast(guesses.take());
  SweepRun run(settings, *parts, measurer, forecast);
  log_info(estimate(settings, run.seconds_left(0)));
  const Result<SweepRun::End> end = run.run(*parts);
  if (!end) return tell(end.error());
  if (*end == SweepRun::End::differs) return run.code();
  Result<sweep::Gathered> gathered = sweep::gather(settings.plan, *parts, origin);
  if (!gathered) return tell(gathered.error());
  for (std::size_t cell = 0; cell < run.failures().size(); ++cell) {
    if (const std::optional<Error>& failure = run.failures()[cell]) {
      sweep::add_failure(settings.plan, cell, *failure, *gathered);
    }
  }
  ExitCode code = tell_end(settings, run, *end, *gathered);
  code = write_result(options, settings, gathered->result, *end, code);
  if (*end == SweepRun::End::complete && code == ExitCode::good) {
    if (Status removed = parts->remove(); !removed) code = tell(removed.error());
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
      return tell(usage_error("use --resume",
                              "there is no sweep to go on with for '" + options.json_file + "'",
                              "name its result with --json"));
    }
  }
  const Result<SweepSettings> settings = check(options);
  if (!settings) return tell(settings.error());
  apply_verbosity(options.quiet, options.verbose);
  if (Status limits = check_limits(*settings); !limits) return tell(limits.error());
  main_event();
  for (const std::string& why : settings->left_out) log_info("left out: " + why);
  if (options.dry_run) {
    const measure::Origin origin;
    CellMeasurer measurer(settings->plan, settings->cells, origin, "");
    const Result<std::vector<double>> guesses = measurer.guess();
    if (!guesses) return tell(guesses.error());
    double round = 0;
    for (const double guess : *guesses) round += guess;
    print_plan(*settings,
               estimate(*settings, round * (settings->plan.warmup + settings->plan.rounds)));
    return finish_output(ExitCode::good);
  }
  if (Status outputs = check_sweep_outputs(options); !outputs) return tell(outputs.error());
  return run_sweep(options, arguments, *settings);
}

}  // namespace aiobench::tool
