// A trace as a file in Chrome's trace event format (JSON), which Perfetto and chrome://tracing
// show: for each pass a process "lanes" with a track a lane, and a process "threads" with a track a
// thread. Source: "Trace Event Format", the document of the Chromium project.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "result/model.h"
#include "stats/trace.h"

namespace aiobench::report {

// The events of a pass as spans on tracks: one a lane, where a block's life is seen, and one a
// thread, where it is seen which thread submitted what, and which one took its completion.

// What a span is of. A read and a write differ in their names only.
enum class SpanOf { submit, in_flight, queued, summing, turn, hashing, waiting, resume };

struct TraceSpan {
  SpanOf of{};
  os::Ticks begin = 0;
  os::Ticks end = 0;
  const stats::TraceEvent* event = nullptr;
  // Of a request that was in flight, the same in all its spans: from 1, else 0.
  std::uint64_t flow = 0;
  std::uint32_t submitted_by = 0;  // the thread that did, of that request
  bool done_inline = false;

  // As it is shown: "in flight".
  const char* name() const;
};

// Spans of one track begin where the one before ended, or later.
struct TraceTrack {
  std::uint32_t number = 0;
  std::vector<TraceSpan> spans;
};

struct TraceTracks {
  std::vector<TraceTrack> lanes;
  std::vector<TraceTrack> threads;
};

// `events` outlive the tracks; their threads are numbered from 0 in the order in which they appear
// where `renumber` says so.
TraceTracks tracks_of(std::vector<stats::TraceEvent>& events, bool renumber);

// After the last pass. Spans of one track never overlap, and are in their order. Times count from
// the moment when the first pass's clock started. docs/mechanisms.md tells what is seen.
std::string trace_json(const stats::Trace& trace, const result::Origin& origin);

}  // namespace aiobench::report
