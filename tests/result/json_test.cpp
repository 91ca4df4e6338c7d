// Proves that the result file contains everything that was measured, under the names of the schema,
// and is valid JSON for any bytes in names.
#include "result/json_writer.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/units.h"
#include "result/sample_result.h"
#include "support/json.h"

namespace aiobench::result {
namespace {

using test::Json;

Json parsed(const result::Results& result) {
  return Json::parse(to_json(result));
}

std::set<std::string> keys(const Json& object) {
  const std::vector<std::string> names = object.names();
  return {names.begin(), names.end()};
}

TEST_CASE("json: the document, the tool and the host") {
  const Json document = parsed(test::sample_result());
  CHECK(keys(document) == std::set<std::string>{"schema", "tool", "host", "own_cost", "runs"});
  CHECK(document["schema"] == "aiobench/result/1");
  CHECK(document["tool"] == Json({{"name", "aiobench"},
                                  {"version", "1.2.3"},
                                  {"commit", "abc1234"},
                                  {"compiler", "g++ 12.2"},
                                  {"build_type", "Release"},
                                  {"optimized", true}}));
  CHECK(document["host"] == Json({{"system", "Linux"},
                                  {"version", "6.1.0"},
                                  {"wine", nullptr},
                                  {"cpu_model", "Processor 5000"},
                                  {"cpus", 4},
                                  {"memory_bytes", 16 * kGiB},
                                  {"clock", "tsc"},
                                  {"clock_step_ns", 20.0},
                                  {"hash_instructions", "avx2"},
                                  {"cpu_governor", "performance"}}));
}

TEST_CASE("json: the overhead of the tool, or null") {
  CHECK(parsed(test::sample_result())["own_cost"] ==
        Json({{"clock_ns", 12.5}, {"request_ns", 60.0}}));
  CHECK(parsed({})["own_cost"] == Json({{"clock_ns", nullptr}, {"request_ns", nullptr}}));
}

TEST_CASE("json: a run's job, config and target") {
  const Json document = parsed(test::sample_result());
  REQUIRE(document["runs"].size() == 1);
  const Json& run = document["runs"][0];
  CHECK(keys(run) == std::set<std::string>{"job", "config", "target", "repetitions", "partial",
                                           "suspect", "warnings", "origin", "error"});
  CHECK(run["job"] == "hash");
  CHECK(run["config"] == Json({{"engine", "io_uring"},
                               {"engine_options", "fixed_buffers,sqpoll"},
                               {"depth", 8},
                               {"threads", 2},
                               {"block_bytes", kMiB},
                               {"hash", "xxh3"},
                               {"cache", "warm"},
                               {"interval_seconds", nullptr},
                               {"requested_engine", nullptr},
                               {"read", nullptr},
                               {"copy", nullptr},
                               {"latency_of", "requests"}}));
  CHECK(run["target"] == Json({{"path", "/data/large.bin"},
                               {"file_bytes", 3 * kGiB},
                               {"file_system", "ext4"},
                               {"mount", "/data"},
                               {"device", "/dev/nvme0n1p1"},
                               {"device_model", "Fast Disk 9"},
                               {"mount_options", "rw,noatime"},
                               {"rotational", false},
                               {"logical_sector_bytes", 512},
                               {"physical_sector_bytes", 4096},
                               {"device_queue_depth", 1023},
                               {"cached_share_before", 0.5},
                               {"cached_share_after", 1.0},
                               {"hole_share", 0.0}}));
  CHECK(run["warnings"] == Json::array());
  CHECK(run["suspect"] == false);
  CHECK(run["error"].is_null());
}

TEST_CASE("json: the settings of a read run, and an engine chosen by auto") {
  result::Results result = test::sample_result();
  result.runs[0] = test::sample_read_run();
  result.runs[0].config.requested_engine = "auto";
  const Json run = parsed(result)["runs"][0];
  CHECK(run["job"] == "read");
  CHECK(run["config"]["engine"] == "io_uring");
  CHECK(run["config"]["requested_engine"] == "auto");
  CHECK(run["config"]["read"] == Json({{"pattern", "random"},
                                       {"seed", 7},
                                       {"duration_seconds", 2.5},
                                       {"limit_bytes", 64 * kMiB},
                                       {"rate_per_second", 2500.5},
                                       {"files_at_once", 3}}));
}

TEST_CASE("json: unset limits are null, and 0 is a valid seed") {
  result::Results result = test::sample_result();
  result.runs[0].config.read = ReadSettings{.seed = 0};
  const Json read = parsed(result)["runs"][0]["config"]["read"];
  CHECK(read == Json({{"pattern", "sequential"},
                      {"seed", 0},
                      {"duration_seconds", nullptr},
                      {"limit_bytes", nullptr},
                      {"rate_per_second", nullptr},
                      {"files_at_once", 1}}));
}

TEST_CASE("json: a copy has its writes and its stages") {
  result::Results result = test::sample_result();
  result.runs[0] = test::sample_copy_run();
  const Json run = parsed(result)["runs"][0];
  CHECK(run["job"] == "copy");
  CHECK(run["config"]["copy"] == Json({{"destination", "/backup/large.bin"},
                                       {"writer", "iocp"},
                                       {"write_cache", "direct"},
                                       {"sparse", true},
                                       {"flush", true},
                                       {"verify", true}}));
  const Json copy = run["repetitions"][0]["copy"];
  CHECK(copy["write_bytes"] == 2 * kMiB);
  CHECK(copy["write_requests"] == 4);
  CHECK(copy["write_inline_share"] == 0.25);
  CHECK(copy["write_latency_ns"]["max"] == 3000);
  CHECK(copy["flush_seconds"] == 0.5);
  CHECK(copy["whole_seconds"].real() ==
        doctest::Approx(0.01 + 0.02 + run["repetitions"][0]["wall_seconds"].real() + 0.5 + 0.03));
  CHECK(copy["verified"] == true);
}

TEST_CASE("json: a repetition has every value, raw") {
  const Json document = parsed(test::sample_result());
  const Json& r = document["runs"][0]["repetitions"][0];
  CHECK(r["digest"] == "0123456789abcdef");
  CHECK(r["partial"] == false);
  CHECK(r["lanes"] == 8);
  CHECK(r["threads"] == 2);
  CHECK(r["bytes"] == 3 * kGiB);
  CHECK(r["requests"] == 3072);
  CHECK(r["inline_completions"] == 768);
  CHECK(r["inline_share"] == 0.25);
  CHECK(r["wall_seconds"] == 1.5);
  CHECK(r["bytes_per_second"] == 2.0 * kGiB);
  CHECK(r["requests_per_second"] == 2048.0);
  CHECK(r["cpu_user_seconds"] == 0.75);
  CHECK(r["cpu_system_seconds"] == 0.375);
  CHECK(r["cpu_seconds_per_gib"] == 0.375);
  CHECK(r["other_cpu_share"] == 0.125);
  CHECK(r["depth_achieved"].real() == doctest::Approx(8.192));
  CHECK(r["submitting_seconds"] == 0.3);
  CHECK(r["waiting_seconds"] == 1.5);
  CHECK(r["hashing_seconds"] == 0.9);
  CHECK(r["rest_seconds"] == 0.3);
  CHECK(r["started_unix_ns"] == 1'700'000'000'123'456'789);
  CHECK(keys(r).size() == 24);
  CHECK(r["copy"].is_null());
  CHECK(r["intervals"] == Json::array());
  const Json timed = Json::parse(to_json(test::full_result()))["runs"][1];
  CHECK(timed["config"]["interval_seconds"] == 0.5);
  CHECK(timed["repetitions"][0]["intervals"][1] == Json({{"start_seconds", 1},
                                                         {"seconds", 0.25},
                                                         {"requests", 2},
                                                         {"bytes", 8},
                                                         {"latency_p50_ns", 4},
                                                         {"latency_p99_ns", 5}}));
  const std::uint64_t lowest = stats::Histogram::lowest_of(stats::Histogram::bucket_of(4'000'000));
  CHECK(r["latency_ns"] == Json({{"count", 3072},
                                 {"mean", 4e6},
                                 {"min", 4'000'000},
                                 {"p50", 4'000'000},
                                 {"p90", 4'000'000},
                                 {"p99", 4'000'000},
                                 {"p99_9", 4'000'000},
                                 {"max", 4'000'000},
                                 {"buckets", Json::array({Json::array({lowest, 3072})})}}));
}

TEST_CASE("json: the histogram can be rebuilt from its buckets") {
  result::Results result = test::sample_result();
  stats::Histogram& latency = result.runs[0].repetitions[0].latency_ns;
  latency = {};
  for (std::uint64_t value = 1; value < 40'000'000'000; value = value * 3 + 1) {
    latency.record(value);
    latency.record(value);
  }
  const Json document = parsed(result);
  const Json& written = document["runs"][0]["repetitions"][0]["latency_ns"];
  stats::Histogram rebuilt;
  for (const Json& bucket : written["buckets"].elements()) {
    REQUIRE(bucket.size() == 2);
    for (std::uint64_t i = 0; i < bucket[1].whole(); ++i) {
      rebuilt.record(bucket[0].whole());
    }
  }
  CHECK(rebuilt.count() == latency.count());
  CHECK((rebuilt.buckets() == latency.buckets()));
}

TEST_CASE("json: unknown values are null, also in an empty result") {
  result::Results result;
  result.runs.emplace_back();
  result.runs[0].repetitions.emplace_back();
  const Json document = parsed(result);
  for (const char* name : {"system", "version", "wine", "cpu_model", "cpus", "memory_bytes",
                           "clock", "clock_step_ns", "hash_instructions", "cpu_governor"}) {
    CAPTURE(name);
    REQUIRE(document["host"].contains(name));
    CHECK(document["host"][name].is_null());
  }
  for (const char* name : {"commit", "compiler", "build_type"}) {
    REQUIRE(document["tool"].contains(name));
    CHECK(document["tool"][name].is_null());
  }
  const Json& run = document["runs"][0];
  for (const char* name :
       {"file_system", "mount", "device", "device_model", "mount_options", "rotational",
        "logical_sector_bytes", "physical_sector_bytes", "device_queue_depth",
        "cached_share_before", "cached_share_after", "hole_share"}) {
    REQUIRE(run["target"].contains(name));
    CHECK(run["target"][name].is_null());
  }
  CHECK(run["config"]["engine_options"].is_null());
  CHECK(run["repetitions"][0]["digest"].is_null());
  CHECK(run["repetitions"][0]["other_cpu_share"].is_null());
  CHECK(run["repetitions"][0]["wall_seconds"] == 0.0);
  CHECK(run["repetitions"][0]["latency_ns"]["buckets"] == Json::array());
  CHECK(parsed({})["runs"] == Json::array());
}

TEST_CASE("json: numbers of 64 bits are exact") {
  result::Results result = test::sample_result();
  result.runs[0].target.file_bytes = (std::uint64_t{1} << 63) + 1;
  result.runs[0].repetitions[0].bytes = UINT64_MAX;
  const Json document = parsed(result);
  CHECK(document["runs"][0]["target"]["file_bytes"].whole() == (std::uint64_t{1} << 63) + 1);
  CHECK(document["runs"][0]["repetitions"][0]["bytes"].whole() == UINT64_MAX);
}

TEST_CASE("json: a run has its own origin if it differs from that of the result") {
  result::Results result = test::sample_result();
  result.runs.push_back(result.runs[0]);
  result.runs[1].origin = result;
  result.runs[1].origin->host.wine = "8.0";
  const Json document = parsed(result);
  CHECK(document["host"]["wine"].is_null());
  CHECK(document["runs"][0]["origin"].is_null());
  Json origin = document["runs"][1]["origin"];
  CHECK(origin["host"]["wine"] == "8.0");
  origin = origin.with("host.wine", nullptr);
  for (const char* part : {"tool", "host", "own_cost"}) CHECK(origin[part] == document[part]);
}

TEST_CASE("json: warnings and errors are complete") {
  result::Results result = test::sample_result();
  result::Run& run = result.runs[0];
  run.warnings.push_back({result::WarningCode::few_requests, "message", ""});
  run.failure = Error{.code = 5,
                      .operation = "read",
                      .path = "/data/large.bin",
                      .offset = 0,
                      .cause = "Input/output error (EIO 5)",
                      .hint = ""};
  const Json harmless = {
      {"code", "few_requests"}, {"suspect", false}, {"message", "message"}, {"advice", ""}};
  Json written = parsed(result)["runs"][0];
  CHECK(written["warnings"] == Json::array({harmless}));
  CHECK(written["suspect"] == false);
  run.warnings.push_back({result::WarningCode::cache_not_cold, "it was not", "try again"});
  written = parsed(result)["runs"][0];
  CHECK(written["warnings"] == Json::array({harmless,
                                            {{"code", "cache_not_cold"},
                                             {"suspect", true},
                                             {"message", "it was not"},
                                             {"advice", "try again"}}}));
  CHECK(written["suspect"] == true);
  CHECK(written["error"]["operation"] == "read");
  CHECK(written["error"]["path"] == "/data/large.bin");
  CHECK(written["error"]["offset"] == 0);
  CHECK(written["error"]["code"] == 5);
  CHECK(written["error"]["message"] == run.failure->line());
  run.failure = usage_error("", "bad", "");
  written = parsed(result)["runs"][0]["error"];
  for (const char* name : {"operation", "path", "offset", "code"}) {
    CAPTURE(name);
    REQUIRE(written.contains(name));
    CHECK(written[name].is_null());
  }
}

TEST_CASE("json: names and messages of any bytes give valid JSON") {
  const std::vector<std::pair<std::string, bool>> names = {
      {"gr\xc3\xbc\xc3\x9f \xf0\x9f\x92\xbe", true},
      {"a\"b\\c\nd\te\x01\x1b", true},
      {std::string("nul\0in it", 9), true},
      {"\xff\xfe\x80 not UTF-8", false},
      {"cut \xe2\x82", false},
      {"over\xc0\xaf", false}};
  for (const auto& row : names) {
    const auto& [name, is_utf8] = row;
    CAPTURE(row.first);
    result::Results result = test::sample_result();
    result.runs[0].target.path = name;
    result.runs[0].target.storage.device = name;
    result.runs[0].warnings = {{result::WarningCode::wine, name, name}};
    result.runs[0].failure = usage_error(name, name, name);
    result.runs[0].failure->path = name;
    const Json document = parsed(result);
    const Json& run = document["runs"][0];
    const auto written = run["target"]["path"].text();
    CHECK(run["error"]["path"] == written);
    CHECK(run["warnings"][0]["advice"] == written);
    if (is_utf8) {
      CHECK((written == name));
    } else {
      CHECK(written.find("\xef\xbf\xbd") != std::string::npos);  // U+FFFD
    }
  }
}

TEST_CASE("json: the text is indented and ends with a line break") {
  const std::string text = to_json(test::sample_result());
  CHECK(text.front() == '{');
  CHECK(text.substr(text.size() - 2) == "}\n");
  CHECK(text.find("\n  \"schema\": \"aiobench/result/1\"") == 1);
}

}  // namespace
}  // namespace aiobench::result
