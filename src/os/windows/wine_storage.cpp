#include <windows.h>

#include <sstream>

#include "base/units.h"
#include "os/file.h"
#include "os/directory.h"
#include "os/atomic_file.h"
#include "os/windows/storage.h"
#include "os/windows/path.h"
#include "os/windows/wine_path.h"

namespace aiobench::platform {
namespace {

// The file's Linux path with all symbolic links resolved; empty where Wine does not say.
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

// A space in a path is \040 in the table of mounts, and so on.
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

// True where `path` is the folder `mount` or below it.
bool lies_in(const std::string& path, const std::string& mount) {
  if (mount == "/") return true;
  return path.compare(0, mount.size(), mount) == 0 &&
         (path.size() == mount.size() || path[mount.size()] == '/');
}

}  // namespace

StorageFacts wine_storage(const std::wstring& path) {
  StorageFacts facts;
  const std::string real = real_path(path);
  const Result<std::string> table = read_file("/proc/mounts", kMiB);
  if (real.empty() || !table) return facts;
  std::istringstream lines(*table);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string device;
    std::string mount;
    std::string type;
    std::string options;
    if (!(words >> device >> mount >> type >> options)) continue;
    mount = unescape(mount);
    if (!lies_in(real, mount) || mount.size() < facts.mount.size()) continue;
    facts.file_system = type;
    facts.mount = mount;
    facts.device = unescape(device);
    facts.mount_options = unescape(options);
  }
  return facts;
}

}  // namespace aiobench::platform
