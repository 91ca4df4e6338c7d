// Tests that a hash run with a failed request has no digest, and reports the failure with its
// offset.
#include "run/hash.h"

#include "os/system_error.h"
#include "run/read_fixture.h"

namespace aiobench::test {
namespace {

// One run over a file of 1 MiB; the request at offset 100 x 512 fails with `code`.
run::RunOutcome hash_with_failure(int code) {
  ScriptedRun run;
  run.depth = 4;
  run.threads = 2;
  return run.over(
      [&](engine::Request& request) {
        if (request.offset == 100 * ScriptedRun::kBlock) request.error = code;
      },
      [&](engine::Engine& engine, const engine::AttachedFile& file, Settings settings) {
        settings.hash = hash::Algorithm::xxh3;
        return run::hash_attached(engine, file, settings, {.event = read_event()});
      });
}

// Without Ctrl-C, the digest of the blocks before the failure could be mistaken for that of the
// file.
TEST_CASE("after a failed request, or one cancelled by the system, there is no digest") {
  CHECK(hash_with_failure(0).digest.size() == 16);
  for (const int code : {os::device_failure_code(), os::cancelled_code()}) {
    const run::RunOutcome outcome = hash_with_failure(code);
    CHECK(outcome.digest.empty());
    CHECK_FALSE(outcome.interrupted);
    REQUIRE(outcome.failure.has_value());
    CHECK(outcome.failure->code == code);
    CHECK(outcome.failure->offset == 100u * ScriptedRun::kBlock);
  }
}

}  // namespace
}  // namespace aiobench::test
