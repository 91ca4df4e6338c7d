// Errors as values: FileOffset, Error, Status and Result, the same types as in the public API. And
// AIOBENCH_CHECK, which tests an invariant of this program, in every build: a failure is a bug of
// aiobench, never bad input. It prints the condition and its place and aborts, because results that
// follow a broken invariant would be wrong.
#pragma once

#include <cstdio>
#include <cstdlib>

#include "aiobench/error.h"

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
