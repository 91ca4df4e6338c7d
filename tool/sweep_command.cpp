// One repetition of one configuration of a sweep: in this program, or by the Windows build under
// Wine.

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
#include "report/csv.h"
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
#include "tool/results.h"
#include "tool/session.h"
#include "tool/sweep_options.h"

namespace aiobench::tool {

class ConfigurationMeasurer {
 public:
  // All outlive it. `scratch`: a file name that nothing else uses, for what another program writes.
  ConfigurationMeasurer(const sweep::Plan& plan, const std::vector<StreamSettings>& configurations,
                        const result::Origin& origin, std::string scratch);

  // A result with one run of one repetition. An error of kind interrupted where the user has ended
  // it half way.
  Result<result::Results> measure(std::size_t configuration);

  // Seconds that each configuration will take for one pass, by reading some of each file.
  Result<std::vector<double>> guess();

 private:
  Result<result::Results> measure_here(std::size_t configuration);
  Result<result::Results> measure_under_wine(std::size_t configuration);
  Result<double> probe(const sweep::SweptFile& file, const StreamSettings& like);

  const sweep::Plan& plan_;
  const std::vector<StreamSettings>& configurations_;
  const result::Origin& origin_;
  const std::string scratch_;
  std::optional<os::WindowsBuild> build_;  // found when it is first needed
  run::BufferPool pool_;
};

// The arguments with which the Windows build measures that configuration once, and writes the
// result to `result_path`.
std::vector<std::string> arguments_for(const sweep::Plan& plan, std::size_t configuration,
                                       const std::string& result_path);

namespace {

// What another program printed, when it left no result: its first line, which is an error.
Error no_result(const std::string& output, int exit_code) {
  Error error;
  error.operation = "run the Windows build";
  const Result<std::string> printed = os::read_file(output, kMiB);
  const std::string first = printed ? printed->substr(0, printed->find('\n')) : "";
  error.cause = fmt::format("exit code {}{}{}", exit_code, first.empty() ? "" : ": ", first);
  error.hint = "run the configuration alone, with --verbose";
  return error;
}

// Wine cannot have Linux evict a file; this program can, before it starts Wine.
bool prepared_here(const sweep::Configuration& configuration) {
  return configuration.cache == "cold";
}

Error interrupted() {
  return os::interrupted_error("the repetition under way is not kept");
}

}  // namespace

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

// A second at most, and no more than tells the speed.
Result<double> ConfigurationMeasurer::probe(const sweep::SweptFile& file,
                                            const StreamSettings& like) {
  constexpr std::uint64_t kEnough = 64 * kMiB;
  std::vector<result::Warning> ignored;
  Status ready = prepare_cache(file.path, like.cache, ignored);
  if (!ready) return ready.take_error();
  run::RunSettings settings = like.run;
  settings.engine = *engine::parse_engine("sync");
  const run::ReadSettings read{.duration_seconds = 1, .bytes = std::min(file.bytes, kEnough)};
  std::vector<run::RunOutcome> outcomes = run::read_files(
      settings, read, std::span(&file.path, 1), std::span(&pool_, 1), main_event(), nullptr);
  if (outcomes[0].failure) return std::move(*outcomes[0].failure);
  if (os::interrupted()) return interrupted();
  const double bytes = static_cast<double>(std::max<std::uint64_t>(1, outcomes[0].done_bytes));
  return outcomes[0].wall_seconds / bytes * static_cast<double>(file.bytes);
}

Result<std::vector<double>> ConfigurationMeasurer::guess() {
  constexpr double kToStartWine = 0.5;
  std::vector<double> guesses;
  std::map<std::pair<std::size_t, std::string>, double> known;
  for (std::size_t i = 0; i < plan_.configurations.size(); ++i) {
    const sweep::Configuration& configuration = plan_.configurations[i];
    const auto key = std::pair(configuration.file, configuration.cache);
    if (known.count(key) == 0) {
      Result<double> seconds = probe(plan_.files[configuration.file], configurations_[i]);
      if (os::interrupted()) return interrupted();
      // A file that cannot be read is told of when its configurations are measured: the others go
      // on.
      known[key] = seconds ? *seconds : 0;
    }
    guesses.push_back(known[key] + (configuration.wine ? kToStartWine : 0));
  }
  return guesses;
}

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

// The rounds of a sweep: what is measured next, what is kept, and when it ends.

class SweepRun {
 public:
  // All outlive it.
  SweepRun(const SweepSettings& settings, const sweep::Store& store,
           ConfigurationMeasurer& measurer, sweep::Forecast& forecast);

