// AIOBENCH_CHECK tests an invariant of this program, in every build. A failure is a bug of
// aiobench, never bad input. It prints the condition and its place and aborts: results that follow
// a broken invariant would be wrong.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace aiobench {

[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "aiobench: internal error: %s does not hold (%s:%d)\n", condition, file,
               line);
  std::abort();
}

}  // namespace aiobench

#define AIOBENCH_CHECK(condition)                               \
  do {                                                          \
    if (!(condition)) [[unlikely]]                              \
      ::aiobench::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
