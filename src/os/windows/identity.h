// Which file a name or a handle leads to. Source: GetFileInformationByHandle in the Win32
// reference.
#pragma once

#include <windows.h>

#include <string>

#include "os/windows/path.h"

namespace aiobench::platform {

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
           facts_.dwVolumeSerialNumber == other.facts_.dwVolumeSerialNumber &&
           facts_.nFileIndexHigh == other.facts_.nFileIndexHigh &&
           facts_.nFileIndexLow == other.facts_.nFileIndexLow;
  }

 private:
  void look_at(HANDLE handle) {
    known_ = handle != INVALID_HANDLE_VALUE && GetFileInformationByHandle(handle, &facts_);
  }

  HANDLE opened_ = INVALID_HANDLE_VALUE;
  BY_HANDLE_FILE_INFORMATION facts_{};
  bool known_ = false;
};

}  // namespace aiobench::platform