  enum class End {
    complete,
    failed,       // done but for configurations that failed
    limit,        // of time or bytes
    interrupted,  // by the user
    differs,      // two configurations have read different data: no figure counts
  };

  // Errors are told as they come. An error here: what was measured cannot be kept.
  Result<End> run(sweep::Store& store);

  // After run(): the worst that was told.
  ExitCode code() const { return code_; }
  // By configuration.
  const std::vector<std::optional<Error>>& failures() const { return failures_; }
  // Measured rounds that were done as a whole.
  unsigned rounds_done() const { return rounds_done_; }

  // Seconds that are left, by forecast, from `round` on.
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
  std::vector<std::optional<Error>>
      failures_;  // by configuration: it is not measured again in this run
  std::uint64_t bytes_done_ = 0;
  const os::Ticks start_;
  TerminalLine line_;
  ExitCode code_ = ExitCode::good;
  unsigned rounds_done_ = 0;
};

// "3:05", "1:02:03"
std::string format_time_left(double seconds);

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

// Those of a measured round that are not there yet.
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

// Whole rounds, so that all configurations have as many repetitions. Where not even one fits, of
// the first one as much as does.
bool SweepRun::over_limit(unsigned round, const std::vector<std::size_t>& configurations) const {
  std::uint64_t bytes = 0;
  for (const std::size_t configuration : configurations) bytes += plan_.bytes_of(configuration);
  if (settings_.max_bytes > 0 && bytes_done_ + bytes > settings_.max_bytes) return true;
  const double gone = os::ticks_to_seconds(os::now_ticks() - start_);
  const bool nothing_yet = rounds_done_ == 0 && round >= plan_.warmup;
  const double needed = nothing_yet ? 0 : forecast_.of_all(configurations);
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

// What an earlier run has kept is held against the digests too. True where all are the same.
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

// Tells it, where a digest is another one than that of another configuration.
bool SweepRun::differs(std::size_t configuration, const std::string& digest) {
  const std::optional<Error> wrong = digests_.add(configuration, digest);
  if (!wrong) return false;
  line_.clear();
  tell(*wrong);
  code_ = ExitCode::bad;
  return true;
}

// One repetition; what it ends the sweep with, if it does.
Result<std::optional<SweepRun::End>> SweepRun::run_configuration(unsigned round,
                                                                 std::size_t configuration,
                                                                 sweep::Store& store) {
  const os::Ticks before = os::now_ticks();
  Result<result::Results> measured = measurer_.measure(configuration);
  if (os::interrupted()) return std::optional(End::interrupted);
  if (!measured) {
    line_.clear();
    Error error = measured.take_error();
    error.cause += " (" + sweep::configuration_text(plan_, configuration) + ")";
    code_ = worse(code_, tell(error));
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
  // Warm-up rounds come before what is measured; where nothing is left to be, there are none.
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

std::string format_time_left(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

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
       "Windows' mechanisms too, under Wine; into a result of another name"}};
}

std::optional<ExitCode> read_arguments(const Arguments& arguments, SweepOptions& options) {
  Described<SweepOptions> described(declare_sweep);
  std::optional<ExitCode> code = parse(described, arguments);
  options = std::move(described.options);
  return code;
}

// The sweep that was begun, with the output that is wanted now.
std::optional<ExitCode> read_old_arguments(SweepOptions& options, Arguments& arguments) {
  const std::string path = sweep::Store::plan_path(sweep::Store::directory_for(options.json_file));
  if (!os::exists(path)) return std::nullopt;  // Store tells it
  const Result<std::string> text = os::read_file(path, kMostPlanBytes);
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
      os::exists(sweep::Store::plan_path(sweep::Store::directory_for(options.json_file)));
  if (options.force || options.resume || begun || !os::exists(options.json_file)) return {};
  return usage_error("begin a sweep into '" + options.json_file + "'", "it exists already",
                     "choose another --json, or replace it with --force");
}

std::string estimate(const SweepSettings& settings, double seconds) {
  const sweep::Plan& plan = settings.plan;
  const unsigned rounds = plan.warmup + plan.rounds;
  std::string text =
      fmt::format("{} configurations, {} warm-up and {} measured rounds: {} to read, about {}",
                  plan.configurations.size(), plan.warmup, plan.rounds,
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
  for (std::size_t configuration = 0; configuration < settings.plan.configurations.size();
       ++configuration) {
    print("  {}\n", printable(sweep::configuration_text(settings.plan, configuration)));
  }
}

void print_tables(const result::Results& result, SweepRun::End end, const report::Style& style) {
  const std::vector<sweep::Group> groups = sweep::rank(result);
  print("{}\n", report::text_header(result, style));
  for (const sweep::Group& group : groups) print("{}\n", sweep::text_of(group, style));
  if (!groups.empty()) put(sweep::legend(groups));
  if (end == SweepRun::End::interrupted)
    put(style.in(report::Tone::unreliable, "Partial: interrupted.") + "\n");
}

// What is to be known besides the figures, and how the sweep goes on.
ExitCode tell_end(const SweepSettings& settings, const SweepRun& run, SweepRun::End end,
                  const sweep::Merged& merged) {
  if (end == SweepRun::End::interrupted) {
    return tell(os::interrupted_error("the figures are partial; --resume goes on"));
  }
  if (end == SweepRun::End::limit) {
    log_info(fmt::format("ended by a limit; --resume goes on with the {} rounds of it",
                         settings.plan.rounds));
  }
  const std::set<std::size_t> measured(merged.configurations.begin(), merged.configurations.end());
  const std::size_t missing = settings.plan.configurations.size() - measured.size();
  if (missing == 0 || end == SweepRun::End::failed) return run.code();
  Error error;
  error.operation = "measure every configuration";
  error.cause = fmt::format("{} of {} were not begun before the limit", missing,
                            settings.plan.configurations.size());
  error.hint = "--resume goes on; or allow more time";
  return worse(run.code(), tell(error));
}

ExitCode write_result(const SweepOptions& options, const SweepSettings& settings,
                      const result::Results& result, SweepRun::End end, ExitCode code) {
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) return true;
    Status written = os::write_file(path, text, true);
    if (!written) code = worse(code, tell(written.error()));
    return static_cast<bool>(written);
  };
  if (settings.format == Format::text) print_tables(result, end, settings.style);
  if (settings.format == Format::json) put(result::to_json(result));
  if (settings.format == Format::csv) put(report::to_csv(result));
  // Half a sweep is not put where somebody looks for a whole one.
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
  // Not known before the directory is there: a part of its name, but nothing is written yet.
  const std::string directory = sweep::Store::directory_for(options.json_file);
  using Begin = sweep::Store::Begin;
  Result<sweep::Store> store =
      sweep::Store::open(directory, sweep::to_json(settings.plan, arguments, origin),
                         options.resume  ? Begin::where_left
                         : options.force ? Begin::over
                                         : Begin::anew);
  if (!store) return tell(store.error());
  ConfigurationMeasurer measurer(settings.plan, settings.configurations, origin, store->scratch());
  Result<std::vector<double>> guesses = measurer.guess();
  if (!guesses) return tell(guesses.error());
  sweep::Forecast forecast(guesses.take());
  SweepRun run(settings, *store, measurer, forecast);
  log_info(estimate(settings, run.seconds_left(0)));
  const Result<SweepRun::End> end = run.run(*store);
  if (!end) return tell(end.error());
  if (*end == SweepRun::End::differs) return run.code();
  Result<sweep::Merged> merged = sweep::merge(settings.plan, *store, origin);
  if (!merged) return tell(merged.error());
  for (std::size_t configuration = 0; configuration < run.failures().size(); ++configuration) {
    if (const std::optional<Error>& failure = run.failures()[configuration]) {
      sweep::add_failure(settings.plan, configuration, *failure, *merged);
    }
  }
  ExitCode code = tell_end(settings, run, *end, *merged);
  code = write_result(options, settings, merged->result, *end, code);
  if (*end == SweepRun::End::complete && code == ExitCode::good) {
    if (Status removed = store->remove(); !removed) code = tell(removed.error());
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
    const result::Origin origin;
    ConfigurationMeasurer measurer(settings->plan, settings->configurations, origin, "");
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
