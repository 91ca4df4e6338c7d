// Test support, proves nothing itself.
#pragma once

#include <string>

namespace aiobench::test {

// True if a field of this name in a result file is computed from other fields, so that the reader
// ignores it.
bool is_derived(const std::string& name);

}  // namespace aiobench::test
