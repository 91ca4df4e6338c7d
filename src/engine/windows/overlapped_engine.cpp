#include "engine/windows/overlapped_engine.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "base/check.h"
#include "engine/windows/overlapped_io.h"
#include "engine/windows/wait_group.h"
#include "os/system_error.h"

namespace aiobench::engine {

// Requests 0 to in_flight - 1 are waited for here; request i has the event handles[i + 1].
struct alignas(64) OverlappedEngine::Worker {
  Worker() { handles[0] = wake_event.get(); }

  Outcome submit_here(Request& request);
  Outcome submit_to_group(Request& request);
  void take_done(RequestQueue& completed);
  void wait();

  Handle wake_event{CreateEventW(nullptr, FALSE, FALSE, nullptr)};  // by wake(), or the inbox
  std::atomic<bool> woken{false};
  std::vector<Handle> owned_events;
  std::array<HANDLE, MAXIMUM_WAIT_OBJECTS> handles{};
  std::array<Request*, kEventsPerWait> requests{};
  unsigned in_flight = 0;

  Inbox inbox{wake_event.get()};
  std::vector<std::unique_ptr<WaitGroup>> groups;
};

Outcome OverlappedEngine::Worker::submit_here(Request& request) {
  auto& overlapped = request.make_native<OVERLAPPED>();
  set_offset(overlapped, request);
  overlapped.hEvent = handles[in_flight + 1];
  switch (start(request, overlapped)) {
    case Started::pending:
      requests[in_flight++] = &request;
      return Outcome::pending;
    case Started::succeeded:
      AIOBENCH_CHECK(take_result(request, overlapped));
      break;
    case Started::refused:
      break;
  }
  return outcome_of(request);
}

Outcome OverlappedEngine::Worker::submit_to_group(Request& request) {
  for (const auto& group : groups) {
    if (const std::optional<Outcome> outcome = group->submit(request)) return *outcome;
  }
  Result<std::unique_ptr<WaitGroup>> group = WaitGroup::make(inbox);
  if (!group) {
    request.error = group.error().code;
    return Outcome::failed;
  }
  groups.push_back(group.take());
  return *groups.back()->submit(request);
}

void OverlappedEngine::Worker::take_done(RequestQueue& completed) {
  for (unsigned i = 0; i < in_flight;) {
    Request& request = *requests[i];
    if (!take_result(request, request.native_as<OVERLAPPED>())) {
      ++i;
      continue;
    }
    completed.push(request);
    // The last one takes the place, with its event.
    --in_flight;
    requests[i] = requests[in_flight];
    std::swap(handles[i + 1], handles[in_flight + 1]);
  }
  if (!groups.empty()) inbox.take(completed);
}

void OverlappedEngine::Worker::wait() {
  const DWORD reason = WaitForMultipleObjects(in_flight + 1, handles.data(), FALSE, INFINITE);
  AIOBENCH_CHECK(reason <= in_flight);
  if (reason == 0) return;
  // The event may be set on account of the request that had it before. Then it must be reset, or
  // it would end every wait; and it must be before the look that follows, which would miss a
  // completion otherwise.
  Request& request = *requests[reason - 1];
  if (!HasOverlappedIoCompleted(&request.native_as<OVERLAPPED>())) ResetEvent(handles[reason]);
}

OverlappedEngine::OverlappedEngine(const EngineConfig& config)
    : Engine(config), workers_(std::make_unique<Worker[]>(config.threads)) {}

OverlappedEngine::~OverlappedEngine() = default;

Status OverlappedEngine::do_enter(unsigned worker) {
  Worker& self = workers_[worker];
  const std::size_t events = std::min(config().depth, kEventsPerWait);
  // A worker that enters again has its events already; more would not fit into `handles`.
  while (self.owned_events.size() < events) {
    Handle event = make_request_event();
    if (!event) return platform::system_error("make an event", "", platform::last_error());
    self.owned_events.push_back(std::move(event));
    self.handles[self.owned_events.size()] = self.owned_events.back().get();
  }
  return {};
}

Outcome OverlappedEngine::do_submit(unsigned worker, Request& request) {
  Worker& self = workers_[worker];
  return self.in_flight < self.owned_events.size() ? self.submit_here(request)
                                                   : self.submit_to_group(request);
}

void OverlappedEngine::do_reap(unsigned worker, Wait wait, RequestQueue& completed) {
  Worker& self = workers_[worker];
  self.take_done(completed);
  while (wait == Wait::yes && completed.empty() && !self.woken.exchange(false)) {
    self.wait();
    self.take_done(completed);
  }
}

void OverlappedEngine::do_wake(unsigned worker) {
  workers_[worker].woken.store(true);
  SetEvent(workers_[worker].wake_event.get());
}

void OverlappedEngine::do_cancel() {
  cancel_all(files());
}

}  // namespace aiobench::engine
