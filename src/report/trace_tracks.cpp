#include "report/trace_tracks.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace aiobench::report {
namespace {

using measure::TraceEvent;
using measure::TraceKind;
using platform::Ticks;

// What is known of one request. The trace may have had no more room for one of the two.
struct Request {
  const TraceEvent* submit = nullptr;
  const TraceEvent* completion = nullptr;
};

using TrackMap = std::map<std::uint32_t, std::vector<TraceSpan>>;

TraceSpan span(SpanOf of, const TraceEvent& event, Ticks begin, Ticks end) {
  TraceSpan made;
  made.of = of;
  made.event = &event;
  made.begin = begin;
  made.end = end;
  return made;
}

void renumber_threads(std::vector<TraceEvent>& events) {
  std::stable_sort(events.begin(), events.end(),
                   [](const TraceEvent& a, const TraceEvent& b) { return a.end < b.end; });
  std::unordered_map<std::uint32_t, std::uint32_t> numbers;
  for (TraceEvent& event : events) {
    const auto next = static_cast<std::uint32_t>(numbers.size());
    event.thread = numbers.try_emplace(event.thread, next).first->second;
  }
}

// The other thread may have taken the completion before the call returned in this one: for the
// lane the request was submitted until then.
void add_request(const Request& request, std::uint64_t flow, TrackMap& lanes, TrackMap& threads) {
  const TraceEvent* const s = request.submit;
  const TraceEvent* const c = request.completion;
  const auto put = [&](TrackMap& tracks, std::uint32_t number, TraceSpan made) {
    if (s != nullptr && c != nullptr) {
      made.flow = flow;
      made.submitted_by = s->thread;
    }
    made.done_inline = (s != nullptr && s->done_inline) || (c != nullptr && c->done_inline);
    tracks[number].push_back(made);
  };
  if (s != nullptr) {
    const Ticks end = c != nullptr ? std::min(s->end, c->middle) : s->end;
    put(lanes, s->lane, span(SpanOf::submit, *s, s->begin, end));
    put(threads, s->thread, span(SpanOf::submit, *s, s->begin, s->end));
  }
  if (c == nullptr) return;
  const Ticks from = s != nullptr ? std::min(s->end, c->middle) : c->begin;
  put(lanes, c->lane, span(SpanOf::in_flight, *c, from, c->middle));
  put(lanes, c->lane, span(SpanOf::queued, *c, c->middle, c->end));
  put(threads, c->thread, span(SpanOf::resume, *c, c->middle, c->end));
}

void add_other(const TraceEvent& event, TrackMap& lanes, TrackMap& threads) {
  const auto in_both = [&](SpanOf of, Ticks begin) {
    lanes[event.lane].push_back(span(of, event, begin, event.end));
    threads[event.thread].push_back(span(of, event, begin, event.end));
  };
  switch (event.kind) {
    case TraceKind::wait:
      threads[event.thread].push_back(span(SpanOf::waiting, event, event.begin, event.end));
      break;
    case TraceKind::sum:
      in_both(SpanOf::summing, event.begin);
      break;
    case TraceKind::hash:
      lanes[event.lane].push_back(span(SpanOf::turn, event, event.begin, event.middle));
      if (!event.failed) in_both(SpanOf::hashing, event.middle);
      break;
    case TraceKind::submit:
    case TraceKind::completion:
      break;
  }
}

// A thread's events were each noted at their end. What began before the last one ended, as a
// completion that waited in a batch, begins for the thread where that ended. Clocks of two
// processors may differ by some nanoseconds besides.
std::vector<TraceTrack> laid_out(TrackMap& map) {
  std::vector<TraceTrack> tracks;
  for (auto& [number, spans] : map) {
    std::stable_sort(spans.begin(), spans.end(), [](const TraceSpan& a, const TraceSpan& b) {
      return std::tie(a.end, a.begin) < std::tie(b.end, b.begin);
    });
    Ticks last = 0;
    for (TraceSpan& one : spans) {
      one.begin = std::max(one.begin, last);
      one.end = std::max(one.end, one.begin);
      last = one.end;
    }
    tracks.push_back({number, std::move(spans)});
  }
  return tracks;
}

}  // namespace

const char* TraceSpan::name() const {
  switch (of) {
    case SpanOf::submit:
      return event->write ? "submit write" : "submit";
    case SpanOf::in_flight:
      return event->write ? "writing" : "in flight";
    case SpanOf::queued:
      return "queued";
    case SpanOf::summing:
      return "summing";
    case SpanOf::turn:
      return "waiting for the turn";
    case SpanOf::hashing:
      return "hashing";
    case SpanOf::waiting:
      return "waiting";
    case SpanOf::resume:
      break;
  }
  return "resume";
}

TraceTracks tracks_of(std::vector<TraceEvent>& events, bool renumber) {
  if (renumber) renumber_threads(events);
  TrackMap lanes;
  TrackMap threads;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Request> requests;
  for (const TraceEvent& event : events) {
    Request* const of = event.request != 0 ? &requests[{event.lane, event.request}] : nullptr;
    if (event.kind == TraceKind::submit) {
      of->submit = &event;
    } else if (event.kind == TraceKind::completion) {
      of->completion = &event;
    } else {
      add_other(event, lanes, threads);
    }
  }
  std::uint64_t flow = 0;
  for (const auto& [key, request] : requests) add_request(request, ++flow, lanes, threads);
  return {laid_out(lanes), laid_out(threads)};
}

}  // namespace aiobench::report
