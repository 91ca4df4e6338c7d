#include "platform/interrupt.h"

#include <windows.h>

#include <atomic>
#include <cstdlib>

#include "base/check.h"
#include "platform/interrupt_count.h"
#include "platform/windows/interrupt_handler.h"

namespace aiobench::platform {
namespace {

std::atomic<WakeEvent*> watcher{nullptr};

[[noreturn]] void end_process() {
  constexpr UINT kInterruptedExit = 130;
  // ExitProcess() would wait for locks that threads in the middle of something hold.
  TerminateProcess(GetCurrentProcess(), kInterruptedExit);
  std::abort();
}

// Windows runs this in a thread of its own. Wine makes a CTRL_C_EVENT of a SIGINT as well as of
// the key.
BOOL WINAPI on_control(DWORD kind) {
  if (kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT) return FALSE;
  WakeEvent* const event = watcher.load();
  if (event == nullptr || count_interrupt() == Interrupt::second) end_process();
  event->set();
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

void install_interrupt_handler() {
  static const BOOL installed = SetConsoleCtrlHandler(on_control, TRUE);
  static_cast<void>(installed);
}

void watch_interrupts(WakeEvent& event) {
  watcher.store(&event);
  install_interrupt_handler();
}

}  // namespace aiobench::platform
