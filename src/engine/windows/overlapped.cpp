// Waiting for more than 64 events, as the engine `overlapped` needs at a depth beyond 63: a thread
// waits for the events of 63 requests on a worker's behalf, and hands it those that are done.
// Source: WaitForMultipleObjects in the Win32 reference (MAXIMUM_WAIT_OBJECTS).

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "engine/registry.h"
#include "engine/windows/overlapped_io.h"
#include "os/system_error.h"

namespace aiobench::engine {

// An event per request: manual-reset, because of an auto-reset event only the first to look at it
// would ever learn that it was set. ReadFile and WriteFile reset it when a request starts, its
// completion sets it.
Handle make_request_event();

// What one wait can take, less the event that ends the wait for another reason.
inline constexpr unsigned kEventsPerWait = MAXIMUM_WAIT_OBJECTS - 1;

// Where helpers put requests that are done, for one worker to fetch.
class Inbox {
 public:
  // `signal` is set whenever something was put in.
  explicit Inbox(HANDLE signal) : signal_(signal) {}

  void put(RequestQueue& done);
  void take(RequestQueue& done);

 private:
  const HANDLE signal_;
  std::mutex mutex_;
  RequestQueue done_;  // guarded by mutex_
};

class WaitGroup {
 public:
  // An error where the system gives no more events or threads. `inbox` outlives the group.
  static Result<std::unique_ptr<WaitGroup>> make(Inbox& inbox);
  // Only with no request in the group.
  ~WaitGroup();

  // Starts `request`, unless all places are taken: then nothing has happened, and the answer is
  // empty. Called by one thread.
  std::optional<Outcome> submit(Request& request);

 private:
  explicit WaitGroup(Inbox& inbox) : inbox_(inbox) {}

  void run();
  void take_done(RequestQueue& done);

  Inbox& inbox_;
  std::vector<Handle> owned_;
  std::array<HANDLE, MAXIMUM_WAIT_OBJECTS> handles_{};  // the one that ends the thread, the places'
  std::thread thread_;

  std::mutex mutex_;
  std::array<Request*, kEventsPerWait> requests_{};  // guarded by mutex_; in flight, by place
  std::vector<unsigned> free_;                       // guarded by mutex_; places
};

Handle make_request_event() {
  constexpr BOOL kManualReset = TRUE;
  return Handle(CreateEventW(nullptr, kManualReset, FALSE, nullptr));
}

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
    if (!event) return os::system_error("make an event", "", os::last_error());
    handle = event.get();
    group->owned_.push_back(std::move(event));
  }
  for (unsigned place = kEventsPerWait; place > 0; --place) group->free_.push_back(place - 1);
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

// Under the lock, so that the helper sees either no request in the place or one that has started.
std::optional<Outcome> WaitGroup::submit(Request& request) {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return std::nullopt;
  const unsigned place = free_.back();
  auto& overlapped = request.make_native<OVERLAPPED>();
  os::set_offset(overlapped, request.offset);
  overlapped.hEvent = handles_[place + 1];
  switch (start(request, overlapped)) {
    case Started::pending:
      free_.pop_back();
      requests_[place] = &request;
      return Outcome::pending;
    case Started::succeeded:
      // The event is set in this case too: the helper looks at the place, and finds nothing.
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
      // Before looking: what completes after the look sets the event again.
      ResetEvent(handles_[reason]);
      take_done(done);
    }
    if (!done.empty()) inbox_.put(done);
  }
}

// Everything that is done, not only the one that ended the wait, which would always be the first
// of several: the last ones would starve.
void WaitGroup::take_done(RequestQueue& done) {
  for (unsigned place = 0; place < kEventsPerWait; ++place) {
    Request* const request = requests_[place];
    if (request == nullptr || !take_result(*request, request->native_as<OVERLAPPED>())) continue;
    ResetEvent(handles_[place + 1]);
    requests_[place] = nullptr;
    free_.push_back(place);
    done.push(*request);
  }
}

// The engine `overlapped`: ReadFile and WriteFile with an event in each OVERLAPPED, and a worker
// that waits for the events of its requests.
//
// The traps:
// - WaitForMultipleObjects() takes 64 handles. A worker waits itself for its first 63 requests and
//   for the event that wakes it; the others are waited for in groups of 63 by helper threads, made
//   when first needed (wait_group.h). So a completion is seen as promptly as any, at any depth.
// - It reports the first of the handles that are set. A worker takes all that is done each time it
//   looks, or the last ones would starve. Looking costs no system call: the system writes the
//   result into the OVERLAPPED before it sets the event.
// - So a request may be taken, and its event be used for the next one, before the system comes to
//   set it. An event that is set says "look", no more.
// - Without an event in the OVERLAPPED, the file's own handle is set by any completion on it:
//   useless with two requests in flight.
// - The system cancels what a thread has in flight when the thread ends.
// Sources: "Synchronous and Asynchronous I/O", GetOverlappedResult, WaitForMultipleObjects in the
// Win32 reference.

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
    if (!event) return os::system_error("make an event", "", os::last_error());
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
