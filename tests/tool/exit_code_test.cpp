// Proves the numbers of the exit codes, on which scripts depend, and which of two codes is more
// severe.
#include "tool/output.h"

#include <doctest/doctest.h>

#include <array>

namespace aiobench::tool {
namespace {

TEST_CASE("exit codes have the documented numbers") {
  CHECK(static_cast<int>(ExitCode::good) == 0);
  CHECK(static_cast<int>(ExitCode::bad) == 1);
  CHECK(static_cast<int>(ExitCode::unusable) == 2);
  CHECK(static_cast<int>(ExitCode::failed) == 3);
  CHECK(static_cast<int>(ExitCode::unclear) == 5);
  CHECK(static_cast<int>(ExitCode::interrupted) == 130);
}

TEST_CASE("the more severe of two exit codes wins, in either order") {
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
