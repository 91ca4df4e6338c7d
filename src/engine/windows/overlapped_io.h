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

#include "engine/engine.h"

namespace aiobench::engine {

inline HANDLE native_handle(const AttachedFile& file) {
  return reinterpret_cast<HANDLE>(file.file.handle());
}

// Fills in where the transfer starts. Beyond 4 GiB OffsetHigh counts.
inline void set_offset(OVERLAPPED& overlapped, const Request& request) {
  overlapped.Offset = static_cast<DWORD>(request.offset);
  overlapped.OffsetHigh = static_cast<DWORD>(request.offset >> 32);
}

// Fills in what came of the request. An asynchronous read at the end of the file is an error to
// Windows, and none to us.
inline void set_result(Request& request, DWORD error, ULONG_PTR bytes) {
  if (error == ERROR_HANDLE_EOF) {
    error = ERROR_SUCCESS;
    bytes = 0;
  }
  request.error = static_cast<int>(error);
  request.transferred = error == ERROR_SUCCESS ? static_cast<std::uint32_t>(bytes) : 0;
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

}  // namespace aiobench::engine
