// A sweep: its options, the configurations that they select, and the rounds that measure them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/settings.h"
#include "os/clock.h"
#include "os/wine.h"
#include "result/model.h"
#include "run/run.h"
#include "sweep/plan.h"
#include "sweep/store.h"
#include "tool/command.h"
#include "tool/output.h"
#include "tool/terminal.h"

namespace aiobench::tool {

// The command line.
struct SweepOptions {
  SweepOptions() { outputs.json_file = "aiobench-sweep.json"; }

  std::vector<std::string> files;
  std::vector<std::string> engines = {"all"};
  std::vector<unsigned> depths = {1, 8, 32};
  std::vector<unsigned> threads = {1};
  std::vector<std::uint32_t> blocks = {kMiB};  // bytes
  std::vector<CacheState> caches = {CacheState::asis};
  HashAlgorithm hash = HashAlgorithm::xxh3;
  unsigned rounds = 7;
  unsigned warmup = 1;
  std::uint64_t seed = 1;
  double max_seconds = 0;       // 0: no limit
  std::uint64_t max_bytes = 0;  // 0: no limit
  Outputs outputs;
  TerminalOptions terminal;
  bool resume = false;
  bool force = false;
  bool dry_run = false;

  void add_to(Description& description);
};

// What the options select.
struct PlannedSweep {
  sweep::Plan plan;
  std::vector<std::string> left_out;  // impossible combinations, each with the reason
};

// Determines the sizes of the files, and adds every combination of the lists for every file, once
// each. The error names the first invalid option. Checks now that each engine is available, not
// after hours of measuring.
Result<PlannedSweep> plan_sweep(const SweepOptions& options);

// Splits at commas: "1,8,,32" -> "1", "8", "", "32"
std::vector<std::string> split_list(const std::string& text);

// "iocp:batch=1,skip_on_success,io_uring" -> "iocp:batch=1,skip_on_success", "io_uring". A
// part that is not an engine name is another option of the engine before it.
std::vector<std::string> split_engines(const std::string& text);

// The names that --engine of sweep accepts besides the engines: "all", "wine", and "wine/NAME" for
// each engine of the Windows build.
std::vector<std::string> group_names();

// Measures one repetition of one configuration, in this process or in the Windows build under Wine.
class ConfigurationMeasurer {
 public:
  // The references must outlive the measurer. `scratch`: an unused file name for the output of the
  // Windows build.
  ConfigurationMeasurer(const sweep::Plan& plan, const result::Origin& origin, std::string scratch);

  // Returns a result with one run of one repetition. After Ctrl-C, an error of kind interrupted.
  Result<result::Results> measure(std::size_t configuration);

  // Estimates the seconds per pass of each configuration by reading part of each file.
  Result<std::vector<double>> estimate_seconds();

 private:
  Result<result::Results> measure_here(const sweep::Configuration& configuration);
  Result<result::Results> measure_under_wine(const sweep::Configuration& configuration);
  Result<double> probe(const sweep::Configuration& configuration);

  const sweep::Plan& plan_;
  const result::Origin& origin_;
  const std::string scratch_;
  std::optional<os::WindowsBuild> build_;  // found on first use
  run::BufferPool pool_;
};

// Runs the rounds of a sweep: decides what is measured next, what is kept, and when it ends.
class SweepRun {
 public:
  // The references must outlive the SweepRun.
  SweepRun(const SweepOptions& options, const sweep::Plan& plan, const sweep::Store& store,
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

  const SweepOptions& options_;
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
std::string format_time_left(double seconds);

}  // namespace aiobench::tool
