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
    {EACCES, "this user is not permitted to do this; check the permissions (ls -l)"},
    {EPERM, "this user is not permitted to do this"},
    {EISDIR, "name the files in the directory instead"},
    {ENOTDIR, "a part of the path is a file, not a directory"},
    {EIO, "the device reported a failure; see the kernel log (dmesg)"},
    {ENXIO, "the device is gone"},
    {ENODEV, "the device is gone"},
    {ENOSPC, "the disk is full"},
    {EMFILE, "raise the limit on open files (ulimit -n)"},
    {ENOMEM, "use a smaller --depth or --block-size"},
    {EROFS, "the file system is mounted read-only"},
    {ELOOP, "the path has a loop of symbolic links"},
    {EEXIST, "choose another name, or use --force to replace it"},
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
      fmt::format("{} ({} {})", text ? text : "unknown error", name ? name : "code", code);
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
