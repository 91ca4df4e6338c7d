#include "tool/output.h"

#include <cerrno>
#include <cstdio>

#include "os/system_error.h"
#include "tool/command.h"

namespace aiobench::tool {
namespace {

int first_failure = 0;  // errno; the C library's streams tell no other code

void note_failure() {
  if (first_failure == 0) first_failure = errno;
}

}  // namespace

void put(std::string_view text) {
  if (text.empty()) return;
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) note_failure();
}

void flush_output() {
  errno = 0;
  if (std::fflush(stdout) != 0) note_failure();
}

ExitCode finish_output(ExitCode code) {
  flush_output();
  if (first_failure == 0) return code;
  const Error error = platform::stream_error("write the result to standard output", first_failure);
  return worse(code, tell(error));
}

}  // namespace aiobench::tool
