#include "report/trace_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <unordered_map>

#include "result/json_document.h"

namespace aiobench::report {
namespace {

using os::Ticks;
using stats::Trace;
using stats::TraceEvent;
using stats::TraceKind;
using stats::TracePass;

// The two events of one request. One may be missing if the trace was full.
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

// Another thread may take the completion before the submitting call returns in this one. For the
// lane, submitting ends at that moment.
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
    case TraceKind::accumulate:
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

// Events are recorded when they end. An event that started before the previous one of its track
// ended, such as a completion that waited in a batch, starts where that one ended. The clocks of
// two processors may also differ by some nanoseconds.
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

// The two kinds of processes in the format.
enum class Of { lanes, threads };

unsigned process_of(std::size_t pass, Of of) {
  return static_cast<unsigned>(2 * pass) + (of == Of::lanes ? 1 : 2);
}

std::string quoted(const std::string& text) {
  return result::Json(text).dump(-1, ' ', false, result::Json::error_handler_t::replace);
}

// Converts nanoseconds to the microseconds of the format.
std::string micros(std::uint64_t ns) {
  return fmt::format("{}.{:03}", ns / 1000, ns % 1000);
}

// "big.iso", and "big.iso, pass 2" for its second pass.
std::vector<std::string> names_of(const Trace& trace) {
  std::map<std::string, unsigned> counts;
  std::vector<std::string> names;
  for (const TracePass& pass : trace.passes()) {
    const std::string& path = pass.subject().path;
    const unsigned count = ++counts[path];
    names.push_back(count == 1 ? path : fmt::format("{}, pass {}", path, count));
  }
  return names;
}

result::Json pass_json(const TracePass& pass, std::size_t number) {
  const stats::TraceSubject& subject = pass.subject();
  return {{"lanes_pid", process_of(number, Of::lanes)},
          {"threads_pid", process_of(number, Of::threads)},
          {"job", subject.job},
          {"path", subject.path},
          {"engine", result::or_null(subject.engine)},
          {"depth", subject.depth},
          {"threads", subject.threads},
          {"block_bytes", subject.block_bytes},
          {"events_left_out", pass.dropped()}};
}

result::Json other_data(const Trace& trace, const result::Origin& origin) {
  const os::HostInfo& host = origin.host;
  result::Json passes = result::Json::array();
  for (const TracePass& pass : trace.passes()) passes.push_back(pass_json(pass, passes.size()));
  return {
      {"tool", "aiobench"},
      {"version", origin.tool.version},
      {"commit", result::or_null(origin.tool.commit)},
      {"system", result::or_null(host.system)},
      {"system_version", result::or_null(host.version)},
      {"wine", result::or_null(host.wine)},
      {"note", host.wine.empty() ? result::Json(nullptr)
                                 : result::Json("timing under Wine says nothing about Windows")},
      {"clock", result::or_null(origin.clock)},
      {"events", trace.added() - trace.dropped()},
      {"events_left_out", trace.dropped()},
      {"event_cost_ns", result::or_null(trace.event_cost_ns)},
      {"passes", std::move(passes)}};
}

// Writes the events, one per line.
class Writer {
 public:
  Writer(const Trace& trace, std::string& text) : trace_(trace), text_(text) {
    for (const TracePass& pass : trace.passes()) {
      if (pass.started_ticks() == 0) continue;  // the pass did not start
      start_ = start_ == 0 ? pass.started_ticks() : std::min(start_, pass.started_ticks());
    }
  }

  void add_pass(std::size_t number, const std::string& name) {
    const TracePass& pass = trace_.passes()[number];
    std::vector<TraceEvent> events = pass.events();
    const TraceTracks tracks = tracks_of(events, pass.subject().own_threads);
    add_process(process_of(number, Of::lanes), "lanes: " + name);
    for (const TraceTrack& track : tracks.lanes) {
      // A lane that reads ahead has two buffers and one track for each.
      const bool ahead = pass.subject().lanes == 1 && tracks.lanes.size() > 1;
      add_track(process_of(number, Of::lanes), track,
                fmt::format("{} {}", ahead ? "lane 0, buffer" : "lane", track.number), Of::lanes);
    }
    add_process(process_of(number, Of::threads), "threads: " + name);
    for (const TraceTrack& track : tracks.threads) {
      const char* const kind = pass.subject().own_threads ? "pool thread" : "thread";
      add_track(process_of(number, Of::threads), track, fmt::format("{} {}", kind, track.number),
                Of::threads);
    }
    flows_before_ += events.size();
  }

