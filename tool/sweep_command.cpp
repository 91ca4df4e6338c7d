// aiobench sweep: measures the configurations in rounds, keeps every repetition in the store, and
// ranks the configurations at the end.

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/units.h"
#include "os/atomic_file.h"
#include "os/clock.h"
#include "os/console.h"
#include "os/directory.h"
#include "os/wine.h"
#include "report/text.h"
#include "result/json_reader.h"
#include "result/json_writer.h"
#include "result/model.h"
#include "run/read.h"
#include "run/run.h"
#include "sweep/plan.h"
#include "sweep/ranking.h"
#include "sweep/store.h"
#include "tool/command.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/session.h"
#include "tool/sweep_options.h"

namespace aiobench::tool {
namespace {

// Measures one repetition of one configuration, in this process or in the Windows build under Wine.
class ConfigurationMeasurer {
 public:
  // The references must outlive the measurer. `scratch`: an unused file name for the output of the
  // Windows build.
  ConfigurationMeasurer(const sweep::Plan& plan, const std::vector<StreamSettings>& configurations,
                        const result::Origin& origin, std::string scratch);

  // Returns a result with one run of one repetition. After Ctrl-C, an error of kind interrupted.
  Result<result::Results> measure(std::size_t configuration);

  // Estimates the seconds per pass of each configuration by reading part of each file.
  Result<std::vector<double>> estimate_seconds();

 private:
  Result<result::Results> measure_here(std::size_t configuration);
  Result<result::Results> measure_under_wine(std::size_t configuration);
  Result<double> probe(const sweep::SweptFile& file, const StreamSettings& like);

