#include "sweep/gather.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "result/diagnostics.h"

namespace aiobench::sweep {
namespace {

// Warnings of a single repetition hold for all; what follows from figures is judged for all
// repetitions together.
void keep_unmet(const std::vector<measure::Warning>& from, std::vector<measure::Warning>& into) {
  for (const measure::Warning& warning : from) {
    if (warning.kind().unmet) measure::add_warning(into, warning);
  }
}

void add_part(const Cell& cell, measure::Result part, std::optional<measure::Run>& run) {
  measure::Run& from = part.runs.front();
  const std::vector<measure::Warning> warnings = std::exchange(from.warnings, {});
  if (!run) {
    run = std::move(from);
    if (cell.wine) run->origin = static_cast<const measure::Origin&>(part);
  } else {
    for (measure::Repetition& r : from.repetitions) run->repetitions.push_back(std::move(r));
    run->target.cached_share_after = from.target.cached_share_after;
  }
  keep_unmet(warnings, run->warnings);
}

Error no_part_of_a_sweep(const Plan& plan, std::size_t cell) {
  Error error =
      usage_error("go on with the sweep",
                  "what is there of cell '" + cell_text(plan, cell) + "' is no repetition");
  error.hint = "begin it anew with --force";
  return error;
}

// A run of that cell without a repetition.
measure::Run unmeasured(const Plan& plan, std::size_t index) {
  const Cell& cell = plan.cells[index];
  const std::size_t colon = std::min(cell.engine.find(':'), cell.engine.size());
  measure::Run run;
  run.job = "hash";
  run.config.engine = cell.engine.substr(0, colon);
  if (colon < cell.engine.size()) run.config.engine_options = cell.engine.substr(colon + 1);
  run.config.depth = cell.depth;
  run.config.threads = cell.threads;
  run.config.block_bytes = cell.block_bytes;
  run.config.hash = plan.hash;
  run.config.cache = cell.cache;
  run.target.path = plan.files[cell.file].path;
  run.target.file_bytes = plan.bytes_of(index);
  if (cell.wine) run.origin.emplace().host.system = "Windows";
  return run;
}

}  // namespace

Result<Gathered> gather(const Plan& plan, const Parts& parts, const measure::Origin& origin) {
  Gathered all;
  static_cast<measure::Origin&>(all.result) = origin;
  for (std::size_t cell = 0; cell < plan.cells.size(); ++cell) {
    std::optional<measure::Run> run;
    for (unsigned round = 0; round < plan.rounds; ++round) {
      if (!parts.has(round, cell)) continue;
      Result<measure::Result> part = parts.get(round, cell);
      if (!part) return part.take_error();
      if (part->runs.size() != 1 || part->runs[0].repetitions.size() != 1) {
        return no_part_of_a_sweep(plan, cell);
      }
      add_part(plan.cells[cell], part.take(), run);
    }
    if (!run) continue;
    const measure::Origin& made_by = all.result.origin_of(*run);
    for (measure::Warning& warning : measure::judge(*run, made_by.host, made_by.tool)) {
      measure::add_warning(run->warnings, std::move(warning));
    }
    all.result.runs.push_back(std::move(*run));
    all.cells.push_back(cell);
  }
  return all;
}

void add_failure(const Plan& plan, std::size_t cell, const Error& failure, Gathered& gathered) {
  const auto found = std::find(gathered.cells.begin(), gathered.cells.end(), cell);
  if (found != gathered.cells.end()) {
    gathered.result.runs[static_cast<std::size_t>(found - gathered.cells.begin())].failure =
        failure;
    return;
  }
  gathered.result.runs.push_back(unmeasured(plan, cell));
  gathered.result.runs.back().failure = failure;
  gathered.cells.push_back(cell);
}

std::optional<Error> DigestCheck::add(std::size_t cell, const std::string& digest) {
  if (digest.empty()) return std::nullopt;
  First& first = first_[plan_.cells[cell].file];
  if (first.digest.empty()) first = {digest, cell};
  if (first.digest == digest) return std::nullopt;
  Error error;
  error.operation = "sweep";
  error.path = plan_.files[plan_.cells[cell].file].path;
  error.cause = fmt::format("digest {} by {}, and {} by {}", first.digest,
                            cell_text(plan_, first.cell), digest, cell_text(plan_, cell));
  error.hint = "the file was changed meanwhile, or one of the two reads wrongly: no figure counts";
  return error;
}

}  // namespace aiobench::sweep
