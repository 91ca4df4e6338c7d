#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include "base/units.h"
#include "os/atomic_file.h"
#include "os/console.h"
#include "os/directory.h"
#include "result/json_reader.h"
#include "run/read.h"
#include "tool/measure.h"
#include "tool/sweep.h"

namespace aiobench::tool {
namespace {

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
  return configuration.settings.cache == CacheState::cold;
}

Error interrupted() {
  return os::interrupted_error("the unfinished repetition was discarded");
}

// The arguments with which the Windows build measures a configuration once and writes the result to
// `result_path`.
std::vector<std::string> arguments_for(const sweep::Plan& plan,
                                       const sweep::Configuration& configuration,
                                       const std::string& result_path) {
  const Settings& settings = configuration.settings;
  const CacheState cache = prepared_here(configuration) ? CacheState::asis : settings.cache;
  return {"hash",
          "--engine=" + settings.engine_text(),
          fmt::format("--depth={}", settings.depth),
          fmt::format("--threads={}", settings.threads),
          fmt::format("--block-size={}", settings.block_bytes),
          fmt::format("--hash={}", name(settings.hash)),
          fmt::format("--cache={}", name(cache)),
          "--json=" + result_path,
          "--progress=never",
          "--quiet",
          "--",
          plan.files[configuration.file].path};
}

}  // namespace

ConfigurationMeasurer::ConfigurationMeasurer(const sweep::Plan& plan, const result::Origin& origin,
                                             std::string scratch)
    : plan_(plan), origin_(origin), scratch_(std::move(scratch)) {}

Result<result::Results> ConfigurationMeasurer::measure(std::size_t index) {
  const sweep::Configuration& configuration = plan_.configurations[index];
  return configuration.wine ? measure_under_wine(configuration) : measure_here(configuration);
}

Result<result::Results> ConfigurationMeasurer::measure_here(
    const sweep::Configuration& configuration) {
  result::Run run =
      run_file({.settings = configuration.settings}, plan_.files[configuration.file].path, pool_);
  if (run.failure) return std::move(*run.failure);
  if (run.partial || run.repetitions.empty() || run.repetitions[0].partial) return interrupted();
  result::Results result;
  static_cast<result::Origin&>(result) = origin_;
  result.runs.push_back(std::move(run));
  return result;
}

Result<result::Results> ConfigurationMeasurer::measure_under_wine(
    const sweep::Configuration& wanted) {
  if (!build_) {
    Result<os::WindowsBuild> found = os::find_windows_build();
    if (!found) return found.take_error();
    build_ = found.take();
  }
  std::vector<result::Warning> warnings;
  if (prepared_here(wanted)) {
    Status ready = prepare_cache(plan_.files[wanted.file].path, wanted.settings.cache, warnings);
    if (!ready) return ready.take_error();
  }
  const std::string output = scratch_ + ".aiobench-part";
  if (os::exists(scratch_)) {
    if (Status removed = os::remove_file(scratch_); !removed) return removed.take_error();
  }
  Result<int> code =
      os::run_windows_build(*build_, arguments_for(plan_, wanted, scratch_), output, main_event());
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
  run.config.cache = wanted.settings.cache;
  for (result::Warning& warning : warnings) result::add_warning(run.warnings, std::move(warning));
  return result;
}

// Reads for at most one second: enough to estimate the speed.
Result<double> ConfigurationMeasurer::probe(const sweep::Configuration& configuration) {
  constexpr std::uint64_t kProbeBytes = 64 * kMiB;
  const sweep::SweptFile& file = plan_.files[configuration.file];
  std::vector<result::Warning> ignored;
  Status ready = prepare_cache(file.path, configuration.settings.cache, ignored);
  if (!ready) return ready.take_error();
  Settings settings = configuration.settings;
  settings.engine = "sync";
  settings.engine_options.clear();
  settings.read =
      ReadSettings{.duration_seconds = 1, .limit_bytes = std::min(file.bytes, kProbeBytes)};
  std::vector<run::RunOutcome> outcomes = run::read_files(
      settings, std::span(&file.path, 1), {.event = main_event(), .pools = std::span(&pool_, 1)});
  if (outcomes[0].failure) return std::move(*outcomes[0].failure);
  if (os::interrupted()) return interrupted();
  const double bytes = static_cast<double>(std::max<std::uint64_t>(1, outcomes[0].done_bytes));
  return outcomes[0].wall_seconds / bytes * static_cast<double>(file.bytes);
}

Result<std::vector<double>> ConfigurationMeasurer::estimate_seconds() {
  constexpr double kWineStartSeconds = 0.5;
  std::vector<double> estimates;
  std::map<std::pair<std::size_t, CacheState>, double> known;
  for (const sweep::Configuration& configuration : plan_.configurations) {
    const auto key = std::pair(configuration.file, configuration.settings.cache);
    if (known.count(key) == 0) {
      Result<double> seconds = probe(configuration);
      if (os::interrupted()) return interrupted();
      // A file that cannot be read is reported when its configurations are measured.
      known[key] = seconds ? *seconds : 0;
    }
    estimates.push_back(known[key] + (configuration.wine ? kWineStartSeconds : 0));
  }
  return estimates;
}

std::string format_time_left(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

SweepRun::SweepRun(const SweepOptions& options, const sweep::Plan& plan, const sweep::Store& store,
                   ConfigurationMeasurer& measurer, sweep::Forecast& forecast)
    : options_(options),
      plan_(plan),
      store_(store),
      measurer_(measurer),
      forecast_(forecast),
      digests_(plan),
      failures_(plan.configurations.size()),
      start_(os::now_ticks()),
      line_(options.terminal.shows_progress()) {}

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
  if (options_.max_bytes > 0 && bytes_done_ + bytes > options_.max_bytes) return true;
  const double gone = os::ticks_to_seconds(os::now_ticks() - start_);
  const bool first_round = rounds_done_ == 0 && round >= plan_.warmup;
  const double needed = first_round ? 0 : forecast_.of_all(configurations);
  return options_.max_seconds > 0 && gone + needed > options_.max_seconds;
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

}  // namespace aiobench::tool
