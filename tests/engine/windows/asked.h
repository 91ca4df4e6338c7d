// A request by hand, for tests on bare handles.
#pragma once

#include <windows.h>

#include <array>

#include "base/error.h"
#include "engine/windows/overlapped_io.h"

namespace aiobench::engine {

inline constexpr DWORD kAtMostMs = 20000;  // for what has to come

// A request as the course has it: the OVERLAPPED at the front, so that its address is the
// request's.
struct Asked : OVERLAPPED {
  explicit Asked(FileOffset offset = 0) : OVERLAPPED{} {
    Offset = static_cast<DWORD>(offset);
    OffsetHigh = static_cast<DWORD>(offset >> 32);
  }
  std::array<char, 16> data{};
};

// Begins a read and returns what GetLastError() is then: 0 if it was done at once.
inline DWORD begin_read(HANDLE file, Asked& asked, DWORD bytes) {
  SetLastError(ERROR_SUCCESS);
  return ReadFile(file, asked.data.data(), bytes, nullptr, &asked) ? ERROR_SUCCESS : GetLastError();
}

}  // namespace aiobench::engine
