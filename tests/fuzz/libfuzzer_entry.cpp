// Test support, proves nothing itself: the function that libFuzzer calls with each input.
#include <cstddef>
#include <cstdint>

#include "fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes) {
  aiobench::fuzz::accepts({reinterpret_cast<const char*>(data), bytes});
  return 0;
}
