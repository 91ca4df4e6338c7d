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

constexpr const char* kPlan = "plan";  // without .json, because it is not a result
constexpr const char* kScratch = "scratch.json";
constexpr std::uint64_t kMaxPlanBytes = 64 * kMiB;

std::string part_name(unsigned round, std::size_t configuration) {
  return fmt::format("r{:04}-c{:05}.json", round, configuration);
}

// True if a sweep creates files with this name.
bool is_own(const std::string& name) {
  if (name == kPlan || name == kScratch || name.ends_with(".aiobench-part")) return true;
  unsigned round = 0;
  unsigned configuration = 0;
  return std::sscanf(name.c_str(), "r%u-c%u.json", &round, &configuration) == 2 &&
         name == part_name(round, configuration);
}

// The plan is removed last: the sweep counts as unfinished for as long as the plan exists.
Status remove_own_files(const std::string& directory) {
  Result<std::vector<std::string>> names = os::file_names_in(directory);
  if (!names) return names.take_error();
  for (const std::string& name : *names) {
    if (!is_own(name) || name == kPlan) continue;
    if (Status removed = os::remove_file(os::join_path(directory, name)); !removed) {
      return removed;
    }
  }
  return os::remove_file(Store::plan_path(directory));
}

Error refusal(std::string what, std::string cause, std::string hint) {
  return usage_error(std::move(what), std::move(cause), std::move(hint));
}

// Opens and locks the plan. The lock of a killed process is released only after the system has
// cleaned up the process, so several attempts are made.
Result<os::File> lock_plan(const std::string& directory) {
  constexpr int kTries = 100;
  constexpr std::chrono::milliseconds kPause(20);
  const std::string path = Store::plan_path(directory);
  Result<os::File> plan = os::File::open(path, {});
  for (int i = 0; plan && i < kTries; ++i) {
    if (i > 0) std::this_thread::sleep_for(kPause);
    if (os::try_lock(*plan) && os::is_at(*plan, path)) return plan;
  }
  if (!plan) return plan;
  return refusal("sweep into " + directory, "another process is using it",
                 "wait until that process ends, or name another file with --json");
}

Result<os::File> write_plan(const std::string& directory, const std::string& plan) {
  if (Status made = os::make_directories(directory); !made) return made.take_error();
  Status written = os::write_file(Store::plan_path(directory), plan, true);
  if (!written) return written.take_error();
  return lock_plan(directory);
}

Status same_plan(const std::string& directory, const std::string& plan) {
  const Result<std::string> there = os::read_file(Store::plan_path(directory), kMaxPlanBytes);
  if (!there) return there.error();
  const std::string other = difference(*there, plan);
  if (other.empty()) return {};
  return refusal("continue the sweep in " + directory, "its plan differs in " + other,
                 "give only --resume and --json, or start again with --force");
}

// Keeps the warnings about settings that a repetition did not achieve. All others are derived again
// from all repetitions together.
void keep_unmet(const std::vector<result::Warning>& from, std::vector<result::Warning>& into) {
  for (const result::Warning& warning : from) {
    if (warning.kind().unmet) result::add_warning(into, warning);
  }
}

void add_part(const Configuration& configuration, result::Results part,
              std::optional<result::Run>& run) {
  result::Run& from = part.runs.front();
  const std::vector<result::Warning> warnings = std::exchange(from.warnings, {});
  if (!run) {
    run = std::move(from);
    if (configuration.wine) run->origin = static_cast<const result::Origin&>(part);
  } else {
    for (result::Repetition& r : from.repetitions) run->repetitions.push_back(std::move(r));
    run->target.cached_share_after = from.target.cached_share_after;
  }
  keep_unmet(warnings, run->warnings);
}

Error not_one_repetition(const Plan& plan, std::size_t configuration) {
  Error error = usage_error("continue the sweep", "the stored result of configuration '" +
                                                      configuration_text(plan, configuration) +
                                                      "' does not have exactly one repetition");
  error.hint = "start again with --force";
  return error;
}

// A run of this configuration without repetitions.
result::Run unmeasured(const Plan& plan, std::size_t index) {
  const Configuration& configuration = plan.configurations[index];
  result::Run run;
  run.job = "hash";
  run.config = configuration.settings;
  run.target.path = plan.files[configuration.file].path;
  run.target.file_bytes = plan.bytes_of(index);
  if (configuration.wine) run.origin.emplace().host.system = "Windows";
  return run;
}

}  // namespace

