#include "hash/xxh3_functions_of.h"

namespace aiobench::hash {

const Xxh3Functions& xxh3_avx512() {
  static constexpr Xxh3Functions kFunctions = functions("avx512");
  return kFunctions;
}

}  // namespace aiobench::hash
