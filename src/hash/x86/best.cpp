// Selects the instruction set on x86-64.
#include "hash/xxh3_functions.h"

#include "os/host.h"

namespace aiobench::hash {

const Xxh3Functions& best_xxh3() {
  if (os::cpu_has_avx512()) return xxh3_avx512();
  if (os::cpu_has_avx2()) return xxh3_avx2();
  return xxh3_base();
}

}  // namespace aiobench::hash
