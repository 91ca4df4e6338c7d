// Why the kernel gives a program no io_uring, or no native AIO, in words that say what to do about
// it. Sources: io_uring_setup(2), io_setup(2).
#pragma once

#include <cerrno>

#include "os/system_error.h"

namespace aiobench::engine {

inline Error explain_io_uring(int code) {
  Error error = platform::system_error("set up io_uring", "", code);
  if (code == ENOSYS) {
    error.cause = "this kernel has no io_uring";
    error.hint = "it needs Linux 5.6 or later; use --engine threadpool";
  } else if (code == EPERM || code == EACCES) {
    error.hint =
        "it is switched off here: see the sysctl kernel.io_uring_disabled, or the seccomp filter "
        "of the container";
  } else if (code == ENOMEM) {
    error.hint = "raise the limit on locked memory (ulimit -l), or use a smaller --depth";
  }
  return error;
}

inline Error explain_libaio(int code) {
  Error error = platform::system_error("set up native AIO", "", code);
  if (code == EAGAIN) {
    error.cause = "all programs together would have more requests than the system allows";
    error.hint = "raise the sysctl fs.aio-max-nr, or use a smaller --depth or fewer --threads";
  } else if (code == ENOSYS) {
    error.cause = "this kernel has no native AIO";
    error.hint = "use --engine io_uring or threadpool";
  } else if (code == EPERM) {
    error.hint = "it is switched off here: see the seccomp filter of the container";
  }
  return error;
}

}  // namespace aiobench::engine
