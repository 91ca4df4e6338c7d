// Tests that a trace keeps the events of each worker up to a limit for all workers, counts the
// rest, and separates passes and threads.
#include "stats/trace.h"

#include <doctest/doctest.h>

#include <set>
#include <thread>

namespace aiobench::stats {
namespace {

constexpr std::size_t kChunk = TraceChunk::kEvents;

TraceSubject subject_with(unsigned threads, bool own_threads = false) {
  TraceSubject subject;
  subject.threads = threads;
  subject.own_threads = own_threads;
  return subject;
}

TraceEvent event_of(std::uint64_t block) {
  TraceEvent event;
  event.block = block;
  return event;
}

void add(TracePass& pass, unsigned worker, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) pass.log(worker).add(event_of(i));
}

TEST_CASE("events are kept with the number of their worker") {
  Trace trace(10 * kChunk);
  TracePass& pass = trace.begin_pass(subject_with(2));
  add(pass, 1, 2 * kChunk + 3);
  add(pass, 0, 1);
  const std::vector<TraceEvent> events = pass.events();
  REQUIRE(events.size() == 2 * kChunk + 4);
  for (std::size_t i = 0; i + 1 < events.size(); ++i) {
    CHECK(events[i].thread == 1);
    CHECK(events[i].block == i);
  }
  CHECK(events.back().thread == 0);
  CHECK(pass.added() == events.size());
  CHECK(pass.dropped() == 0);
}

TEST_CASE("the limit is for all workers together; later events are counted") {
  Trace trace(3 * kChunk - 1);
  CHECK(trace.max_events() == 3 * kChunk);
  TracePass& pass = trace.begin_pass(subject_with(3));
  for (unsigned worker = 0; worker < 3; ++worker) add(pass, worker, kChunk);
  CHECK(pass.dropped() == 0);
  add(pass, 1, 7);
  add(pass, 2, 1000);
  CHECK(pass.events().size() == 3 * kChunk);
  CHECK(pass.added() == 3 * kChunk + 1007);
  CHECK(pass.dropped() == 1007);
  CHECK(trace.dropped() == 1007);
}

TEST_CASE("one worker may use all of the memory") {
  Trace trace(4 * kChunk);
  TracePass& pass = trace.begin_pass(subject_with(2));
  add(pass, 0, 4 * kChunk + 1);
  add(pass, 1, 1);
  CHECK(pass.events().size() == trace.max_events());
  CHECK(trace.added() == trace.max_events() + 2);
  CHECK(trace.dropped() == 2);
}

TEST_CASE("a trace without memory keeps nothing and counts all events") {
  Trace trace(0);
  TracePass& pass = trace.begin_pass(subject_with(1));
  add(pass, 0, 5);
  CHECK(pass.events().empty());
  CHECK(trace.dropped() == 5);
}

TEST_CASE("passes share the memory, and each has its own events") {
  Trace trace(3 * kChunk);
  TracePass& first = trace.begin_pass(subject_with(1));
  add(first, 0, kChunk + 1);
  TracePass& second = trace.begin_pass(subject_with(1));
  add(second, 0, kChunk + 1);
  CHECK(first.events().size() == kChunk + 1);
  CHECK(second.events().size() == kChunk);
  CHECK(first.dropped() == 0);
  CHECK(second.dropped() == 1);
  REQUIRE(trace.passes().size() == 2);
  CHECK(&trace.passes()[0] == &first);
  second.ran(5, 9);
  CHECK(second.started_ticks() == 5);
  CHECK(second.finished_ticks() == 9);
}

TEST_CASE("threads of the mechanism are distinguished, whatever worker they are attached to") {
  Trace trace(10 * kChunk);
  TracePass& pass = trace.begin_pass(subject_with(1, true));
  for (int i = 0; i < 2; ++i) std::thread([&] { add(pass, 0, 2); }).join();
  const std::vector<TraceEvent> events = pass.events();
  REQUIRE(events.size() == 4);
  CHECK(events[0].thread == events[1].thread);
  CHECK(events[2].thread == events[3].thread);
  CHECK(events[0].thread != events[2].thread);
}

TEST_CASE("threads add events concurrently without loss") {
  constexpr unsigned kThreads = 4;
  constexpr std::uint64_t kEach = 5000;
  Trace trace(kThreads * kEach / 2);
  TracePass& pass = trace.begin_pass(subject_with(kThreads));
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.emplace_back([&pass, i] { add(pass, i, kEach); });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(pass.added() == kThreads * kEach);
  CHECK(pass.events().size() + pass.dropped() == pass.added());
  CHECK(pass.events().size() <= trace.max_events());
  std::set<std::pair<std::uint32_t, std::uint64_t>> seen;
  for (const TraceEvent& event : pass.events()) seen.emplace(event.thread, event.block);
  CHECK(seen.size() == pass.events().size());
}

}  // namespace
}  // namespace aiobench::stats
