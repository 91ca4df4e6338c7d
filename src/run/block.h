// The plan that hands out the blocks of a file in order, and the reading and writing of one block,
// each by one request or several.
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

  // Hands out the next block. False if none is left, or after stop(). The blocks handed out so far
  // are always 0 to n without a gap: otherwise a lane would wait forever for the turn of a missing
  // block. Any thread.
  bool next(Block& block) {
    const std::uint64_t index = next_.fetch_add(1);
    if (index >= blocks_) return false;
    block.index = index;
    block.offset = index * block_bytes_;
    block.bytes = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(block_bytes_, file_bytes_ - block.offset));
    return true;
  }

  // Hands out no block from now on. Any thread. Stopping and handing out each change the same
  // counter in one atomic step. With a separate flag, a lane could take a block from the counter
  // and then drop it, and the lane of the next block would wait forever.
  void stop() { next_.store(kNoMore); }

  // The number of blocks handed out so far, or a higher number: calls of next() that found no block
  // count too, and after stop() the number exceeds blocks().
  std::uint64_t issued() const { return next_.load(std::memory_order_relaxed); }
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

// The state of reading one block. A short transfer is not an error: another request follows for the
// bytes that are missing. The functions of this class do not submit or wait; the lane does, so that
// its coroutine stays one straight sequence.
class BlockTransfer {
 public:
  // `alignment`: with direct access, each offset and length must be a multiple of this number of
  // bytes. The length of the last block is then rounded up, and only the bytes of the file count.
  // Otherwise 1.
  BlockTransfer(const Block& block, std::uint32_t alignment)
      : block_(block), alignment_(alignment) {}

  // True: `request` is set up for the next transfer. `buffer` is the memory for the block, or
  // nullptr if the mechanism needs none. False: the block is complete, or the file ended, or a
  // request failed.
  bool next(engine::Request& request, std::byte* buffer) const;

  // Takes the result of the request that next() set up.
  void absorb(const engine::Request& request);

  bool whole() const { return received_ >= block_.bytes; }
  // The data of the block, in its buffer or in a mapping of the file. nullptr before the first byte
  // was read.
  const std::byte* data() const { return data_; }
  // The system's code, or 0.
  int error() const { return error_; }
  // The offset that the transfer has reached: that of an error, or of a premature end of the file.
  FileOffset position() const { return block_.offset + received_; }
  const Block& block() const { return block_; }
  // The error of a block that is not whole.
  Error failure(const engine::AttachedFile& file) const;
  // For a block that is whole, after its data was used: the error if its mapping has lost pages, so
  // that a part of the data was zeros instead of the file.
  std::optional<Error> loss(const engine::AttachedFile& file) const;
  // The same after a system call on the mapped pages failed. The mapping does not note such a
  // failure, so this function populates the pages to check them.
  std::optional<Error> loss_by_now(const engine::AttachedFile& file) const;

 private:
  Error lost_at(const engine::AttachedFile& file, FileOffset offset) const;

  Block block_;
  std::uint32_t alignment_;
  std::uint32_t received_ = 0;    // bytes of the block that were read
  std::uint32_t next_start_ = 0;  // of the next request within the block: received_, aligned down
  const std::byte* data_ = nullptr;
  const os::Mapping* mapping_ = nullptr;
  bool at_end_ = false;
  int error_ = 0;
};

// The bytes [begin, end) of a file.
struct ByteRange {
  FileOffset begin = 0;
  FileOffset end = 0;

  bool empty() const { return begin >= end; }
};

// The parts of the source of a copy that hold data. Holes are not written, so they stay holes.
// Immutable: any thread may use it.
class HoleMap {
 public:
  // All of the file is data.
  HoleMap() = default;
  // `data`: in ascending order, disjoint.
  explicit HoleMap(std::vector<ByteRange> data) : data_(std::move(data)), has_holes_(true) {}

  // The first part of `part` that must be written, or an empty range. `bytes` points to the data of
  // `part`, which was read after the map was made. If it has anything but zeros in a hole, the file
  // was written to meanwhile, and that hole must be written too.
  ByteRange next(ByteRange part, const std::byte* bytes) const;

 private:
  std::vector<ByteRange> data_;
  bool has_holes_ = false;
};

// The state of writing one block that was read, at the same offset, by one request or several.
// Holes are not written. Like the functions of BlockTransfer, those of this class do not submit or
// wait.
class BlockWrite {
 public:
  // `alignment`: see BlockTransfer. `data` holds the block and the bytes up to the next multiple
  // of `alignment`. Bytes written beyond the end of the file are cut off at the end of the run.
  BlockWrite(const Block& block, const std::byte* data, std::uint32_t alignment,
             const HoleMap& holes);

  // True: `request` is set up for the next write. False: the block is written, or a request failed.
  bool next(engine::Request& request);
  // Takes the result of the request that next() set up.
  void absorb(const engine::Request& request);

  // The system's code, or 0; and the offset of that error.
  int error() const { return error_; }
  FileOffset position() const { return writing_.begin; }

 private:
  FileOffset end() const { return block_.offset + block_.bytes; }
  void find_next(FileOffset from);

  Block block_;
  const std::byte* data_;
  std::uint32_t alignment_;
  const HoleMap& holes_;
  ByteRange writing_;  // what is left of the range that is being written; aligned
  int error_ = 0;
};

}  // namespace aiobench::run
