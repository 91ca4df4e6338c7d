// The hashes of the xxHash family behind one interface, selected by name. Digests equal those that
// xxhsum prints (seed 0, big-endian hexadecimal). Sources: the xxHash specification, xxhsum(1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/settings.h"

namespace aiobench::hash {

using Algorithm = HashAlgorithm;

Result<Algorithm> parse_algorithm(std::string_view text);

// Hashes a stream. Not thread-safe, except for accumulate().
//
// Some algorithms allow most of the work to be done out of order: accumulate() for every block, in
// any thread, then absorb() in file order. This requires a block size for which can_split() is
// true. All blocks must have this size except the last one, which is passed to update().
class Hasher {
 public:
  virtual ~Hasher() = default;

  // Whether blocks of this size can be accumulated out of order.
  virtual bool can_split(std::size_t /*block_bytes*/) const { return false; }
  // The size in bytes of the accumulators of a block.
  virtual std::size_t accumulator_bytes(std::size_t /*block_bytes*/) const { return 0; }
  // Computes the accumulators of one block. Any thread.
  virtual void accumulate(const std::byte*, std::size_t, std::byte* /*accumulators*/) const {}
  // Has the same effect as update(data, bytes), but reads only the accumulators and the end of the
  // data.
  virtual void absorb(const std::byte* data, std::size_t bytes, const std::byte* /*accumulators*/) {
    update(data, bytes);
  }

  // Virtual, so never inlined into a coroutine: clang 14 would place its vectors in the coroutine
  // frame, misaligned.
  virtual void update(const std::byte* data, std::size_t bytes) = 0;
  // The digest of all data so far, in hexadecimal; empty for Algorithm::none.
  virtual std::string digest() const = 0;
};

std::unique_ptr<Hasher> make_hasher(Algorithm algorithm);

// The instructions that XXH3 and XXH128 use on this processor: "avx512", "avx2" or "base".
const char* vector_instructions();

}  // namespace aiobench::hash
