#include "platform/interrupt.h"

#include <windows.h>

#include <atomic>

#include "base/check.h"

namespace aiobench::platform {
namespace {

std::atomic<WakeEvent*> watcher{nullptr};
std::atomic<bool> was_interrupted{false};

// Windows runs this in a thread of its own. Wine makes a CTRL_C_EVENT of a SIGINT as well as of
// the key.
BOOL WINAPI on_control(DWORD kind) {
  constexpr UINT kInterruptedExit = 130;
  if (kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT) return FALSE;
  // ExitProcess() would wait for locks that threads in the middle of something hold.
  if (was_interrupted.exchange(true)) TerminateProcess(GetCurrentProcess(), kInterruptedExit);
  if (WakeEvent* const event = watcher.load()) event->set();
  return TRUE;
}

HANDLE native(std::intptr_t handle) {
  return reinterpret_cast<HANDLE>(handle);
}

}  // namespace

WakeEvent::WakeEvent()
    : handle_(reinterpret_cast<std::intptr_t>(CreateEventW(nullptr, FALSE, FALSE, nullptr))) {
  AIOBENCH_CHECK(handle_ != 0);
}

WakeEvent::~WakeEvent() {
  CloseHandle(native(handle_));
}

void WakeEvent::set() {
  SetEvent(native(handle_));
}

bool WakeEvent::wait(unsigned timeout_ms) {
  return WaitForSingleObject(native(handle_), timeout_ms) == WAIT_OBJECT_0;
}

void watch_interrupts(WakeEvent& event) {
  watcher.store(&event);
  SetConsoleCtrlHandler(on_control, TRUE);
}

bool interrupted() {
  return was_interrupted.load(std::memory_order_relaxed);
}

}  // namespace aiobench::platform
