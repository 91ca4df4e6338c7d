#include "run/worker.h"

#include "run/scheduler.h"

namespace aiobench::pipeline {
namespace {

thread_local Worker* serving_as = nullptr;

// A build that is wrong on purpose, to prove that calibration finds it.
#ifndef AIOBENCH_LATENCY_SKEW_PERCENT
#define AIOBENCH_LATENCY_SKEW_PERCENT 0
#endif
constexpr double kLatencySkew = 1.0 + AIOBENCH_LATENCY_SKEW_PERCENT / 100.0;

}  // namespace

Worker& current_worker() {
  return *serving_as;
}

void set_current_worker(Worker* worker) {
  serving_as = worker;
}

bool Transfer::await_suspend(std::coroutine_handle<> awaiting) {
  lane = awaiting;
  return current_worker().submit(*this);
}

void Landing::await_suspend(std::coroutine_handle<> awaiting) const noexcept {
  transfer->lane = awaiting;
}

bool Worker::submit(Transfer& request) {
  crew->slowdown().hold_up();
  const platform::Ticks before = platform::now_ticks();
  request.submitted_ticks = before;
  engine::Engine& engine = request.via != nullptr ? *request.via : crew->engine();
  measure::Flow& counted = flow(request);
  const engine::Outcome outcome = engine.submit(index, request);
  // The request may be in another thread's hands by now: only the outcome says whether not.
  const platform::Ticks after = platform::now_ticks();
  recorder.submit_ticks += after - before;
  last_ticks = after;
  switch (outcome) {
    case engine::Outcome::pending:
      return true;
    case engine::Outcome::notified:
      ++counted.inline_completions;
      return true;
    case engine::Outcome::finished:
      ++counted.inline_completions;
      break;
    case engine::Outcome::failed:
      break;
  }
  request.completed_ticks = after;
  record(request);
  return false;
}

bool Worker::begin(Transfer& request) {
  if (!submit(request)) return false;
  flush();
  return true;
}

void Worker::flush() {
  const platform::Ticks before = platform::now_ticks();
  crew->engine().flush(index);
  last_ticks = platform::now_ticks();
  recorder.submit_ticks += last_ticks - before;
}

void Worker::record(const Transfer& request) {
  if (request.error != 0) {
    ++recorder.failures;
    return;
  }
  measure::Flow& counted = flow(request);
  if (request.done_in_call) ++counted.inline_completions;
  const platform::Ticks from = request.due_ticks != 0 ? request.due_ticks : request.submitted_ticks;
  const platform::Ticks ticks = request.completed_ticks - from;
  counted.count(
      request.completed_ticks, request.transferred,
      static_cast<std::uint64_t>(static_cast<double>(ticks) * crew->ns_per_tick() * kLatencySkew));
}

}  // namespace aiobench::pipeline
