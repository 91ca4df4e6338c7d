// Proves that a typing error gets the right suggestion, and that a dissimilar word gets none.
#include "tool/command.h"

#include <doctest/doctest.h>

namespace aiobench::tool {
namespace {

TEST_CASE("edit distance of two words") {
  CHECK(edits_between("", "") == 0);
  CHECK(edits_between("depth", "depth") == 0);
  CHECK(edits_between("", "abc") == 3);
  CHECK(edits_between("depth", "deph") == 1);    // deletion
  CHECK(edits_between("depth", "deepth") == 1);  // insertion
  CHECK(edits_between("depth", "debth") == 1);   // substitution
  CHECK(edits_between("depth", "detph") == 1);   // swap
  CHECK(edits_between("kitten", "sitting") == 3);
  CHECK(edits_between("sitting", "kitten") == 3);
}

TEST_CASE("the nearest known name is suggested") {
  const std::vector<std::string> known = {"--depth", "--threads", "--block-size", "--cache", "-d"};
  CHECK(nearest("--dpeth", known) == "--depth");
  CHECK(nearest("--thread", known) == "--threads");
  CHECK(nearest("--blocksize", known) == "--block-size");
  CHECK(nearest("--cahce", known) == "--cache");
  CHECK(nearest("-depth", known) == "--depth");
}

TEST_CASE("a dissimilar word has no suggestion") {
  const std::vector<std::string> known = {"--depth", "--threads", "-d"};
  for (const char* typed : {"--frobnicate", "-z", "", "--x"}) {
    CAPTURE(typed);
    CHECK_FALSE(nearest(typed, known));
  }
  CHECK_FALSE(nearest(std::string(5000, 'd'), known));
  CHECK_FALSE(nearest("--depth", {}));
}

}  // namespace
}  // namespace aiobench::tool
