// Processors other than x86-64: the xxHash header itself selects the instructions that the compiler
// may use (NEON).
#include "hash/xxh3_functions.h"

namespace aiobench::hash {

const Xxh3Functions& best_xxh3() {
  return xxh3_base();
}

}  // namespace aiobench::hash
