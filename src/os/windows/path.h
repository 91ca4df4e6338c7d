// Paths for the wide functions of Win32. Outside this folder a path is UTF-8; here it becomes
// UTF-16 in a form that the 260 characters of MAX_PATH and the rewriting of names do not touch.
// Sources: "Naming Files, Paths, and Namespaces", "Maximum Path Length Limitation",
// GetFullPathName in the Win32 reference.
#pragma once

#include <string>
#include <string_view>

namespace aiobench::platform {

std::wstring widen(std::string_view utf8);
std::string narrow(std::wstring_view utf16);

bool is_separator(wchar_t c);
// "C:\x", "C:/x"
bool has_drive(const std::wstring& path);

// `path` as CreateFileW and its like are to get it.
//
// Windows: the full path behind \\?\, so that it may have 32,767 characters. Full, because behind
// \\?\ the system takes every character as it is: no "/", no "..", no current folder.
//
// Wine: a path without a drive is a Linux path, and goes behind \\?\unix, where Wine hands it to
// Linux as it is: quotes, ":", "?", "*", a dot or a space at the end are then nothing special, and
// upper and lower case differ. Only a backslash cannot be part of a name.
std::wstring system_path(const std::string& path);

}  // namespace aiobench::platform
