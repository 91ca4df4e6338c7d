// What the asynchronous mechanisms of Windows have in common: an OVERLAPPED at the front of what
// Request::native holds, and the call that starts a request. They differ in how its completion
// reaches the program.
//
// A handle opened with FILE_FLAG_OVERLAPPED has no file pointer: each OVERLAPPED says where its
// transfer starts. The structure belongs to the system, at its address and with the buffer, until
// the completion has been delivered.
// Sources: "Synchronous and Asynchronous I/O", ReadFile, WriteFile, GetOverlappedResult,
// CancelIoEx in the Win32 reference.
#pragma once

#include <windows.h>

#include <atomic>
#include <utility>

#include "base/error.h"
#include "engine/engine.h"
#include "os/windows/native_file.h"

namespace aiobench::engine {

inline HANDLE native_handle(const AttachedFile& file) {
  return os::to_handle(file.file);
}

// Fills in the result of the request.
inline void set_result(Request& request, DWORD error, ULONG_PTR bytes) {
  const os::Transferred done = os::to_transferred(error, bytes);
  request.error = done.error;
  request.transferred = done.bytes;
}

// Fills in what came of the request if it is done; false if it is not.
inline bool take_result(Request& request, OVERLAPPED& overlapped) {
  if (!HasOverlappedIoCompleted(&overlapped)) return false;
  DWORD bytes = 0;
  const BOOL success =
      GetOverlappedResult(native_handle(*request.file), &overlapped, &bytes, FALSE);
  const DWORD error = success ? ERROR_SUCCESS : GetLastError();
  if (error == ERROR_IO_INCOMPLETE) return false;
  set_result(request, error, bytes);
  return true;
}

// What ReadFile or WriteFile said.
enum class Started {
  pending,    // FALSE and ERROR_IO_PENDING: under way, and no longer ours
  succeeded,  // TRUE: done inside the call; whether a completion follows depends on the mechanism
  refused,    // FALSE and anything else, which GetLastError() still says: no completion follows
};

inline Started issue(Request& request, OVERLAPPED& overlapped) {
  const HANDLE file = native_handle(*request.file);
  // No place for a byte count: the request may be done in another thread before it was written.
  const BOOL success = request.operation == Operation::read
                           ? ReadFile(file, request.buffer, request.bytes, nullptr, &overlapped)
                           : WriteFile(file, request.buffer, request.bytes, nullptr, &overlapped);
  if (success) return Started::succeeded;
  return GetLastError() == ERROR_IO_PENDING ? Started::pending : Started::refused;
}

// The same, and of a request that was refused the result is filled in.
inline Started start(Request& request, OVERLAPPED& overlapped) {
  const Started started = issue(request, overlapped);
  if (started == Started::refused) set_result(request, GetLastError(), 0);
  return started;
}

// The outcome of a request that is done and about which nothing will be delivered.
inline Outcome outcome_of(const Request& request) {
  return request.error == 0 ? Outcome::finished : Outcome::failed;
}

// Asks the system to give up what is in flight on `files`, whichever thread started it. That
// nothing was in flight is no failure.
inline void cancel_all(std::span<const std::unique_ptr<AttachedFile>> files) {
  for (const auto& file : files) CancelIoEx(native_handle(*file), nullptr);
}

// Handles of kernel objects (events, ports, threads) that close themselves.

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

// Requests on a handle that is bound to a completion port, the program's own or the one beneath the
// thread pool's I/O objects: does a completion follow the call, or is it the caller's to tell?
// Sources: "I/O Completion Ports", StartThreadpoolIo, SetFileCompletionNotificationModes in the
// Win32 reference.

// Starts the request. `finished` or `failed`: it is done, its result is filled in, and no
// completion follows. `pending` or `notified`: one does, perhaps in another thread before this
// returns.
Outcome start_bound(Request& request, OVERLAPPED& overlapped, bool skip_on_success);

// Fills in what came of a request whose completion was taken from the port with this NTSTATUS.
void take_completion(Request& request, OVERLAPPED& overlapped, ULONG_PTR status);

// Ends the alertable sleep of one thread from another, by an asynchronous procedure call that does
// nothing: what ends the sleep is that it ran. Source: QueueUserAPC in the Win32 reference.

// The sleeper calls enter() once, and then sleeps alertably in a loop until take_wake() is true or
// it has something else to do: an APC may also come late, after its wake was taken.
class ApcWaker {
 public:
  Status enter();

  // Any thread, at any time, also before enter(). Several wakes before a take_wake() are one.
  void wake();

  // Whether somebody has called wake() since the last time.
  bool take_wake() { return woken_.exchange(false); }

 private:
  Handle owned_thread_;
  std::atomic<HANDLE> thread_{nullptr};  // what wake() may use; lives as long as this object
  std::atomic<bool> woken_{false};
};

}  // namespace aiobench::engine
