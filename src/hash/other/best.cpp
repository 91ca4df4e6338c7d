// Other processors: xxHash's header itself chooses what the compiler is allowed to use (NEON).
#include "hash/xxh3_functions.h"

namespace aiobench::hash {

const Xxh3Functions& best_xxh3() {
  return xxh3_base();
}

}  // namespace aiobench::hash
