// Wine: detection, and Linux paths under Wine. Wine exports wine_get_version() from ntdll for the
// detection (WineHQ's developer FAQ).
#pragma once

#include <windows.h>

#include <string>

#include "os/host.h"

namespace aiobench::os {

// The version of Wine ("8.0"); empty on a real Windows.
const std::string& wine_version();

inline bool under_wine() {
  return !wine_version().empty();
}

// The function `name` of a loaded module, as a T (a pointer to a function); nullptr if this Windows
// lacks it.
template <class T>
T find_function(const wchar_t* module, const char* name) {
  const HMODULE loaded = GetModuleHandleW(module);
  if (loaded == nullptr) return nullptr;
  return reinterpret_cast<T>(reinterpret_cast<void*>(GetProcAddress(loaded, name)));
}

// Converts a non-empty Linux path, absolute or relative, to \\?\unix\absolute\path. Wine uses a
// Linux path unchanged only behind \\?\unix; otherwise it converts it to a Windows path first and
// refuses names that Windows forbids.
//
// ".." removes the component before it, also if that is a symbolic link. A relative path starts at
// $AIOBENCH_WORKING_DIRECTORY (a Linux path) if that is set, because Wine cannot use every Linux
// directory as its current directory; otherwise at the current directory.
std::wstring linux_form(const std::wstring& path);

// Converts a Windows path with a drive to a Linux path: Z:\a\b -> /a/b, depending on where the
// drive of Wine leads.
std::string linux_name(const std::wstring& drive_path);

// The storage of a file as Windows reports it for volumes, and as Linux reports it for mounts. The
// latter is used under Wine, which reports every file system as NTFS.
StorageInfo windows_storage(const std::wstring& path);
StorageInfo wine_storage(const std::wstring& path);

}  // namespace aiobench::os
