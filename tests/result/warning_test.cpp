// Proves that every kind of warning has a unique name, that a warning has the kind of its code, and
// that it is added only once.
#include "result/model.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace aiobench::result {
namespace {

TEST_CASE("each kind is found by its code, and its name is unique") {
  std::set<std::string> names;
  for (const WarningKind& kind : warning_kinds()) {
    CAPTURE(kind.name);
    CHECK(&kind_of(kind.code) == &kind);
    CHECK(find_warning(kind.name) == &kind);
    CHECK(std::string(kind.name).find_first_not_of("abcdefghijklmnopqrstuvwxyz_") ==
          std::string::npos);
    names.insert(kind.name);
  }
  CHECK(names.size() == warning_kinds().size());
  CHECK(find_warning("") == nullptr);
  CHECK(std::string(Warning{WarningCode::few_requests, "", ""}.kind().name) == "few_requests");
}

TEST_CASE("a warning is added once") {
  std::vector<Warning> warnings;
  add_warning(warnings, {WarningCode::wine, "first", "advice"});
  add_warning(warnings, {WarningCode::cpu_bound, "other", ""});
  add_warning(warnings, {WarningCode::wine, "second", "advice"});
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].code == WarningCode::wine);
  CHECK(warnings[0].message == "first");
  CHECK(warnings[1].code == WarningCode::cpu_bound);
}

}  // namespace
}  // namespace aiobench::result
