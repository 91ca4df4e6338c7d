#include "os/windows/native.h"

#include <windows.h>

#include "os/windows/wine.h"

namespace aiobench::os {
namespace {

bool is_letter(wchar_t c) {
  return (c >= L'a' && c <= L'z') || (c >= L'A' && c <= L'Z');
}

bool starts_with(const std::wstring& path, const wchar_t* start) {
  return path.rfind(start, 0) == 0;
}

// Whether the system uses the path unchanged: "\\?\C:\x", "\\.\PhysicalDrive0".
bool is_verbatim(const std::wstring& path) {
  return starts_with(path, L"\\\\?\\") || starts_with(path, L"\\\\.\\");
}

std::wstring full_path(const std::wstring& path) {
  std::wstring full(GetFullPathNameW(path.c_str(), 0, nullptr, nullptr), L'\0');
  full.resize(
      GetFullPathNameW(path.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr));
  return full;
}

std::wstring verbatim_form(const std::wstring& path) {
  if (is_verbatim(path)) return path;
  const std::wstring full = full_path(path);
  if (full.empty()) return path;
  if (is_verbatim(full)) return full;  // NUL and CON become \\.\NUL and \\.\CON
  if (starts_with(full, L"\\\\")) return L"\\\\?\\UNC" + full.substr(1);
  return L"\\\\?\\" + full;
}

// Wine represents a byte that is not UTF-8 by this character. It searches the directory for the
// original name only if the path has the form of Windows.
bool has_unknown_bytes(const std::wstring& path) {
  constexpr wchar_t kReplacementCharacter = 0xfffd;
  return path.find(kReplacementCharacter) != std::wstring::npos;
}

bool is_linux_path(const std::wstring& path) {
  return under_wine() && !has_drive(path) && !starts_with(path, L"\\\\") &&
         !has_unknown_bytes(path);
}

}  // namespace

std::wstring widen(std::string_view utf8) {
  const int bytes = static_cast<int>(utf8.size());
  const int units = MultiByteToWideChar(CP_UTF8, 0, utf8.data(), bytes, nullptr, 0);
  std::wstring wide(static_cast<std::size_t>(units), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, utf8.data(), bytes, wide.data(), units);
  return wide;
}

std::string narrow(std::wstring_view utf16) {
  const int units = static_cast<int>(utf16.size());
  const int bytes =
      WideCharToMultiByte(CP_UTF8, 0, utf16.data(), units, nullptr, 0, nullptr, nullptr);
  std::string text(static_cast<std::size_t>(bytes), '\0');
  WideCharToMultiByte(CP_UTF8, 0, utf16.data(), units, text.data(), bytes, nullptr, nullptr);
  return text;
}

bool is_separator(wchar_t c) {
  return c == L'\\' || c == L'/';
}

bool has_drive(const std::wstring& path) {
  return path.size() >= 3 && is_letter(path[0]) && path[1] == L':' && is_separator(path[2]);
}

std::wstring system_path(const std::string& path) {
  const std::wstring wide = widen(path);
  if (wide.empty()) return wide;
  return is_linux_path(wide) ? linux_form(wide) : verbatim_form(wide);
}

}  // namespace aiobench::os
