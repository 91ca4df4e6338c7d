// The engine `overlapped`: ReadFile() and WriteFile() with an event in each OVERLAPPED, and a
// worker that waits for the events of its requests.
//
// The traps:
// - WaitForMultipleObjects() takes at most 64 handles. A worker waits for its first 63 requests and
//   for the event that wakes it. Helper threads, created on demand, wait for the other requests in
//   groups of 63 (WaitGroup). A completion is therefore seen promptly at any depth.
// - If several handles are set, WaitForMultipleObjects() reports only the first one. After each
// wait
//   a worker therefore takes all completed requests; otherwise the last ones would starve. Checking
//   a request needs no system call, because the system writes the result into the OVERLAPPED.
// - The system does so before it sets the event. A request may be taken, and its event used for
//   another request, before the event is set. So an event that is set only means that the worker
//   must check its requests.
// - Without an event in the OVERLAPPED, the completion of any request on the file sets the file
//   handle. With two requests in flight, that does not tell which one completed.
// - The system cancels the requests of a thread when the thread ends.
//
// Sources: "Synchronous and Asynchronous I/O", GetOverlappedResult, WaitForMultipleObjects
// (MAXIMUM_WAIT_OBJECTS) in the Win32 reference.

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "base/error.h"
#include "engine/registry.h"
#include "engine/windows/overlapped_io.h"
#include "os/system_error.h"

namespace aiobench::engine {
namespace {

// The event of a request. Manual-reset: an auto-reset event would be reset by the first wait or
// check that sees it. ReadFile() and WriteFile() reset it when a request starts; its completion
// sets it.
Handle make_request_event() {
  constexpr BOOL kManualReset = TRUE;
  return Handle(CreateEventW(nullptr, kManualReset, FALSE, nullptr));
}

// The maximum number of requests that one thread waits for. One handle is left for the event that
// wakes or ends the thread.
constexpr unsigned kEventsPerWait = MAXIMUM_WAIT_OBJECTS - 1;

// The completed requests of the helper threads, for one worker.
class Inbox {
 public:
  // `signal` is set after each put().
  explicit Inbox(HANDLE signal) : signal_(signal) {}

  void put(RequestQueue& done);
  void take(RequestQueue& done);

 private:
  const HANDLE signal_;
  std::mutex mutex_;
  RequestQueue done_;  // guarded by mutex_
};

// A helper thread that waits for the events of up to 63 requests on behalf of a worker, and puts
// the completed ones into the inbox of the worker.
class WaitGroup {
 public:
  // Fails if the system cannot create events or the thread. `inbox` must outlive the group.
  static Result<std::unique_ptr<WaitGroup>> make(Inbox& inbox);
  // No request may be in the group.
  ~WaitGroup();

  // Starts `request`. Empty if all slots are taken; the request is then not started. Called by one
  // thread.
  std::optional<Outcome> submit(Request& request);

 private:
  explicit WaitGroup(Inbox& inbox) : inbox_(inbox) {}

  void run();
  void take_done(RequestQueue& done);

  Inbox& inbox_;
  std::vector<Handle> owned_;
  std::array<HANDLE, MAXIMUM_WAIT_OBJECTS>
      handles_{};  // the event that ends the thread, then the slots
  std::thread thread_;

