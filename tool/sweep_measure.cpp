#include "tool/sweep_measure.h"

#include <fmt/core.h>

#include <map>
#include <utility>

#include "base/units.h"
#include "run/read_run.h"
#include "os/directory.h"
#include "os/atomic_file.h"
#include "result/json_reader.h"
#include "tool/interrupt.h"
#include "tool/session.h"

namespace aiobench::tool {
namespace {

// What another program printed, when it left no result: its first line, which is an error.
Error no_result(const std::string& output, int exit_code) {
  Error error;
  error.operation = "run the Windows build";
  const Result<std::string> printed = platform::read_file(output, kMiB);
  const std::string first = printed ? printed->substr(0, printed->find('\n')) : "";
  error.cause = fmt::format("exit code {}{}{}", exit_code, first.empty() ? "" : ": ", first);
  error.hint = "run the cell alone, with --verbose";
  return error;
}

// Wine cannot have Linux evict a file; this program can, before it starts Wine.
bool prepared_here(const sweep::Cell& cell) {
  return cell.cache == "cold";
}

Error interrupted() {
  return platform::interrupted_error("the repetition under way is not kept");
}

}  // namespace

CellMeasurer::CellMeasurer(const sweep::Plan& plan, const std::vector<StreamSettings>& cells,
                           const measure::Origin& origin, std::string scratch)
    : plan_(plan), cells_(cells), origin_(origin), scratch_(std::move(scratch)) {}

Result<measure::Result> CellMeasurer::measure(std::size_t cell) {
  return plan_.cells[cell].wine ? measure_by_wine(cell) : measure_here(cell);
}

Result<measure::Result> CellMeasurer::measure_here(std::size_t cell) {
  measure::Run run = run_file(cells_[cell], plan_.files[plan_.cells[cell].file].path, pool_);
  if (run.failure) return std::move(*run.failure);
  if (run.partial || run.repetitions.empty() || run.repetitions[0].partial) return interrupted();
  measure::Result result;
  static_cast<measure::Origin&>(result) = origin_;
  result.runs.push_back(std::move(run));
  return result;
}

Result<measure::Result> CellMeasurer::measure_by_wine(std::size_t cell) {
  if (!build_) {
    Result<platform::WindowsBuild> found = platform::find_windows_build();
    if (!found) return found.take_error();
    build_ = found.take();
  }
  const sweep::Cell& wanted = plan_.cells[cell];
  std::vector<measure::Warning> warnings;
  if (prepared_here(wanted)) {
    Status ready =
        pipeline::prepare_cache(plan_.files[wanted.file].path, cells_[cell].cache, warnings);
    if (!ready) return ready.take_error();
  }
  const std::string output = scratch_ + ".aiobench-part";
  if (platform::exists(scratch_)) {
    if (Status removed = platform::remove_file(scratch_); !removed) return removed.take_error();
  }
  Result<int> code = platform::run_windows_build(*build_, arguments_for(plan_, cell, scratch_),
                                                 output, main_event());
  if (!code) return code.take_error();
  if (platform::interrupted()) return interrupted();
  if (!platform::exists(scratch_)) return no_result(output, *code);
  Result<measure::Result> result = report::read_result_file(scratch_);
  if (!result) return result;
  if (result->runs.size() != 1) return no_result(output, *code);
  if (result->runs[0].failure) return std::move(*result->runs[0].failure);
  if (result->runs[0].repetitions.size() != 1) return no_result(output, *code);
  static_cast<void>(platform::remove_file(output));
  measure::Run& run = result->runs[0];
  run.config.cache = wanted.cache;
  for (measure::Warning& warning : warnings) measure::add_warning(run.warnings, std::move(warning));
  return result;
}

// A second at most, and no more than tells the speed.
Result<double> CellMeasurer::probe(const sweep::SweptFile& file, const StreamSettings& like) {
  constexpr std::uint64_t kEnough = 64 * kMiB;
  std::vector<measure::Warning> ignored;
  Status ready = pipeline::prepare_cache(file.path, like.cache, ignored);
  if (!ready) return ready.take_error();
  pipeline::RunSettings settings = like.run;
  settings.engine = *engine::parse_engine("sync");
  const pipeline::ReadSettings read{.duration_seconds = 1, .bytes = std::min(file.bytes, kEnough)};
  std::vector<pipeline::RunOutcome> outcomes = pipeline::read_files(
      settings, read, std::span(&file.path, 1), std::span(&pool_, 1), main_event(), nullptr);
  if (outcomes[0].failure) return std::move(*outcomes[0].failure);
  if (platform::interrupted()) return interrupted();
  const double bytes = static_cast<double>(std::max<std::uint64_t>(1, outcomes[0].done_bytes));
  return outcomes[0].wall_seconds / bytes * static_cast<double>(file.bytes);
}

Result<std::vector<double>> CellMeasurer::guess() {
  constexpr double kToStartWine = 0.5;
  std::vector<double> guesses;
  std::map<std::pair<std::size_t, std::string>, double> known;
  for (std::size_t i = 0; i < plan_.cells.size(); ++i) {
    const sweep::Cell& cell = plan_.cells[i];
    const auto key = std::pair(cell.file, cell.cache);
    if (known.count(key) == 0) {
      Result<double> seconds = probe(plan_.files[cell.file], cells_[i]);
      if (platform::interrupted()) return interrupted();
      // A file that cannot be read is told of when its cells are measured: the others go on.
      known[key] = seconds ? *seconds : 0;
    }
    guesses.push_back(known[key] + (cell.wine ? kToStartWine : 0));
  }
  return guesses;
}

std::vector<std::string> arguments_for(const sweep::Plan& plan, std::size_t index,
                                       const std::string& result_path) {
  const sweep::Cell& cell = plan.cells[index];
  return {"hash",
          "--engine=" + cell.engine,
          fmt::format("--depth={}", cell.depth),
          fmt::format("--threads={}", cell.threads),
          fmt::format("--block-size={}", cell.block_bytes),
          "--hash=" + plan.hash,
          "--cache=" + (prepared_here(cell) ? "asis" : cell.cache),
          "--json=" + result_path,
          "--progress=never",
          "--quiet",
          "--",
          plan.files[cell.file].path};
}

}  // namespace aiobench::tool
