#include "hash/xxh3_functions_of.h"

namespace aiobench::hash {

const Xxh3Functions& xxh3_base() {
  static constexpr Xxh3Functions kFunctions = functions("base");
  return kFunctions;
}

}  // namespace aiobench::hash
