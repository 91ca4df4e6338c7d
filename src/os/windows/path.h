// Paths for the wide functions of Win32. Outside this directory a path is UTF-8; here it becomes
// UTF-16 in a form that the 260 characters of MAX_PATH and the rewriting of names do not touch.
// Sources: "Naming Files, Paths, and Namespaces", "Maximum Path Length Limitation",
// GetFullPathName in the Win32 reference.
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

// `path` as CreateFileW and its like are to get it.
//
// Windows: the full path behind \\?\, so that it may have 32,767 characters. Full, because behind
// \\?\ the system takes every character as it is: no "/", no "..", no current directory.
//
// Wine: a path without a drive is a Linux path, and goes behind \\?\unix, where Wine hands it to
// Linux as it is: quotes, ":", "?", "*", a dot or a space at the end are then nothing special, and
// upper and lower case differ. Only a backslash cannot be part of a name.
std::wstring system_path(const std::string& path);

// Which file a name or a handle leads to. Source: GetFileInformationByHandle in the Win32
// reference.

class Identity {
 public:
  // As far as the name can be opened without any right to the file's content.
  explicit Identity(const std::string& path)
      : opened_(CreateFileW(system_path(path).c_str(), 0,
                            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                            OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr)) {
    look_at(opened_);
  }
  // Of a handle that stays the caller's.
  explicit Identity(HANDLE handle) { look_at(handle); }
  ~Identity() {
    if (opened_ != INVALID_HANDLE_VALUE) CloseHandle(opened_);
  }
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  // What the name leads to; INVALID_HANDLE_VALUE where it could not be opened.
  HANDLE handle() const { return opened_; }
  bool same_as(const Identity& other) const {
    return known_ && other.known_ &&
           info_.dwVolumeSerialNumber == other.info_.dwVolumeSerialNumber &&
           info_.nFileIndexHigh == other.info_.nFileIndexHigh &&
           info_.nFileIndexLow == other.info_.nFileIndexLow;
  }

 private:
  void look_at(HANDLE handle) {
    known_ = handle != INVALID_HANDLE_VALUE && GetFileInformationByHandle(handle, &info_);
  }

  HANDLE opened_ = INVALID_HANDLE_VALUE;
  BY_HANDLE_FILE_INFORMATION info_{};
  bool known_ = false;
};

}  // namespace aiobench::os