  std::mutex mutex_;
  std::array<Request*, kEventsPerWait> requests_{};  // guarded by mutex_; in flight, by slot
  std::vector<unsigned> free_;                       // guarded by mutex_; unused slots
};

void Inbox::put(RequestQueue& done) {
  {
    const std::lock_guard lock(mutex_);
    done_.append(done);
  }
  SetEvent(signal_);
}

void Inbox::take(RequestQueue& done) {
  const std::lock_guard lock(mutex_);
  done.append(done_);
}

Result<std::unique_ptr<WaitGroup>> WaitGroup::make(Inbox& inbox) {
  std::unique_ptr<WaitGroup> group(new WaitGroup(inbox));
  for (HANDLE& handle : group->handles_) {
    Handle event = make_request_event();
    if (!event) return os::system_error("create an event", "", os::last_error());
    handle = event.get();
    group->owned_.push_back(std::move(event));
  }
  for (unsigned slot = kEventsPerWait; slot > 0; --slot) group->free_.push_back(slot - 1);
  try {
    group->thread_ = std::thread([raw = group.get()] { raw->run(); });
  } catch (const std::system_error&) {
    return os::system_error("start a thread", "", ERROR_NO_SYSTEM_RESOURCES);
  }
  return group;
}

WaitGroup::~WaitGroup() {
  if (!thread_.joinable()) return;
  SetEvent(handles_[0]);
  thread_.join();
}

// The lock is held during the call, so that the helper thread finds either an empty slot or a
// request that has started.
std::optional<Outcome> WaitGroup::submit(Request& request) {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return std::nullopt;
  const unsigned slot = free_.back();
  auto& overlapped = request.make_native<OVERLAPPED>();
  os::set_offset(overlapped, request.offset);
  overlapped.hEvent = handles_[slot + 1];
  switch (start(request, overlapped)) {
    case Started::pending:
      free_.pop_back();
      requests_[slot] = &request;
      return Outcome::pending;
    case Started::succeeded:
      // The event is set in this case too. The helper thread wakes and finds an empty slot.
      AIOBENCH_CHECK(take_result(request, overlapped));
      break;
    case Started::refused:
      break;
  }
  return outcome_of(request);
}

void WaitGroup::run() {
  for (;;) {
    const DWORD reason =
        WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, handles_.data(), FALSE, INFINITE);
    AIOBENCH_CHECK(reason < MAXIMUM_WAIT_OBJECTS);
    if (reason == 0) return;
    RequestQueue done;
    {
      const std::lock_guard lock(mutex_);
      // Reset before the check: a request that completes after the check sets the event again.
      ResetEvent(handles_[reason]);
      take_done(done);
    }
    if (!done.empty()) inbox_.put(done);
  }
}

// Takes all completed requests, not only the one that ended the wait.
void WaitGroup::take_done(RequestQueue& done) {
  for (unsigned slot = 0; slot < kEventsPerWait; ++slot) {
    Request* const request = requests_[slot];
    if (request == nullptr || !take_result(*request, request->native_as<OVERLAPPED>())) continue;
    ResetEvent(handles_[slot + 1]);
    requests_[slot] = nullptr;
    free_.push_back(slot);
    done.push(*request);
  }
}

}  // namespace

class OverlappedEngine final : public Engine {
 public:
  explicit OverlappedEngine(const EngineConfig& config);
  ~OverlappedEngine() override;

 private:
  struct Worker;

  bool wants_asynchronous_handles() const override { return true; }
  Status do_enter(unsigned worker) override;
  Outcome do_submit(unsigned worker, Request& request) override;
  void do_reap(unsigned worker, Wait wait, RequestQueue& completed) override;
  void do_wake(unsigned worker) override;
  void do_cancel() override;

  std::unique_ptr<Worker[]> workers_;
};

// The worker itself waits for requests 0 to in_flight - 1; request i has the event handles[i + 1].
struct alignas(64) OverlappedEngine::Worker {
  Worker() { handles[0] = wake_event.get(); }

  Outcome submit_here(Request& request);
  Outcome submit_to_group(Request& request);
  void take_done(RequestQueue& completed);
  void wait();

  Handle wake_event{
      CreateEventW(nullptr, FALSE, FALSE, nullptr)};  // set by wake() and by the inbox
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
  os::set_offset(overlapped, request.offset);
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
    // The last request moves to the free slot, with its event.
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
  // The event may have been set for a previous request that used it. Then it is reset; otherwise it
  // would end every wait from now on. The request may complete between the check here and the
  // reset, but the caller checks all requests again before it waits.
  Request& request = *requests[reason - 1];
  if (!HasOverlappedIoCompleted(&request.native_as<OVERLAPPED>())) ResetEvent(handles[reason]);
}

OverlappedEngine::OverlappedEngine(const EngineConfig& config)
    : Engine(config), workers_(std::make_unique<Worker[]>(config.threads)) {}

OverlappedEngine::~OverlappedEngine() = default;

Status OverlappedEngine::do_enter(unsigned worker) {
  Worker& self = workers_[worker];
  const std::size_t events = std::min(config().depth, kEventsPerWait);
  // A worker that enters again already has its events; more would not fit into `handles`.
  while (self.owned_events.size() < events) {
    Handle event = make_request_event();
    if (!event) return os::system_error("create an event", "", os::last_error());
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

Result<std::unique_ptr<Engine>> make_overlapped(const EngineConfig& config) {
  return std::unique_ptr<Engine>(std::make_unique<OverlappedEngine>(config));
}

}  // namespace aiobench::engine
