// Proves that the result of a sweep has one run per configuration with all stored repetitions and
// the origin of the program that made it, and that different digests of a file are an error.
#include "sweep/store.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "os/temp_directory.h"
#include "sweep/sweep_fixture.h"

namespace aiobench::test {
namespace {

using sweep::Store;

struct MergeRig {
  TempDirectory root;
  sweep::Plan plan = sample_plan();
  Store store = must_open();

  Store must_open() {
    Result<Store> opened =
        Store::open(root.file("store"), to_json(plan, {}, sample_result()), Store::Begin::anew);
    REQUIRE_MESSAGE(opened, opened.error().line());
    return opened.take();
  }
  void put(unsigned round, std::size_t configuration, result::Results part) {
    REQUIRE(store.put(round, configuration, part));
  }
  sweep::Merged must_merge() {
    Result<sweep::Merged> all = merge(plan, store, sample_result());
    REQUIRE_MESSAGE(all, all.error().line());
    return all.take();
  }
};

TEST_CASE("one run per configuration, with its repetitions in the order of the rounds") {
  MergeRig rig;
  for (const unsigned round : {2u, 0u, 1u}) {
    for (const std::size_t configuration : {0u, 1u, 4u}) {
      rig.put(round, configuration, sample_part(rig.plan, configuration, (1 + round) * 1e9));
    }
  }
  rig.put(1, 2, sample_part(rig.plan, 2, 1e9));
  const sweep::Merged all = rig.must_merge();
  CHECK(all.configurations == std::vector<std::size_t>{0, 1, 2, 4});
  REQUIRE(all.result.runs.size() == 4);
  const result::Run& first = all.result.runs[0];
  REQUIRE(first.repetitions.size() == 3);
  for (unsigned i = 0; i < 3; ++i) {
    CHECK(first.repetitions[i].bytes_per_second() == doctest::Approx((1 + i) * 1e9));
  }
  CHECK(all.result.runs[2].repetitions.size() == 1);
  CHECK(all.result.runs[3].target.path == "/data/small.bin");
}

TEST_CASE("runs under Wine have their own origin and diagnosis") {
  MergeRig rig;
  rig.put(0, 0, sample_part(rig.plan, 0, 1e9));
  rig.put(0, 1, sample_part(rig.plan, 1, 1e9));
  const sweep::Merged all = rig.must_merge();
  CHECK(all.result.host.wine.empty());
  CHECK_FALSE(all.result.runs[0].origin);
  REQUIRE(all.result.runs[1].origin);
  CHECK(all.result.runs[1].origin->host.wine == "8.0");
  const auto is_wine = [](const result::Run& run) {
    return std::any_of(run.warnings.begin(), run.warnings.end(), [](const auto& warning) {
      return warning.code == result::WarningCode::wine;
    });
  };
  CHECK_FALSE(is_wine(all.result.runs[0]));
  CHECK(is_wine(all.result.runs[1]));
}

TEST_CASE("warnings about settings are kept, all others are derived from the merged run") {
  using result::WarningCode;
  MergeRig rig;
  result::Results part = sample_part(rig.plan, 0, 1e9);
  part.runs[0].warnings = {{WarningCode::cache_not_warm, "so", "do"},
                           {WarningCode::drift, "not of all rounds", ""}};
  rig.put(0, 0, sample_part(rig.plan, 0, 1e9));
  rig.put(1, 0, part);
  const sweep::Merged all = rig.must_merge();
  bool not_warm = false;
  for (const result::Warning& warning : all.result.runs[0].warnings) {
    CHECK(warning.code != WarningCode::drift);
    not_warm = not_warm || warning.code == WarningCode::cache_not_warm;
  }
  CHECK(not_warm);
}

TEST_CASE("a part that is not one repetition is rejected") {
  for (const int repetitions : {0, 2}) {
    MergeRig rig;
    result::Results part = sample_part(rig.plan, 0, 1e9);
    part.runs[0].repetitions.resize(static_cast<std::size_t>(repetitions), sample_repetition());
    rig.put(0, 0, part);
    const Result<sweep::Merged> all = merge(rig.plan, rig.store, sample_result());
    REQUIRE_FALSE(all);
    CHECK(all.error().kind == Error::Kind::usage);
  }
}

TEST_CASE("a failed configuration is in the result with its error") {
  MergeRig rig;
  rig.put(0, 0, sample_part(rig.plan, 0, 1e9));
  sweep::Merged all = rig.must_merge();
  Error failure;
  failure.code = 5;
  failure.operation = "read";
  add_failure(rig.plan, 0, failure, all);
  add_failure(rig.plan, 3, failure, all);
  REQUIRE(all.result.runs.size() == 2);
  CHECK(all.result.runs[0].failure->code == 5);
  CHECK(all.result.runs[0].repetitions.size() == 1);
  const result::Run& never = all.result.runs[1];
  CHECK(never.failure->code == 5);
  CHECK(never.repetitions.empty());
  CHECK(never.config.engine == "iocp");
  CHECK(never.config.depth == 8);
  CHECK((never.config.hash == HashAlgorithm::xxh3));
  CHECK(never.origin->host.system == "Windows");
  CHECK(all.configurations == std::vector<std::size_t>{0, 3});
}

TEST_CASE("one digest per file") {
  const sweep::Plan plan = sample_plan();
  sweep::DigestCheck digests(plan);
  CHECK_FALSE(digests.add(0, "aaaa"));
  CHECK_FALSE(digests.add(1, "aaaa"));
  CHECK_FALSE(digests.add(2, ""));  // no hash, or a mechanism that reads no data
  CHECK_FALSE(digests.add(4, "bbbb"));
  const std::optional<Error> wrong = digests.add(3, "aaab");
  REQUIRE(wrong);
  const std::string line = wrong->line();
  for (const char* part :
       {"/data/large.bin", "aaaa", "aaab", "sync, depth 1", "wine/iocp, depth 8"}) {
    CHECK_MESSAGE(line.find(part) != std::string::npos, line);
  }
}

}  // namespace
}  // namespace aiobench::test
