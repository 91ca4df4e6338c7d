// Paths for the wide functions of Win32. Outside src/os/windows a path is UTF-8. Here it is
// converted to UTF-16, in a form that is subject neither to MAX_PATH (260 characters) nor to the
// rewriting of names. Sources: "Naming Files, Paths, and Namespaces", "Maximum Path Length
// Limitation", GetFullPathName in the Win32 reference.
#pragma once

#include <windows.h>

#include <string>
#include <string_view>

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

}  // namespace aiobench::os
