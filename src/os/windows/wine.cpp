#include "os/wine.h"
#include "os/windows/wine.h"

#include <windows.h>

#include <sstream>
#include <vector>

#include "base/units.h"
#include "os/atomic_file.h"
#include "os/console.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/windows/native.h"

namespace aiobench::os {
namespace {

std::string query_wine_version() {
  using GetVersion = const char*(CDECL*)();
  const auto get_version = find_function<GetVersion>(L"ntdll.dll", "wine_get_version");
  return get_version != nullptr ? get_version() : "";
}

}  // namespace

const std::string& wine_version() {
  static const std::string version = query_wine_version();
  return version;
}

namespace {

Error not_under_linux() {
  return usage_error("start the Windows build", "this program is the Windows build");
}

}  // namespace

Result<WindowsBuild> find_windows_build() {
  return not_under_linux();
}

Error become_windows_build(const WindowsBuild&, const std::vector<std::string>&) {
  return not_under_linux();
}

Result<int> run_windows_build(const WindowsBuild&, const std::vector<std::string>&,
                              const std::string&, WakeEvent&) {
  return not_under_linux();
}

namespace {

using Parts = std::vector<std::wstring>;

// Appends the components of `path`, without empty ones and ".". A ".." removes the last component.
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

std::wstring current_directory() {
  std::wstring directory = widen(environment("AIOBENCH_WORKING_DIRECTORY"));
  if (!directory.empty()) return directory;
  directory.resize(GetCurrentDirectoryW(0, nullptr));
  directory.resize(GetCurrentDirectoryW(static_cast<DWORD>(directory.size()), directory.data()));
  return directory;
}

// The Linux directory of a drive's root ("Z:\"); usually "/" for Z.
std::wstring drive_root(const std::wstring& drive) {
  using GetUnixName = char*(CDECL*)(const wchar_t*);
  const auto get = find_function<GetUnixName>(L"kernel32.dll", "wine_get_unix_file_name");
  char* const name = get != nullptr ? get(drive.c_str()) : nullptr;
  if (name == nullptr) return L"/";
  std::wstring root = widen(name);
  HeapFree(GetProcessHeap(), 0, name);
  return root;
}

// The components of `directory` + `rest` in Linux. If `directory` is a Windows path, ".." in `rest`
// does not leave its drive.
Parts linux_parts(const std::wstring& directory, const std::wstring& rest) {
  const bool on_drive = has_drive(directory);
  Parts inside;
  append_parts(on_drive ? directory.substr(3) : directory, inside);
  append_parts(rest, inside);
  Parts all;
  if (on_drive) append_parts(drive_root(directory.substr(0, 3)), all);
  all.insert(all.end(), inside.begin(), inside.end());
  return all;
}

}  // namespace

std::wstring linux_form(const std::wstring& path) {
  const std::wstring directory = is_separator(path[0]) ? L"/" : current_directory();
  std::wstring form = L"\\\\?\\unix" + join(linux_parts(directory, path), L'\\');
  if (is_separator(path.back()) && form.back() != L'\\') form += L'\\';
  return form;
}

std::string linux_name(const std::wstring& drive_path) {
  return narrow(join(linux_parts(drive_path, L""), L'/'));
}

namespace {

// The Linux path of the file with all symbolic links resolved; empty if Wine does not report it.
std::string real_path(const std::wstring& path) {
  const HANDLE handle =
      CreateFileW(path.c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                  OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return {};
  const File file = File::adopt(reinterpret_cast<NativeHandle>(handle), narrow(path));
  std::wstring name(32768, L'\0');
  name.resize(GetFinalPathNameByHandleW(handle, name.data(), static_cast<DWORD>(name.size()), 0));
  constexpr std::size_t kPrefix = 4;  // "\\?\"
  if (name.size() <= kPrefix || !has_drive(name.substr(kPrefix))) return {};
  return linux_name(name.substr(kPrefix));
}

// Decodes the octal escapes of the mount table: a space in a path is \040.
std::string unescape(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      plain += static_cast<char>(std::stoi(text.substr(i + 1, 3), nullptr, 8));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// Whether `path` is the directory `mount` or below it.
bool lies_in(const std::string& path, const std::string& mount) {
  if (mount == "/") return true;
  return path.compare(0, mount.size(), mount) == 0 &&
         (path.size() == mount.size() || path[mount.size()] == '/');
}

}  // namespace

StorageInfo wine_storage(const std::wstring& path) {
  StorageInfo info;
  const std::string real = real_path(path);
  const Result<std::string> table = read_file("/proc/mounts", kMiB);
  if (real.empty() || !table) return info;
  std::istringstream lines(*table);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string device;
    std::string mount;
    std::string type;
    std::string options;
    if (!(words >> device >> mount >> type >> options)) continue;
    mount = unescape(mount);
    if (!lies_in(real, mount) || mount.size() < info.mount.size()) continue;
    info.file_system = type;
    info.mount = mount;
    info.device = unescape(device);
    info.mount_options = unescape(options);
  }
  return info;
}

}  // namespace aiobench::os
