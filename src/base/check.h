// CHECK: an invariant of this program, tested in every build. A failure is a bug of aiobench,
// never bad input: it prints the place and aborts, because figures that follow a broken
// invariant would be wrong figures.
#pragma once

namespace aiobench {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace aiobench

#define AIOBENCH_CHECK(condition)                               \
  do {                                                          \
    if (!(condition)) [[unlikely]]                              \
      ::aiobench::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
