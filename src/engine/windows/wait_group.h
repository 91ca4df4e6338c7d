// Waiting for more than 64 events, as the engine `overlapped` needs at a depth beyond 63: a thread
// waits for the events of 63 requests on a worker's behalf, and hands it those that are done.
// Source: WaitForMultipleObjects in the Win32 reference (MAXIMUM_WAIT_OBJECTS).
#pragma once

#include <array>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/windows/handle.h"

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

}  // namespace aiobench::engine