  const sweep::Plan& plan_;
  const std::vector<StreamSettings>& configurations_;
  const result::Origin& origin_;
  const std::string scratch_;
  std::optional<os::WindowsBuild> build_;  // found on first use
  run::BufferPool pool_;
};

// The error for a Windows build that wrote no result, with the first line that it printed.
Error no_result(const std::string& output, int exit_code) {
  Error error;
  error.operation = "run the Windows build";
  const Result<std::string> printed = os::read_file(output, kMiB);
  const std::string first = printed ? printed->substr(0, printed->find('\n')) : "";
  error.cause = fmt::format("exit code {}{}{}", exit_code, first.empty() ? "" : ": ", first);
  error.hint = "run the configuration alone, with --verbose";
  return error;
}

// The Windows build cannot evict a file from the Linux page cache; this program does it before.
bool prepared_here(const sweep::Configuration& configuration) {
  return configuration.cache == "cold";
}

Error interrupted() {
  return os::interrupted_error("the unfinished repetition was discarded");
}

// The arguments with which the Windows build measures a configuration once and writes the result to
// `result_path`.
std::vector<std::string> arguments_for(const sweep::Plan& plan, std::size_t index,
                                       const std::string& result_path) {
  const sweep::Configuration& configuration = plan.configurations[index];
  return {"hash",
          "--engine=" + configuration.engine,
          fmt::format("--depth={}", configuration.depth),
          fmt::format("--threads={}", configuration.threads),
          fmt::format("--block-size={}", configuration.block_bytes),
          "--hash=" + plan.hash,
          "--cache=" + (prepared_here(configuration) ? "asis" : configuration.cache),
          "--json=" + result_path,
          "--progress=never",
          "--quiet",
          "--",
          plan.files[configuration.file].path};
}

ConfigurationMeasurer::ConfigurationMeasurer(const sweep::Plan& plan,
                                             const std::vector<StreamSettings>& configurations,
                                             const result::Origin& origin, std::string scratch)
    : plan_(plan), configurations_(configurations), origin_(origin), scratch_(std::move(scratch)) {}

Result<result::Results> ConfigurationMeasurer::measure(std::size_t configuration) {
  return plan_.configurations[configuration].wine ? measure_under_wine(configuration)
                                                  : measure_here(configuration);
}

Result<result::Results> ConfigurationMeasurer::measure_here(std::size_t configuration) {
  result::Run run = run_file(configurations_[configuration],
                             plan_.files[plan_.configurations[configuration].file].path, pool_);
  if (run.failure) return std::move(*run.failure);
  if (run.partial || run.repetitions.empty() || run.repetitions[0].partial) return interrupted();
  result::Results result;
  static_cast<result::Origin&>(result) = origin_;
  result.runs.push_back(std::move(run));
  return result;
}

Result<result::Results> ConfigurationMeasurer::measure_under_wine(std::size_t configuration) {
  if (!build_) {
    Result<os::WindowsBuild> found = os::find_windows_build();
    if (!found) return found.take_error();
    build_ = found.take();
  }
  const sweep::Configuration& wanted = plan_.configurations[configuration];
  std::vector<result::Warning> warnings;
  if (prepared_here(wanted)) {
    Status ready = prepare_cache(plan_.files[wanted.file].path,
                                 configurations_[configuration].cache, warnings);
    if (!ready) return ready.take_error();
  }
  const std::string output = scratch_ + ".aiobench-part";
  if (os::exists(scratch_)) {
    if (Status removed = os::remove_file(scratch_); !removed) return removed.take_error();
  }
  Result<int> code = os::run_windows_build(*build_, arguments_for(plan_, configuration, scratch_),
                                           output, main_event());
  if (!code) return code.take_error();
  if (os::interrupted()) return interrupted();
  if (!os::exists(scratch_)) return no_result(output, *code);
  Result<result::Results> result = result::read_result_file(scratch_);
  if (!result) return result;
  if (result->runs.size() != 1) return no_result(output, *code);
  if (result->runs[0].failure) return std::move(*result->runs[0].failure);
  if (result->runs[0].repetitions.size() != 1) return no_result(output, *code);
  static_cast<void>(os::remove_file(output));
  result::Run& run = result->runs[0];
  run.config.cache = wanted.cache;
  for (result::Warning& warning : warnings) result::add_warning(run.warnings, std::move(warning));
  return result;
}

// Reads for at most one second: enough to estimate the speed.
Result<double> ConfigurationMeasurer::probe(const sweep::SweptFile& file,
                                            const StreamSettings& like) {
  constexpr std::uint64_t kProbeBytes = 64 * kMiB;
  std::vector<result::Warning> ignored;
  Status ready = prepare_cache(file.path, like.cache, ignored);
  if (!ready) return ready.take_error();
  run::RunSettings settings = like.run;
  settings.engine = *engine::parse_engine("sync");
  const run::ReadSettings read{.duration_seconds = 1, .bytes = std::min(file.bytes, kProbeBytes)};
  std::vector<run::RunOutcome> outcomes = run::read_files(
      settings, read, std::span(&file.path, 1), std::span(&pool_, 1), main_event(), nullptr);
  if (outcomes[0].failure) return std::move(*outcomes[0].failure);
  if (os::interrupted()) return interrupted();
  const double bytes = static_cast<double>(std::max<std::uint64_t>(1, outcomes[0].done_bytes));
  return outcomes[0].wall_seconds / bytes * static_cast<double>(file.bytes);
}

Result<std::vector<double>> ConfigurationMeasurer::estimate_seconds() {
  constexpr double kWineStartSeconds = 0.5;
  std::vector<double> estimates;
  std::map<std::pair<std::size_t, std::string>, double> known;
  for (std::size_t i = 0; i < plan_.configurations.size(); ++i) {
    const sweep::Configuration& configuration = plan_.configurations[i];
    const auto key = std::pair(configuration.file, configuration.cache);
    if (known.count(key) == 0) {
      Result<double> seconds = probe(plan_.files[configuration.file], configurations_[i]);
      if (os::interrupted()) return interrupted();
      // A file that cannot be read is reported when its configurations are measured.
      known[key] = seconds ? *seconds : 0;
    }
    estimates.push_back(known[key] + (configuration.wine ? kWineStartSeconds : 0));
  }
  return estimates;
}

// Runs the rounds of a sweep: decides what is measured next, what is kept, and when it ends.
class SweepRun {
 public:
  // The references must outlive the SweepRun.
  SweepRun(const SweepSettings& settings, const sweep::Store& store,
           ConfigurationMeasurer& measurer, sweep::Forecast& forecast);

