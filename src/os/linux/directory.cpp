#include "os/directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "os/atomic_file.h"
#include "os/console.h"
#include "os/file.h"
#include "os/system_error.h"

namespace aiobench::os {
namespace fs = std::filesystem;

Result<std::string> cache_directory() {
  std::string base = environment("XDG_CACHE_HOME");
  if (base.empty()) {
    const std::string home = environment("HOME");
    if (home.empty()) {
      Error error;
      error.operation = "find the cache directory";
      error.cause = "neither HOME nor XDG_CACHE_HOME is set";
      error.hint = "set one of them";
      return error;
    }
    base = join_path(home, ".cache");
  }
  const std::string directory = join_path(base, "aiobench");
  if (Status made = make_directories(directory); !made) return made.take_error();
  return directory;
}

std::string program_directory() {
  std::error_code failure;
  return fs::read_symlink("/proc/self/exe", failure).parent_path().string();
}

std::string join_path(const std::string& directory, const std::string& name) {
  return (fs::path(directory) / name).string();
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

PathKind kind_of(const std::string& path) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (!fs::exists(status)) return PathKind::missing;
  if (fs::is_regular_file(status)) return PathKind::file;
  return fs::is_directory(status) ? PathKind::directory : PathKind::other;
}

Result<std::vector<std::string>> file_names_in(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code failure;
  fs::directory_iterator entry(directory, failure);
  for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
    std::error_code gone;
    if (entry->is_regular_file(gone)) names.push_back(entry->path().filename().string());
  }
  if (failure) return system_error("list the directory", directory, failure.value());
  std::sort(names.begin(), names.end());
  return names;
}

bool same_file(const std::string& a, const std::string& b) {
  std::error_code failure;
  return fs::equivalent(a, b, failure);
}

std::string follow_links(const std::string& path) {
  std::error_code failure;
  if (!fs::is_symlink(path, failure)) return path;
  const fs::path real = fs::weakly_canonical(path, failure);
  return failure ? path : real.string();
}

Status make_directories(const std::string& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) return system_error("create the directory", path, failure.value());
  return {};
}

Status remove_file(const std::string& path) {
  if (::unlink(path.c_str()) == 0) return {};
  return system_error("remove", path, errno);
}

Status remove_directory(const std::string& path) {
  if (::rmdir(path.c_str()) == 0) return {};
  return system_error("remove the directory", path, errno);
}

Status remove_own_file(const std::string& path) {
  return remove_file(path);
}

Status rename_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return {};
  return system_error("rename to", to, errno);
}

Status flush_directory_of(const std::string& path) {
  std::string directory = fs::path(path).parent_path().string();
  if (directory.empty()) directory = ".";
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return system_error("flush the directory", directory, errno);
  const int code = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  // EINVAL: this file system cannot flush directories.
  if (code == 0 || code == EINVAL) return {};
  return system_error("flush the directory", directory, code);
}

Status write_through(const std::string& path, const std::string& text) {
  // A pipe without a reader is an error, not something to wait for.
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return system_error("open", path, errno);
  ::fcntl(fd, F_SETFL, O_WRONLY);
  Status outcome;
  for (std::size_t at = 0; outcome && at < text.size();) {
    const ssize_t put = ::write(fd, text.data() + at, text.size() - at);
    if (put >= 0) {
      at += static_cast<std::size_t>(put);
    } else if (errno != EINTR) {
      outcome = system_error("write", path, errno);
    }
  }
  ::close(fd);
  return outcome;
}

}  // namespace aiobench::os
