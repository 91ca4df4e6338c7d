// Wine: a Windows made of Linux. It is found by wine_get_version() in ntdll, which it exports for
// this purpose (WineHQ's developer FAQ).
#pragma once

#include <windows.h>

#include <string>

#include "os/host.h"

namespace aiobench::os {

// Wine's version ("8.0"); empty on a real Windows.
const std::string& wine_version();

inline bool under_wine() {
  return !wine_version().empty();
}

// The function `name` of a module that is loaded, as a T (a pointer to a function); nullptr where
// this Windows lacks it.
template <class T>
T find_function(const wchar_t* module, const char* name) {
  const HMODULE loaded = GetModuleHandleW(module);
  if (loaded == nullptr) return nullptr;
  return reinterpret_cast<T>(reinterpret_cast<void*>(GetProcAddress(loaded, name)));
}

// Linux paths under Wine. Wine takes a Linux path as it is behind \\?\unix, and only there: by any
// other way it turns it into a Windows path first, and refuses what Windows forbids in names.

// A Linux path that is not empty, absolute or relative, as \\?\unix\absolute\path. ".." takes the
// part before it away, also where that is a symbolic link. A relative path starts at
// $AIOBENCH_WORKING_DIRECTORY (a Linux path) where that is set, because Wine cannot have every
// Linux directory as its current one; else at the current directory.
std::wstring linux_form(const std::wstring& path);

// Z:\a\b -> /a/b, or wherever in Linux the drive of Wine's is.
std::string linux_name(const std::wstring& drive_path);

// Where a file lies, as two systems tell it: Windows about its volumes, and Linux about its mounts
// where Windows is Wine (which calls every file system NTFS).

StorageInfo windows_storage(const std::wstring& path);
StorageInfo wine_storage(const std::wstring& path);

}  // namespace aiobench::os
