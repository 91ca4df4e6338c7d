#include "run/copy.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "os/atomic_file.h"
#include "os/console.h"
#include "os/file.h"
#include "os/memory.h"
#include "os/system_error.h"
#include "run/auto_tune.h"
#include "run/hash.h"
#include "run/run.h"
#include "run/tracing.h"

namespace aiobench::run {

std::optional<Error> CopyJob::failure() const {
  const std::optional<Error>& of_read = reading_.failure();
  if (!of_read || (failure_ && failure_->offset < of_read->offset)) return failure_;
  return of_read;
}

void CopyJob::written(const BlockTransfer& reading, const BlockWrite& writing) {
  if (writing.error() != 0) {
    reading_.stop();
    // A request that the program itself cancelled after Ctrl-C is not a failure.
    if (os::interrupted() && os::is_cancelled(writing.error())) return;
    // If the mapping has lost the pages that were to be written, the write fails with "bad
    // address". The failure is then that of the read.
    if (std::optional<Error> lost = reading.loss_by_now(reading_.file())) {
      note(std::move(*lost));
      return;
    }
    note(os::system_error("write", destination_.path, writing.error(), writing.position()));
    return;
  }
  // Pages that the mapping lost after they were hashed were written as zeros.
  if (std::optional<Error> lost = reading.loss(reading_.file())) {
    reading_.stop();
    note(std::move(*lost));
    return;
  }
  written_bytes_.fetch_add(reading.block().bytes, std::memory_order_relaxed);
}

void CopyJob::note(Error error) {
  const std::lock_guard lock(mutex_);
  if (!failure_ || error.offset < failure_->offset) failure_ = std::move(error);
}

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// What is open during a copy. There are two engines if the one that reads cannot write.
struct Opened {
  std::unique_ptr<engine::Engine> reader;
  std::unique_ptr<engine::Engine> engine;
  const engine::AttachedFile* source = nullptr;
  const engine::AttachedFile* destination = nullptr;
};

// Replaces the temporary name in an error by the final name of the destination.
Error with_final_name(const std::string& to, const os::AtomicFile& next, Error error) {
  if (error.path == next.temporary()) error.path = to;
  return error;
}

Status open_source(const Settings& settings, const std::string& from, unsigned lanes,
                   BufferPool& pool, Opened& opened) {
  Result<OpenedFile> file = open_file(settings, from, lanes, lanes, pool);
  if (!file) return file.take_error();
  opened.source = file->file;
  if (!file->engine->maps_files()) {
    opened.engine = std::move(file->engine);
    return {};
  }
  opened.reader = std::move(file->engine);
  Result<engine::EngineSpec> spec = engine::parse_engine(settings.copy->writer);
  if (!spec) return spec.take_error();
  engine::EngineConfig config = opened.reader->config();
  config.options = spec->options;
  const engine::Factory* const factory = engine::find_factory(spec->mechanism->name);
  AIOBENCH_CHECK(factory != nullptr);
  Result<std::unique_ptr<engine::Engine>> writer = factory->make(config);
  if (!writer) return writer.take_error();
  opened.engine = writer.take();
  return {};
}

Status open_destination(bool direct, const std::string& temporary, std::uint32_t block_bytes,
                        Opened& opened) {
  Result<const engine::AttachedFile*> file =
      opened.engine->open(temporary, {.access = os::Access::read_write, .direct = direct});
  if (!file) return file.take_error();
  opened.destination = *file;
  if (!direct) return {};
  const std::uint32_t alignment = (*file)->file.direct_alignment();
  if (block_bytes % alignment == 0) return {};
  return usage_error(
      "use --block-size " + format_exact_size(block_bytes) + " with --write-cache direct",
      fmt::format("direct access to the copy needs multiples of {} bytes", alignment),
      "use --write-cache buffered, or another block size");
}

std::vector<Lane> make_lanes(CopyJob& job, const engine::EngineConfig& config, unsigned count,
                             bool traced) {
  std::vector<Lane> lanes;
  lanes.reserve(count);
  for (unsigned i = 0; i < count; ++i) {
    lanes.push_back(copy_lane(job, {config.buffer(i), i}, traced));
  }
  return lanes;
}

HoleMap holes_of(const std::vector<os::Extent>& data) {
  std::vector<ByteRange> ranges;
  for (const os::Extent& extent : data) {
    ranges.push_back({extent.offset, extent.offset + extent.bytes});
  }
  return HoleMap(std::move(ranges));
}

bool covers_all(const std::vector<os::Extent>& data, std::uint64_t file_bytes) {
  return data.size() == 1 && data[0].offset == 0 && data[0].bytes >= file_bytes;
}

// Sets the length of the destination, allocates the space that will be written, and finds the
// holes.
Status allocate(bool sparse, const engine::AttachedFile& source, os::File& destination,
                HoleMap& holes) {
  if (!sparse) return destination.reserve(source.bytes);
  Result<std::vector<os::Extent>> data = os::data_extents(source.file, source.bytes);
  if (!data) return data.take_error();
  if (source.bytes == 0 || covers_all(*data, source.bytes)) {
    return destination.reserve(source.bytes);
  }
  holes = holes_of(*data);
  return os::reserve_extents(destination, *data, source.bytes);
}

// Copies into the temporary file by the copy call of the system. Its requests cannot be counted or
// timed.
Status fill_by_system(const std::string& from, const std::string& temporary,
                      const Progress& progress, CopyOutcome& copied) {
  RunOutcome& outcome = copied.run;
  const Result<os::File> source = os::File::open(from, {});
  if (!source) return source.error();
  const Result<std::uint64_t> bytes = source->size();
  if (!bytes) return bytes.error();
  outcome.file_bytes = *bytes;
  outcome.lanes = outcome.threads = 1;
  const CpuWatch cpu;
  const Clock::time_point begin = Clock::now();
  const Result<std::uint64_t> done = os::system_copy(*source, temporary, [&](std::uint64_t at) {
    if (progress) progress(at, *bytes);
    return !os::interrupted();
  });
  outcome.wall_seconds = seconds_since(begin);
  cpu.stop(outcome);
  outcome.interrupted = !done && done.error().kind == Error::Kind::interrupted;
  if (outcome.interrupted) return {};
  if (!done) return done.error();
  outcome.done_bytes = *done;
  if (*done == *bytes) return {};
  Error error;
  error.operation = "copy";
  error.path = from;
  error.offset = *done;
  error.cause = fmt::format("only {} of {} bytes were copied", *done, *bytes);
  error.hint = "it changed while it was copied; try again when no process writes to it";
  return error;
}

// Copies into the temporary file with an engine.
Status fill_by_engine(const Settings& settings, const std::string& from, os::AtomicFile& next,
                      const RunContext& context, CopyOutcome& outcome) {
  const bool direct = settings.copy->write_cache == WriteCache::direct;
  const Clock::time_point begin = Clock::now();
  const Result<std::uint64_t> bytes = size_of(from);
  if (!bytes) return bytes.error();
  const unsigned lanes = lanes_for(*bytes, settings);
  Opened opened;  // closed before the file is renamed, as Windows requires
  Status open = open_source(settings, from, lanes, context.pools.front(), opened);
  if (!open) return open;
  if (settings.direct()) {
    if (Status fits = check_direct(*opened.source, settings); !fits) return fits;
  }
  open = open_destination(direct, next.temporary(), settings.block_bytes, opened);
  if (!open) return open;
  outcome.times.open += seconds_since(begin);
  Destination destination;
  destination.file = opened.destination;
  destination.path = settings.copy->destination;
  if (direct) destination.alignment = opened.destination->file.direct_alignment();
  const Clock::time_point opened_at = Clock::now();
  Status space = allocate(settings.copy->sparse, *opened.source, next.file(), destination.holes);
  if (!space) return space;
  outcome.times.allocate = seconds_since(opened_at);
  outcome.run = copy_attached(*opened.engine, opened.reader.get(), *opened.source, destination,
                              settings, context);
  if (outcome.run.failure) return *outcome.run.failure;
  // Direct writes end at a sector boundary; the length is corrected here.
  return outcome.run.interrupted ? Status() : next.file().resize(opened.source->bytes);
}

Status carry_attributes(const std::string& from, const os::File& to) {
  const Result<os::File> source = os::File::open(from, {});
  if (!source) return source.error();
  return os::copy_attributes(*source, to);
}

// The settings with which the source is read for its digest after a copy by the system.
Settings reading_for_digest(const Settings& settings, const std::string& from) {
  Settings reading = settings;
  reading.copy.reset();
  reading.engine = "sync";
  reading.depth = reading.threads = 0;
  return choose_missing(reading, from);
}

// Compares the temporary file with the source.
Status compare(const Settings& settings, const std::string& from, const std::string& temporary,
               const RunContext& context, CopyOutcome& outcome) {
  if (settings.copies_by_system()) {
    RunOutcome read = hash_file(reading_for_digest(settings, from), from, context);
    if (read.failure) return *read.failure;
    if (read.interrupted) return os::interrupted_error("the copy was not verified");
    outcome.run.digest = read.digest;
  }
  Result<Verified> verified = verify(from, temporary, settings.hash, outcome.run.digest, context);
  if (!verified) return verified.take_error();
  outcome.differs_at = verified->differs_at;
  outcome.verified_past_cache = verified->past_cache;
  return {};
}

// All steps of a copy except the first and the last: `next` is open, and is not yet committed.
Status copy_into(os::AtomicFile& next, const Settings& settings, const std::string& from,
                 const RunContext& context, CopyOutcome& outcome) {
  Status filled = settings.copies_by_system()
                      ? fill_by_system(from, next.temporary(), context.progress, outcome)
                      : fill_by_engine(settings, from, next, context, outcome);
  if (!filled) return filled;
  outcome.times.copy = outcome.run.wall_seconds;
  if (outcome.run.interrupted) return {};
  Clock::time_point begin = Clock::now();
  if (Status same = carry_attributes(from, next.file()); !same) return same;
  outcome.times.rename = seconds_since(begin);
  if (settings.copy->flush) {
    begin = Clock::now();
    if (Status flushed = next.file().flush(); !flushed) return flushed;
    outcome.times.flush = seconds_since(begin);
  }
  if (!settings.copy->verify) return {};
  begin = Clock::now();
  Status compared = compare(settings, from, next.temporary(), context, outcome);
  outcome.times.verify = seconds_since(begin);
  return compared;
}

// The offset of the first byte that differs; if one file is a prefix of the other, the end of the
// shorter one.
Result<FileOffset> first_difference(const std::string& a, const std::string& b) {
  constexpr std::uint32_t kChunk = kMiB;
  Result<os::File> left = os::File::open(a, {});
  if (!left) return left.take_error();
  Result<os::File> right = os::File::open(b, {});
  if (!right) return right.take_error();
  std::vector<std::byte> ours(kChunk);
  std::vector<std::byte> theirs(kChunk);
  for (FileOffset at = 0;;) {
    const os::Transferred one = left->read_at(ours.data(), kChunk, at);
    const os::Transferred two = right->read_at(theirs.data(), kChunk, at);
    if (one.error != 0) return os::system_error("read", a, one.error, at);
    if (two.error != 0) return os::system_error("read", b, two.error, at);
    const std::uint32_t common = std::min(one.bytes, two.bytes);
    const auto end = ours.begin() + common;
    const auto differs = std::mismatch(ours.begin(), end, theirs.begin()).first;
    if (differs != end || common == 0) {
      return at + static_cast<FileOffset>(differs - ours.begin());
    }
    at += common;
  }
}

// False for file systems in memory: their files exist only in the page cache.
bool can_read_direct(const std::string& path) {
  return static_cast<bool>(os::File::open(path, {.direct = true}));
}

// Evicts the file from the page cache. True: none of it is in the page cache any more.
Result<bool> evict(const std::string& path) {
  const Result<os::File> file = os::File::open(path, {});
  if (!file) return file.error();
  if (Status evicted = os::evict(*file); !evicted) return false;
  const Result<double> share = os::resident_share(*file);
  return share && *share == 0;
}

}  // namespace

