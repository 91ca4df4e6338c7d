// Tests that a single lane with two buffers requests the next block before it hashes this one, with
// one request in flight at a time, and that it stops doing so if requests finish inside the call.
#include <doctest/doctest.h>

#include "engine/engine.h"
#include "run/hash.h"
#include "run/read_fixture.h"

namespace aiobench::test {
namespace {

constexpr std::uint64_t kBlocks = 20;

struct Submitted {
  std::uint64_t block = 0;
  unsigned buffer = 0;
  std::uint64_t others_in_flight = 0;
};

enum class Manner {
  later,    // a request is delivered by the next reap
  inside,   // a request finishes inside the call
  spoiling  // like `later`, and overwrites the other buffer: a block hashed too late is wrong
};

// Records every request.
class NotingEngine final : public engine::Engine {
 public:
  NotingEngine(const engine::EngineConfig& config, Manner manner)
      : Engine(config), manner_(manner) {}

  std::vector<Submitted> submitted;

 private:
  engine::Outcome do_submit(unsigned, engine::Request& request) override {
    // This request is already counted as submitted.
    submitted.push_back(
        {request.offset / config().block_bytes, request.buffer_index, in_flight() - 1});
    request.transferred = request.bytes;
    std::fill_n(request.buffer, request.bytes, static_cast<std::byte>(request.offset / 512));
    if (manner_ == Manner::inside) return engine::Outcome::finished;
    if (manner_ == Manner::spoiling) spoil(config().buffer(1 - request.buffer_index));
    pending_.push(request);
    return engine::Outcome::pending;
  }
  void do_reap(unsigned, engine::Wait wait, engine::RequestQueue& completed) override {
    if (pending_.empty() && wait == engine::Wait::yes) sleeper_.sleep();
    while (!pending_.empty()) completed.push(pending_.pop());
  }
  void do_wake(unsigned) override { sleeper_.wake(); }

  void spoil(std::byte* buffer) { std::fill_n(buffer, config().block_bytes, std::byte{0xee}); }

  const Manner manner_;
  engine::RequestQueue pending_;
  engine::Sleeper sleeper_;
};

struct Seen {
  std::vector<Submitted> submitted;
  bool right_digest = false;
};

Seen run_over(unsigned buffers, Manner manner) {
  constexpr std::uint32_t kBlock = 4096;
  std::vector<std::byte> content(kBlocks * kBlock);
  for (std::size_t i = 0; i < content.size(); ++i) {
    content[i] = static_cast<std::byte>(i / kBlock * kBlock / 512);
  }
  const TempFile file(content);
  run::BufferPool pool;
  REQUIRE(pool.reserve(buffers, kBlock));
  NotingEngine engine({.depth = 1,
                       .threads = 1,
                       .block_bytes = kBlock,
                       .buffers = pool.span(),
                       .buffer_stride = kBlock,
                       .options = {}},
                      manner);
  auto attached = engine.open(file.path(), {});
  REQUIRE(attached);
  Settings settings;
  settings.depth = 1;
  settings.block_bytes = kBlock;
  const run::RunOutcome outcome =
      run::hash_attached(engine, **attached, settings, {.event = read_event()});
  REQUIRE_MESSAGE(!outcome.failure, outcome.failure->line());
  CHECK(outcome.totals.reads.requests == kBlocks);
  REQUIRE(engine.submitted.size() == kBlocks);
  for (std::uint64_t i = 0; i < kBlocks; ++i) {
    CHECK(engine.submitted[i].block == i);
    CHECK(engine.submitted[i].others_in_flight == 0);
  }
  return {std::move(engine.submitted), outcome.digest == digest_of(content, hash::Algorithm::xxh3)};
}

TEST_CASE("two buffers alternate: one is hashed while the other is read into") {
  const Seen seen = run_over(2, Manner::later);
  CHECK(seen.right_digest);
  for (std::uint64_t i = 0; i < kBlocks; ++i) CHECK(seen.submitted[i].buffer == i % 2);
}

TEST_CASE("a block is hashed after the next one was requested") {
  CHECK_FALSE(run_over(2, Manner::spoiling).right_digest);
}

TEST_CASE("a single buffer is hashed before it is read into again") {
  const Seen seen = run_over(1, Manner::later);
  CHECK(seen.right_digest);
  for (const Submitted& one : seen.submitted) CHECK(one.buffer == 0);
}

TEST_CASE("reading ahead stops after a request that finished inside the call") {
  const Seen seen = run_over(2, Manner::inside);
  CHECK(seen.right_digest);
  CHECK(seen.submitted[0].buffer == 0);
  for (std::uint64_t i = 1; i < kBlocks; ++i) CHECK(seen.submitted[i].buffer == 1);
}

}  // namespace
}  // namespace aiobench::test
