#include "tool/sweep_run.h"

#include <fmt/core.h>

#include <algorithm>

#include "os/interrupt.h"
#include "tool/command.h"

namespace aiobench::tool {

SweepRun::SweepRun(const SweepSettings& settings, const sweep::Parts& parts, CellMeasurer& measurer,
                   sweep::Forecast& forecast)
    : settings_(settings),
      plan_(settings.plan),
      parts_(parts),
      measurer_(measurer),
      forecast_(forecast),
      digests_(settings.plan),
      failures_(settings.plan.cells.size()),
      start_(platform::now_ticks()),
      line_(settings.progress) {}

// Those of a measured round that are not there yet.
std::vector<std::size_t> SweepRun::cells_of(unsigned round) const {
  std::vector<std::size_t> cells = sweep::round_order(plan_, round);
  std::erase_if(cells, [&](std::size_t cell) {
    const bool kept = round >= plan_.warmup && parts_.has(round - plan_.warmup, cell);
    return kept || failures_[cell];
  });
  return cells;
}

double SweepRun::seconds_left(unsigned round) const {
  double seconds = 0;
  for (; round < plan_.warmup + plan_.rounds; ++round) seconds += forecast_.of_all(cells_of(round));
  return seconds;
}

// Whole rounds, so that all cells have as many repetitions. Where not even one fits, of the first
// one as much as does.
bool SweepRun::over_limit(unsigned round, const std::vector<std::size_t>& cells) const {
  std::uint64_t bytes = 0;
  for (const std::size_t cell : cells) bytes += plan_.bytes_of(cell);
  if (settings_.max_bytes > 0 && bytes_done_ + bytes > settings_.max_bytes) return true;
  const double gone = platform::ticks_to_seconds(platform::now_ticks() - start_);
  const bool nothing_yet = rounds_done_ == 0 && round >= plan_.warmup;
  const double needed = nothing_yet ? 0 : forecast_.of_all(cells);
  return settings_.max_seconds > 0 && gone + needed > settings_.max_seconds;
}

void SweepRun::show(unsigned round, std::size_t done, std::size_t all, std::size_t cell) {
  if (!line_.enabled()) return;
  const std::string name = round < plan_.warmup
                               ? fmt::format("warm-up {}/{}", round + 1, plan_.warmup)
                               : fmt::format("round {}/{}", round + 1 - plan_.warmup, plan_.rounds);
  std::string text = fmt::format("{}  cell {}/{}  {} left", name, done + 1, all,
                                 format_time_left(seconds_left(round)));
  const std::string what = "  " + printable(sweep::cell_text(plan_, cell));
  if (text.size() + what.size() <= line_.columns()) text += what;
  line_.show(text.substr(0, line_.columns()));
}

// What an earlier run has kept is held against the digests too. True where all are the same.
Result<bool> SweepRun::check_kept() {
  for (unsigned round = 0; round < plan_.rounds; ++round) {
    for (std::size_t cell = 0; cell < plan_.cells.size(); ++cell) {
      if (!parts_.has(round, cell)) continue;
      Result<measure::Result> part = parts_.get(round, cell);
      if (!part) return part.take_error();
      for (const measure::Run& run : part->runs) {
        for (const measure::Repetition& r : run.repetitions) {
          if (differs(cell, r.digest)) return false;
        }
      }
    }
  }
  return true;
}

// Tells it, where a digest is another one than that of another cell.
bool SweepRun::differs(std::size_t cell, const std::string& digest) {
  const std::optional<Error> wrong = digests_.add(cell, digest);
  if (!wrong) return false;
  line_.clear();
  tell(*wrong);
  code_ = ExitCode::bad;
  return true;
}

// One repetition; what it ends the sweep with, if it does.
Result<std::optional<SweepRun::End>> SweepRun::run_cell(unsigned round, std::size_t cell,
                                                        sweep::Parts& parts) {
  const platform::Ticks before = platform::now_ticks();
  Result<measure::Result> measured = measurer_.measure(cell);
  if (platform::interrupted()) return std::optional(End::interrupted);
  if (!measured) {
    line_.clear();
    Error error = measured.take_error();
    error.cause += " (" + sweep::cell_text(plan_, cell) + ")";
    code_ = worse(code_, tell(error));
    failures_[cell] = std::move(error);
    return std::optional<End>();
  }
  forecast_.learn(cell, platform::ticks_to_seconds(platform::now_ticks() - before));
  bytes_done_ += plan_.bytes_of(cell);
  if (differs(cell, measured->runs[0].repetitions[0].digest)) return std::optional(End::differs);
  if (round < plan_.warmup) return std::optional<End>();
  if (Status kept = parts.put(round - plan_.warmup, cell, *measured); !kept) {
    return kept.take_error();
  }
  return std::optional<End>();
}

Result<SweepRun::End> SweepRun::run(sweep::Parts& parts) {
  const Result<bool> kept = check_kept();
  if (!kept) return kept.error();
  if (!*kept) return End::differs;
  // Warm-up rounds come before what is measured; where nothing is left to be, there are none.
  const bool nothing_left = seconds_left(plan_.warmup) <= 0;
  for (unsigned round = nothing_left ? plan_.warmup : 0; round < plan_.warmup + plan_.rounds;
       ++round) {
    const std::vector<std::size_t> cells = cells_of(round);
    if (!cells.empty() && over_limit(round, cells)) return End::limit;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (platform::interrupted()) return End::interrupted;
      if (round >= plan_.warmup && rounds_done_ == 0 && over_limit(round, {})) return End::limit;
      show(round, i, cells.size(), cells[i]);
      Result<std::optional<End>> ended = run_cell(round, cells[i], parts);
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
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace aiobench::tool
