// What the processor can do beyond the base of its architecture.
#pragma once

namespace aiobench::platform {

bool cpu_has_avx2();
bool cpu_has_avx512();

}  // namespace aiobench::platform
