// Paths for the wide functions of Win32. Outside src/os/windows a path is UTF-8. Here it is
// converted to UTF-16, in a form that is subject neither to MAX_PATH (260 characters) nor to the
// rewriting of names. Sources: "Naming Files, Paths, and Namespaces", "Maximum Path Length
// Limitation", GetFullPathName in the Win32 reference.
#pragma once

#include <windows.h>

#include <string>
#include <string_view>

#include "os/file.h"

namespace aiobench::os {

std::wstring widen(std::string_view utf8);
std::string narrow(std::wstring_view utf16);

bool is_separator(wchar_t c);
// "C:\x", "C:/x"
bool has_drive(const std::wstring& path);

// Converts `path` to the form for CreateFileW() and similar functions.
//
// Windows: the full path behind \\?\, which allows 32,767 characters. It must be full because
// behind \\?\ the system interprets no "/", no ".." and no current directory.
//
// Wine: a path without a drive is a Linux path. Behind \\?\unix Wine passes it to Linux unchanged,
// so quotes, ":", "?", "*" and a trailing dot or space are not special, and names are
// case-sensitive. Only a backslash cannot be part of a name.
std::wstring system_path(const std::string& path);

// Identifies the file that a path or a handle leads to. Source: GetFileInformationByHandle in the
// Win32 reference.
class Identity {
 public:
  // Opens `path` without any access right to the content.
  explicit Identity(const std::string& path)
      : opened_(CreateFileW(system_path(path).c_str(), 0,
                            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                            OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr)) {
    query(opened_);
  }
  // Does not take ownership of the handle.
  explicit Identity(HANDLE handle) { query(handle); }
  ~Identity() {
    if (opened_ != INVALID_HANDLE_VALUE) CloseHandle(opened_);
  }
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  // The handle of the opened path; INVALID_HANDLE_VALUE if it could not be opened.
  HANDLE handle() const { return opened_; }
  bool same_as(const Identity& other) const {
    return known_ && other.known_ &&
           info_.dwVolumeSerialNumber == other.info_.dwVolumeSerialNumber &&
           info_.nFileIndexHigh == other.info_.nFileIndexHigh &&
           info_.nFileIndexLow == other.info_.nFileIndexLow;
  }

 private:
  void query(HANDLE handle) {
    known_ = handle != INVALID_HANDLE_VALUE && GetFileInformationByHandle(handle, &info_);
  }

  HANDLE opened_ = INVALID_HANDLE_VALUE;
  BY_HANDLE_FILE_INFORMATION info_{};
  bool known_ = false;
};

// Conversions between File and Win32: handles, access rights, offsets and results. Sources:
// CreateFileW, ReadFile, OVERLAPPED in the Win32 reference.

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
