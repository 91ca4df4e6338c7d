// Tests that verification finds the first byte that differs, and a copy of a different length.
#include "run/copy.h"

#include "base/units.h"
#include "run/read_fixture.h"

namespace aiobench::test {
namespace {

constexpr std::size_t kBytes = 3 * kMiB + 77;

run::Verified verified(const TempFile& original, const TempFile& copy,
                       const std::vector<std::byte>& content) {
  run::BufferPool pool;
  Result<run::Verified> outcome =
      run::verify(original.path(), copy.path(), hash::Algorithm::xxh64,
                  digest_of(content, hash::Algorithm::xxh64),
                  {.event = read_event(), .pools = std::span(&pool, 1)});
  REQUIRE_MESSAGE(outcome, outcome.error().line());
  return outcome.take();
}

TEST_CASE("an identical copy has no difference") {
  const std::vector<std::byte> content = random_bytes(kBytes, 1);
  const TempFile original(content);
  const TempFile copy(content);
  CHECK_FALSE(verified(original, copy, content).differs_at.has_value());
}

TEST_CASE("the offset of the first difference is returned") {
  const std::vector<std::byte> content = random_bytes(kBytes, 2);
  const TempFile original(content);
  for (const std::size_t at : {std::size_t{0}, std::size_t{kMiB}, kBytes / 2, kBytes - 1}) {
    const TempFile copy(content);
    copy.write(at, {content[at] ^ std::byte{0x10}});
    copy.write(kBytes - 1, {content[kBytes - 1] ^ std::byte{1}});
    CHECK(verified(original, copy, content).differs_at == at);
  }
}

TEST_CASE("a copy of a different length differs at the end of the shorter file") {
  const std::vector<std::byte> content = random_bytes(kBytes, 3);
  const TempFile original(content);
  const TempFile copy(content);
  copy.resize(kBytes - 5);
  CHECK(verified(original, copy, content).differs_at == kBytes - 5);
  copy.write(kBytes - 5, std::vector<std::byte>(content.end() - 5, content.end()));
  copy.resize(kBytes + 1);
  CHECK(verified(original, copy, content).differs_at == kBytes);
}

TEST_CASE("an unreadable copy is an error, not a difference") {
  const std::vector<std::byte> content = random_bytes(1000, 4);
  const TempFile original(content);
  run::BufferPool pool;
  const Result<run::Verified> outcome =
      run::verify(original.path(), original.path() + ".missing", hash::Algorithm::xxh64,
                  digest_of(content, hash::Algorithm::xxh64),
                  {.event = read_event(), .pools = std::span(&pool, 1)});
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().path == original.path() + ".missing");
}

}  // namespace
}  // namespace aiobench::test
