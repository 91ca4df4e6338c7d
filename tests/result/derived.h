// Test support, proves nothing itself.
#pragma once

#include <string>

namespace aiobench::test {

// Whether a field of this name in a result file is computed from other fields, so that a reader
// does not need it.
bool is_derived(const std::string& name);

}  // namespace aiobench::test
