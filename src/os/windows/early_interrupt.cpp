#include "os/early_interrupt.h"

#include <windows.h>

#include "os/interrupt_handler.h"

namespace aiobench::platform {
namespace {

// The system calls it when it has loaded the program and its libraries, and before it lets any
// other thread begin: also the one in which Windows calls handlers, and Wine its own, which would
// end the process with exit code 0. (Thread-local storage callbacks: "PE Format" in the Win32
// reference.)
void NTAPI at_start(PVOID, DWORD reason, PVOID) {
  if (reason == DLL_PROCESS_ATTACH) install_interrupt_handler();
}

}  // namespace

// The linker gathers these sections by name into the table of callbacks; of those from A to Z this
// one is called first.
#ifdef _MSC_VER
#pragma section(".CRT$XLB", read)
#pragma comment(linker, "/INCLUDE:_tls_used")
extern "C" __declspec(allocate(".CRT$XLB")) const PIMAGE_TLS_CALLBACK aiobench_at_start = at_start;
#else
[[gnu::section(".CRT$XLB"), gnu::used]] const PIMAGE_TLS_CALLBACK aiobench_at_start = at_start;
#endif

void end_on_interrupts() {
  install_interrupt_handler();
}

}  // namespace aiobench::platform
