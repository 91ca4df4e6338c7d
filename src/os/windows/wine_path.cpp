#include "os/windows/wine_path.h"

#include <windows.h>

#include <vector>

#include "os/console.h"
#include "os/windows/path.h"
#include "os/windows/wine.h"

namespace aiobench::platform {
namespace {

using Parts = std::vector<std::wstring>;

// Appends the parts of `path`, without empty ones and "."; ".." takes the last one away.
void append_parts(const std::wstring& path, Parts& parts) {
  std::size_t from = 0;
  while (from < path.size()) {
    std::size_t to = from;
    while (to < path.size() && !is_separator(path[to])) ++to;
    std::wstring part = path.substr(from, to - from);
    from = to + 1;
    if (part == L"..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != L".") {
      parts.push_back(std::move(part));
    }
  }
}

std::wstring join(const Parts& parts, wchar_t separator) {
  std::wstring path;
  for (const std::wstring& part : parts) path += separator + part;
  return path.empty() ? std::wstring(1, separator) : path;
}

std::wstring current_folder() {
  std::wstring folder = widen(environment("AIOBENCH_WORKING_FOLDER"));
  if (!folder.empty()) return folder;
  folder.resize(GetCurrentDirectoryW(0, nullptr));
  folder.resize(GetCurrentDirectoryW(static_cast<DWORD>(folder.size()), folder.data()));
  return folder;
}

// The root of a drive ("Z:\") in Linux: "/" for Z, as a rule.
std::wstring drive_root(const std::wstring& drive) {
  using GetUnixName = char*(CDECL*)(const wchar_t*);
  const auto get = find_function<GetUnixName>(L"kernel32.dll", "wine_get_unix_file_name");
  char* const name = get != nullptr ? get(drive.c_str()) : nullptr;
  if (name == nullptr) return L"/";
  std::wstring root = widen(name);
  HeapFree(GetProcessHeap(), 0, name);
  return root;
}

// The parts of folder + rest in Linux, where folder may be a Windows path: ".." in `rest` does not
// lead out of its drive.
Parts linux_parts(const std::wstring& folder, const std::wstring& rest) {
  const bool on_drive = has_drive(folder);
  Parts inside;
  append_parts(on_drive ? folder.substr(3) : folder, inside);
  append_parts(rest, inside);
  Parts all;
  if (on_drive) append_parts(drive_root(folder.substr(0, 3)), all);
  all.insert(all.end(), inside.begin(), inside.end());
  return all;
}

}  // namespace

std::wstring linux_form(const std::wstring& path) {
  const std::wstring folder = is_separator(path[0]) ? L"/" : current_folder();
  std::wstring form = L"\\\\?\\unix" + join(linux_parts(folder, path), L'\\');
  if (is_separator(path.back()) && form.back() != L'\\') form += L'\\';
  return form;
}

std::string linux_name(const std::wstring& drive_path) {
  return narrow(join(linux_parts(drive_path, L""), L'/'));
}

}  // namespace aiobench::platform
