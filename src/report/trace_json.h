// Writes a trace in Chrome's trace event format (JSON), which Perfetto and chrome://tracing
// display. Each pass has a process "lanes" with one track per lane and a process "threads" with one
// track per thread. Source: "Trace Event Format" by the Chromium project.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "result/model.h"
#include "stats/trace.h"

namespace aiobench::report {

// The kind of a span. Reads and writes differ only in their names.
enum class SpanOf { submit, in_flight, queued, summing, turn, hashing, waiting, resume };

struct TraceSpan {
  SpanOf of{};
  os::Ticks begin = 0;
  os::Ticks end = 0;
  const stats::TraceEvent* event = nullptr;
  // Joins the spans of one request that was in flight: a number from 1, or 0 for other spans.
  std::uint64_t flow = 0;
  std::uint32_t submitted_by = 0;  // the thread that submitted this request
  bool done_inline = false;

  // The displayed name: "in flight".
  const char* name() const;
};

// One row of the display. Spans of a track are in order and do not overlap.
struct TraceTrack {
  std::uint32_t number = 0;
  std::vector<TraceSpan> spans;
};

// The events of a pass: lanes show the life of each block, threads show which thread submitted a
// request and which one took its completion.
struct TraceTracks {
  std::vector<TraceTrack> lanes;
  std::vector<TraceTrack> threads;
};

// Converts the events of a pass to spans. The tracks point into `events`. `renumber` numbers the
// threads from 0 in the order in which they first appear.
TraceTracks tracks_of(std::vector<stats::TraceEvent>& events, bool renumber);

// The trace file; call it after the last pass. Times count from the start of the first pass.
// docs/mechanisms.md explains what the display shows.
std::string trace_json(const stats::Trace& trace, const result::Origin& origin);

}  // namespace aiobench::report
