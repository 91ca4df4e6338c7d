// Which requests a read run makes, and which lane makes which: tickets are claimed in order, from
// any thread, and the offset follows from the ticket alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>

#include "base/error.h"
#include "base/names.h"
#include "run/block.h"

namespace aiobench::pipeline {

enum class Pattern { sequential, random };

// The names of --pattern.
std::span<const Named<Pattern>> patterns();
const char* name(Pattern pattern);
Result<Pattern> parse_pattern(const std::string& text);

// What a read run is to read. With neither a duration nor bytes: as many requests as the file has
// blocks. With both: whichever is reached first.
struct ReadSettings {
  Pattern pattern = Pattern::sequential;
  std::uint64_t seed = 1;
  double duration_seconds = 0;
  std::uint64_t bytes = 0;  // of each file, rounded up to whole requests
  double rate = 0;          // requests a second for each file; 0: as fast as it goes
};

// sequential: block after block, and from the front again after the last. random: any whole block,
// each as likely as any other at every request, so that some come twice and some never (fio:
// --norandommap). The same seed gives the same offsets, whatever the depth.
class ReadPlan {
 public:
  ReadPlan(const ReadSettings& settings, std::uint64_t file_bytes, std::uint32_t block_bytes);

  // The next request, with its ticket as `block.index`; false when there is none left.
  bool claim(Block& block) {
    const std::uint64_t ticket = next_.fetch_add(1, std::memory_order_relaxed);
    if (ticket >= requests_) return false;
    block.index = ticket;
    block.offset = number_of(ticket) * block_bytes_;
    const std::uint64_t left = file_bytes_ - block.offset;
    block.bytes = left < block_bytes_ ? static_cast<std::uint32_t>(left) : block_bytes_;
    return true;
  }

  // Nothing is claimed from now on. Any thread.
  void stop() { next_.fetch_or(kStopped); }
  bool stopped() const { return next_.load(std::memory_order_relaxed) >= kStopped; }

  // How many there are in all; kEndless where only time ends it.
  std::uint64_t requests() const { return requests_; }
  static constexpr std::uint64_t kEndless = std::uint64_t{1} << 62;
  // How many were asked for so far, at least.
  std::uint64_t claimed() const { return next_.load(std::memory_order_relaxed) & ~kStopped; }

 private:
  static constexpr std::uint64_t kStopped = std::uint64_t{1} << 63;

  std::uint64_t number_of(std::uint64_t ticket) const {
    if (pattern_ == Pattern::sequential) return ticket < blocks_ ? ticket : ticket % blocks_;
    return whole_blocks_ == 0 ? 0 : scaled(random_number(seed_, ticket), whole_blocks_);
  }

  // Steele, Lea and Flood's SplitMix64: the ticket-th number of the seed's sequence, without those
  // before it. The seed is the start and not a number of steps: else each seed would have the
  // sequence of the one before it, less the first number.
  static std::uint64_t random_number(std::uint64_t seed, std::uint64_t ticket) {
    std::uint64_t value = seed + (ticket + 1) * 0x9e3779b97f4a7c15u;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
  }

  // A number below `limit`, by multiplication (Lemire): its upper 32 bits decide enough blocks for
  // any file, as 2^32 blocks of 512 B are 2 TiB; above that the whole number is divided.
  static std::uint64_t scaled(std::uint64_t value, std::uint64_t limit) {
    constexpr std::uint64_t kSmall = std::uint64_t{1} << 32;
    return limit < kSmall ? ((value >> 32) * limit) >> 32 : value % limit;
  }

  const Pattern pattern_;
  const std::uint64_t seed_;
  const std::uint64_t file_bytes_;
  const std::uint32_t block_bytes_;
  const std::uint64_t blocks_;
  const std::uint64_t whole_blocks_;
  const std::uint64_t requests_;
  std::atomic<std::uint64_t> next_{0};
};

}  // namespace aiobench::pipeline
