// Proves that events become spans on the right tracks, that spans of a track do not overlap, and
// that a completion taken by another thread is shown as such.
#include "report/trace_json.h"

#include <doctest/doctest.h>

#include <string>

namespace aiobench::report {
namespace {

using os::Ticks;
using stats::TraceEvent;
using stats::TraceKind;

TraceEvent event_of(TraceKind kind, std::uint32_t thread, Ticks begin, Ticks middle, Ticks end) {
  TraceEvent event;
  event.kind = kind;
  event.thread = thread;
  event.begin = begin;
  event.middle = middle;
  event.end = end;
  return event;
}

TraceEvent request(TraceKind kind, std::uint16_t lane, std::uint32_t thread, Ticks begin,
                   Ticks middle, Ticks end) {
  TraceEvent event = event_of(kind, thread, begin, middle, end);
  event.lane = lane;
  event.request = 1;
  return event;
}

// "name begin-end, ..."
std::string text_of(const TraceTrack& track) {
  std::string text;
  for (const TraceSpan& span : track.spans) {
    text += (text.empty() ? "" : ", ") + std::string(span.name()) + " " +
            std::to_string(span.begin) + "-" + std::to_string(span.end);
  }
  return text;
}

TEST_CASE("a request that was in flight") {
  std::vector<TraceEvent> events = {request(TraceKind::submit, 3, 0, 10, 0, 14),
                                    request(TraceKind::completion, 3, 1, 10, 20, 25)};
  const TraceTracks tracks = tracks_of(events, false);
  REQUIRE(tracks.lanes.size() == 1);
  CHECK(tracks.lanes[0].number == 3);
  CHECK(text_of(tracks.lanes[0]) == "submit 10-14, in flight 14-20, queued 20-25");
  REQUIRE(tracks.threads.size() == 2);
  CHECK(text_of(tracks.threads[0]) == "submit 10-14");
  CHECK(text_of(tracks.threads[1]) == "resume 20-25");
  CHECK(tracks.threads[0].spans[0].flow == tracks.threads[1].spans[0].flow);
  CHECK(tracks.threads[0].spans[0].flow != 0);
  CHECK(tracks.threads[1].spans[0].submitted_by == 0);
  CHECK(tracks.threads[1].spans[0].event->thread == 1);
}

TEST_CASE("a request that completed inside the call was never in flight") {
  std::vector<TraceEvent> events = {request(TraceKind::submit, 0, 0, 10, 0, 14)};
  events[0].done_inline = true;
  const TraceTracks tracks = tracks_of(events, false);
  REQUIRE(tracks.lanes.size() == 1);
  CHECK(text_of(tracks.lanes[0]) == "submit 10-14");
  CHECK(tracks.lanes[0].spans[0].done_inline);
  CHECK(tracks.lanes[0].spans[0].flow == 0);
}

TEST_CASE("a completion taken by another thread before the submitting call returned") {
  std::vector<TraceEvent> events = {request(TraceKind::submit, 0, 0, 10, 0, 30),
                                    request(TraceKind::completion, 0, 1, 10, 20, 21)};
  const TraceTracks tracks = tracks_of(events, false);
  CHECK(text_of(tracks.lanes[0]) == "submit 10-20, in flight 20-20, queued 20-21");
  CHECK(text_of(tracks.threads[0]) == "submit 10-30");
}

TEST_CASE("a completion without its submission, for which the trace was full") {
  std::vector<TraceEvent> events = {request(TraceKind::completion, 0, 1, 10, 20, 21)};
  const TraceTracks tracks = tracks_of(events, false);
  CHECK(text_of(tracks.lanes[0]) == "in flight 10-20, queued 20-21");
  CHECK(tracks.lanes[0].spans[0].flow == 0);
}

TEST_CASE("a write has its own names") {
  std::vector<TraceEvent> events = {request(TraceKind::submit, 0, 0, 10, 0, 14),
                                    request(TraceKind::completion, 0, 0, 10, 20, 25)};
  for (TraceEvent& event : events) event.write = true;
  CHECK(text_of(tracks_of(events, false).lanes[0]) ==
        "submit write 10-14, writing 14-20, queued 20-25");
}

TEST_CASE("turn, hashing and summing") {
  std::vector<TraceEvent> events = {event_of(TraceKind::accumulate, 0, 1, 0, 4),
                                    event_of(TraceKind::hash, 0, 5, 7, 9)};
  const TraceTracks tracks = tracks_of(events, false);
  CHECK(text_of(tracks.lanes[0]) == "summing 1-4, waiting for the turn 5-7, hashing 7-9");
  CHECK(text_of(tracks.threads[0]) == "summing 1-4, hashing 7-9");
}

TEST_CASE("a block that got its turn and was not hashed") {
  std::vector<TraceEvent> events = {event_of(TraceKind::hash, 0, 5, 7, 9)};
  events[0].failed = true;
  const TraceTracks tracks = tracks_of(events, false);
  CHECK(text_of(tracks.lanes[0]) == "waiting for the turn 5-7");
  CHECK(tracks.threads.empty());
}

TEST_CASE("two completions of a batch: the second one is resumed after the first") {
  std::vector<TraceEvent> events = {
      event_of(TraceKind::wait, 0, 0, 0, 20),      request(TraceKind::completion, 0, 0, 1, 20, 22),
      event_of(TraceKind::hash, 0, 22, 23, 30),    request(TraceKind::completion, 1, 0, 2, 20, 32),
      request(TraceKind::submit, 2, 0, 33, 0, 35),
  };
  CHECK(text_of(tracks_of(events, false).threads[0]) ==
        "waiting 0-20, resume 20-22, hashing 23-30, resume 30-32, submit 33-35");
}

TEST_CASE("small clock differences cause no overlap and no negative span") {
  std::vector<TraceEvent> events = {request(TraceKind::submit, 0, 0, 10, 0, 14),
                                    request(TraceKind::completion, 0, 1, 10, 9, 8),
                                    event_of(TraceKind::hash, 1, 7, 6, 5)};
  for (const TraceTracks& tracks : {tracks_of(events, false)}) {
    for (const auto& list : {tracks.lanes, tracks.threads}) {
      for (const TraceTrack& track : list) {
        Ticks last = 0;
        for (const TraceSpan& span : track.spans) {
          CHECK(span.begin >= last);
          CHECK(span.end >= span.begin);
          last = span.end;
        }
      }
    }
  }
}

TEST_CASE("threads of a mechanism are numbered in order of appearance") {
  std::vector<TraceEvent> events = {request(TraceKind::completion, 0, 7, 1, 20, 22),
                                    request(TraceKind::submit, 0, 9, 1, 0, 2)};
  const TraceTracks tracks = tracks_of(events, true);
  REQUIRE(tracks.threads.size() == 2);
  CHECK(text_of(tracks.threads[0]) == "submit 1-2");
  CHECK(text_of(tracks.threads[1]) == "resume 20-22");
  CHECK(tracks.threads[1].spans[0].submitted_by == 0);
  CHECK(tracks.threads[1].spans[0].event->thread == 1);
}

}  // namespace
}  // namespace aiobench::report
