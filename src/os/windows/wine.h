// Wine: a Windows made of Linux. It is found by wine_get_version() in ntdll, which it exports for
// this purpose (WineHQ's developer FAQ).
#pragma once

#include <windows.h>

#include <string>

namespace aiobench::platform {

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

}  // namespace aiobench::platform
