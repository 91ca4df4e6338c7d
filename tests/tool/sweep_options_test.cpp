// Proves that the lists of a sweep give every combination once, that impossible combinations are
// left out with a reason, and that an invalid list is refused before anything is read.
#include "tool/sweep_options.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/units.h"
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
  SweepSettings must_check() {
    Result<SweepSettings> settings = check(options);
    REQUIRE_MESSAGE(settings, settings.error().line());
    return settings.take();
  }
  std::string refusal() {
    const Result<SweepSettings> settings = check(options);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().kind == Error::Kind::usage);
    return settings.error().line();
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
  rig.options.engines = {"sync,threadpool"};
  rig.options.depths = "4,8,4";
  rig.options.threads = "1,2";
  rig.options.blocks = "64k,65536,1MiB";
  rig.options.caches = "warm,cold";
  const SweepSettings settings = rig.must_check();
  CHECK(settings.plan.configurations.size() == 2 * 2 * 2 * 2 * 2);
  CHECK(settings.configurations.size() == settings.plan.configurations.size());
  CHECK(settings.left_out.empty());
  for (std::size_t i = 0; i < settings.configurations.size(); ++i) {
    const sweep::Configuration& configuration = settings.plan.configurations[i];
    const StreamSettings& one = settings.configurations[i];
    CHECK(one.run.engine.text() == configuration.engine);
    CHECK(one.run.depth == configuration.depth);
    CHECK(one.run.threads == configuration.threads);
    CHECK(one.run.block_bytes == configuration.block_bytes);
    CHECK(name(one.cache) == configuration.cache);
    CHECK(one.repeat == 1);
    CHECK(one.warmup == 0);
    CHECK(std::count(settings.plan.configurations.begin(), settings.plan.configurations.end(),
                     configuration) == 1);
  }
}

TEST_CASE("files, each once, with their sizes") {
  CheckRig rig;
  const test::TempFile other(test::random_bytes(7, 2));
  rig.options.files = {rig.file.path(), other.path(), rig.file.path()};
  const SweepSettings settings = rig.must_check();
  REQUIRE(settings.plan.files.size() == 2);
  CHECK(settings.plan.files[0].bytes == 5000);
  CHECK(settings.plan.files[1].bytes == 7);
}

TEST_CASE("impossible combinations are left out with a reason") {
  CheckRig rig;
  rig.options.engines = {"sync,mmap"};
  rig.options.depths = "1,4";
  rig.options.threads = "1,2";
  rig.options.caches = "warm,direct";
  const SweepSettings settings = rig.must_check();
  REQUIRE(settings.left_out.size() == 2);
  CHECK(has(settings.left_out[0], "2 threads at depth 1"));
  CHECK(has(settings.left_out[1], "mmap with --cache direct"));
  CHECK(settings.plan.configurations.size() ==
        3 * 3);  // 3 of 2 x 2 (depth, threads); mmap warm, sync warm and direct
}

TEST_CASE("all stands for the available engines that read data") {
  CheckRig rig;
  rig.options.engines = {"all,sync"};
  const SweepSettings settings = rig.must_check();
  std::vector<std::string> engines;
  for (const sweep::Configuration& configuration : settings.plan.configurations) {
    CHECK_FALSE(configuration.wine);
    CHECK(configuration.engine != "null");
    CHECK(configuration.engine != "auto");
    engines.push_back(configuration.engine);
  }
  CHECK(std::count(engines.begin(), engines.end(), "sync") == 3);  // depths
  CHECK(std::count(engines.begin(), engines.end(), "threadpool") == 3);
}

TEST_CASE("invalid options of a sweep") {
  const std::pair<void (*)(SweepOptions&), const char*> mistakes[] = {
      {[](SweepOptions& o) { o.files.clear(); }, "no file"},
      {[](SweepOptions& o) { o.engines = {"sync,typo"}; }, "typo"},
      {[](SweepOptions& o) { o.engines = {"null"}; }, "reads no data"},
      {[](SweepOptions& o) { o.engines = {""}; }, "engine"},
      {[](SweepOptions& o) { o.depths = "1,auto"; }, "--depth"},
      {[](SweepOptions& o) { o.depths = "1,,2"; }, "--depth"},
      {[](SweepOptions& o) { o.depths = "1,5000"; }, "'5000'"},
      {[](SweepOptions& o) { o.threads = "0"; }, "--threads"},
      {[](SweepOptions& o) { o.blocks = "1M,1X"; }, "--block-size"},
      {[](SweepOptions& o) { o.caches = "warm,hot"; }, "hot"},
      {[](SweepOptions& o) { o.caches = "asis,cold"; }, "asis"},
      {[](SweepOptions& o) { o.hash = "md5"; }, "md5"},
      {[](SweepOptions& o) { o.rounds = "0"; }, "--repeat"},
      {[](SweepOptions& o) { o.warmup = "-1"; }, "--warmup"},
      {[](SweepOptions& o) { o.seed = "x"; }, "--seed"},
      {[](SweepOptions& o) { o.max_time = "soon"; }, "--max-time"},
      {[](SweepOptions& o) { o.max_bytes = "much"; }, "--max-bytes"},
      {[](SweepOptions& o) { o.format = "xxhsum"; }, "--format"},
      {[](SweepOptions& o) { o.format = "xml"; }, "xml"},
      {[](SweepOptions& o) { o.progress = "maybe"; }, "maybe"},
      {[](SweepOptions& o) {
         o.engines = {"mmap"};
         o.caches = "direct";
       },
       "no combination"}};
  for (const auto& mistake : mistakes) {
    CAPTURE(mistake.second);
    CheckRig rig;
    mistake.first(rig.options);
    const std::string line = rig.refusal();
    CHECK_MESSAGE(has(line, mistake.second), line);
  }
}

TEST_CASE("limits") {
  CheckRig rig;
  rig.options.max_time = "2m";
  rig.options.max_bytes = "3G";
  rig.options.rounds = "9";
  rig.options.warmup = "0";
  rig.options.seed = "18446744073709551615";
  const SweepSettings settings = rig.must_check();
  CHECK(settings.max_seconds == 120);
  CHECK(settings.max_bytes == 3 * kGiB);
  CHECK(settings.plan.rounds == 9);
  CHECK(settings.plan.warmup == 0);
  CHECK(settings.plan.seed == UINT64_MAX);
}

}  // namespace
}  // namespace aiobench::tool
