// Proves that a table of names parses what it lists, lists what it parses, and refuses other names
// with the list of valid ones.
#include "base/units.h"

#include <doctest/doctest.h>

#include <string>

namespace aiobench {
namespace {

enum class Fruit { apple, pear };
constexpr Named<Fruit> kFruits[] = {{Fruit::apple, "apple"}, {Fruit::pear, "pear"}};

TEST_CASE("names: listed in their order") {
  CHECK(names_of(kFruits) == "apple, pear");
  CHECK(names_of(kFruits, "|") == "apple|pear");
}

TEST_CASE("names: every listed name is found, and no other") {
  for (const auto& row : kFruits) CHECK(find_named(kFruits, row.name) == &row);
  for (const char* const name : {"", "app", "apples", "Pear"}) {
    CHECK(find_named(kFruits, name) == nullptr);
  }
}

TEST_CASE("names: an unknown name is refused with the list of valid names") {
  CHECK(*parse_named(kFruits, "--fruit", "fruit", "pear") == Fruit::pear);
  const Result<Fruit> none = parse_named(kFruits, "--fruit", "fruit", "plum\n");
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == Error::Kind::usage);
  CHECK(none.error().line() ==
        "cannot use --fruit: unknown fruit 'plum\\n' (choose one of: apple, pear)");
}

}  // namespace
}  // namespace aiobench
