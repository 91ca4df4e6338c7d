// Proves that the lists of a sweep give every combination once, that impossible combinations are
// left out with a reason, and that an invalid list is refused before anything is read.
#include "tool/sweep.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/units.h"
#include "support/option_values.h"
#include "support/temp_file.h"
#include "support/text.h"

namespace aiobench::tool {
namespace {

using test::has;

using Names = std::vector<std::string>;

struct CheckRig {
  test::TempFile file{test::random_bytes(5000, 1)};
  SweepOptions options = of(file.path());

  static SweepOptions of(const std::string& path) {
    SweepOptions options;
    options.files = {path};
    options.engines = {"sync"};
    return options;
  }
  // Reads `values`, then selects the configurations.
  Result<PlannedSweep> plan(const test::Values& values) {
    if (Status set = test::set_options(options, values); !set) return set.take_error();
    return plan_sweep(options);
  }
  PlannedSweep must_plan(const test::Values& values = {}) {
    Result<PlannedSweep> planned = plan(values);
    REQUIRE_MESSAGE(planned, planned.error().line());
    return planned.take();
  }
  std::string refusal(const test::Values& values) {
    const Result<PlannedSweep> planned = plan(values);
    REQUIRE_FALSE(planned);
    CHECK(planned.error().kind == Error::Kind::usage);
    return planned.error().line();
  }
};

TEST_CASE("a list of engines whose options contain commas") {
  CHECK(split_engines("sync,io_uring") == Names{"sync", "io_uring"});
  CHECK(split_engines("iocp:batch=1,skip_on_success,io_uring:sqpoll,sync") ==
        Names{"iocp:batch=1,skip_on_success", "io_uring:sqpoll", "sync"});
  CHECK(split_engines("wine/iocp:batch=1,skip_on_success,wine/sync,all,wine") ==
        Names{"wine/iocp:batch=1,skip_on_success", "wine/sync", "all", "wine"});
  // sync has no options, so the word counts as an (unknown) engine.
  CHECK(split_engines("sync,typo") == Names{"sync", "typo"});
  CHECK(split_engines("") == Names{""});
}

TEST_CASE("every combination, once") {
  CheckRig rig;
  const PlannedSweep planned = rig.must_plan({{"--engine", "sync,threadpool"},
                                              {"--depth", "4,8,4"},
                                              {"--threads", "1,2"},
                                              {"--block-size", "64k,65536,1MiB"},
                                              {"--cache", "warm,cold"},
                                              {"--hash", "xxh64"}});
  const std::vector<sweep::Configuration>& all = planned.plan.configurations;
  CHECK(all.size() == 2 * 2 * 2 * 2 * 2);
  CHECK(planned.left_out.empty());
  for (const sweep::Configuration& one : all) {
    CHECK((one.settings.engine == "sync" || one.settings.engine == "threadpool"));
    CHECK((one.settings.depth == 4 || one.settings.depth == 8));
    CHECK((one.settings.threads == 1 || one.settings.threads == 2));
    CHECK((one.settings.block_bytes == 64 * kKiB || one.settings.block_bytes == kMiB));
    CHECK((one.settings.cache == CacheState::warm || one.settings.cache == CacheState::cold));
    CHECK((one.settings.hash == HashAlgorithm::xxh64));
    CHECK(std::count(all.begin(), all.end(), one) == 1);
  }
}

TEST_CASE("files, each once, with their sizes") {
  CheckRig rig;
  const test::TempFile other(test::random_bytes(7, 2));
  rig.options.files = {rig.file.path(), other.path(), rig.file.path()};
  const PlannedSweep planned = rig.must_plan();
  REQUIRE(planned.plan.files.size() == 2);
  CHECK(planned.plan.files[0].bytes == 5000);
  CHECK(planned.plan.files[1].bytes == 7);
}

TEST_CASE("impossible combinations are left out with a reason") {
  CheckRig rig;
  const PlannedSweep planned = rig.must_plan({{"--engine", "sync,mmap"},
                                              {"--depth", "1,4"},
                                              {"--threads", "1,2"},
                                              {"--cache", "warm,direct"}});
  REQUIRE(planned.left_out.size() == 2);
  CHECK(has(planned.left_out[0], "2 threads at depth 1"));
  CHECK(has(planned.left_out[1], "mmap with --cache direct"));
  CHECK(planned.plan.configurations.size() ==
        3 * 3);  // 3 of 2 x 2 (depth, threads); mmap warm, sync warm and direct
}

TEST_CASE("all stands for the available engines that read data") {
  CheckRig rig;
  const PlannedSweep planned = rig.must_plan({{"--engine", "all,sync"}});
  std::vector<std::string> engines;
  for (const sweep::Configuration& configuration : planned.plan.configurations) {
    CHECK_FALSE(configuration.wine);
    CHECK(configuration.settings.engine != "null");
    CHECK(configuration.settings.engine != "auto");
    engines.push_back(configuration.settings.engine);
  }
  CHECK(std::count(engines.begin(), engines.end(), "sync") == 3);  // depths
  CHECK(std::count(engines.begin(), engines.end(), "threadpool") == 3);
}

TEST_CASE("a sweep without files is refused") {
  CheckRig rig;
  rig.options.files.clear();
  CHECK(has(rig.refusal({}), "no file"));
}

TEST_CASE("invalid options of a sweep") {
  const std::pair<test::Values, const char*> mistakes[] = {
      {{{"--engine", "sync,typo"}}, "typo"},
      {{{"--engine", "null"}}, "reads no data"},
      {{{"--engine", ""}}, "engine"},
      {{{"--depth", "1,auto"}}, "--depth"},
      {{{"--depth", "1,,2"}}, "--depth"},
      {{{"--depth", "1,5000"}}, "'5000'"},
      {{{"--threads", "0"}}, "--threads"},
      {{{"--block-size", "1M,1X"}}, "--block-size"},
      {{{"--cache", "warm,hot"}}, "hot"},
      {{{"--cache", "asis,cold"}}, "asis"},
      {{{"--hash", "md5"}}, "md5"},
      {{{"--repeat", "0"}}, "--repeat"},
      {{{"--warmup", "-1"}}, "--warmup"},
      {{{"--seed", "x"}}, "--seed"},
      {{{"--max-time", "soon"}}, "--max-time"},
      {{{"--max-bytes", "much"}}, "--max-bytes"},
      {{{"--format", "xxhsum"}}, "--format"},
      {{{"--format", "xml"}}, "xml"},
      {{{"--progress", "maybe"}}, "maybe"},
      {{{"--engine", "mmap"}, {"--cache", "direct"}}, "no combination"}};
  for (const auto& [values, part] : mistakes) {
    CheckRig rig;
    const std::string line = rig.refusal(values);
    CHECK_MESSAGE(has(line, part), line);
  }
}

TEST_CASE("limits") {
  CheckRig rig;
  const PlannedSweep planned = rig.must_plan({{"--max-time", "2m"},
                                              {"--max-bytes", "3G"},
                                              {"--repeat", "9"},
                                              {"--warmup", "0"},
                                              {"--seed", "18446744073709551615"}});
  CHECK(rig.options.max_seconds == 120);
  CHECK(rig.options.max_bytes == 3 * kGiB);
  CHECK(planned.plan.rounds == 9);
  CHECK(planned.plan.warmup == 0);
  CHECK(planned.plan.seed == UINT64_MAX);
}

}  // namespace
}  // namespace aiobench::tool
