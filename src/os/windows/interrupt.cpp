#include "os/interrupt.h"

#include <windows.h>

#include <atomic>
#include <cstdlib>

#include "base/check.h"
#include "os/interrupt_handler.h"

namespace aiobench::platform {
namespace {

std::atomic<bool> installed{false};  // a handler added twice would be called twice

// Windows runs this in a thread of its own. Wine makes a CTRL_C_EVENT of a SIGINT as well as of
// the key.
BOOL WINAPI on_control(DWORD kind) {
  if (kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT) return FALSE;
  take_interrupt();
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
  if (!installed.exchange(true)) SetConsoleCtrlHandler(on_control, TRUE);
}

void end_interrupted(std::string_view line) {
  constexpr UINT kInterruptedExit = 130;
  DWORD put = 0;
  WriteFile(GetStdHandle(STD_ERROR_HANDLE), line.data(), static_cast<DWORD>(line.size()), &put,
            nullptr);
  // ExitProcess() would wait for locks that threads in the middle of something hold.
  TerminateProcess(GetCurrentProcess(), kInterruptedExit);
  std::abort();
}

void wait_for_end() {
  for (;;) Sleep(INFINITE);
}

}  // namespace aiobench::platform
