#include "platform/folder.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "platform/console.h"
#include "platform/file.h"
#include "platform/system_error.h"

namespace aiobench::platform {
namespace fs = std::filesystem;

Result<std::string> cache_folder() {
  std::string base = environment("XDG_CACHE_HOME");
  if (base.empty()) {
    const std::string home = environment("HOME");
    if (home.empty()) {
      Error error;
      error.operation = "find the cache folder";
      error.cause = "neither HOME nor XDG_CACHE_HOME is set";
      error.hint = "set one of them";
      return error;
    }
    base = join_path(home, ".cache");
  }
  const std::string folder = join_path(base, "aiobench");
  if (Status made = make_folders(folder); !made) return made.take_error();
  return folder;
}

std::string program_folder() {
  std::error_code failure;
  return fs::read_symlink("/proc/self/exe", failure).parent_path().string();
}

std::string join_path(const std::string& folder, const std::string& name) {
  return (fs::path(folder) / name).string();
}

bool exists(const std::string& path) {
  std::error_code failure;
  return fs::exists(path, failure);
}

Status make_folders(const std::string& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) return system_error("create the folder", path, failure.value());
  return {};
}

Status remove_file(const std::string& path) {
  if (::unlink(path.c_str()) == 0) return {};
  return system_error("remove", path, errno);
}

Status rename_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return {};
  return system_error("rename to", to, errno);
}

}  // namespace aiobench::platform