RunOutcome copy_attached(engine::Engine& engine, engine::Engine* reader,
                         const engine::AttachedFile& source, const Destination& destination,
                         const Settings& settings, const RunContext& context) {
  RunOutcome outcome = outcome_at_start(engine, source, settings);
  const std::unique_ptr<hash::Hasher> hasher = hash::make_hasher(settings.hash);
  HashJob hashing(source, settings, outcome.lanes, *hasher, {});
  CopyJob job(hashing, destination, reader);
  stats::TracePass* const trace_pass =
      begin_trace(context.trace, settings, "copy", engine, source, outcome.lanes);
  LaneGroup group{.lanes = make_lanes(job, engine.config(), outcome.lanes, trace_pass != nullptr),
                  .submit_each = outcome.lanes > 1,
                  .trace_pass = trace_pass,
                  .calls = {}};
  group.calls.stop = [&] { hashing.stop(); };
  group.calls.report = [&] {
    if (context.progress) context.progress(job.written_bytes(), source.bytes);
  };
  Status ran = run_lanes(engine, settings, std::move(group), context.event, outcome);
  if (!ran) {
    outcome.failure = ran.take_error();
    return outcome;
  }
  outcome.done_bytes = job.written_bytes();
  outcome.failure = job.failure();
  complete_outcome(engine, source, *hasher, outcome);
  return outcome;
}

