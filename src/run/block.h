// Which blocks a file has, and who reads which: lanes claim them in order, from any thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
#include "engine/request.h"

namespace aiobench::run {

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
  bool next(Block& block) {
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

// The transfer of one block, by as many requests as it takes: a short transfer is no error, the
// rest is asked for again. Plain arithmetic, so that a lane's coroutine stays one straight line.

class BlockTransfer {
 public:
  // `alignment` is 1, or what offset and length must be a multiple of in direct access: then the
  // last block is asked for as a whole multiple, and only what the file has counts.
  BlockTransfer(const Block& block, std::uint32_t alignment)
      : block_(block), alignment_(alignment) {}

  // True: `request` now says what to ask for next, with `buffer` as the block's place in memory
  // (nullptr where the mechanism needs none). False: there is nothing more to ask, because the
  // block is whole, or ended, or failed.
  bool next(engine::Request& request, std::byte* buffer) const;

  // Takes in what came of the request that next() made.
  void absorb(const engine::Request& request);

  bool whole() const { return got_ >= block_.bytes; }
  // Where the block lies, once anything of it was read: its buffer, or a mapping of the file.
  const std::byte* data() const { return data_; }
  // The system's code, or 0.
  int error() const { return error_; }
  // Where the transfer stands: the offset of an error, or of a premature end of the file.
  FileOffset position() const { return block_.offset + got_; }
  const Block& block() const { return block_; }
  // Of a block that is not whole: what to tell.
  Error failure(const engine::AttachedFile& file) const;
  // Of a block that is whole, once it was used: what to tell if not all of that was the file, as
  // its mapping has lost pages.
  std::optional<Error> loss(const engine::AttachedFile& file) const;
  // The same where the system was given the mapping and failed, which notes no loss.
  std::optional<Error> loss_by_now(const engine::AttachedFile& file) const;

 private:
  Error lost_at(const engine::AttachedFile& file, FileOffset offset) const;

  Block block_;
  std::uint32_t alignment_;
  std::uint32_t got_ = 0;    // bytes of the block that are there
  std::uint32_t asked_ = 0;  // where in the block the next request starts: got_, aligned down
  const std::byte* data_ = nullptr;
  const os::FileView* view_ = nullptr;
  bool ended_ = false;
  int error_ = 0;
};

// Where the source of a copy holds data. What lies between is not written, so that holes stay
// holes.

// A stretch of a file: [begin, end).
struct Stretch {
  FileOffset begin = 0;
  FileOffset end = 0;

  bool empty() const { return begin >= end; }
};

// Any thread, as it never changes.
class HoleMap {
 public:
  // All of the file is data.
  HoleMap() = default;
  // `data`: in order, apart from one another.
  explicit HoleMap(std::vector<Stretch> data) : data_(std::move(data)), has_holes_(true) {}

  // What is to be written next of `part`, whose bytes are at `bytes`: empty where nothing is. A
  // hole that holds something by now is data: the map was made before the file was read.
  Stretch next(Stretch part, const std::byte* bytes) const;

 private:
  std::vector<Stretch> data_;
  bool has_holes_ = false;
};

// The writing of one block that was read, at the same offset: by as many requests as it takes, and
// none for holes. Plain arithmetic, so that a lane's coroutine stays one straight line.

class BlockWrite {
 public:
  // `data` holds the block, and whatever follows up to the next multiple of `alignment`: that is 1,
  // or what offset and length must be a multiple of in direct access. What is written beyond the
  // end of the file then is cut off at the end of the run.
  BlockWrite(const Block& block, const std::byte* data, std::uint32_t alignment,
             const HoleMap& holes);

  // True: `request` now says what to write next. False: there is nothing more to write, because the
  // block is there, or failed.
  bool next(engine::Request& request);
  // Takes in what came of the request that next() made.
  void absorb(const engine::Request& request);

  // The system's code, or 0; and the offset of that error.
  int error() const { return error_; }
  FileOffset position() const { return now_.begin; }

 private:
  FileOffset end() const { return block_.offset + block_.bytes; }
  void find(FileOffset from);

  Block block_;
  const std::byte* data_;
  std::uint32_t alignment_;
  const HoleMap& holes_;
  Stretch now_;  // what is left of the stretch that is being written; aligned
  int error_ = 0;
};

}  // namespace aiobench::run
