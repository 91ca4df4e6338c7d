// Which blocks a file has, and who reads which: lanes claim them in order, from any thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "base/error.h"

namespace aiobench::pipeline {

struct Block {
  std::uint64_t index = 0;
  FileOffset offset = 0;
  std::uint32_t bytes = 0;  // the last block may be shorter
};

class BlockPlan {
 public:
  BlockPlan(std::uint64_t file_bytes, std::uint32_t block_bytes)
      : file_bytes_(file_bytes),
        block_bytes_(block_bytes),
        blocks_(file_bytes / block_bytes + (file_bytes % block_bytes != 0 ? 1 : 0)) {}

  // The next block; false when there is none left, or after stop(). What was claimed is always
  // blocks 0 to n without a gap: each waits for the turn of the one before.
  bool claim(Block& block) {
    const std::uint64_t index = next_.fetch_add(1);
    if (index >= blocks_) return false;
    block.index = index;
    block.offset = index * block_bytes_;
    block.bytes = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(block_bytes_, file_bytes_ - block.offset));
    return true;
  }

  // No block is claimed from now on. Any thread. One step with claiming: a flag beside the counter
  // would let a claim between the two be dropped, and the block behind it wait for ever.
  void stop() { next_.store(kNoMore); }

  // How many blocks were asked for so far, at least.
  std::uint64_t claimed() const { return next_.load(std::memory_order_relaxed); }
  std::uint64_t blocks() const { return blocks_; }
  std::uint64_t file_bytes() const { return file_bytes_; }
  std::uint32_t block_bytes() const { return block_bytes_; }

 private:
  static constexpr std::uint64_t kNoMore = std::uint64_t{1} << 63;

  const std::uint64_t file_bytes_;
  const std::uint32_t block_bytes_;
  const std::uint64_t blocks_;
  std::atomic<std::uint64_t> next_{0};
};

}  // namespace aiobench::pipeline
