#include "run/read.h"

namespace aiobench::pipeline {
namespace {

constexpr Named<Pattern> kPatterns[] = {{Pattern::sequential, "sequential"},
                                        {Pattern::random, "random"}};

std::uint64_t divided_up(std::uint64_t bytes, std::uint32_t block_bytes) {
  return bytes / block_bytes + (bytes % block_bytes != 0 ? 1 : 0);
}

std::uint64_t requests_of(const ReadSettings& settings, std::uint64_t blocks,
                          std::uint32_t block_bytes) {
  if (blocks == 0) return 0;
  if (settings.bytes > 0) return divided_up(settings.bytes, block_bytes);
  return settings.duration_seconds > 0 ? ReadPlan::kEndless : blocks;
}

}  // namespace

ReadPlan::ReadPlan(const ReadSettings& settings, std::uint64_t file_bytes,
                   std::uint32_t block_bytes)
    : pattern_(settings.pattern),
      seed_(settings.seed),
      file_bytes_(file_bytes),
      block_bytes_(block_bytes),
      blocks_(divided_up(file_bytes, block_bytes)),
      whole_blocks_(file_bytes / block_bytes),
      requests_(requests_of(settings, blocks_, block_bytes)) {}

std::span<const Named<Pattern>> patterns() {
  return kPatterns;
}

const char* name(Pattern pattern) {
  return kPatterns[pattern == Pattern::random ? 1 : 0].name;
}

Result<Pattern> parse_pattern(const std::string& text) {
  return parse_named(kPatterns, "--pattern", "pattern", text);
}

}  // namespace aiobench::pipeline
