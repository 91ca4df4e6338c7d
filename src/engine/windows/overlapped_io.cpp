#include "engine/windows/overlapped_io.h"

#include "os/system_error.h"
#include "os/windows/wine.h"

namespace aiobench::engine {
namespace {

// Whether Wine queues a packet although the call failed with `error`. Windows never does. Wine (8.0
// and 10.0: NtReadFile and NtWriteFile in dlls/ntdll/unix/file.c) does for a file on a disk if the
// transfer itself failed. It does not if it rejected the handle, or the buffer of a read, before
// the transfer.
bool wine_queues_packet(HANDLE file, DWORD error) {
  switch (error) {
    case ERROR_ACCESS_DENIED:
    case ERROR_INVALID_HANDLE:
    case ERROR_NOACCESS:  // of a read only; a write fails with ERROR_INVALID_USER_BUFFER
      return false;
    default:
      return os::under_wine() && GetFileType(file) == FILE_TYPE_DISK;
  }
}

DWORD win32_error_of(ULONG_PTR status) {
  using Translate = ULONG(WINAPI*)(LONG);
  static const auto translate = os::find_function<Translate>(L"ntdll.dll", "RtlNtStatusToDosError");
  return translate != nullptr ? translate(static_cast<LONG>(status)) : ERROR_IO_DEVICE;
}

}  // namespace

Outcome start_on_port(Request& request, OVERLAPPED& overlapped, bool skip_on_success) {
  const HANDLE file = native_handle(*request.file);
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
  const DWORD error = GetLastError();
  // If Wine has queued a packet, the request may already belong to another thread, so it is not
  // accessed here.
  if (!skip_on_success && wine_queues_packet(file, error)) return Outcome::notified;
  set_result(request, error, 0);
  return outcome_of(request);
}

void take_completion(Request& request, OVERLAPPED& overlapped, ULONG_PTR status) {
  if (take_result(request, overlapped)) return;
  // A packet that Wine queued for a call that failed (wine_queues_packet()): Wine has not written
  // the result into the OVERLAPPED, but the packet contains it.
  AIOBENCH_CHECK(os::under_wine() && static_cast<LONG>(status) < 0);
  set_result(request, win32_error_of(status), 0);
}

namespace {

// The procedure of the APC. That it runs ends the sleep. It does not access the ApcWaker, because
// it may run in a later sleep of the thread, when the ApcWaker is destroyed.
void CALLBACK do_nothing(ULONG_PTR) {}

}  // namespace

Status ApcWaker::set_thread() {
  owned_thread_ = this_thread();
  if (!owned_thread_) return os::system_error("get a handle of the thread", "", os::last_error());
  thread_.store(owned_thread_.get());
  return {};
}

// The flag is set before the thread is looked up. If set_thread() was not called yet, no APC is
// queued, but the thread checks the flag before it sleeps.
void ApcWaker::wake() {
  if (woken_.exchange(true)) return;
  if (const HANDLE thread = thread_.load()) QueueUserAPC(do_nothing, thread, 0);
}

}  // namespace aiobench::engine
