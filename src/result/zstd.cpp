#include "result/json_document.h"

#include <fmt/core.h>
#include <zstd.h>

#include <array>
#include <memory>

#include "base/units.h"

namespace aiobench::result {

bool is_zstd(std::string_view bytes) {
  return bytes.starts_with("\x28\xb5\x2f\xfd");
}

Result<std::string> decompress_zstd(std::string_view bytes, std::uint64_t max_bytes) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                     ZSTD_freeDCtx);
  if (!context) return usage_error("", "not enough memory to decompress it");
  std::string text;
  std::array<char, 128 * 1024> part;
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  std::size_t left = 1;  // 0 at the end of a frame
  while (in.pos < in.size || left != 0) {
    ZSTD_outBuffer out{part.data(), part.size(), 0};
    const std::size_t before = in.pos;
    left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left) != 0) {
      return usage_error("", fmt::format("corrupt Zstandard data: {}", ZSTD_getErrorName(left)));
    }
    if (text.size() + out.pos > max_bytes) {
      return usage_error("",
                         fmt::format("larger than {} when decompressed", format_size(max_bytes)));
    }
    text.append(part.data(), out.pos);
    if (left != 0 && in.pos == before && out.pos == 0) {
      return usage_error("", "truncated Zstandard data");
    }
  }
  return text;
}

}  // namespace aiobench::result
