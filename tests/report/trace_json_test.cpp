// Proves that a trace is valid in the trace event format: every event has the required keys, names
// are escaped, and the origin is recorded.
#include "report/trace_json.h"

#include <doctest/doctest.h>

#include <map>

#include "result/sample_result.h"
#include "support/json.h"

namespace aiobench::report {
namespace {

using stats::TraceEvent;
using stats::TraceKind;
using test::Json;

TraceEvent event_of(TraceKind kind, os::Ticks begin, os::Ticks middle, os::Ticks end) {
  TraceEvent event;
  event.kind = kind;
  event.lane = 2;
  event.block = 5;
  event.offset = 5 * 4096;
  event.count = 4096;
  event.begin = begin;
  event.middle = middle;
  event.end = end;
  const bool request = kind == TraceKind::submit || kind == TraceKind::completion;
  if (request) event.request = 1;
  return event;
}

stats::TraceSubject subject_of(const std::string& path) {
  stats::TraceSubject subject;
  subject.job = "hash";
  subject.path = path;
  subject.engine = "iocp:batch=1";
  subject.depth = 8;
  subject.lanes = 8;
  subject.threads = 2;
  subject.block_bytes = 4096;
  return subject;
}

// One block, read by thread 0, taken and hashed by thread 1.
void fill(stats::TracePass& pass, os::Ticks start) {
  pass.log(0).add(event_of(TraceKind::submit, start + 100, 0, start + 200));
  pass.log(1).add(event_of(TraceKind::wait, start, 0, start + 1000));
  pass.log(1).add(event_of(TraceKind::completion, start + 100, start + 1000, start + 1100));
  pass.log(1).add(event_of(TraceKind::hash, start + 1100, start + 1200, start + 2000));
  pass.ran(start, start + 3000);
}

std::vector<Json> spans_of(const Json& document, unsigned pid) {
  std::vector<Json> found;
  for (const Json& event : document["traceEvents"].elements()) {
    if (event["ph"] == "X" && event["pid"] == pid) found.push_back(event);
  }
  return found;
}

TEST_CASE("trace: every event has the required keys") {
  stats::Trace trace;
  fill(trace.begin_pass(subject_of("file")), 1'000'000);
  const Json document = Json::parse(trace_json(trace, test::sample_result()));
  std::map<std::string, int> phases;
  for (const Json& event : document["traceEvents"].elements()) {
    ++phases[event["ph"].text()];
    CHECK((event["pid"].kind() == Json::Kind::whole));
    CHECK((event["name"].kind() == Json::Kind::text));
    if (event["ph"] == "M") continue;
    CHECK(event["tid"].whole() > 0);
    CHECK(event["ts"].is_number());
  }
  CHECK(phases == std::map<std::string, int>{{"M", 10}, {"X", 9}, {"s", 1}, {"f", 1}});
  const std::vector<Json> lanes = spans_of(document, 1);
  REQUIRE(lanes.size() == 5);
  CHECK(lanes[0]["name"] == "submit");
  CHECK(lanes[0]["tid"] == 3);
  CHECK(lanes[0]["args"] ==
        Json({{"block", 5}, {"thread", 0}, {"offset", 20480}, {"bytes", 4096}, {"inline", false}}));
  CHECK(lanes[1]["args"] ==
        Json({{"block", 5}, {"thread", 1}, {"bytes", 4096}, {"submitted_by", 0}}));
  CHECK(lanes[4]["name"] == "hashing");
  CHECK(lanes[0]["ts"].real() == doctest::Approx(os::ticks_to_ns(100) / 1000).epsilon(0.01));
  CHECK(lanes[4]["dur"].real() == doctest::Approx(os::ticks_to_ns(800) / 1000).epsilon(0.01));
  CHECK(spans_of(document, 2).size() == 4);
}

TEST_CASE("trace: an arrow from the submission to the completion") {
  stats::Trace trace;
  fill(trace.begin_pass(subject_of("file")), 1'000'000);
  fill(trace.begin_pass(subject_of("file")), 2'000'000);
  const Json document = Json::parse(trace_json(trace, test::sample_result()));
  std::map<std::uint64_t, std::string> flows;
  for (const Json& event : document["traceEvents"].elements()) {
    const std::string phase = event["ph"].text();
    if (phase != "s" && phase != "f") continue;
    flows[event["id"].whole()] += phase + event["tid"].dump();
    CHECK(event.contains("bp") == (phase == "f"));
  }
  REQUIRE(flows.size() == 2);
  for (const auto& flow : flows) CHECK(flow.second == "s1f2");
}

TEST_CASE("trace: names may contain any characters, and passes are numbered") {
  const std::string name = "say \"hi\"\\\n\t\x01 gr\xc3\xbc\xc3\x9f \xff";
  stats::Trace trace;
  fill(trace.begin_pass(subject_of(name)), 1'000'000);
  fill(trace.begin_pass(subject_of(name)), 2'000'000);
  fill(trace.begin_pass(subject_of("other")), 3'000'000);
  const Json document = Json::parse(trace_json(trace, test::sample_result()));
  std::map<std::uint64_t, std::string> names;
  for (const Json& event : document["traceEvents"].elements()) {
    if (event["name"] == "process_name") names[event["pid"].whole()] = event["args"]["name"].text();
  }
  const std::string shown = "say \"hi\"\\\n\t\x01 gr\xc3\xbc\xc3\x9f \xef\xbf\xbd";
  CHECK(names == std::map<std::uint64_t, std::string>{{1, "lanes: " + shown},
                                                      {2, "threads: " + shown},
                                                      {3, "lanes: " + shown + ", pass 2"},
                                                      {4, "threads: " + shown + ", pass 2"},
                                                      {5, "lanes: other"},
                                                      {6, "threads: other"}});
  CHECK(document["otherData"]["passes"][2]["path"] == "other");
  CHECK(document["otherData"]["passes"][2]["lanes_pid"] == 5);
}

TEST_CASE("trace: its origin, and the number of missing events") {
  stats::Trace trace(stats::TraceChunk::kEvents * 2);
  trace.event_cost_ns = 12.5;
  stats::TracePass& pass = trace.begin_pass(subject_of("file"));
  fill(pass, 1'000'000);
  for (int i = 0; i < 60; ++i) pass.log(0).add(event_of(TraceKind::submit, 1, 0, 2));
  result::Results origin = test::sample_result();
  Json other = Json::parse(trace_json(trace, origin))["otherData"];
  CHECK(other["wine"].is_null());
  CHECK(other["note"].is_null());
  CHECK(other["system"] == "Linux");
  CHECK(other["events"] == 53);
  CHECK(other["events_left_out"] == 11);
  CHECK(other["event_cost_ns"] == 12.5);
  const Json& one = other["passes"][0];
  CHECK(one["engine"] == "iocp:batch=1");
  CHECK(one["depth"] == 8);
  CHECK(one["threads"] == 2);
  CHECK(one["block_bytes"] == 4096);
  CHECK(one["job"] == "hash");
  origin.host.wine = "8.0";
  other = Json::parse(trace_json(trace, origin))["otherData"];
  CHECK(other["wine"] == "8.0");
  CHECK(other["note"] == "timing under Wine says nothing about Windows");
}

TEST_CASE("trace: reading ahead has one track per buffer, and pool threads have their name") {
  stats::Trace trace;
  stats::TraceSubject subject = subject_of("file");
  subject.lanes = 1;
  subject.own_threads = true;
  stats::TracePass& pass = trace.begin_pass(subject);
  fill(pass, 1'000'000);
  TraceEvent other = event_of(TraceKind::hash, 1'000'000, 1'000'001, 1'000'002);
  other.lane = 0;
  pass.log(0).add(other);
  const Json document = Json::parse(trace_json(trace, test::sample_result()));
  std::vector<std::string> names;
  for (const Json& event : document["traceEvents"].elements()) {
    if (event["name"] == "thread_name") names.push_back(event["args"]["name"].text());
  }
  CHECK(names == std::vector<std::string>{"lane 0, buffer 0", "lane 0, buffer 2", "pool thread 0"});
}

TEST_CASE("trace: a pass that did not start is empty") {
  stats::Trace trace;
  trace.begin_pass(subject_of("file"));
  const Json document = Json::parse(trace_json(trace, test::sample_result()));
  CHECK(spans_of(document, 1).empty());
  CHECK(document["otherData"]["events"] == 0);
}

}  // namespace
}  // namespace aiobench::report
