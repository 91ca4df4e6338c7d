// Tests, with every engine of this system, that a trace contains the life of each block: each
// request is submitted once and completed once, each block is hashed once after it was read, spans
// of a track do not overlap, and the run itself is the same as without a trace.
#include "run/tracing.h"

#include <map>
#include <set>

#include "report/trace_json.h"
#include "run/copy.h"
#include "run/hash.h"
#include "run/read_fixture.h"
#include "support/engine_rig.h"

namespace aiobench::test {
namespace {

using stats::TraceEvent;
using stats::TraceKind;

constexpr std::uint32_t kTracedBlock = 4096;

run::RunContext traced(run::BufferPool* pool, stats::Trace& trace) {
  return {.event = read_event(), .pools = std::span(pool, 1), .trace = &trace};
}

using Counts = std::map<TraceKind, std::uint64_t>;

Counts counts_of(const std::vector<TraceEvent>& events) {
  Counts counts;
  for (const TraceEvent& event : events) ++counts[event.kind];
  return counts;
}

// Each request has one submission. It has a completion too, unless it finished inside the call.
void check_requests(const std::vector<TraceEvent>& events, std::uint64_t requests) {
  std::map<std::pair<unsigned, unsigned>, const TraceEvent*> submits;
  for (const TraceEvent& event : events) {
    if (event.kind != TraceKind::submit) continue;
    CHECK(submits.try_emplace({event.lane, event.request}, &event).second);
    CHECK(event.begin <= event.end);
  }
  CHECK(submits.size() == requests);
  for (const TraceEvent& event : events) {
    if (event.kind != TraceKind::completion) continue;
    const auto found = submits.find({event.lane, event.request});
    REQUIRE(found != submits.end());
    REQUIRE(found->second != nullptr);
    CHECK(found->second->block == event.block);
    CHECK(found->second->offset == event.offset);
    CHECK(found->second->begin <= event.begin);
    CHECK(event.begin <= event.middle);
    CHECK(event.middle <= event.end);
    found->second = nullptr;
  }
  for (const auto& [key, submit] : submits) {
    if (submit != nullptr) CHECK((submit->done_inline || submit->failed));
  }
}

// In each lane a block is submitted, then hashed; then the next one follows.
void check_lanes(const report::TraceTracks& tracks) {
  for (const report::TraceTrack& lane : tracks.lanes) {
    std::set<std::uint64_t> hashed;
    std::uint64_t current = 0;
    for (const report::TraceSpan& span : lane.spans) {
      if (span.event->kind == TraceKind::submit && !span.event->write) {
        CHECK(hashed.count(span.event->block) == 0);
        current = span.event->block;
      }
      CHECK(span.event->block == current);
      if (span.of == report::SpanOf::hashing) hashed.insert(current);
    }
  }
}

void check_no_overlap(const std::vector<report::TraceTrack>& tracks) {
  for (const report::TraceTrack& track : tracks) {
    os::Ticks last = 0;
    for (const report::TraceSpan& span : track.spans) {
      CHECK(span.begin >= last);
      CHECK(span.end >= span.begin);
      last = span.end;
    }
  }
}

void check_tracks(std::vector<TraceEvent>& events, bool own_threads) {
  const report::TraceTracks tracks = report::tracks_of(events, own_threads);
  check_lanes(tracks);
  check_no_overlap(tracks.lanes);
  check_no_overlap(tracks.threads);
}

// Runs `body(settings)` for every engine and several depths and thread counts.
template <class Body>
void trace_each_way(const Body& body) {
  for (const std::string& spec : usable_engines()) {
    for (const unsigned depth : {1u, 9u}) {
      for (const unsigned threads : {1u, 3u}) {
        CAPTURE(spec);
        CAPTURE(depth);
        CAPTURE(threads);
        Settings settings = settings_for(spec, depth, threads, kTracedBlock);
        settings.hash = hash::Algorithm::xxh3;
        body(settings, spec);
      }
    }
  }
}

TEST_CASE("a hash run of every engine") {
  constexpr std::uint64_t kBlocks = 200;
  const std::vector<std::byte> content = random_bytes((kBlocks - 1) * kTracedBlock + 17, 1);
  const TempFile file(content);
  trace_each_way([&](Settings settings, const std::string& spec) {
    stats::Trace trace;
    run::BufferPool pool;
    const run::RunOutcome outcome = run::hash_file(settings, file.path(), traced(&pool, trace));
    REQUIRE_MESSAGE(!outcome.failure, outcome.failure->line());
    if (moves_data(spec)) CHECK(outcome.digest == digest_of(content, hash::Algorithm::xxh3));
    REQUIRE(trace.passes().size() == 1);
    const stats::TracePass& pass = trace.passes()[0];
    std::vector<TraceEvent> events = pass.events();
    CHECK(outcome.traced_events == events.size());
    CHECK(pass.subject().engine == spec);
    CHECK(pass.subject().path == file.path());
    CHECK(pass.finished_ticks() > pass.started_ticks());
    check_requests(events, outcome.totals.reads.requests);
    CHECK(counts_of(events)[TraceKind::hash] == kBlocks);
    for (const TraceEvent& event : events) {
      CHECK(event.lane < outcome.lanes);
      if (event.kind == TraceKind::hash) CHECK_FALSE(event.failed);
      if (!pass.subject().own_threads) CHECK(event.thread < outcome.threads);
      CHECK(event.begin >= pass.started_ticks());
    }
    check_tracks(events, pass.subject().own_threads);
  });
}

TEST_CASE("a read run of every engine, from several files at once") {
  const TempFile first(random_bytes(50 * kTracedBlock, 1));
  const TempFile second(random_bytes(20 * kTracedBlock + 1, 2));
  trace_each_way([&](Settings settings, const std::string&) {
    stats::Trace trace;
    const auto outcomes = read_all(settings, {}, {first.path(), second.path()}, {}, &trace);
    REQUIRE(trace.passes().size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      std::vector<TraceEvent> events = trace.passes()[i].events();
      check_requests(events, i == 0 ? 50 : 21);
      CHECK(outcomes[i].totals.reads.requests == (i == 0 ? 50 : 21));
      CHECK(counts_of(events)[TraceKind::hash] == 0);
      check_no_overlap(report::tracks_of(events, trace.passes()[i].subject().own_threads).lanes);
    }
    CHECK(trace.passes()[0].subject().path == first.path());
  });
}

TEST_CASE("a copy by every engine: each block is written after it was hashed") {
  constexpr std::uint64_t kBlocks = 40;
  const std::vector<std::byte> content = random_bytes((kBlocks - 1) * kTracedBlock + 17, 3);
  const TempFile from(content);
  const TempFile to(std::vector<std::byte>{});
  trace_each_way([&](Settings settings, const std::string& spec) {
    if (!moves_data(spec)) return;
    stats::Trace trace;
    settings.copy = CopySettings{.destination = to.path(),
                                 .writer = maps_files(spec) ? "sync" : spec,
                                 .write_cache = WriteCache::buffered,
                                 .flush = false};
    run::BufferPool pool;
    const run::CopyOutcome outcome = run::copy_file(settings, from.path(), traced(&pool, trace));
    REQUIRE_MESSAGE(!outcome.run.failure, outcome.run.failure->line());
    REQUIRE(trace.passes().size() == 1);
    std::vector<TraceEvent> events = trace.passes()[0].events();
    const stats::Recorder& totals = outcome.run.totals;
    check_requests(events, totals.reads.requests + totals.writes.requests);
    std::map<std::uint64_t, os::Ticks> hashed;
    std::uint64_t written = 0;
    for (const TraceEvent& event : events) {
      if (event.kind == TraceKind::hash) hashed[event.block] = event.end;
    }
    for (const TraceEvent& event : events) {
      if (event.kind != TraceKind::submit || !event.write) continue;
      ++written;
      CHECK(event.begin >= hashed.at(event.block));
    }
    CHECK(hashed.size() == kBlocks);
    CHECK(written == totals.writes.requests);
    check_tracks(events, trace.passes()[0].subject().own_threads);
  });
}

TEST_CASE("blocks accumulated out of order, and a lane that reads ahead") {
  const std::vector<std::byte> content = random_bytes(30 * kTracedBlock, 4);
  const TempFile file(content);
  stats::Trace trace;
  Settings settings = settings_for("sync", 4, 2, kTracedBlock);
  settings.hash = hash::Algorithm::xxh3;
  run::BufferPool pool;
  run::RunContext context = traced(&pool, trace);
  context.split_hash = true;
  CHECK(run::hash_file(settings, file.path(), context).digest ==
        digest_of(content, hash::Algorithm::xxh3));
  std::vector<TraceEvent> events = trace.passes()[0].events();
  CHECK(counts_of(events)[TraceKind::accumulate] == 29);  // all but the last one
  check_tracks(events, false);

  settings = settings_for("threadpool", 1, 1, kTracedBlock);
  settings.hash = hash::Algorithm::xxh3;
  settings.cache = CacheState::direct;
  const run::RunOutcome outcome = run::hash_file(settings, file.path(), traced(&pool, trace));
  if (outcome.failure) return;  // no direct access on this file system
  events = trace.passes()[1].events();
  check_requests(events, 30);
  check_tracks(events, trace.passes()[1].subject().own_threads);
  std::set<unsigned> buffers;
  for (const TraceEvent& event : events) {
    if (event.kind == TraceKind::hash) buffers.insert(event.lane);
  }
  CHECK(buffers.size() == (trace.passes()[1].subject().own_threads ? 1 : 2));
}

TEST_CASE("a failed request is marked in the trace, and later blocks are not hashed") {
  ScriptedRun run;
  run.depth = 4;
  stats::Trace trace;
  const run::RunOutcome outcome = run.over(
      [&](engine::Request& request) {
        if (request.offset == 100 * ScriptedRun::kBlock) request.error = 5;
      },
      [&](engine::Engine& engine, const engine::AttachedFile& file, Settings settings) {
        settings.hash = hash::Algorithm::xxh3;
        return run::hash_attached(engine, file, settings, {.event = read_event(), .trace = &trace});
      });
  CHECK(outcome.failure.has_value());
  std::uint64_t failed = 0;
  std::uint64_t hashed = 0;
  for (const TraceEvent& event : trace.passes()[0].events()) {
    if (event.kind == TraceKind::submit && event.failed) ++failed;
    if (event.kind == TraceKind::hash && !event.failed) ++hashed;
  }
  CHECK(failed == 1);
  CHECK(hashed == 100);
}

TEST_CASE("an untraced run has no pass, and a trace keeps no more events than it has room for") {
  const TempFile file(random_bytes(50 * kTracedBlock, 5));
  Settings settings = settings_for("sync", 4, 2, kTracedBlock);
  CHECK(read_one(settings, {}, file).traced_events == 0);
  stats::Trace trace(stats::TraceChunk::kEvents);
  const ReadSettings read{.limit_bytes = 1000 * kTracedBlock};
  const run::RunOutcome outcome = read_all(settings, read, {file.path()}, {}, &trace).front();
  CHECK(outcome.totals.reads.requests == 1000);
  CHECK(outcome.traced_events >= 1000);
  CHECK(trace.passes()[0].events().size() == stats::TraceChunk::kEvents);
  CHECK(trace.dropped() == outcome.traced_events - stats::TraceChunk::kEvents);
}

}  // namespace
}  // namespace aiobench::test
