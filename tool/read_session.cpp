#include "tool/read_session.h"

#include <fmt/core.h>

#include "base/log.h"
#include "run/auto_tune.h"
#include "tool/interrupt.h"
#include "tool/progress_line.h"
#include "tool/trace_output.h"

namespace aiobench::tool {
namespace {

measure::ReadConfig config_of(const pipeline::ReadSettings& read, std::size_t files) {
  return {.pattern = pipeline::name(read.pattern),
          .seed = read.seed,
          .duration_seconds = read.duration_seconds,
          .limit_bytes = read.bytes,
          .rate_per_second = read.rate,
          .files_at_once = static_cast<unsigned>(files)};
}

std::vector<measure::Run> new_runs(const StreamSettings& settings,
                                   const pipeline::ReadSettings& read, bool chosen,
                                   const std::vector<std::string>& files) {
  std::vector<measure::Run> runs;
  for (const std::string& path : files) {
    measure::Run run;
    run.job = "read";
    run.config = tool::config_of(settings);
    if (chosen) run.config.requested_engine = engine::kAuto;
    run.config.read = config_of(read, files.size());
    run.target.path = path;
    if (path.empty()) run.failure = empty_name();
    runs.push_back(std::move(run));
  }
  return runs;
}

// The files that still take part, by their place in `runs`.
std::vector<std::size_t> alive(const std::vector<measure::Run>& runs) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!runs[i].failure) places.push_back(i);
  }
  return places;
}

void prepare_all(const StreamSettings& settings, std::vector<measure::Run>& runs) {
  for (measure::Run& run : runs) {
    if (run.failure || platform::interrupted()) continue;
    prepare(settings, run);
  }
}

// One pass over all files together.
void pass(const StreamSettings& settings, const pipeline::ReadSettings& read, bool measured,
          std::vector<pipeline::BufferPool>& pools, std::vector<measure::Run>& runs) {
  prepare_all(settings, runs);
  const std::vector<std::size_t> places = alive(runs);
  if (platform::interrupted() || places.empty()) return;
  std::vector<std::string> paths;
  for (const std::size_t place : places) paths.push_back(runs[place].target.path);
  ProgressLine line(settings.progress,
                    paths.size() == 1 ? paths[0] : fmt::format("{} files", paths.size()));
  const pipeline::RunSettings now = for_pass(settings.run, measured);
  std::vector<pipeline::RunOutcome> outcomes =
      pipeline::read_files(now, read, paths, std::span(pools).first(paths.size()), main_event(),
                           [&](auto done, auto all) { line.show(done, all); });
  for (std::size_t i = 0; i < places.size(); ++i) {
    measure::Run& run = runs[places[i]];
    run.target.file_bytes = outcomes[i].file_bytes;
    set_failure(run, outcomes[i].failure);
    const bool partial = outcomes[i].interrupted;
    if (outcomes[i].failure || !(measured || partial)) continue;
    note_trace(now, outcomes[i], run);
    run.repetitions.push_back(repetition_of(outcomes[i]));
  }
}

}  // namespace

std::vector<measure::Run> run_reads(const StreamSettings& wanted,
                                    const pipeline::ReadSettings& read,
                                    const std::vector<std::string>& files) {
  StreamSettings settings = wanted;
  settings.run = settle(wanted, files.front(), read.pattern == pipeline::Pattern::random);
  std::vector<measure::Run> runs =
      new_runs(settings, read, pipeline::depends_on_file(wanted.run), files);
  std::vector<pipeline::BufferPool> pools(files.size());
  const unsigned passes = settings.warmup + settings.repeat;
  for (unsigned i = 0; i < passes && !platform::interrupted(); ++i) {
    log_debug(fmt::format("pass {} of {}", i + 1, passes));
    pass(settings, read, i >= settings.warmup, pools, runs);
  }
  for (measure::Run& run : runs) {
    const bool whole = run.repetitions.size() == settings.repeat && !run.repetitions.back().partial;
    run.partial = platform::interrupted() && !run.failure && !whole;
    describe_target(run);
  }
  return runs;
}

}  // namespace aiobench::tool
