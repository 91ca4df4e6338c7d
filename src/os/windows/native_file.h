// Conversions between File and Win32: handles, access rights, offsets and results. Sources:
// CreateFileW, ReadFile, OVERLAPPED in the Win32 reference.
#pragma once

#include <windows.h>

#include "os/file.h"

namespace aiobench::os {

inline HANDLE to_handle(NativeHandle handle) {
  return reinterpret_cast<HANDLE>(handle);
}
inline HANDLE to_handle(const File& file) {
  return to_handle(file.handle());
}

// The access rights for CreateFileW() and ReOpenFile().
inline DWORD access_rights(Access access) {
  const DWORD read = access == Access::write ? 0 : GENERIC_READ;
  const DWORD write = access == Access::read ? 0 : GENERIC_WRITE;
  return read | write;
}

// Sets the offset of a transfer. ReadFile() and WriteFile() use it on a synchronous handle too.
inline void set_offset(OVERLAPPED& overlapped, FileOffset offset) {
  overlapped.Offset = static_cast<DWORD>(offset);
  overlapped.OffsetHigh = static_cast<DWORD>(offset >> 32);
}

// The result of a transfer. A read at the end of the file fails with ERROR_HANDLE_EOF in Win32;
// here it is a transfer of 0 bytes.
inline Transferred to_transferred(DWORD error, ULONG_PTR bytes) {
  if (error == ERROR_HANDLE_EOF) return {0, 0};
  if (error != ERROR_SUCCESS) return {0, static_cast<int>(error)};
  return {static_cast<std::uint32_t>(bytes), 0};
}

}  // namespace aiobench::os
