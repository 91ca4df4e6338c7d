#include "engine/windows/wait_group.h"

#include <system_error>

#include "base/check.h"
#include "engine/windows/overlapped_io.h"
#include "os/system_error.h"

namespace aiobench::engine {

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
    if (!event) return platform::system_error("make an event", "", platform::last_error());
    handle = event.get();
    group->owned_.push_back(std::move(event));
  }
  for (unsigned place = kEventsPerWait; place > 0; --place) group->free_.push_back(place - 1);
  try {
    group->thread_ = std::thread([raw = group.get()] { raw->run(); });
  } catch (const std::system_error&) {
    return platform::system_error("start a thread", "", ERROR_NO_SYSTEM_RESOURCES);
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
  set_offset(overlapped, request);
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

}  // namespace aiobench::engine
