// A lane: a coroutine that works on one block at a time. A run with `depth` requests in flight has
// `depth` lanes; lanes.cpp has their code.
//
// Rules for these coroutines. They avoid bugs of GCC 12 and clang 14, which compile other code
// wrongly and without a warning:
//
// - co_await is a statement of its own, on a named local.
// - Awaiters are trivially destructible.
// - Lanes are free functions and call no other coroutine.
// - Hashing happens in functions that are not inlined.
// - await_suspend is defined in another source file, so that it is not inlined either.
// - A lane's template has internal linkage: in a COMDAT section, clang's sanitizers lose parts of
//   it.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <utility>

#include "base/intrusive_queue.h"

namespace aiobench::run {

// A lane that waits for something other than a completion: for its turn, for its start, for the
// time at which its request is due, or because it yielded. The waiter lies in the frame of the
// lane.
struct Waiter {
  std::coroutine_handle<> coroutine;  // of the lane
  Waiter* next = nullptr;             // in a WaiterQueue
};

using WaiterQueue = IntrusiveQueue<Waiter>;

class Scheduler;

class Lane {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  // Awaited at the end of a lane: reports the end to the scheduler. After that the frame may be
  // gone.
  struct Finish {
    bool await_ready() const noexcept { return false; }
    void await_suspend(Handle lane) const noexcept;
    void await_resume() const noexcept {}
  };

  struct promise_type {
    Scheduler* scheduler = nullptr;
    Waiter start;  // queued until the lane is resumed for the first time

    Lane get_return_object() { return Lane(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    Finish final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };

  Lane(Lane&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Lane& operator=(Lane&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Lane() {
    if (handle_) handle_.destroy();
  }

  promise_type& promise() const { return handle_.promise(); }
  Handle handle() const { return handle_; }

 private:
  explicit Lane(Handle handle) : handle_(handle) {}
  Handle handle_;
};

// The memory that a lane reads into: its part of the engine's buffers, as long as the lane lives.
struct LaneBuffer {
  std::byte* data = nullptr;
  unsigned index = 0;
};

}  // namespace aiobench::run
