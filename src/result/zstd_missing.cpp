// Built instead of zstd.cpp where libzstd was not found, and for Windows.
#include "result/zstd.h"

namespace aiobench::result {

bool is_zstd(std::string_view bytes) {
  return bytes.starts_with("\x28\xb5\x2f\xfd");
}

Result<std::string> decompress_zstd(std::string_view, std::uint64_t) {
  return usage_error("", "compressed with Zstandard, and this aiobench was built without libzstd",
                     "decompress it first: zstd -d FILE");
}

}  // namespace aiobench::result