CopyOutcome copy_file(const Settings& settings, const std::string& from,
                      const RunContext& context) {
  AIOBENCH_CHECK(settings.copy.has_value());
  const std::string& to = settings.copy->destination;
  CopyOutcome outcome;
  Clock::time_point begin = Clock::now();
  Result<os::AtomicFile> next = os::AtomicFile::begin(to, true);
  if (!next) {
    outcome.run.failure = next.take_error();
    return outcome;
  }
  outcome.times.open = seconds_since(begin);
  Status done = copy_into(*next, settings, from, context, outcome);
  outcome.run.interrupted = outcome.run.interrupted || (done && os::interrupted());
  if (done && !outcome.run.interrupted && !outcome.differs_at) {
    begin = Clock::now();
    done = next->commit(settings.copy->flush);
    outcome.times.rename += seconds_since(begin);
  }
  if (!done) outcome.run.failure = with_final_name(to, *next, done.take_error());
  return outcome;
}

Result<Verified> verify(const std::string& original, const std::string& copy, HashAlgorithm hash,
                        const std::string& digest, const RunContext& context) {
  Verified verified;
  Settings settings;
  settings.hash = hash;
  verified.past_cache = can_read_direct(copy);
  if (verified.past_cache) {
    settings.cache = CacheState::direct;
  } else {
    Result<bool> evicted = evict(copy);
    if (!evicted) return evicted.take_error();
    verified.past_cache = *evicted;
  }
  const RunContext untraced{
      .event = context.event, .pools = context.pools, .progress = context.progress};
  RunOutcome outcome = hash_file(choose_missing(settings, copy), copy, untraced);
  if (outcome.failure) return *outcome.failure;
  if (outcome.interrupted) return os::interrupted_error("the copy was not verified");
  if (outcome.digest == digest) return verified;
  Result<FileOffset> at = first_difference(original, copy);
  if (!at) return at.take_error();
  verified.differs_at = *at;
  return verified;
}

}  // namespace aiobench::run