  enum class End {
    complete,
    failed,       // complete except for configurations that failed
    limit,        // stopped by --max-time or --max-bytes
    interrupted,  // by the user
    differs,      // two configurations read different data: the figures are invalid
  };

  // Failed configurations are reported and skipped. Returns an error if the store cannot be
  // written.
  Result<End> run(sweep::Store& store);

  // After run(): the most severe exit code of the reported errors.
  ExitCode code() const { return code_; }
  // One entry per configuration.
  const std::vector<std::optional<Error>>& failures() const { return failures_; }
  // Number of completed measured rounds.
  unsigned rounds_done() const { return rounds_done_; }

  // Forecast of the remaining seconds, from `round` on.
  double seconds_left(unsigned round) const;

 private:
  std::vector<std::size_t> configurations_of(unsigned round) const;
  bool over_limit(unsigned round, const std::vector<std::size_t>& configurations) const;
  Result<std::optional<End>> run_configuration(unsigned round, std::size_t configuration,
                                               sweep::Store& store);
  Result<bool> check_kept();
  bool differs(std::size_t configuration, const std::string& digest);
  void show(unsigned round, std::size_t done, std::size_t all, std::size_t configuration);

  const SweepSettings& settings_;
  const sweep::Plan& plan_;
  const sweep::Store& store_;
  ConfigurationMeasurer& measurer_;
  sweep::Forecast& forecast_;
  sweep::DigestCheck digests_;
  // One entry per configuration. A failed configuration is not measured again in this run.
  std::vector<std::optional<Error>> failures_;
  std::uint64_t bytes_done_ = 0;
  const os::Ticks start_;
  TerminalLine line_;
  ExitCode code_ = ExitCode::good;
  unsigned rounds_done_ = 0;
};

// "3:05", "1:02:03"
std::string format_time_left(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

SweepRun::SweepRun(const SweepSettings& settings, const sweep::Store& store,
                   ConfigurationMeasurer& measurer, sweep::Forecast& forecast)
    : settings_(settings),
      plan_(settings.plan),
      store_(store),
      measurer_(measurer),
      forecast_(forecast),
      digests_(settings.plan),
      failures_(settings.plan.configurations.size()),
      start_(os::now_ticks()),
      line_(settings.progress) {}

// The configurations of a round that still have to be measured.
std::vector<std::size_t> SweepRun::configurations_of(unsigned round) const {
  std::vector<std::size_t> configurations = sweep::round_order(plan_, round);
  std::erase_if(configurations, [&](std::size_t configuration) {
    const bool kept = round >= plan_.warmup && store_.has(round - plan_.warmup, configuration);
    return kept || failures_[configuration];
  });
  return configurations;
}

double SweepRun::seconds_left(unsigned round) const {
  double seconds = 0;
  for (; round < plan_.warmup + plan_.rounds; ++round)
    seconds += forecast_.of_all(configurations_of(round));
  return seconds;
}

// Only complete rounds are measured, so that all configurations have the same number of
// repetitions. If not even one measured round fits, the first round runs until the limit.
bool SweepRun::over_limit(unsigned round, const std::vector<std::size_t>& configurations) const {
  std::uint64_t bytes = 0;
  for (const std::size_t configuration : configurations) bytes += plan_.bytes_of(configuration);
  if (settings_.max_bytes > 0 && bytes_done_ + bytes > settings_.max_bytes) return true;
  const double gone = os::ticks_to_seconds(os::now_ticks() - start_);
  const bool first_round = rounds_done_ == 0 && round >= plan_.warmup;
  const double needed = first_round ? 0 : forecast_.of_all(configurations);
  return settings_.max_seconds > 0 && gone + needed > settings_.max_seconds;
}

void SweepRun::show(unsigned round, std::size_t done, std::size_t all, std::size_t configuration) {
  if (!line_.enabled()) return;
  const std::string name = round < plan_.warmup
                               ? fmt::format("warm-up {}/{}", round + 1, plan_.warmup)
                               : fmt::format("round {}/{}", round + 1 - plan_.warmup, plan_.rounds);
  std::string text = fmt::format("{}  configuration {}/{}  {} left", name, done + 1, all,
                                 format_time_left(seconds_left(round)));
  const std::string what = "  " + printable(sweep::configuration_text(plan_, configuration));
  if (text.size() + what.size() <= line_.columns()) text += what;
  line_.show(text.substr(0, line_.columns()));
}

// Checks the digests of the repetitions that an earlier run has kept. Returns whether all are
// equal.
Result<bool> SweepRun::check_kept() {
  for (unsigned round = 0; round < plan_.rounds; ++round) {
    for (std::size_t configuration = 0; configuration < plan_.configurations.size();
         ++configuration) {
      if (!store_.has(round, configuration)) continue;
      Result<result::Results> part = store_.get(round, configuration);
      if (!part) return part.take_error();
      for (const result::Run& run : part->runs) {
        for (const result::Repetition& r : run.repetitions) {
          if (differs(configuration, r.digest)) return false;
        }
      }
    }
  }
  return true;
}

// Returns whether the digest differs from that of another configuration, and reports it.
bool SweepRun::differs(std::size_t configuration, const std::string& digest) {
  const std::optional<Error> wrong = digests_.add(configuration, digest);
  if (!wrong) return false;
  line_.clear();
  report_error(*wrong);
  code_ = ExitCode::bad;
  return true;
}

// Measures one repetition. Returns the reason if the sweep ends here.
Result<std::optional<SweepRun::End>> SweepRun::run_configuration(unsigned round,
                                                                 std::size_t configuration,
                                                                 sweep::Store& store) {
  const os::Ticks before = os::now_ticks();
  Result<result::Results> measured = measurer_.measure(configuration);
  if (os::interrupted()) return std::optional(End::interrupted);
  if (!measured) {
    line_.clear();
    Error error = measured.take_error();
    error.cause += ", when measuring " + sweep::configuration_text(plan_, configuration);
    code_ = worse(code_, report_error(error));
    failures_[configuration] = std::move(error);
    return std::optional<End>();
  }
  forecast_.learn(configuration, os::ticks_to_seconds(os::now_ticks() - before));
  bytes_done_ += plan_.bytes_of(configuration);
  if (differs(configuration, measured->runs[0].repetitions[0].digest))
    return std::optional(End::differs);
  if (round < plan_.warmup) return std::optional<End>();
  if (Status kept = store.put(round - plan_.warmup, configuration, *measured); !kept) {
    return kept.take_error();
  }
  return std::optional<End>();
}

Result<SweepRun::End> SweepRun::run(sweep::Store& store) {
  const Result<bool> kept = check_kept();
  if (!kept) return kept.error();
  if (!*kept) return End::differs;
  // No warm-up rounds if no measured round is left.
  const bool nothing_left = seconds_left(plan_.warmup) <= 0;
  for (unsigned round = nothing_left ? plan_.warmup : 0; round < plan_.warmup + plan_.rounds;
       ++round) {
    const std::vector<std::size_t> configurations = configurations_of(round);
    if (!configurations.empty() && over_limit(round, configurations)) return End::limit;
    for (std::size_t i = 0; i < configurations.size(); ++i) {
      if (os::interrupted()) return End::interrupted;
      if (round >= plan_.warmup && rounds_done_ == 0 && over_limit(round, {})) return End::limit;
      show(round, i, configurations.size(), configurations[i]);
      Result<std::optional<End>> ended = run_configuration(round, configurations[i], store);
      if (!ended) return ended.take_error();
      if (*ended) return **ended;
    }
    if (round >= plan_.warmup) ++rounds_done_;
  }
  const bool failed = std::any_of(failures_.begin(), failures_.end(),
                                  [](const auto& failure) { return failure.has_value(); });
  return failed ? End::failed : End::complete;
}

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
  const std::string path = sweep::Store::plan_path(sweep::Store::directory_for(options.json_file));
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

// Refuses outputs that would overwrite an input or an existing result.
Status check_sweep_outputs(const SweepOptions& options) {
  if (options.resume && options.force) {
    return usage_error("use --resume with --force",
                       "--resume continues a sweep, and --force starts a new one",
                       "leave out one of them");
  }
  if (options.json_file.empty()) {
    return usage_error("use --json", "the name is empty",
                       "give a file name: a sweep writes its result to a file");
  }
  StreamOptions outputs;
  outputs.files = options.files;
  outputs.json_file = options.json_file;
  outputs.csv_file = options.csv_file;
  if (Status writable = check_outputs(outputs); !writable) return writable;
  const bool begun =
      os::exists(sweep::Store::plan_path(sweep::Store::directory_for(options.json_file)));
  if (options.force || options.resume || begun || !os::exists(options.json_file)) return {};
  return usage_error("write the sweep to '" + options.json_file + "'", "it already exists",
                     "use --force to replace it, or choose another --json");
}

std::string estimate(const SweepSettings& settings, double seconds) {
  const sweep::Plan& plan = settings.plan;
  const unsigned rounds = plan.warmup + plan.rounds;
  std::string text =
      fmt::format("{} configurations, {} warm-up and {} measured rounds: {} to read, about {}",
                  plan.configurations.size(), plan.warmup, plan.rounds,
                  format_size(rounds * plan.round_bytes()), format_time_left(seconds));
  if (settings.max_seconds > 0 && seconds > settings.max_seconds) {
    text += fmt::format("; --max-time stops it after {}", format_time_left(settings.max_seconds));
  }
  const unsigned within =
      settings.max_bytes > 0 ? sweep::rounds_within(plan, settings.max_bytes) : rounds;
  if (within < rounds) text += fmt::format("; --max-bytes stops it after {} rounds", within);
  return text;
}

// Refuses a --max-bytes that does not allow one measured round.
Status check_limits(const SweepSettings& settings) {
  if (settings.max_bytes == 0) return {};
  if (sweep::rounds_within(settings.plan, settings.max_bytes) > settings.plan.warmup) return {};
  return usage_error(
      "use --max-bytes",
      fmt::format("the {} warm-up rounds and one measured round read {}", settings.plan.warmup,
                  format_size((settings.plan.warmup + 1) * settings.plan.round_bytes())),
      "increase --max-bytes or measure fewer configurations");
}

void print_plan(const SweepSettings& settings, const std::string& line) {
  print("{}\n\n", line);
  for (std::size_t configuration = 0; configuration < settings.plan.configurations.size();
       ++configuration) {
    print("  {}\n", printable(sweep::configuration_text(settings.plan, configuration)));
  }
}

void print_tables(const result::Results& result, SweepRun::End end, const report::Style& style) {
  put(sweep::text_of(result, style));
  if (end == SweepRun::End::interrupted)
    put(style.in(report::Tone::unreliable, "Partial: interrupted.") + "\n");
}

// Reports how the sweep ended and how to continue it. Returns the exit code.
ExitCode report_end(const SweepSettings& settings, const SweepRun& run, SweepRun::End end,
                    const sweep::Merged& merged) {
  if (end == SweepRun::End::interrupted) {
    return report_error(os::interrupted_error("the figures are partial; continue with --resume"));
  }
  if (end == SweepRun::End::limit) {
    log_info(fmt::format("stopped by a limit after {} of {} rounds; continue with --resume",
                         run.rounds_done(), settings.plan.rounds));
  }
  const std::set<std::size_t> measured(merged.configurations.begin(), merged.configurations.end());
  const std::size_t missing = settings.plan.configurations.size() - measured.size();
  if (missing == 0 || end == SweepRun::End::failed) return run.code();
  Error error;
  error.operation = "measure every configuration";
  error.cause = fmt::format("{} of {} configurations were not started before the limit", missing,
                            settings.plan.configurations.size());
  error.hint = "continue with --resume, or increase the limit";
  return worse(run.code(), report_error(error));
}

ExitCode write_result(const SweepOptions& options, const SweepSettings& settings,
                      const result::Results& result, SweepRun::End end, ExitCode code) {
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) return true;
    Status written = os::write_file(path, text, true);
    if (!written) code = worse(code, report_error(written.error()));
    return static_cast<bool>(written);
  };
  if (settings.format == Format::text) print_tables(result, end, settings.style);
  if (settings.format == Format::json) put(result::to_json(result));
  if (settings.format == Format::csv) put(report::to_csv(result));
  // An interrupted sweep is incomplete, so it does not replace the result file.
  if (end != SweepRun::End::interrupted) {
    write(options.json_file, result::to_json(result));
    write(options.csv_file, report::to_csv(result));
  }
  return code;
}

ExitCode run_sweep(const SweepOptions& options, const Arguments& arguments,
                   const SweepSettings& settings) {
  result::Origin origin = new_result();
  origin.own_cost = run::own_cost(main_event());
  const std::string directory = sweep::Store::directory_for(options.json_file);
  using Begin = sweep::Store::Begin;
  Result<sweep::Store> store =
      sweep::Store::open(directory, sweep::to_json(settings.plan, arguments, origin),
                         options.resume  ? Begin::where_left
                         : options.force ? Begin::over
                                         : Begin::anew);
  if (!store) return report_error(store.error());
  ConfigurationMeasurer measurer(settings.plan, settings.configurations, origin, store->scratch());
  Result<std::vector<double>> estimates = measurer.estimate_seconds();
  if (!estimates) return report_error(estimates.error());
  sweep::Forecast forecast(estimates.take());
  SweepRun run(settings, *store, measurer, forecast);
  log_info(estimate(settings, run.seconds_left(0)));
  const Result<SweepRun::End> end = run.run(*store);
  if (!end) return report_error(end.error());
  if (*end == SweepRun::End::differs) return run.code();
  Result<sweep::Merged> merged = sweep::merge(settings.plan, *store, origin);
  if (!merged) return report_error(merged.error());
  for (std::size_t configuration = 0; configuration < run.failures().size(); ++configuration) {
    if (const std::optional<Error>& failure = run.failures()[configuration]) {
      sweep::add_failure(settings.plan, configuration, *failure, *merged);
    }
  }
  ExitCode code = report_end(settings, run, *end, *merged);
  code = write_result(options, settings, merged->result, *end, code);
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
          "use --resume", "there is no unfinished sweep for '" + options.json_file + "'",
          "name its result file with --json"));
    }
  }
  const Result<SweepSettings> settings = check(options);
  if (!settings) return report_error(settings.error());
  apply_verbosity(options.quiet, options.verbose);
  if (Status limits = check_limits(*settings); !limits) return report_error(limits.error());
  main_event();
  for (const std::string& why : settings->left_out) log_info("left out: " + why);
  if (options.dry_run) {
    const result::Origin origin;
    ConfigurationMeasurer measurer(settings->plan, settings->configurations, origin, "");
    const Result<std::vector<double>> estimates = measurer.estimate_seconds();
    if (!estimates) return report_error(estimates.error());
    double round = 0;
    for (const double seconds : *estimates) round += seconds;
    print_plan(*settings,
               estimate(*settings, round * (settings->plan.warmup + settings->plan.rounds)));
    return finish_output(ExitCode::good);
  }
  if (Status outputs = check_sweep_outputs(options); !outputs) return report_error(outputs.error());
  return run_sweep(options, arguments, *settings);
}

}  // namespace aiobench::tool
