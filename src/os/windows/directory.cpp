#include "os/directory.h"

#include <windows.h>

#include <algorithm>

#include "os/atomic_file.h"
#include "os/console.h"
#include "os/system_error.h"
#include "os/windows/native.h"

namespace aiobench::os {
namespace {

bool is_directory(const std::wstring& wide) {
  const DWORD attributes = GetFileAttributesW(wide.c_str());
  return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

// The parent of `path`; empty if it has none.
std::string parent_of(const std::string& path) {
  const std::size_t last = path.find_last_not_of("\\/");
  if (last == std::string::npos) return {};
  const std::size_t separator = path.find_last_of("\\/", last);
  if (separator == std::string::npos) return {};
  const std::size_t end = path.find_last_not_of("\\/", separator);
  return end == std::string::npos ? std::string() : path.substr(0, end + 1);
}

}  // namespace

// scripts/run sets the variable to the directory of the native program, so that both builds use the
// same default file.
Result<std::string> cache_directory() {
  if (const std::string named = environment("AIOBENCH_CACHE_DIRECTORY"); !named.empty()) {
    if (Status made = make_directories(named); !made) return made.take_error();
    return named;
  }
  const std::string base = environment("LOCALAPPDATA");
  if (base.empty()) {
    Error error;
    error.operation = "find the cache directory";
    error.cause = "LOCALAPPDATA is not set";
    error.hint = "set it to a directory of your own";
    return error;
  }
  const std::string directory = join_path(join_path(base, "aiobench"), "cache");
  if (Status made = make_directories(directory); !made) return made.take_error();
  return directory;
}

std::string program_directory() {
  std::wstring path(MAX_PATH, L'\0');
  for (;;) {
    const DWORD length = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
    if (length < path.size()) {
      path.resize(length);
      return parent_of(narrow(path));
    }
    path.resize(path.size() * 2);
  }
}

// A Linux path, which Wine accepts too, remains one.
std::string file_name(const std::string& path) {
  return path.substr(path.find_last_of("/\\:") + 1);
}

std::string join_path(const std::string& directory, const std::string& name) {
  if (directory.empty() || directory.back() == '\\' || directory.back() == '/')
    return directory + name;
  const bool unix_like =
      directory.find('/') != std::string::npos && directory.find('\\') == std::string::npos;
  return directory + (unix_like ? '/' : '\\') + name;
}

PathKind kind_of(const std::string& path) {
  const Identity identity(path);
  if (identity.handle() == INVALID_HANDLE_VALUE) {
    const bool there = GetFileAttributesW(system_path(path).c_str()) != INVALID_FILE_ATTRIBUTES;
    if (!there) return PathKind::missing;
    return is_directory(system_path(path)) ? PathKind::directory : PathKind::file;
  }
  if (GetFileType(identity.handle()) != FILE_TYPE_DISK) return PathKind::other;
  return is_directory(system_path(path)) ? PathKind::directory : PathKind::file;
}

Result<std::vector<std::string>> file_names_in(const std::string& directory) {
  std::vector<std::string> names;
  WIN32_FIND_DATAW entry;
  const std::wstring pattern = system_path(join_path(directory, "*"));
  const HANDLE search = FindFirstFileW(pattern.c_str(), &entry);
  if (search == INVALID_HANDLE_VALUE)
    return system_error("list the directory", directory, last_error());
  int code = 0;
  while (code == 0) {
    const std::string name = narrow(entry.cFileName);
    if (kind_of(join_path(directory, name)) == PathKind::file) names.push_back(name);
    if (!FindNextFileW(search, &entry)) code = last_error();
  }
  FindClose(search);
  if (code != ERROR_NO_MORE_FILES) return system_error("list the directory", directory, code);
  std::sort(names.begin(), names.end());
  return names;
}

bool same_file(const std::string& a, const std::string& b) {
  const Identity first(a);
  const Identity second(b);
  return first.same_as(second);
}

// Links are left as they are: MoveFileEx() replaces the link itself, and links to files are rare on
// Windows.
std::string follow_links(const std::string& path) {
  return path;
}

Status make_directories(const std::string& path) {
  const std::wstring wide = system_path(path);
  if (is_directory(wide) || CreateDirectoryW(wide.c_str(), nullptr)) return {};
  const int code = last_error();
  const bool no_parent = code == ERROR_PATH_NOT_FOUND || code == ERROR_FILE_NOT_FOUND;
  const std::string parent = no_parent ? parent_of(path) : std::string();
  if (parent.empty()) return system_error("create the directory", path, code);
  if (Status made = make_directories(parent); !made) return made;
  // Another process may have created it meanwhile.
  if (CreateDirectoryW(wide.c_str(), nullptr) || is_directory(wide)) return {};
  return system_error("create the directory", path, last_error());
}

Status remove_file(const std::string& path) {
  if (DeleteFileW(system_path(path).c_str())) return {};
  return system_error("remove", path, last_error());
}

Status remove_directory(const std::string& path) {
  if (RemoveDirectoryW(system_path(path).c_str())) return {};
  return system_error("remove the directory", path, last_error());
}

Status remove_own_file(const std::string& path) {
  const std::wstring wide = system_path(path);
  const DWORD attributes = GetFileAttributesW(wide.c_str());
  if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_READONLY) != 0) {
    SetFileAttributesW(wide.c_str(), attributes & ~static_cast<DWORD>(FILE_ATTRIBUTE_READONLY));
  }
  return remove_file(path);
}

Status rename_file(const std::string& from, const std::string& to) {
  const std::wstring old_name = system_path(from);
  const std::wstring new_name = system_path(to);
  const auto move = [&] {
    return MoveFileExW(old_name.c_str(), new_name.c_str(), MOVEFILE_REPLACE_EXISTING) != 0;
  };
  if (move()) return {};
  int code = last_error();
  // MoveFileEx() does not replace a file with the attribute "read-only"; rename(2) does.
  const DWORD attributes = GetFileAttributesW(new_name.c_str());
  if (code == ERROR_ACCESS_DENIED && attributes != INVALID_FILE_ATTRIBUTES &&
      (attributes & FILE_ATTRIBUTE_READONLY) != 0) {
    SetFileAttributesW(new_name.c_str(), attributes & ~static_cast<DWORD>(FILE_ATTRIBUTE_READONLY));
    if (move()) return {};
    code = last_error();
    SetFileAttributesW(new_name.c_str(), attributes);
  }
  return system_error("rename to", to, code);
}

Status flush_directory_of(const std::string&) {
  return {};
}

Status write_through(const std::string& path, const std::string& text) {
  const HANDLE handle =
      CreateFileW(system_path(path).c_str(), GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                  nullptr, OPEN_EXISTING, 0, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return system_error("open", path, last_error());
  Status outcome;
  for (std::size_t at = 0; outcome && at < text.size();) {
    DWORD put = 0;
    if (!WriteFile(handle, text.data() + at, static_cast<DWORD>(text.size() - at), &put, nullptr)) {
      outcome = system_error("write", path, last_error());
    }
    at += put;
  }
  CloseHandle(handle);
  return outcome;
}

}  // namespace aiobench::os
