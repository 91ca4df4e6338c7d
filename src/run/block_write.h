// The writing of one block that was read, at the same offset: by as many requests as it takes, and
// none for holes. Plain arithmetic, so that a lane's coroutine stays one straight line.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/request.h"
#include "run/block.h"
#include "run/hole_map.h"

namespace aiobench::pipeline {

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

}  // namespace aiobench::pipeline
