// Proves which differences prevent a comparison, each alone, and which do not.
#include "result/comparison.h"

#include <doctest/doctest.h>

#include "base/units.h"
#include "result/sample_sides.h"

namespace aiobench::result {
namespace {

using result::Run;

// The differences that are found if one side is changed.
std::vector<std::string> found(void (*change)(result::Results&)) {
  const Side base = test::side_of("", {test::run_of({1})});
  Side now = base;
  change(now.results[0]);
  const std::vector<Configuration> before = configurations_of(base.results);
  const std::vector<Configuration> after = configurations_of(now.results);
  std::vector<std::string> texts;
  for (const Incompatibility& incompatibility : differences({&before[0], &after[0]})) {
    texts.push_back(std::string(name_of(incompatibility.kind)) + ": " + incompatibility.text);
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST_CASE("differences: the machine and the system") {
  CHECK(found([](result::Results&) {}).empty());
  CHECK(found([](result::Results& r) { r.host.system = "Windows"; }) ==
        Texts{"environment: system: Linux, then Windows"});
  CHECK(found([](result::Results& r) { r.host.version = "6.2"; }) ==
        Texts{"environment: system version: 6.1.0, then 6.2"});
  CHECK(found([](result::Results& r) { r.host.wine = "8.0"; }) ==
        Texts{"environment: Wine: none, then 8.0"});
  CHECK(found([](result::Results& r) { r.host.cpu_model = "Other"; }) ==
        Texts{"environment: CPU model: Processor 5000, then Other"});
  CHECK(found([](result::Results& r) { r.host.cpus = 8; }) ==
        Texts{"environment: CPUs: 4, then 8"});
  CHECK(found([](result::Results& r) { r.host.memory_bytes *= 2; }) ==
        Texts{"environment: memory: 16 GiB, then 32 GiB"});
  CHECK(found([](result::Results& r) { r.host.cpu_governor = "powersave"; }) ==
        Texts{"environment: CPU frequency governor: performance, then powersave"});
  CHECK(found([](result::Results& r) { r.clock = "hpet"; }) ==
        Texts{"environment: clock: tsc, then hpet"});
}

TEST_CASE("differences: the build, and the disk") {
  CHECK(found([](result::Results& r) { r.tool.build_type = "Debug"; }) ==
        Texts{"environment: build: Release, then Debug"});
  CHECK(found([](result::Results& r) { r.tool.optimized = false; }) ==
        Texts{"environment: build: Release, then Release, not optimized"});
  CHECK(found([](result::Results& r) { r.runs[0].target.storage.file_system = "xfs"; }) ==
        Texts{"environment: /data/large.bin: file system: ext4, then xfs"});
  CHECK(found([](result::Results& r) { r.runs[0].target.storage.device = "/dev/sda"; }) ==
        Texts{"environment: /data/large.bin: device: /dev/nvme0n1p1, then /dev/sda"});
  CHECK(found([](result::Results& r) { r.runs[0].target.storage.model = "Slow"; }) ==
        Texts{"environment: /data/large.bin: device model: Fast Disk 9, then Slow"});
  CHECK(found([](result::Results& r) { r.runs[0].target.storage.mount_options = "rw,sync"; }) ==
        Texts{"environment: /data/large.bin: mount options: rw,noatime, then rw,sync"});
}

TEST_CASE("differences: the content of the file") {
  CHECK(found([](result::Results& r) { r.runs[0].repetitions[0].digest = "ffff"; }) ==
        Texts{"digest: /data/large.bin: xxh3: 0123456789abcdef, then ffff"});
  CHECK(found([](result::Results& r) { r.runs[0].target.file_bytes = 7; }) ==
        Texts{"digest: /data/large.bin: 3,221,225,472 B, then 7 B"});
}

TEST_CASE("differences: between the runs of one side") {
  CHECK(found([](result::Results& r) {
          Run other = r.runs[0];
          other.repetitions[0].digest = "ffff";
          other.target.storage.device = "/dev/sda";
          r.runs.push_back(other);
        }) == Texts{"environment: /data/large.bin: device: /dev/nvme0n1p1, then /dev/sda",
                    "digest: /data/large.bin: xxh3: 0123456789abcdef, then 0123456789abcdef and "
                    "ffff"});
  Side base = test::side_of("", {test::run_of({1, 1})});
  base.results[0].runs[0].repetitions[1].digest = "ffff";
  const std::vector<Configuration> configurations = configurations_of(base.results);
  const std::vector<Incompatibility> incompatibilities =
      differences({&configurations[0], &configurations[0]});
  REQUIRE(incompatibilities.size() == 1);
  CHECK(incompatibilities[0].text == "/data/large.bin: xxh3: 0123456789abcdef and ffff");
}

TEST_CASE("differences: the compared programs and unknown values are none") {
  CHECK(found([](result::Results& r) {
          r.tool.version = "2.0.0";
          r.tool.commit = "def";
          r.tool.compiler = "clang";
          r.hash_instructions = "sse2";
          r.own_cost.clock_ns = 99;
        }).empty());
  CHECK(found([](result::Results& r) {
          r.host.memory_bytes -= 16 * kMiB;  // reserved by another kernel
          r.host.cpu_model = "";
          r.host.cpus = 0;
          r.runs[0].target.storage = {};
          r.runs[0].repetitions[0].digest = "";
        }).empty());
}

TEST_CASE("differences: failed runs are ignored") {
  CHECK(found([](result::Results& r) {
          Run failed = r.runs[0];
          failed.failure = usage_error("read", "gone");
          failed.target.file_bytes = 0;
          failed.target.storage.device = "/dev/sda";
          r.runs.insert(r.runs.begin(), failed);
        }).empty());
}

TEST_CASE("incompatibilities have the names that --allow takes") {
  for (const IncompatibilityInfo& kind : incompatibility_kinds()) {
    CHECK(find_incompatibility(kind.name) == &kind);
    CHECK(std::string(name_of(kind.incompatibility)) == kind.name);
  }
  CHECK(find_incompatibility("all") == nullptr);
}

}  // namespace
}  // namespace aiobench::result
