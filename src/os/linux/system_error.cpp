#include "os/system_error.h"

#include <fmt/core.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace aiobench::os {
namespace {

struct Advice {
  int code;
  const char* text;
};

constexpr std::array<Advice, 14> kAdvice = {{
    {ENOENT, "check the name and the directory"},
    {EACCES, "check the permissions with ls -l, or run as another user"},
    {EPERM, "run as a user who is permitted to do this"},
    {EISDIR, "name the files in the directory instead"},
    {ENOTDIR, "check the path: a part of it is a file, not a directory"},
    {EIO, "see the kernel log with dmesg: the device reported a failure"},
    {ENXIO, "check that the device is still connected"},
    {ENODEV, "check that the device is still connected"},
    {ENOSPC, "free some space: the disk is full"},
    {EMFILE, "raise the limit on open files with ulimit -n"},
    {ENOMEM, "use a smaller --depth or --block-size"},
    {EROFS, "use another file system: this one is mounted read-only"},
    {ELOOP, "check the path: its symbolic links form a loop"},
    {EEXIST, "use --force to replace it, or choose another name"},
}};

}  // namespace

Error system_error(std::string operation, std::string path, int code,
                   std::optional<FileOffset> offset) {
  Error error;
  error.code = code;
  error.operation = std::move(operation);
  error.path = std::move(path);
  error.offset = offset;
  const char* const name = strerrorname_np(code);
  const char* const text = strerrordesc_np(code);
  error.cause =
      fmt::format("{} [{} {}]", text ? text : "unknown error", name ? name : "code", code);
  for (const Advice& advice : kAdvice) {
    if (advice.code == code) error.hint = advice.text;
  }
  return error;
}

Error stream_error(std::string operation, int code) {
  return system_error(std::move(operation), "", code);
}

int last_error() {
  return errno;
}

bool is_cancelled(int code) {
  return code == ECANCELED;
}

int cancelled_code() {
  return ECANCELED;
}

int not_supported_code() {
  return EOPNOTSUPP;
}

int device_failure_code() {
  return EIO;
}

}  // namespace aiobench::os
