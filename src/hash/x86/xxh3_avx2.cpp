#include "hash/xxh3_functions_of.h"

namespace aiobench::hash {

const Xxh3Functions& xxh3_avx2() {
  static constexpr Xxh3Functions kFunctions = functions("avx2");
  return kFunctions;
}

}  // namespace aiobench::hash
