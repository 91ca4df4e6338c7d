// Proves that the report model divides results into sections in which only engine and depth vary,
// never combines results that are not comparable, and has the figures and warnings of each
// configuration.
#include "report/report_model.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/units.h"
#include "result/sample_result.h"
#include "result/sample_sides.h"

namespace aiobench::report {
namespace {

using test::quiet_seconds;
using test::run_of;
using test::sample_result;

result::Results result_of(std::vector<result::Run> runs) {
  result::Results result = sample_result();
  result.runs = std::move(runs);
  return result;
}

std::vector<ReportFile> places(std::vector<result::Results> results) {
  return places_of(std::move(results), std::nullopt, nullptr);
}

// The only place of a result with these runs.
ReportFile place(std::vector<result::Run> runs) {
  std::vector<ReportFile> all = places({result_of(std::move(runs))});
  REQUIRE(all.size() == 1);
  return all.front();
}

result::Run with(result::Run run, const std::string& engine, unsigned depth) {
  run.config.engine = engine;
  run.config.engine_options.clear();
  run.config.depth = depth;
  return run;
}

TEST_CASE("model: engines and depths with the same settings are one section") {
  const result::Run run = run_of({1.5});
  const ReportFile one = place({with(run, "sync", 1), with(run, "sync", 8), with(run, "mmap", 1)});
  REQUIRE(one.sections.size() == 1);
  const ReportSection& section = one.sections[0];
  CHECK(section.path == "/data/large.bin");
  CHECK(section.setting == "hash xxh3, cache warm, 2 threads, block 1 MiB");
  CHECK(section.file == "3 GiB, ext4 on /dev/nvme0n1p1 (Fast Disk 9)");
  REQUIRE(section.configurations.size() == 3);
  CHECK(section.configurations[1].engine == "sync");
  CHECK(section.configurations[1].depth == 8);
}

TEST_CASE("model: any other difference makes another section") {
  const result::Run run = run_of({1.5});
  std::vector<result::Run> runs(8, run);
  runs[1].target.path = "/other";
  runs[2].config.cache = CacheState::cold;
  runs[3].config.block_bytes = kMiB + 512;  // rounded to "1 MiB"
  runs[4].config.threads = 3;
  runs[5].config.hash = HashAlgorithm::xxh64;
  runs[6] = test::sample_read_run();
  runs[7] = test::sample_copy_run();
  const ReportFile one = place(runs);
  CHECK(one.sections.size() == runs.size());
  for (const ReportSection& section : one.sections) CHECK(section.configurations.size() == 1);
  CHECK(one.sections[7].setting.find("to /backup/large.bin, direct, flushed, verified") !=
        std::string::npos);
  CHECK(one.sections[7].configurations[0].engine.find(", written by iocp") != std::string::npos);
  CHECK(one.sections[6].at_rate);
  CHECK_FALSE(one.sections[0].at_rate);
}

TEST_CASE("model: another machine, program, size or content is another place") {
  const result::Results first = result_of({run_of({1.5})});
  const auto beside = [&](auto change) {
    result::Results other = first;
    change(other);
    return places({first, other}).size();
  };
  CHECK(beside([](result::Results&) {}) == 1);
  CHECK(beside([](result::Results& r) { r.host.cpu_model = "Another"; }) == 2);
  CHECK(beside([](result::Results& r) { r.host.version = "6.2.0"; }) == 2);
  CHECK(beside([](result::Results& r) { r.host.wine = "8.0"; }) == 2);
  CHECK(beside([](result::Results& r) { r.tool.commit = "fffffff"; }) == 2);
  CHECK(beside([](result::Results& r) { r.runs[0].target.file_bytes = 7; }) == 2);
  CHECK(beside([](result::Results& r) { r.runs[0].repetitions[0].digest = "f"; }) == 2);
}

TEST_CASE("model: a configuration in two files has the repetitions of both") {
  const std::vector<ReportFile> all =
      places({result_of({run_of({1.5, 1.6})}), result_of({run_of({1.7})})});
  REQUIRE(all.size() == 1);
  REQUIRE(all[0].sections[0].configurations.size() == 1);
  CHECK(all[0].sections[0].configurations[0].figures.repetitions == 3);
}

TEST_CASE("model: figures are medians, with intervals if there are enough repetitions") {
  const ConfigurationFigures few =
      place({run_of({1.0, 1.5, 3.0})}).sections[0].configurations[0].figures;
  REQUIRE(few.bytes_per_second);
  CHECK(few.bytes_per_second->median == doctest::Approx(2.0 * static_cast<double>(kGiB)));
  CHECK_FALSE(few.bytes_per_second->interval);
  CHECK(few.requests_per_second->median == doctest::Approx(2048));
  CHECK(few.cpu_seconds_per_gib->median == doctest::Approx(0.375));
  const std::vector<double> six = {1.0, 1.1, 1.2, 1.3, 1.4, 1.5};
  const ConfigurationFigures enough = place({run_of(six)}).sections[0].configurations[0].figures;
  REQUIRE(enough.bytes_per_second->interval);
  CHECK(enough.bytes_per_second->interval->low == doctest::Approx(2.0 * static_cast<double>(kGiB)));
  CHECK(enough.bytes_per_second->interval->high ==
        doctest::Approx(3.0 * static_cast<double>(kGiB)));
}

TEST_CASE("model: latencies cover all requests, times are shares") {
  result::Run run = run_of({1.5, 1.5});
  for (int i = 0; i < 3072; ++i) run.repetitions[1].latency_ns.record(100);
  const ConfigurationFigures figures = place({run}).sections[0].configurations[0].figures;
  REQUIRE(figures.latency);
  CHECK(figures.latency->requests == 3 * 3072);
  CHECK(figures.latency->percentile_ns[0] == doctest::Approx(4e6).epsilon(0.005));
  CHECK(figures.latency->max_ns == 4e6);
  REQUIRE(figures.time);
  CHECK(figures.time->waiting == doctest::Approx(0.5));
  CHECK(figures.time->hashing == doctest::Approx(0.3));
  CHECK(figures.time->submitting == doctest::Approx(0.1));
  CHECK(figures.time->rest == doctest::Approx(0.1));
  CHECK(figures.inline_share == doctest::Approx(0.25));
}

TEST_CASE("model: the throughput of a copy is based on the total time") {
  const ReportFile one = place({test::sample_copy_run()});
  const ConfigurationFigures& figures = one.sections[0].configurations[0].figures;
  const double seconds = 1.5 + 0.01 + 0.02 + 0.5 + 0.03;
  CHECK(figures.bytes_per_second->median ==
        doctest::Approx(3.0 * static_cast<double>(kGiB) / seconds));
  CHECK(figures.latency->requests == 3073);
}

TEST_CASE("model: unmeasured values are not set") {
  result::Run run = run_of({1.5});
  result::Repetition& r = run.repetitions[0];
  r.latency_ns = {};
  r.user_seconds = r.system_seconds = 0;
  const ConfigurationFigures none = place({run}).sections[0].configurations[0].figures;
  CHECK(none.bytes_per_second);
  CHECK_FALSE(none.latency);
  CHECK_FALSE(none.time);
  CHECK_FALSE(none.cpu_seconds_per_gib);
  const ReportFile read = place({test::sample_read_run()});  // three files at once
  CHECK_FALSE(read.sections[0].configurations[0].figures.cpu_seconds_per_gib);
}

TEST_CASE("model: interrupted, failed, suspect and Wine runs are marked") {
  result::Run run = run_of({1.5, 9});
  run.repetitions[1].partial = true;
  run.warnings = {{result::WarningCode::busy_machine, "it was", "wait"}};
  result::Run failed = with(run_of({}), "iocp", 8);
  failed.failure = Error{.operation = "read", .path = "x", .offset = {}, .cause = "no", .hint = ""};
  failed.origin.emplace().host.system = "Windows";
  result::Run wine = with(run_of({2}), "iocp", 1);
  wine.origin = sample_result();
  wine.origin->host.system = "Windows";
  wine.origin->host.wine = "8.0";
  const ReportFile one = place({run, failed, wine});
  REQUIRE(one.sections.size() == 1);
  const std::vector<ReportConfiguration>& configurations = one.sections[0].configurations;
  CHECK(configurations[0].figures.partial == 1);
  CHECK(configurations[0].figures.repetitions == 1);
  CHECK(configurations[0].figures.suspect());
  CHECK(configurations[0].wine.empty());
  CHECK(configurations[1].figures.failures == std::vector<std::string>{"cannot read 'x': no"});
  CHECK_FALSE(configurations[1].figures.bytes_per_second);
  CHECK(configurations[1].engine == "wine/iocp");
  CHECK(configurations[2].wine == "8.0");
  CHECK(configurations[2].engine == "wine/iocp");
  CHECK_FALSE(configurations[2].figures.suspect());
}

TEST_CASE("model: the environment, and the time in UTC") {
  result::Run run = run_of({1.5, 1.5}, 1'700'000'000'000'000'000, 3'600'000'000'000);
  const auto info = place({run}).info;
  const auto fact = [&](const std::string& label) {
    const auto found =
        std::find_if(info.begin(), info.end(), [&](const auto& one) { return one.first == label; });
    return found == info.end() ? "" : found->second;
  };
  CHECK(fact("Measured") == "2023-11-14 22:13 UTC to 2023-11-14 23:13 UTC");
  CHECK(fact("Processor") == "Processor 5000, 4 CPUs");
  CHECK(fact("Program") == "aiobench 1.2.3 (abc1234), g++ 12.2, Release");
  CHECK(fact("System") == "Linux 6.1.0");
}

TEST_CASE("model: the given function ranks sections with several configurations") {
  std::size_t asked = 0;
  const Rank rank = [&](const std::vector<const result::Configuration*>& configurations) {
    ++asked;
    return Ranking{.marks = std::vector<std::string>(configurations.size(), "tie"),
                   .advice = "Take it."};
  };
  const result::Run run = run_of({1.5});
  result::Run alone = run;
  alone.target.path = "/alone";
  const auto all =
      places_of({result_of({with(run, "sync", 1), with(run, "mmap", 1), alone})}, {}, rank);
  CHECK(asked == 1);
  CHECK(all[0].sections[0].advice == "Take it.");
  CHECK(all[0].sections[0].configurations[1].mark == "tie");
  CHECK(all[0].sections[1].advice.empty());
}

TEST_CASE("model: the baseline is joined to the same configurations") {
  const result::Run slow = run_of(quiet_seconds(1.2));
  const result::Run fast = run_of(quiet_seconds());
  const result::Side base = test::side_of("base.json", {fast});
  const auto all = places_of({result_of({slow, with(slow, "mmap", 3)})}, base, nullptr);
  REQUIRE(all.size() == 1);
  REQUIRE(all[0].against);
  CHECK(all[0].against->summary.find("1 worse by more than 5 %") != std::string::npos);
  CHECK(all[0].against->incompatibilities.size() == 1);
  CHECK(all[0].against->tools == std::vector<std::string>{"aiobench 1.2.3 (abc1234)"});
  const std::vector<ReportConfiguration>& configurations = all[0].sections[0].configurations;
  REQUIRE(configurations[0].base);
  CHECK(configurations[0].base->verdict == "regression");
  CHECK(*configurations[0].base->ratio == doctest::Approx(1 / 1.2));
  REQUIRE(configurations[0].base->interval);
  CHECK(configurations[0].base->figures.bytes_per_second->median ==
        doctest::Approx(2.0 * static_cast<double>(kGiB)));
  CHECK_FALSE(configurations[1].base);
}

TEST_CASE("model: a baseline of another machine gives a ratio without a verdict") {
  result::Side base = test::side_of("base.json", {run_of(quiet_seconds())});
  base.results[0].host.cpu_model = "Another";
  const auto all = places_of({result_of({run_of(quiet_seconds())})}, base, nullptr);
  REQUIRE(all[0].sections[0].configurations[0].base);
  CHECK(all[0].sections[0].configurations[0].base->verdict == "not_comparable");
  CHECK(all[0].against->incompatibilities[0].find("environment: CPU model") == 0);
}

}  // namespace
}  // namespace aiobench::report
