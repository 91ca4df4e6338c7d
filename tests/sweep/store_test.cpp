// Proves that the store keeps every repetition until it is removed on purpose: the next process
// finds it, two processes cannot use it at once, and a new sweep does not overwrite it unless
// requested.
#include "sweep/store.h"

#include <doctest/doctest.h>

#include "os/atomic_file.h"
#include "os/directory.h"
#include "os/temp_directory.h"
#include "support/text.h"
#include "sweep/sweep_fixture.h"

namespace aiobench::test {
namespace {

using sweep::Store;
using Begin = Store::Begin;

const std::string kPlan = to_json(sample_plan(), {"a"}, sample_result());

struct StoreRig {
  TempDirectory root;
  std::string directory = Store::directory_for(root.file("result.json"));

  Store must_open(Begin begin) {
    Result<Store> store = Store::open(directory, kPlan, begin);
    REQUIRE_MESSAGE(store, store.error().line());
    return store.take();
  }
  std::string refusal(Begin begin, const std::string& plan = kPlan) {
    const Result<Store> store = Store::open(directory, plan, begin);
    REQUIRE_FALSE(store);
    CHECK(store.error().kind == Error::Kind::usage);
    return store.error().line();
  }
};

TEST_CASE("a stored repetition is found, and no other") {
  StoreRig rig;
  Store store = rig.must_open(Begin::anew);
  CHECK_FALSE(store.has(2, 1));
  REQUIRE(store.put(2, 1, sample_part(sample_plan(), 1, 5e9)));
  CHECK(store.has(2, 1));
  CHECK_FALSE(store.has(1, 2));
  const Result<result::Results> back = store.get(2, 1);
  REQUIRE(back);
  CHECK(back->runs[0].config.engine == "iocp");
  CHECK(back->host.wine == "8.0");
  CHECK_FALSE(store.get(1, 2));
}

TEST_CASE("a sweep continues where it stopped") {
  StoreRig rig;
  {
    Store store = rig.must_open(Begin::anew);
    REQUIRE(store.put(0, 3, sample_part(sample_plan(), 3, 5e9)));
  }
  Store store = rig.must_open(Begin::where_left);
  CHECK(store.has(0, 3));
}

TEST_CASE("an unfinished sweep is not replaced unless requested") {
  StoreRig rig;
  {
    Store store = rig.must_open(Begin::anew);
    REQUIRE(store.put(0, 3, sample_part(sample_plan(), 3, 5e9)));
  }
  CHECK(has(rig.refusal(Begin::anew), "--resume"));
  CHECK(rig.must_open(Begin::where_left).has(0, 3));
  CHECK_FALSE(rig.must_open(Begin::over).has(0, 3));
}

TEST_CASE("no sweep to continue, or one with another plan") {
  StoreRig rig;
  CHECK(has(rig.refusal(Begin::where_left), "no unfinished sweep"));
  CHECK_FALSE(os::exists(rig.directory));
  static_cast<void>(rig.must_open(Begin::anew));
  sweep::Plan other = sample_plan();
  other.seed = 99;
  CHECK(has(rig.refusal(Begin::where_left, to_json(other, {"a"}, sample_result())), "the seed"));
}

TEST_CASE("one process at a time") {
  StoreRig rig;
  const Store store = rig.must_open(Begin::anew);
  CHECK(has(rig.refusal(Begin::where_left), "another process"));
  CHECK(has(rig.refusal(Begin::over), "another process"));
}

TEST_CASE("removing keeps files that do not belong to the sweep") {
  StoreRig rig;
  Store store = rig.must_open(Begin::anew);
  REQUIRE(store.put(0, 0, sample_part(sample_plan(), 0, 5e9)));
  REQUIRE(os::write_file(store.scratch(), "x"));
  REQUIRE(store.remove());
  CHECK_FALSE(os::exists(rig.directory));

  Store again = rig.must_open(Begin::anew);
  const std::string foreign = os::join_path(rig.directory, "r1-c1.json");
  REQUIRE(os::write_file(foreign, "mine"));
  CHECK_FALSE(again.remove());
  CHECK(os::exists(foreign));
}

}  // namespace
}  // namespace aiobench::test
