// Handles of kernel objects (events, ports, threads) that close themselves.
#pragma once

#include <windows.h>

#include <utility>

namespace aiobench::engine {

class Handle {
 public:
  Handle() = default;
  explicit Handle(HANDLE handle) : handle_(handle) {}
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Handle() {
    if (handle_ != nullptr) CloseHandle(handle_);
  }

  HANDLE get() const { return handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  HANDLE handle_ = nullptr;
};

// The calling thread, by a handle that other threads may use: GetCurrentThread() is only a word
// for "myself". Empty on failure, with GetLastError() set.
inline Handle this_thread() {
  HANDLE thread = nullptr;
  const HANDLE process = GetCurrentProcess();
  DuplicateHandle(process, GetCurrentThread(), process, &thread, 0, FALSE, DUPLICATE_SAME_ACCESS);
  return Handle(thread);
}

}  // namespace aiobench::engine
