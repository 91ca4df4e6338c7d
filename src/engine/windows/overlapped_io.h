// What the asynchronous mechanisms of Windows share: the calls that start a request and get its
// result, handles, and wakes. Request::native contains an OVERLAPPED as its first member. The
// mechanisms differ in how a completion reaches the program.
//
// A handle opened with FILE_FLAG_OVERLAPPED has no file pointer: each OVERLAPPED states where its
// transfer starts. The structure, and the buffer, belong to the system until the completion has
// been delivered.
//
// Sources: "Synchronous and Asynchronous I/O", ReadFile, WriteFile, GetOverlappedResult, CancelIoEx
// in the Win32 reference.
#pragma once

#include <windows.h>

#include <atomic>
#include <utility>

#include "base/error.h"
#include "engine/engine.h"
#include "os/windows/native.h"

namespace aiobench::engine {

inline HANDLE native_handle(const AttachedFile& file) {
  return os::to_handle(file.file);
}

// Sets the result of the request.
inline void set_result(Request& request, DWORD error, ULONG_PTR bytes) {
  const os::Transferred done = os::to_transferred(error, bytes);
  request.error = done.error;
  request.transferred = done.bytes;
}

// Sets the result of the request if it has completed; returns false if it has not.
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

// The result of ReadFile() or WriteFile().
enum class Started {
  pending,    // FALSE and ERROR_IO_PENDING: in flight, belongs to the system
  succeeded,  // TRUE: finished inside the call; whether a completion follows depends on the
              // mechanism
  refused,    // FALSE and another code in GetLastError(): no completion follows
};

inline Started issue(Request& request, OVERLAPPED& overlapped) {
  const HANDLE file = native_handle(*request.file);
  // No byte count is requested: the request may complete in another thread before the count is
  // written.
  const BOOL success = request.operation == Operation::read
                           ? ReadFile(file, request.buffer, request.bytes, nullptr, &overlapped)
                           : WriteFile(file, request.buffer, request.bytes, nullptr, &overlapped);
  if (success) return Started::succeeded;
  return GetLastError() == ERROR_IO_PENDING ? Started::pending : Started::refused;
}

// Starts a request, and sets the result of a refused one.
inline Started start(Request& request, OVERLAPPED& overlapped) {
  const Started started = issue(request, overlapped);
  if (started == Started::refused) set_result(request, GetLastError(), 0);
  return started;
}

// The outcome of a request that has completed and for which no completion will be delivered.
inline Outcome outcome_of(const Request& request) {
  return request.error == 0 ? Outcome::finished : Outcome::failed;
}

// Cancels all requests in flight on `files`, of all threads. It is not an error if there are none.
inline void cancel_all(std::span<const std::unique_ptr<AttachedFile>> files) {
  for (const auto& file : files) CancelIoEx(native_handle(*file), nullptr);
}

// Owns a handle of a kernel object (event, port, thread).
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

// A handle of the calling thread that other threads may use: GetCurrentThread() returns a pseudo
// handle. Empty on failure, with GetLastError() set.
inline Handle this_thread() {
  HANDLE thread = nullptr;
  const HANDLE process = GetCurrentProcess();
  DuplicateHandle(process, GetCurrentThread(), process, &thread, 0, FALSE, DUPLICATE_SAME_ACCESS);
  return Handle(thread);
}

// Starts a request on a handle that is bound to a completion port: that of the engine `iocp`, or
// that of the thread pool.
// - `finished` or `failed`: it has completed, its result is set and no completion follows.
// - `pending` or `notified`: a completion follows. Another thread may process it before this
// function
//   returns.
//
// Sources: "I/O Completion Ports", StartThreadpoolIo, SetFileCompletionNotificationModes in the
// Win32 reference.
Outcome start_on_port(Request& request, OVERLAPPED& overlapped, bool skip_on_success);

// Sets the result of a request whose completion was dequeued from the port with this NTSTATUS.
void take_completion(Request& request, OVERLAPPED& overlapped, ULONG_PTR status);

// Ends the alertable sleep of one thread from another, by an asynchronous procedure call (APC) that
// does nothing. The thread that sleeps calls set_thread() once. It then sleeps alertably in a loop
// until take_wake() is true or it has other work: the end of a sleep alone does not mean a wake,
// because the APC of a wake may run after take_wake() has returned true for it. Source:
// QueueUserAPC in the Win32 reference.
class ApcWaker {
 public:
  // Makes the calling thread the one that sleeps.
  Status set_thread();

  // Any thread, at any time, also before set_thread(). Several wakes before take_wake() count as
  // one.
  void wake();

  // Whether wake() was called since the last call of this function.
  bool take_wake() { return woken_.exchange(false); }

 private:
  Handle owned_thread_;
  std::atomic<HANDLE> thread_{nullptr};  // for wake(); valid as long as this object
  std::atomic<bool> woken_{false};
};

}  // namespace aiobench::engine
