// The xxHash family behind one small interface, by name. Digests are equal to those that xxhsum
// prints (seed 0, big-endian hexadecimal). Source: the xxHash specification and xxhsum(1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/units.h"

namespace aiobench::hash {

enum class Algorithm { none, xxh32, xxh64, xxh3, xxh128 };

// The names of --hash.
std::span<const Named<Algorithm>> algorithms();
// "xxh3"
const char* name(Algorithm algorithm);
Result<Algorithm> parse_algorithm(std::string_view text);

// Hashes a stream. One thread at a time, but for accumulate().
//
// Some algorithms can have most of the work done out of order: accumulate() of every block, by any
// thread, then absorb() in order. That is for streams whose blocks are all of a size that
// can_split(), but for the last one, which is given to update().
class Hasher {
 public:
  virtual ~Hasher() = default;

  virtual bool can_split(std::size_t /*block_bytes*/) const { return false; }
  // How many bytes the accumulators of a block take.
  virtual std::size_t accumulator_bytes(std::size_t /*block_bytes*/) const { return 0; }
  virtual void accumulate(const std::byte*, std::size_t, std::byte* /*accumulators*/) const {}
  // The same as update(data, bytes); reads the accumulators, and only the end of the data.
  virtual void absorb(const std::byte* data, std::size_t bytes, const std::byte* /*accumulators*/) {
    update(data, bytes);
  }

  // Never inlined into a coroutine: clang 14 would put its vectors into the frame, misaligned.
  virtual void update(const std::byte* data, std::size_t bytes) = 0;
  // The digest of everything so far, in hexadecimal; empty for Algorithm::none.
  virtual std::string digest() const = 0;
};

std::unique_ptr<Hasher> make_hasher(Algorithm algorithm);

// Which instructions XXH3 and XXH128 run on here: "avx512", "avx2" or "base".
const char* vector_instructions();

}  // namespace aiobench::hash
