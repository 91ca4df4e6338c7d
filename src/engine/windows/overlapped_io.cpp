#include "engine/windows/overlapped_io.h"

#include "base/check.h"
#include "os/system_error.h"
#include "os/windows/wine.h"

namespace aiobench::engine {
namespace {

// On Windows, a call that fails immediately has no completion. Wine (8.0 and 10.0: NtReadFile and
// NtWriteFile in dlls/ntdll/unix/file.c) nevertheless queues one for a file if the transfer itself
// failed, and counts it as that of a request, so the engine must wait for it. Wine queues none if
// it rejects the handle, or the buffer of a read, before the transfer.
bool wine_still_completes(const Request& request) {
  switch (GetLastError()) {
    case ERROR_ACCESS_DENIED:
    case ERROR_INVALID_HANDLE:
    case ERROR_NOACCESS:
      return false;
    default:
      return os::under_wine() && GetFileType(native_handle(*request.file)) == FILE_TYPE_DISK;
  }
}

DWORD win32_error_of(ULONG_PTR status) {
  using Translate = ULONG(WINAPI*)(LONG);
  static const auto translate = os::find_function<Translate>(L"ntdll.dll", "RtlNtStatusToDosError");
  return translate != nullptr ? translate(static_cast<LONG>(status)) : ERROR_IO_DEVICE;
}

}  // namespace

Outcome start_on_port(Request& request, OVERLAPPED& overlapped, bool skip_on_success) {
  switch (issue(request, overlapped)) {
    case Started::pending:
      return Outcome::pending;
    case Started::succeeded:
      if (!skip_on_success) return Outcome::notified;
      AIOBENCH_CHECK(take_result(request, overlapped));
      return outcome_of(request);
    case Started::refused:
      break;
  }
  // The request may already belong to another thread.
  if (!skip_on_success && wine_still_completes(request)) return Outcome::notified;
  set_result(request, GetLastError(), 0);
  return outcome_of(request);
}

void take_completion(Request& request, OVERLAPPED& overlapped, ULONG_PTR status) {
  if (take_result(request, overlapped)) return;
  // For such a completion of Wine the structure holds no result.
  AIOBENCH_CHECK(os::under_wine() && static_cast<LONG>(status) < 0);
  set_result(request, win32_error_of(status), 0);
}

namespace {

// It must not access the waker: it may run in a later sleep of the thread, when the waker is gone.
void CALLBACK do_nothing(ULONG_PTR) {}

}  // namespace

Status ApcWaker::enter() {
  owned_thread_ = this_thread();
  if (!owned_thread_) return os::system_error("get a handle of the thread", "", os::last_error());
  thread_.store(owned_thread_.get());
  return {};
}

// The flag is set first: if the thread is not known yet, it will check the flag before it sleeps.
void ApcWaker::wake() {
  if (woken_.exchange(true)) return;
  if (const HANDLE thread = thread_.load()) QueueUserAPC(do_nothing, thread, 0);
}

}  // namespace aiobench::engine
