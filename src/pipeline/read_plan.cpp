#include "pipeline/read_plan.h"

#include <string>

namespace aiobench::pipeline {
namespace {

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

const char* name(Pattern pattern) {
  return pattern == Pattern::random ? "random" : "sequential";
}

Result<Pattern> parse_pattern(std::string_view text) {
  for (const Pattern pattern : {Pattern::sequential, Pattern::random}) {
    if (text == name(pattern)) return pattern;
  }
  return usage_error("use --pattern", "there is no pattern '" + printable(std::string(text)) + "'",
                     "the patterns: sequential, random");
}

}  // namespace aiobench::pipeline
