#include "sweep/store.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <utility>
#include <vector>

#include "base/units.h"
#include "os/atomic_file.h"
#include "os/directory.h"
#include "os/file.h"
#include "result/diagnostics.h"
#include "result/json_reader.h"
#include "result/json_writer.h"
#include "sweep/plan.h"

namespace aiobench::sweep {
namespace {

constexpr const char* kPlan = "plan";  // no .json: it is no result
constexpr const char* kScratch = "scratch.json";
constexpr std::uint64_t kMostPlanBytes = 64 * kMiB;

std::string part_name(unsigned round, std::size_t cell) {
  return fmt::format("r{:04}-c{:05}.json", round, cell);
}

// Whether a sweep made a file of that name.
bool is_own(const std::string& name) {
  if (name == kPlan || name == kScratch || name.ends_with(".aiobench-part")) return true;
  unsigned round = 0;
  unsigned cell = 0;
  return std::sscanf(name.c_str(), "r%u-c%u.json", &round, &cell) == 2 &&
         name == part_name(round, cell);
}

// The plan goes last: while it is there, so is the sweep.
Status remove_own_files(const std::string& folder) {
  Result<std::vector<std::string>> names = os::file_names_in(folder);
  if (!names) return names.take_error();
  for (const std::string& name : *names) {
    if (!is_own(name) || name == kPlan) continue;
    if (Status removed = os::remove_file(os::join_path(folder, name)); !removed) {
      return removed;
    }
  }
  return os::remove_file(Parts::plan_path(folder));
}

Error refusal(std::string what, std::string cause, std::string hint) {
  return usage_error(std::move(what), std::move(cause), std::move(hint));
}

// The plan, open and claimed. A program that was killed holds its claim until the system has
// cleared away all of it, which takes a moment.
Result<os::File> claim_plan(const std::string& folder) {
  constexpr int kTries = 100;
  constexpr std::chrono::milliseconds kPause(20);
  const std::string path = Parts::plan_path(folder);
  Result<os::File> plan = os::File::open(path, {});
  for (int i = 0; plan && i < kTries; ++i) {
    if (i > 0) std::this_thread::sleep_for(kPause);
    if (os::claim(*plan) && os::is_at(*plan, path)) return plan;
  }
  if (!plan) return plan;
  return refusal("sweep into " + folder, "another program is at it",
                 "wait until it has ended, or choose another --json");
}

Result<os::File> write_plan(const std::string& folder, const std::string& plan) {
  if (Status made = os::make_folders(folder); !made) return made.take_error();
  Status written = os::write_file(Parts::plan_path(folder), plan, true);
  if (!written) return written.take_error();
  return claim_plan(folder);
}

Status same_plan(const std::string& folder, const std::string& plan) {
  const Result<std::string> there = os::read_file(Parts::plan_path(folder), kMostPlanBytes);
  if (!there) return there.error();
  const std::string other = difference(*there, plan);
  if (other.empty()) return {};
  return refusal("go on with the sweep in " + folder,
                 "it was begun with another plan: see " + other,
                 "leave out all options but --resume and --json, or begin anew with --force");
}

}  // namespace

std::string Parts::folder_for(const std::string& result_path) {
  return result_path + ".parts";
}

std::string Parts::plan_path(const std::string& folder) {
  return os::join_path(folder, kPlan);
}

Parts::Parts(std::string folder, os::File plan)
    : folder_(std::move(folder)), plan_(std::move(plan)) {}

Result<Parts> Parts::open(const std::string& folder, const std::string& plan, Begin begin) {
  const bool there = os::exists(plan_path(folder));
  if (begin == Begin::anew && there) {
    return refusal("begin a sweep", "one that can go on is in " + folder,
                   "go on with --resume, or begin anew with --force");
  }
  if (begin == Begin::where_left && !there) {
    return refusal("use --resume", "there is no sweep to go on with in " + folder,
                   "name its result with --json");
  }
  if (there) {
    Result<os::File> old = claim_plan(folder);
    if (!old) return old.take_error();
    if (begin == Begin::where_left) {
      if (Status same = same_plan(folder, plan); !same) return same.take_error();
      return Parts(folder, old.take());
    }
    if (Status closed = old->close(); !closed) return closed.take_error();
    if (Status removed = remove_own_files(folder); !removed) return removed.take_error();
  }
  Result<os::File> claimed = write_plan(folder, plan);
  if (!claimed) return claimed.take_error();
  return Parts(folder, claimed.take());
}

std::string Parts::path_of(unsigned round, std::size_t cell) const {
  return os::join_path(folder_, part_name(round, cell));
}

bool Parts::has(unsigned round, std::size_t cell) const {
  return os::exists(path_of(round, cell));
}

Status Parts::put(unsigned round, std::size_t cell, const result::Result& result) {
  return os::write_file(path_of(round, cell), result::to_json(result), true);
}

Result<result::Result> Parts::get(unsigned round, std::size_t cell) const {
  return result::read_result_file(path_of(round, cell));
}

std::string Parts::scratch() const {
  return os::join_path(folder_, kScratch);
}

Status Parts::remove() {
  if (Status closed = plan_.close(); !closed) return closed;
  if (Status removed = remove_own_files(folder_); !removed) return removed;
  return os::remove_folder(folder_);
}

namespace {

// Warnings of a single repetition hold for all; what follows from figures is judged for all
// repetitions together.
void keep_unmet(const std::vector<result::Warning>& from, std::vector<result::Warning>& into) {
  for (const result::Warning& warning : from) {
    if (warning.kind().unmet) result::add_warning(into, warning);
  }
}

void add_part(const Cell& cell, result::Result part, std::optional<result::Run>& run) {
  result::Run& from = part.runs.front();
  const std::vector<result::Warning> warnings = std::exchange(from.warnings, {});
  if (!run) {
    run = std::move(from);
    if (cell.wine) run->origin = static_cast<const result::Origin&>(part);
  } else {
    for (result::Repetition& r : from.repetitions) run->repetitions.push_back(std::move(r));
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
result::Run unmeasured(const Plan& plan, std::size_t index) {
  const Cell& cell = plan.cells[index];
  const std::size_t colon = std::min(cell.engine.find(':'), cell.engine.size());
  result::Run run;
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

Result<Gathered> gather(const Plan& plan, const Parts& parts, const result::Origin& origin) {
  Gathered all;
  static_cast<result::Origin&>(all.result) = origin;
  for (std::size_t cell = 0; cell < plan.cells.size(); ++cell) {
    std::optional<result::Run> run;
    for (unsigned round = 0; round < plan.rounds; ++round) {
      if (!parts.has(round, cell)) continue;
      Result<result::Result> part = parts.get(round, cell);
      if (!part) return part.take_error();
      if (part->runs.size() != 1 || part->runs[0].repetitions.size() != 1) {
        return no_part_of_a_sweep(plan, cell);
      }
      add_part(plan.cells[cell], part.take(), run);
    }
    if (!run) continue;
    const result::Origin& made_by = all.result.origin_of(*run);
    for (result::Warning& warning : result::judge(*run, made_by.host, made_by.tool)) {
      result::add_warning(run->warnings, std::move(warning));
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
