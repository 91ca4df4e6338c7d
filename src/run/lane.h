// A lane: one coroutine that carries one block at a time through the pipeline. `depth` requests in
// flight means `depth` lanes.
//
// Rules of the project for coroutines (they keep clear of bugs of GCC 12 and clang 14 that give no
// warning): co_await stands alone in a statement, on a named local; awaiters need no destruction;
// lanes are free functions and call no other coroutine; hashing happens in functions that are not
// inlined; await_suspend is defined in a source of its own, so that it is not inlined either; a
// template of a lane has internal linkage (in sections of their own clang's sanitizers lose its
// parts).
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <utility>

#include "base/intrusive_queue.h"

namespace aiobench::run {

// A lane that waits for something other than a completion: for its turn, for its start, or to
// let another lane go first. The node lies in the lane's own frame.

struct Waiter {
  std::coroutine_handle<> lane;
  Waiter* next = nullptr;
};

using WaiterQueue = IntrusiveQueue<Waiter>;

class Scheduler;

class Lane {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  // At the lane's end: it counts itself out of its scheduler. After that the frame may be gone.
  struct Finish {
    bool await_ready() const noexcept { return false; }
    void await_suspend(Handle lane) const noexcept;
    void await_resume() const noexcept {}
  };

  struct promise_type {
    Scheduler* scheduler = nullptr;
    Waiter start;  // while the lane waits to be resumed for the first time

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

// Which memory a lane reads into.

// A lane's part of the buffers, for as long as the lane lives.
struct LaneBuffer {
  std::byte* data = nullptr;
  unsigned index = 0;
};

}  // namespace aiobench::run
