// Proves which texts are shares, and that others are refused with the reason.
#include "base/units.h"

#include <doctest/doctest.h>

#include <string>

namespace aiobench {
namespace {

TEST_CASE("parse_share: with and without a percent sign") {
  CHECK(*parse_share("5%", 0, 1) == doctest::Approx(0.05));
  CHECK(*parse_share("2.5 %", 0, 1) == doctest::Approx(0.025));
  CHECK(*parse_share("0.05", 0, 1) == doctest::Approx(0.05));
  CHECK(*parse_share("0", 0, 1) == 0);
  CHECK(*parse_share("100%", 0, 1) == 1);
  CHECK(*parse_share("99.9%", 0.5, 0.999) == doctest::Approx(0.999));
}

TEST_CASE(
    "parse_share: invalid numbers, and numbers beyond the limits, are refused with both limits") {
  for (const char* text : {"", "%", " 5%", "5%%", "five", "1e-2", "0x1p-3", "5%x", "nan", "inf%"}) {
    CAPTURE(text);
    const Result<double> share = parse_share(text, 0, 1);
    REQUIRE_FALSE(share);
    CHECK(share.error().cause == "'" + std::string(text) + "' is not a percentage");
  }
  for (const char* text : {"5", "-1%", "101%"}) {
    CAPTURE(text);
    const Result<double> share = parse_share(text, 0, 1);
    REQUIRE_FALSE(share);
    CHECK(share.error().cause == "'" + std::string(text) + "' is not between 0% and 100%");
    CHECK(share.error().kind == Error::Kind::usage);
  }
  CHECK(parse_share("5", 0, 1).error().hint == "write 5 percent as 5% or 0.05");
}

}  // namespace
}  // namespace aiobench
