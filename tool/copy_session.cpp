#include "tool/copy_session.h"

#include <fmt/core.h>

#include "base/units.h"
#include "run/auto_tune.h"
#include "tool/interrupt.h"
#include "tool/progress_line.h"
#include "tool/trace_output.h"

namespace aiobench::tool {
namespace {

// The mechanism that writes where the one that was chosen only reads.
engine::EngineSpec writer_for(const engine::EngineSpec& reader) {
  if (!reader.mechanism->maps_files) return reader;
  return {*engine::find_mechanism(pipeline::usual_writer()), {}};
}

measure::CopyFigures figures_of(pipeline::CopyOutcome& outcome, bool verify) {
  measure::CopyFigures figures;
  figures.writes = std::move(outcome.run.totals.writes);
  figures.open_seconds = outcome.times.open;
  figures.allocate_seconds = outcome.times.allocate;
  figures.flush_seconds = outcome.times.flush;
  figures.verify_seconds = outcome.times.verify;
  figures.rename_seconds = outcome.times.rename;
  figures.verified = verify && !outcome.run.interrupted && !outcome.differs_at;
  return figures;
}

Error differs(const std::string& to, FileOffset offset) {
  Error error;
  error.operation = "verify";
  error.path = to;
  error.offset = offset;
  error.cause = "what was written reads back as something else, from this offset on";
  error.hint = "the destination was left as it was; test the disk and the memory";
  return error;
}

// A copy that nobody waits for to be on the disk is done sooner in the page cache.
bool writes_direct(const CopyWishes& wishes, const CopyPair& pair, std::uint32_t block_bytes) {
  if (wishes.by_system) return false;
  if (wishes.write_cache != WriteCache::automatic) return wishes.write_cache == WriteCache::direct;
  return wishes.flush && pipeline::direct_pays(pair.from, pair.to, block_bytes);
}

pipeline::CopySettings settings_of(const CopyWishes& wishes, const engine::EngineSpec& reader,
                                   bool direct) {
  pipeline::CopySettings copy;
  copy.writer = writer_for(reader);
  copy.write_direct = direct;
  copy.sparse = wishes.sparse;
  copy.flush = wishes.flush;
  copy.verify = wishes.verify;
  copy.by_system = wishes.by_system;
  return copy;
}

measure::CopyConfig config_of(const pipeline::CopySettings& copy, const std::string& to) {
  measure::CopyConfig config;
  config.destination = to;
  config.write_cache = copy.write_direct ? "direct" : "buffered";
  config.writer = copy.by_system ? kSystemCopy : copy.writer.text();
  config.sparse = copy.sparse;
  config.flush = copy.flush;
  config.verify = copy.verify;
  return config;
}

// One pass: false where the file's work is over, be it for a failure or an interrupt.
bool pass(const StreamSettings& settings, const pipeline::CopySettings& copy, const CopyPair& pair,
          pipeline::BufferPool& pool, bool measured, CopyRun& done) {
  measure::Run& run = done.run;
  if (!prepare(settings, run)) return false;
  ProgressLine line(settings.progress, pair.from);
  const pipeline::RunSettings now = for_pass(settings.run, measured);
  pipeline::CopyOutcome outcome =
      pipeline::copy_file(now, copy, pair.from, pair.to, pool, main_event(),
                          [&](std::uint64_t at, std::uint64_t all) { line.show(at, all); });
  run.target.file_bytes = outcome.run.file_bytes;
  done.bad = outcome.differs_at.has_value();
  set_failure(run, done.bad ? differs(pair.to, *outcome.differs_at) : outcome.run.failure);
  if (outcome.run.failure) return false;
  note_trace(now, outcome.run, run);
  const bool partial = outcome.run.interrupted;
  if (copy.verify && !partial && !outcome.verified_past_cache) {
    measure::add_warning(run.warnings,
                         {measure::WarningCode::verified_in_cache,
                          "the copy was read back, but perhaps from the page cache",
                          "a file system in memory (tmpfs) has nothing else to read from"});
  }
  if (measured || partial || done.bad) {
    measure::Repetition figures = repetition_of(outcome.run);
    figures.copy = figures_of(outcome, copy.verify);
    run.repetitions.push_back(std::move(figures));
  }
  run.partial = partial;
  return !partial && !done.bad && !platform::interrupted();
}

}  // namespace

CopyRun copy_one(const StreamSettings& wanted, const CopyWishes& wishes, const CopyPair& pair,
                 pipeline::BufferPool& pool) {
  StreamSettings settings = wanted;
  const bool direct = writes_direct(wishes, pair, wanted.run.block_bytes);
  settings.run = settle(wanted, pair.from, false,
                        direct ? pipeline::Writes::direct : pipeline::Writes::buffered);
  const pipeline::CopySettings copy = settings_of(wishes, settings.run.engine, direct);
  CopyRun done;
  measure::Run& run = done.run;
  run.job = "copy";
  run.config = config_of(settings);
  run.config.copy = config_of(copy, pair.to);
  if (wishes.by_system) {
    run.config.engine = kSystemCopy;
    run.config.depth = run.config.threads = 1;  // one call after the other, by one thread
  }
  if (pipeline::depends_on_file(wanted.run)) run.config.requested_engine = engine::kAuto;
  run.target.path = pair.from;
  for (unsigned i = 0; i < settings.warmup + settings.repeat; ++i) {
    if (!pass(settings, copy, pair, pool, i >= settings.warmup, done)) break;
  }
  describe_target(run);
  const bool all_there = run.repetitions.size() == settings.repeat;
  run.partial = run.partial || (platform::interrupted() && !run.failure && !all_there);
  return done;
}

}  // namespace aiobench::tool
