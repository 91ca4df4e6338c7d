// The transfer of one block, by as many requests as it takes: a short transfer is no error, the
// rest is asked for again. Plain arithmetic, so that a lane's coroutine stays one straight line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/request.h"
#include "run/block.h"

namespace aiobench::pipeline {

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
  const platform::FileView* view_ = nullptr;
  bool ended_ = false;
  int error_ = 0;
};

}  // namespace aiobench::pipeline
