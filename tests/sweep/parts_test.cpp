// Proves that what a sweep has measured is there until it is removed on purpose: kept repetition by
// repetition, found again by the next program, never by two at once, and never lost to a sweep that
// is begun over it without being told to.
#include "sweep/store.h"

#include <doctest/doctest.h>

#include "os/atomic_file.h"
#include "os/directory.h"
#include "os/temp_folder.h"
#include "support/text.h"
#include "sweep/sweep_fixture.h"

namespace aiobench::test {
namespace {

using sweep::Parts;
using Begin = Parts::Begin;

const std::string kPlan = to_json(sample_plan(), {"a"}, sample_result());

struct PartsRig {
  TempFolder root;
  std::string folder = Parts::folder_for(root.file("result.json"));

  Parts must_open(Begin begin) {
    Result<Parts> parts = Parts::open(folder, kPlan, begin);
    REQUIRE_MESSAGE(parts, parts.error().line());
    return parts.take();
  }
  std::string refusal(Begin begin, const std::string& plan = kPlan) {
    const Result<Parts> parts = Parts::open(folder, plan, begin);
    REQUIRE_FALSE(parts);
    CHECK(parts.error().kind == Error::Kind::usage);
    return parts.error().line();
  }
};

TEST_CASE("a repetition that was put is there, and no other") {
  PartsRig rig;
  Parts parts = rig.must_open(Begin::anew);
  CHECK_FALSE(parts.has(2, 1));
  REQUIRE(parts.put(2, 1, sample_part(sample_plan(), 1, 5e9)));
  CHECK(parts.has(2, 1));
  CHECK_FALSE(parts.has(1, 2));
  const Result<result::Result> back = parts.get(2, 1);
  REQUIRE(back);
  CHECK(back->runs[0].config.engine == "iocp");
  CHECK(back->host.wine == "8.0");
  CHECK_FALSE(parts.get(1, 2));
}

TEST_CASE("a sweep goes on where it was") {
  PartsRig rig;
  {
    Parts parts = rig.must_open(Begin::anew);
    REQUIRE(parts.put(0, 3, sample_part(sample_plan(), 3, 5e9)));
  }
  Parts parts = rig.must_open(Begin::where_left);
  CHECK(parts.has(0, 3));
}

TEST_CASE("what could go on is not begun anew, unless that is asked for") {
  PartsRig rig;
  {
    Parts parts = rig.must_open(Begin::anew);
    REQUIRE(parts.put(0, 3, sample_part(sample_plan(), 3, 5e9)));
  }
  CHECK(has(rig.refusal(Begin::anew), "--resume"));
  CHECK(rig.must_open(Begin::where_left).has(0, 3));
  CHECK_FALSE(rig.must_open(Begin::over).has(0, 3));
}

TEST_CASE("nothing to go on with, or another sweep") {
  PartsRig rig;
  CHECK(has(rig.refusal(Begin::where_left), "no sweep"));
  CHECK_FALSE(os::exists(rig.folder));
  static_cast<void>(rig.must_open(Begin::anew));
  sweep::Plan other = sample_plan();
  other.seed = 99;
  CHECK(has(rig.refusal(Begin::where_left, to_json(other, {"a"}, sample_result())), "the seed"));
}

TEST_CASE("one program at a time") {
  PartsRig rig;
  const Parts parts = rig.must_open(Begin::anew);
  CHECK(has(rig.refusal(Begin::where_left), "another program"));
  CHECK(has(rig.refusal(Begin::over), "another program"));
}

TEST_CASE("removing leaves nothing but what is not a sweep's") {
  PartsRig rig;
  Parts parts = rig.must_open(Begin::anew);
  REQUIRE(parts.put(0, 0, sample_part(sample_plan(), 0, 5e9)));
  REQUIRE(os::write_file(parts.scratch(), "x"));
  REQUIRE(parts.remove());
  CHECK_FALSE(os::exists(rig.folder));

  Parts again = rig.must_open(Begin::anew);
  const std::string foreign = os::join_path(rig.folder, "r1-c1.json");
  REQUIRE(os::write_file(foreign, "mine"));
  CHECK_FALSE(again.remove());
  CHECK(os::exists(foreign));
}

}  // namespace
}  // namespace aiobench::test
