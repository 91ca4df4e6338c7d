// The fastest XXH3 that this processor can run.
#pragma once

#include "hash/xxh3_functions.h"

namespace aiobench::hash {

const Xxh3Functions& best_xxh3();

}  // namespace aiobench::hash