 private:
  std::string time(os::Ticks ticks) const { return micros(ns_at(ticks)); }
  std::uint64_t ns_at(os::Ticks ticks) const {
    return ticks <= start_ ? 0 : static_cast<std::uint64_t>(os::ticks_to_ns(ticks - start_));
  }

  template <class... Parts>
  void line(fmt::format_string<Parts...> format, Parts&&... parts) {
    text_ += lines_++ == 0 ? "\n" : ",\n";
    fmt::format_to(std::back_inserter(text_), format, std::forward<Parts>(parts)...);
  }

  void add_process(unsigned pid, const std::string& name) {
    line(R"({{"ph":"M","pid":{},"name":"process_name","args":{{"name":{}}}}})", pid, quoted(name));
    line(R"({{"ph":"M","pid":{},"name":"process_sort_index","args":{{"sort_index":{}}}}})", pid,
         pid);
  }

  void add_track(unsigned pid, const TraceTrack& track, const std::string& name, Of of) {
    // Some readers of the format do not accept thread 0.
    const std::uint32_t tid = track.number + 1;
    line(R"({{"ph":"M","pid":{},"tid":{},"name":"thread_name","args":{{"name":{}}}}})", pid, tid,
         quoted(name));
    line(R"({{"ph":"M","pid":{},"tid":{},"name":"thread_sort_index","args":{{"sort_index":{}}}}})",
         pid, tid, tid);
    for (const TraceSpan& span : track.spans) {
      const std::uint64_t begin = ns_at(span.begin);
      line(R"({{"ph":"X","pid":{},"tid":{},"ts":{},"dur":{},"name":"{}","args":{{{}}}}})", pid, tid,
           micros(begin), micros(ns_at(span.end) - begin), span.name(), arguments(span, of));
      if (of == Of::threads && span.flow != 0) add_flow(pid, tid, span);
    }
  }

  // An arrow from the submission to the place where the completion was taken.
  void add_flow(unsigned pid, std::uint32_t tid, const TraceSpan& span) {
    const bool starts = span.event->kind == TraceKind::submit;
    line(R"({{"ph":"{}","pid":{},"tid":{},"ts":{},"id":{},"cat":"request","name":"request"{}}})",
         starts ? "s" : "f", pid, tid, time(span.begin), flows_before_ + span.flow,
         starts ? "" : R"(,"bp":"e")");
  }

  // The details of a span: its block and the thread or lane.
  std::string arguments(const TraceSpan& span, Of of) const {
    const TraceEvent& event = *span.event;
    if (event.kind == TraceKind::wait) return fmt::format(R"("completions":{})", event.count);
    if (of == Of::threads) {
      return fmt::format(R"("lane":{},"block":{}{})", event.lane, event.block,
                         span.of == SpanOf::resume && span.flow != 0
                             ? fmt::format(R"(,"submitted_by":{})", span.submitted_by)
                             : "");
    }
    std::string text = fmt::format(R"("block":{},"thread":{})", event.block, event.thread);
    if (event.kind == TraceKind::submit) {
      text += fmt::format(R"(,"offset":{},"bytes":{},"inline":{})", event.offset, event.count,
                          span.done_inline);
    } else if (span.of == SpanOf::in_flight) {
      text += fmt::format(R"(,"bytes":{})", event.count);
      if (span.flow != 0) text += fmt::format(R"(,"submitted_by":{})", span.submitted_by);
    }
    if (event.failed) text += R"(,"failed":true)";
    return text;
  }

  const Trace& trace_;
  std::string& text_;
  os::Ticks start_ = 0;
  std::size_t lines_ = 0;
  std::uint64_t flows_before_ =
      0;  // offset of the flow numbers; above the number of flows in earlier passes
};

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

std::string trace_json(const Trace& trace, const result::Origin& origin) {
  std::string text = fmt::format(
      "{{\"displayTimeUnit\":\"ns\",\n\"otherData\":{},\n\"traceEvents\":[",
      other_data(trace, origin).dump(-1, ' ', false, result::Json::error_handler_t::replace));
  Writer writer(trace, text);
  const std::vector<std::string> names = names_of(trace);
  for (std::size_t i = 0; i < names.size(); ++i) writer.add_pass(i, names[i]);
  text += "\n]}\n";
  return text;
}

}  // namespace aiobench::report
