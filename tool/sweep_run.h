// The rounds of a sweep: what is measured next, what is kept, and when it ends.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/clock.h"
#include "sweep/forecast.h"
#include "sweep/gather.h"
#include "sweep/store.h"
#include "tool/exit_code.h"
#include "tool/sweep_measure.h"
#include "tool/sweep_options.h"
#include "tool/terminal_line.h"

namespace aiobench::tool {

class SweepRun {
 public:
  // All outlive it.
  SweepRun(const SweepSettings& settings, const sweep::Parts& parts, CellMeasurer& measurer,
           sweep::Forecast& forecast);

  enum class End {
    complete,
    failed,       // done but for cells that failed
    limit,        // of time or bytes
    interrupted,  // by the user
    differs,      // two cells have read different data: no figure counts
  };

  // Errors are told as they come. An error here: what was measured cannot be kept.
  Result<End> run(sweep::Parts& parts);

  // After run(): the worst that was told.
  ExitCode code() const { return code_; }
  // By cell.
  const std::vector<std::optional<Error>>& failures() const { return failures_; }
  // Measured rounds that were done as a whole.
  unsigned rounds_done() const { return rounds_done_; }

  // Seconds that are left, by forecast, from `round` on.
  double seconds_left(unsigned round) const;

 private:
  std::vector<std::size_t> cells_of(unsigned round) const;
  bool over_limit(unsigned round, const std::vector<std::size_t>& cells) const;
  Result<std::optional<End>> run_cell(unsigned round, std::size_t cell, sweep::Parts& parts);
  Result<bool> check_kept();
  bool differs(std::size_t cell, const std::string& digest);
  void show(unsigned round, std::size_t done, std::size_t all, std::size_t cell);

  const SweepSettings& settings_;
  const sweep::Plan& plan_;
  const sweep::Parts& parts_;
  CellMeasurer& measurer_;
  sweep::Forecast& forecast_;
  sweep::DigestCheck digests_;
  std::vector<std::optional<Error>> failures_;  // by cell: it is not measured again in this run
  std::uint64_t bytes_done_ = 0;
  const platform::Ticks start_;
  TerminalLine line_;
  ExitCode code_ = ExitCode::good;
  unsigned rounds_done_ = 0;
};

// "3:05", "1:02:03"
std::string format_time_left(double seconds);

}  // namespace aiobench::tool
