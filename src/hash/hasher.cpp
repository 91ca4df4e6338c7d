#include "hash/hasher.h"

#include <fmt/core.h>

#include "hash/xxh3_functions_of.h"

namespace aiobench::hash {
namespace {

class NoHasher final : public Hasher {
 public:
  void update(const std::byte*, std::size_t) override {}
  std::string digest() const override { return {}; }
};

class Xxh32Hasher final : public Hasher {
 public:
  Xxh32Hasher() { XXH32_reset(&state_, 0); }
  void update(const std::byte* data, std::size_t bytes) override {
    XXH32_update(&state_, data, bytes);
  }
  std::string digest() const override { return fmt::format("{:08x}", XXH32_digest(&state_)); }

 private:
  XXH32_state_t state_{};
};

class Xxh64Hasher final : public Hasher {
 public:
  Xxh64Hasher() { XXH64_reset(&state_, 0); }
  void update(const std::byte* data, std::size_t bytes) override {
    XXH64_update(&state_, data, bytes);
  }
  std::string digest() const override { return fmt::format("{:016x}", XXH64_digest(&state_)); }

 private:
  XXH64_state_t state_{};
};

// The two widths of XXH3 differ only in the computation of the digest from the state.
class Xxh3Hasher final : public Hasher {
 public:
  explicit Xxh3Hasher(bool wide) : functions_(best_xxh3()), wide_(wide) {
    functions_.reset(state_.data());
  }
  void update(const std::byte* data, std::size_t bytes) override {
    (wide_ ? functions_.update128 : functions_.update64)(state_.data(), data, bytes);
  }
  bool can_split(std::size_t block_bytes) const override {
    return block_bytes % kXxh3BlockBytes == 0;
  }
  std::size_t accumulator_bytes(std::size_t block_bytes) const override {
    return block_bytes / kXxh3BlockBytes * kXxh3AccumulatorBytes;
  }
  void accumulate(const std::byte* data, std::size_t bytes,
                  std::byte* accumulators) const override {
    functions_.accumulate(data, bytes / kXxh3BlockBytes, accumulators);
  }
  void absorb(const std::byte* data, std::size_t bytes, const std::byte* accumulators) override {
    functions_.absorb(state_.data(), accumulators, bytes / kXxh3BlockBytes,
                      data + bytes - kXxh3AccumulatorBytes);
  }
  std::string digest() const override {
    if (!wide_) return fmt::format("{:016x}", functions_.digest64(state_.data()));
    const Digest128 digest = functions_.digest128(state_.data());
    return fmt::format("{:016x}{:016x}", digest.high, digest.low);
  }

 private:
  alignas(kXxh3StateAlignment) std::array<std::byte, kXxh3StateBytes> state_{};
  const Xxh3Functions& functions_;
  bool wide_;
};

}  // namespace

Result<Algorithm> parse_algorithm(std::string_view text) {
  if (const auto* const row = find_named(kHashAlgorithms, text)) return row->value;
  return usage_error("use hash '" + std::string(text) + "'", "unknown hash",
                     "choose one of: " + names_of(kHashAlgorithms));
}

std::unique_ptr<Hasher> make_hasher(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::xxh32:
      return std::make_unique<Xxh32Hasher>();
    case Algorithm::xxh64:
      return std::make_unique<Xxh64Hasher>();
    case Algorithm::xxh3:
      return std::make_unique<Xxh3Hasher>(false);
    case Algorithm::xxh128:
      return std::make_unique<Xxh3Hasher>(true);
    case Algorithm::none:
      break;
  }
  return std::make_unique<NoHasher>();
}

const char* vector_instructions() {
  return best_xxh3().instructions;
}

// Compiled as this source is: for every processor.
const Xxh3Functions& xxh3_base() {
  static constexpr Xxh3Functions kFunctions = functions("base");
  return kFunctions;
}

}  // namespace aiobench::hash
