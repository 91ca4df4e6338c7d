// The events of a pass as spans on tracks: one a lane, where a block's life is seen, and one a
// thread, where it is seen which thread submitted what, and which one took its completion.
#pragma once

#include <cstdint>
#include <vector>

#include "stats/trace.h"

namespace aiobench::report {

// What a span is of. A read and a write differ in their names only.
enum class SpanOf { submit, in_flight, queued, summing, turn, hashing, waiting, resume };

struct TraceSpan {
  SpanOf of{};
  platform::Ticks begin = 0;
  platform::Ticks end = 0;
  const measure::TraceEvent* event = nullptr;
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
TraceTracks tracks_of(std::vector<measure::TraceEvent>& events, bool renumber);

}  // namespace aiobench::report
