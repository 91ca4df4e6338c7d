// Proves the exit codes, which are a contract with scripts, and which of two a command ends with.
#include "tool/output.h"

#include <doctest/doctest.h>

#include <array>

namespace aiobench::tool {
namespace {

TEST_CASE("exit codes have the numbers that are documented") {
  CHECK(static_cast<int>(ExitCode::good) == 0);
  CHECK(static_cast<int>(ExitCode::bad) == 1);
  CHECK(static_cast<int>(ExitCode::unusable) == 2);
  CHECK(static_cast<int>(ExitCode::failed) == 3);
  CHECK(static_cast<int>(ExitCode::unclear) == 5);
  CHECK(static_cast<int>(ExitCode::interrupted) == 130);
}

TEST_CASE("of two exit codes the one that asks for more attention wins, in either order") {
  constexpr std::array<ExitCode, 6> kOrder = {ExitCode::good,     ExitCode::unclear,
                                              ExitCode::unusable, ExitCode::bad,
                                              ExitCode::failed,   ExitCode::interrupted};
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    for (std::size_t j = 0; j < kOrder.size(); ++j) {
      CHECK((worse(kOrder[i], kOrder[j]) == kOrder[i > j ? i : j]));
    }
  }
}

}  // namespace
}  // namespace aiobench::tool