std::string Store::directory_for(const std::string& result_path) {
  return result_path + ".parts";
}

std::string Store::plan_path(const std::string& directory) {
  return os::join_path(directory, kPlan);
}

Store::Store(std::string directory, os::File plan)
    : directory_(std::move(directory)), plan_(std::move(plan)) {}

Result<Store> Store::open(const std::string& directory, const std::string& plan, Begin begin) {
  const bool there = os::exists(plan_path(directory));
  if (begin == Begin::anew && there) {
    return refusal("start a sweep", "there is an unfinished one in " + directory,
                   "continue it with --resume, or start again with --force");
  }
  if (begin == Begin::where_left && !there) {
    return refusal("use --resume", "there is no unfinished sweep in " + directory,
                   "name the result file of the sweep with --json");
  }
  if (there) {
    Result<os::File> old = lock_plan(directory);
    if (!old) return old.take_error();
    if (begin == Begin::where_left) {
      if (Status same = same_plan(directory, plan); !same) return same.take_error();
      return Store(directory, old.take());
    }
    if (Status closed = old->close(); !closed) return closed.take_error();
    if (Status removed = remove_own_files(directory); !removed) return removed.take_error();
  }
  Result<os::File> locked = write_plan(directory, plan);
  if (!locked) return locked.take_error();
  return Store(directory, locked.take());
}

std::string Store::path_of(unsigned round, std::size_t configuration) const {
  return os::join_path(directory_, part_name(round, configuration));
}

bool Store::has(unsigned round, std::size_t configuration) const {
  return os::exists(path_of(round, configuration));
}

Status Store::put(unsigned round, std::size_t configuration, const result::Results& result) {
  return os::write_file(path_of(round, configuration), result::to_json(result), true);
}

Result<result::Results> Store::get(unsigned round, std::size_t configuration) const {
  return result::read_result_file(path_of(round, configuration));
}

std::string Store::scratch() const {
  return os::join_path(directory_, kScratch);
}

Status Store::remove() {
  if (Status closed = plan_.close(); !closed) return closed;
  if (Status removed = remove_own_files(directory_); !removed) return removed;
  return os::remove_directory(directory_);
}

Result<Merged> merge(const Plan& plan, const Store& store, const result::Origin& origin) {
  Merged all;
  static_cast<result::Origin&>(all.result) = origin;
  for (std::size_t configuration = 0; configuration < plan.configurations.size(); ++configuration) {
    std::optional<result::Run> run;
    for (unsigned round = 0; round < plan.rounds; ++round) {
      if (!store.has(round, configuration)) continue;
      Result<result::Results> part = store.get(round, configuration);
      if (!part) return part.take_error();
      if (part->runs.size() != 1 || part->runs[0].repetitions.size() != 1) {
        return not_one_repetition(plan, configuration);
      }
      add_part(plan.configurations[configuration], part.take(), run);
    }
    if (!run) continue;
    const result::Origin& made_by = all.result.origin_of(*run);
    for (result::Warning& warning : result::diagnose(*run, made_by.host, made_by.tool)) {
      result::add_warning(run->warnings, std::move(warning));
    }
    all.result.runs.push_back(std::move(*run));
    all.configurations.push_back(configuration);
  }
  return all;
}

void add_failure(const Plan& plan, std::size_t configuration, const Error& failure,
                 Merged& merged) {
  const auto found =
      std::find(merged.configurations.begin(), merged.configurations.end(), configuration);
  if (found != merged.configurations.end()) {
    merged.result.runs[static_cast<std::size_t>(found - merged.configurations.begin())].failure =
        failure;
    return;
  }
  merged.result.runs.push_back(unmeasured(plan, configuration));
  merged.result.runs.back().failure = failure;
  merged.configurations.push_back(configuration);
}

std::optional<Error> DigestCheck::add(std::size_t configuration, const std::string& digest) {
  if (digest.empty()) return std::nullopt;
  First& first = first_[plan_.configurations[configuration].file];
  if (first.digest.empty()) first = {digest, configuration};
  if (first.digest == digest) return std::nullopt;
  Error error;
  error.operation = "sweep";
  error.path = plan_.files[plan_.configurations[configuration].file].path;
  error.cause = fmt::format("digest {} with {}, but {} with {}", first.digest,
                            configuration_text(plan_, first.configuration), digest,
                            configuration_text(plan_, configuration));
  error.hint =
      "discard all results: the file changed during the sweep, or one of the two configurations "
      "reads wrong data";
  return error;
}

}  // namespace aiobench::sweep
