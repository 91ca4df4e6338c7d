// A request without an engine, for tests on bare handles.
#pragma once

#include <windows.h>

#include <array>

#include "base/error.h"
#include "engine/windows/overlapped_io.h"

namespace aiobench::engine {

inline constexpr DWORD kAtMostMs = 20000;  // for an event that must come

// A request as the course defines it: the OVERLAPPED is the base, so its address is that of the
// request.
struct ManualRequest : OVERLAPPED {
  explicit ManualRequest(FileOffset offset = 0) : OVERLAPPED{} {
    Offset = static_cast<DWORD>(offset);
    OffsetHigh = static_cast<DWORD>(offset >> 32);
  }
  std::array<char, 16> data{};
};

// Starts a read and returns GetLastError(), or 0 if it finished inside the call.
inline DWORD begin_read(HANDLE file, ManualRequest& request, DWORD bytes) {
  SetLastError(ERROR_SUCCESS);
  return ReadFile(file, request.data.data(), bytes, nullptr, &request) ? ERROR_SUCCESS
                                                                       : GetLastError();
}

}  // namespace aiobench::engine
