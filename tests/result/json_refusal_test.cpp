// Proves that a damaged, foreign, truncated or contradictory result file is rejected with the
// location of the error.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "result/derived.h"
#include "result/json_reader.h"
#include "result/json_writer.h"
#include "result/sample_result.h"
#include "support/json.h"

namespace aiobench::result {
namespace {

using test::Json;

constexpr const char* kRepetition = "runs[0].repetitions[0].";

const Json& full_document() {
  static const Json document = Json::parse(to_json(test::full_result()));
  return document;
}

Result<result::Results> read(const Json& document) {
  return read_result(document.dump(), "x");
}

// The error line for the full result with this value at this place.
std::string refusal(const std::string& place, const Json& value) {
  const std::string text = full_document().with(place, value).dump();
  const Result<result::Results> result = read_result(text, "result.json");
  return result ? "accepted" : result.error().line();
}

std::string name_of(const std::string& place) {
  return place.substr(place.rfind('.') + 1);
}

TEST_CASE(
    "json reader: a missing field, or null where it is not allowed, is reported with its place") {
  std::size_t accepted_as_null = 0;
  for (const std::string& place : full_document().places()) {
    if (test::is_derived(name_of(place)) || place == "schema") continue;
    CAPTURE(place);
    const Result<result::Results> missing = read(full_document().without(place));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().cause == place + ": missing");
    const Result<result::Results> null = read(full_document().with(place, nullptr));
    if (null) {
      CHECK(Json::parse(to_json(*null)).at(place).is_null());
      ++accepted_as_null;
    } else if (place == "runs[2].config.copy") {
      CHECK(null.error().cause == "runs[2].repetitions[0].copy: present, but config.copy is null");
    } else {
      CHECK(null.error().cause.rfind(place + ": not ", 0) == 0);
    }
  }
  // The host has 9, the tool 3, its cost 2; each of three runs a dozen and more.
  CHECK(accepted_as_null > 50);
}

TEST_CASE("json reader: a field of another type is reported with its place") {
  std::size_t tried = 0;
  for (const std::string& place : full_document().places()) {
    const Json kept = full_document().at(place);
    if (test::is_derived(name_of(place)) || place == "schema" || kept.is_null()) continue;
    CAPTURE(place);
    for (const Json& other : {Json(true), Json("text"), Json(-1), Json(0.5), Json::array({5}),
                              Json::object(), Json(1e300)}) {
      if (other.kind() == kept.kind()) continue;
      if (other.is_number() && kept.kind() == Json::Kind::real) continue;
      if (other == -1 && name_of(place) == "code") continue;
      const Result<result::Results> result = read(full_document().with(place, other));
      REQUIRE_FALSE(result);
      CHECK(result.error().cause.rfind(place, 0) == 0);
      ++tried;
    }
  }
  CHECK(tried > 500);
}

TEST_CASE("json reader: numbers out of their range") {
  const auto repetition = [](const std::string& name, const Json& value) {
    return refusal(kRepetition + name, value);
  };
  const std::string start = "cannot read result 'result.json': runs[0].repetitions[0].";
  CHECK(repetition("wall_seconds", 7) == "accepted");
  CHECK(repetition("requests", UINT64_MAX) == "accepted");
  CHECK(repetition("wall_seconds", -0.001) == start + "wall_seconds: not a number of at least 0");
  CHECK(repetition("bytes", -1) == start + "bytes: not an integer from 0 to 18446744073709551615");
  CHECK(repetition("bytes", 18446744073709551616.0) ==
        start + "bytes: not an integer from 0 to 18446744073709551615");
  CHECK(repetition("lanes", 4294967296) == start + "lanes: not an integer from 0 to 4294967295");
  CHECK(repetition("inline_completions", 3073) ==
        start + "inline_completions: more than the number of requests");
  const std::string shared = refusal("runs[0].target.cached_share_after", 1.5);
  CHECK(shared.find("target.cached_share_after: not a number from 0 to 1") != std::string::npos);
  const std::string code = refusal("runs[2].error.code", 2147483648);
  CHECK(code.find("runs[2].error.code: not an integer") != std::string::npos);
  CHECK(refusal("runs[2].error.code", -2147483648) == "accepted");
}

TEST_CASE("json reader: a histogram that contradicts itself") {
  const auto latency = [](const std::string& name, const Json& value) {
    const std::string line = refusal(kRepetition + ("latency_ns." + name), value);
    const std::string start = "cannot read result 'result.json': runs[0].repetitions[0].latency_ns";
    return line.rfind(start, 0) == 0 ? line.substr(start.size()) : line;
  };
  const std::uint64_t lowest = stats::Histogram::lowest_of(stats::Histogram::bucket_of(4'000'000));
  const auto buckets = [&](const std::string& rest) {
    const std::string first = "[[" + std::to_string(lowest) + ",3072]";
    return latency("buckets", Json::parse(first + rest + "]"));
  };
  CHECK(buckets("") == "accepted");
  CHECK(latency("count", 3071) == ".count: 3071, but the buckets hold 3072");
  CHECK(buckets(",[4030464,1]") == ".max: not in the last bucket");
  CHECK(latency("buckets", 5) == ".buckets: not an array");
  const std::string pair = ": not a pair of integers of at least 0";
  for (const char* second : {",5", ",[]", ",[1]", ",[1,2,3]", ",[1,-1]", ",[1,1.5]", ",[\"1\",1]",
                             ",{\"0\":1,\"1\":1}", ",null"}) {
    CAPTURE(second);
    CHECK(buckets(second) == ".buckets[1]" + pair);
  }
  CHECK(buckets(",[1,1]") == ".buckets[1]: not in ascending order");
  CHECK(latency("buckets", Json::array()) == ".buckets: empty, but min, max or mean is not 0");
  CHECK(latency("mean", 1.0) ==
        ".mean: not between min and max, or too large for this number of values");
  CHECK(latency("max", 1) == ".max: not in the last bucket");
}

TEST_CASE("json reader: not a result, or one of a later version") {
  const auto line = [](const std::string& text) {
    const Result<result::Results> result = read_result(text, "x.json");
    CHECK((result || result.error().kind == Error::Kind::usage));
    return result ? "accepted" : result.error().line();
  };
  const std::string start = "cannot read result 'x.json': ";
  const std::string hint = " (create one with --json FILE)";
  for (const char* text : {"{}", "[]", "5", "null", "\"aiobench/result/1\"", "{\"runs\":[]}"}) {
    CHECK(line(text) == start + "not an aiobench result: it has no field 'schema'" + hint);
  }
  for (const char* text : {"{\"schema\":1}", "{\"schema\":\"\"}", "{\"schema\":\"other\"}"}) {
    CHECK(line(text) == start + "not an aiobench result: 'schema' is not aiobench/result/1" + hint);
  }
  CHECK(line(R"({"schema":"aiobench/result/2"})") ==
        start +
            "unsupported schema: not aiobench/result/1 (read it with the version of aiobench that "
            "wrote it)");
  CHECK(line("<html>") == "cannot read result 'x.json' at offset 0: invalid JSON near '<'");
  CHECK(line("") ==
        "cannot read result 'x.json' at offset 0: unexpected end of JSON: the file is "
        "truncated");
}

TEST_CASE("json reader: a file truncated anywhere") {
  const std::string text = to_json(test::sample_result());
  for (std::size_t bytes = 0; bytes + 2 < text.size(); ++bytes) {  // at least "}\n" is missing
    const Result<result::Results> result = read_result(text.substr(0, bytes), "x");
    REQUIRE_FALSE(result);
    REQUIRE(result.error().offset == bytes);
  }
}

TEST_CASE("json reader: the number of histograms is limited, of reads and writes together") {
  const Json sample = Json::parse(to_json(test::sample_result()));
  const Json repetition = sample.at("runs[0].repetitions[0]");
  const std::vector<Json> repetitions(100, repetition);
  const std::string text = sample.with("runs[0].repetitions", repetitions).dump();
  CHECK(read_result(text, "x"));
  CHECK(read_result(text, "x", 100));
  const Result<result::Results> refused = read_result(text, "x", 99);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().cause ==
        "runs[0].repetitions[99].latency_ns: more than 99 histograms in the file");
  // A copy has two for each repetition; an empty histogram takes no memory.
  std::size_t least = 0;
  while (!read_result(full_document().dump(), "x", least)) ++least;
  std::size_t histograms = 0;
  for (const std::string& place : full_document().places()) {
    const bool is_histogram = name_of(place) == "buckets" && !full_document().at(place).empty();
    histograms += is_histogram ? 1 : 0;
  }
  CHECK(least == histograms);
  CHECK(histograms > 3);
}

}  // namespace
}  // namespace aiobench::result
