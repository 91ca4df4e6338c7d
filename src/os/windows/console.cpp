#include "os/console.h"

#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "base/error.h"
#include "os/windows/native.h"
#include "os/windows/wine.h"

namespace aiobench::os {
namespace {

constexpr std::size_t kBufferBytes = 64 << 10;

UINT former_code_page = 0;

// Restores the code page: another program's output in the same console would be garbled otherwise.
void restore_console() {
  SetConsoleOutputCP(former_code_page);
}

bool is_terminal(DWORD stream) {
  DWORD mode = 0;
  return GetConsoleMode(GetStdHandle(stream), &mode) != 0;
}

// The console of Wine reports that it interprets escape sequences, but shows them as text.
bool takes_escapes(DWORD stream) {
  DWORD mode = 0;
  return !under_wine() && GetConsoleMode(GetStdHandle(stream), &mode) != 0 &&
         (mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

// Makes the console interpret escape sequences, as terminals do.
void enable_escapes(DWORD stream) {
  const HANDLE handle = GetStdHandle(stream);
  DWORD mode = 0;
  if (!GetConsoleMode(handle, &mode)) return;
  SetConsoleMode(handle, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

}  // namespace

void prepare_console() {
  former_code_page = GetConsoleOutputCP();
  if (former_code_page != 0 && former_code_page != CP_UTF8 && SetConsoleOutputCP(CP_UTF8)) {
    std::atexit(restore_console);
  }
  for (std::FILE* const stream : {stdout, stderr}) _setmode(_fileno(stream), _O_BINARY);
  // Unbuffered, the C library would pass a UTF-8 character to the console in several parts.
  std::setvbuf(stdout, nullptr, _IOFBF, kBufferBytes);
  for (const DWORD stream : {STD_OUTPUT_HANDLE, STD_ERROR_HANDLE}) enable_escapes(stream);
}

// The arguments of main() are in the system's code page, which cannot represent many names.
std::vector<std::string> arguments(int, char**) {
  int count = 0;
  wchar_t** const wide = CommandLineToArgvW(GetCommandLineW(), &count);
  std::vector<std::string> all;
  for (int i = 1; wide != nullptr && i < count; ++i) all.push_back(narrow(wide[i]));
  LocalFree(wide);
  return all;
}

bool stdout_is_terminal() {
  return is_terminal(STD_OUTPUT_HANDLE);
}

bool stderr_is_terminal() {
  return is_terminal(STD_ERROR_HANDLE);
}

bool stdout_takes_escapes() {
  return takes_escapes(STD_OUTPUT_HANDLE);
}

bool stderr_takes_escapes() {
  return takes_escapes(STD_ERROR_HANDLE);
}

bool terminals_show_utf8() {
  return GetConsoleOutputCP() == CP_UTF8;
}

unsigned terminal_columns() {
  constexpr unsigned kUsual = 80;
  CONSOLE_SCREEN_BUFFER_INFO info{};
  if (!GetConsoleScreenBufferInfo(GetStdHandle(STD_ERROR_HANDLE), &info)) return kUsual;
  const int columns = info.srWindow.Right - info.srWindow.Left + 1;
  return columns > 0 ? static_cast<unsigned>(columns) : kUsual;
}

std::string environment(const char* name) {
  const std::wstring wide = widen(name);
  std::wstring value(GetEnvironmentVariableW(wide.c_str(), nullptr, 0), L'\0');
  if (value.empty()) return {};
  value.resize(
      GetEnvironmentVariableW(wide.c_str(), value.data(), static_cast<DWORD>(value.size())));
  return narrow(value);
}

namespace {

std::atomic<bool> installed{false};  // a handler that is added twice is called twice

// Windows calls this in a separate thread. Wine converts both SIGINT and the key to CTRL_C_EVENT.
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
  // ExitProcess() would wait for locks that other threads may hold.
  TerminateProcess(GetCurrentProcess(), kInterruptedExit);
  std::abort();
}

void wait_for_end() {
  for (;;) Sleep(INFINITE);
}

namespace {

// The loader calls it after it has loaded the program and its libraries, and before any other
// thread starts, including the one in which Windows calls handlers, and Wine its own handler, which
// would end the process with exit code 0. Source: thread-local storage callbacks, "PE Format" in
// the Win32 reference.
void NTAPI at_start(PVOID, DWORD reason, PVOID) {
  if (reason == DLL_PROCESS_ATTACH) install_interrupt_handler();
}

}  // namespace

// The linker sorts these sections by name into the table of callbacks. Of the names from A to Z
// this one comes first.
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

}  // namespace aiobench::os
