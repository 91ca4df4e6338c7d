// Built instead of zstd.cpp for Windows and if libzstd was not found.
#include "result/json_document.h"

namespace aiobench::result {

bool is_zstd(std::string_view bytes) {
  return bytes.starts_with("\x28\xb5\x2f\xfd");
}

Result<std::string> decompress_zstd(std::string_view, std::uint64_t) {
  return usage_error("", "compressed with Zstandard, but this aiobench was built without libzstd",
                     "decompress it first: zstd -d FILE");
}

}  // namespace aiobench::result
