// Proves that a result that was written is read back to the same document, also from a file, and
// that unknown fields are ignored.
#include "result/json_reader.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "result/json_writer.h"
#include "result/sample_result.h"
#include "support/json.h"
#include "support/temp_file.h"

namespace aiobench::result {
namespace {

result::Results must_read(const std::string& text) {
  Result<result::Results> result = read_result(text, "result.json");
  REQUIRE_MESSAGE(result, result.error().line());
  return result.take();
}

void check_round_trip(const result::Results& result) {
  const std::string text = to_json(result);
  CHECK((to_json(must_read(text)) == text));
}

TEST_CASE("json reader: a written result is read back to the same document") {
  check_round_trip(test::sample_result());
  check_round_trip(test::full_result());
  check_round_trip({});
  result::Results nothing;
  nothing.runs.emplace_back();
  nothing.runs[0].repetitions.emplace_back();
  check_round_trip(nothing);
}

TEST_CASE("json reader: the same with values of any size") {
  std::mt19937_64 random(21);
  const auto number = [&] { return random() >> (random() % 64); };
  const auto seconds = [&] { return static_cast<double>(number()) * 1e-9; };
  for (int round = 0; round < 50; ++round) {
    CAPTURE(round);
    result::Results result = test::full_result();
    for (result::Run& run : result.runs) {
      result::Repetition& r = run.repetitions[0];
      run.target.file_bytes = number();
      r.bytes = number();
      r.requests = number();
      r.inline_completions = r.requests - r.requests / 3;
      r.wall_seconds = seconds();
      r.user_seconds = seconds();
      r.waiting_seconds = seconds();
      r.latency_ns = {};
      const std::uint64_t count = random() % 50;
      for (std::uint64_t i = 0; i < count; ++i) r.latency_ns.record(number() >> 18);
      run.repetitions.push_back(r);
    }
    check_round_trip(result);
  }
}

TEST_CASE("json reader: names and messages of any bytes") {
  for (const char* name : {"gr\xc3\xbc\xc3\x9f \xf0\x9f\x92\xbe", "a\"b\\c\nd\te\x01\x1b",
                           "\xff\xfe\x80 no UTF-8", "cut \xe2\x82", "over\xc0\xaf", "; ", ": x"}) {
    CAPTURE(name);
    result::Results result = test::full_result();
    result.runs[0].target.path = name;
    result.runs[0].warnings = {{result::WarningCode::wine, name, name}};
    result.runs[0].failure = usage_error(name, name, name);
    result.runs[0].failure->path = name;
    check_round_trip(result);
  }
}

TEST_CASE("json reader: every kind of error keeps its line") {
  using Text = std::string;
  for (const Text& operation : {Text(), Text("read")}) {
    for (const Text& path : {Text(), Text("a: b; c")}) {
      for (const Text& cause : {Text(), Text("bad: it is"), Text("no; really")}) {
        for (const Text& hint : {Text(), Text("try again")}) {
          result::Results result = test::sample_result();
          Error& error = result.runs[0].failure.emplace(usage_error(operation, cause, hint));
          error.path = path;
          const std::string line = error.line();
          CAPTURE(line);
          const result::Results again = must_read(to_json(result));
          CHECK(again.runs[0].failure->line() == line);
          CHECK(again.runs[0].failure->operation == operation);
          CHECK(again.runs[0].failure->path == path);
        }
      }
    }
  }
}

TEST_CASE("json reader: each kind of field has its value") {
  const result::Results result = must_read(to_json(test::full_result()));
  CHECK(result.tool.version == "1.2.3");
  CHECK(result.host.cpus == 4);
  CHECK(result.clock == "tsc");
  CHECK(result.own_cost.clock_ns == 12.5);
  REQUIRE(result.runs.size() == 3);
  CHECK(result.runs[0].config.requested_engine.empty());
  CHECK(result.runs[0].target.storage.rotational == false);
  CHECK(result.runs[0].target.cached_share_before == 0.5);
  CHECK_FALSE(result.runs[0].config.read);
  CHECK_FALSE(result.runs[0].failure);
  CHECK(result.runs[1].config.read->rate_per_second == 2500.5);
  CHECK(result.runs[1].warnings[1].code == result::WarningCode::few_requests);
  CHECK(result.runs[2].config.copy->writer == "iocp");
  CHECK(result.runs[2].failure->code == 5);
  CHECK(result.runs[2].failure->offset == 4096);
  CHECK(&result.origin_of(result.runs[0]) == &result);
  CHECK(result.origin_of(result.runs[2]).host.system == "Windows");
  const result::Repetition& r = result.runs[2].repetitions.at(0);
  CHECK(r.copy->writes.latency_ns.max() == 3000);
  CHECK(r.latency_ns.count() == 3072);
  CHECK(r.latency_ns.sum() == 3072 * std::uint64_t{4'000'000});
  CHECK(r.cpu_seconds() == 1.125);
}

TEST_CASE("json reader: unknown fields are ignored") {
  const test::Json written = test::Json::parse(to_json(test::full_result()));
  const std::vector<std::string> places = written.places();
  CHECK(places.size() > 200);
  test::Json document = written;
  for (const std::string& place : places) {
    const std::string object = place.substr(0, place.rfind('.') + 1);  // including the dot
    document =
        document.with(object + "a_later_field", {{"schema", 1}, {"list", {1, "two", nullptr}}});
  }
  CHECK(to_json(must_read(document.dump())) == to_json(test::full_result()));
}

TEST_CASE("json reader: a file, a missing file, and one that is too large") {
  const std::string text = to_json(test::full_result());
  std::vector<std::byte> bytes;
  for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
  const test::TempFile file(bytes);
  const Result<result::Results> result = read_result_file(file.path());
  REQUIRE_MESSAGE(result, result.error().line());
  CHECK((to_json(*result) == text));
  const test::TempFile large = test::TempFile::sparse(kMaxResultBytes + 1);
  for (const std::string& path : {large.path(), file.path() + ".not"}) {
    const Result<result::Results> none = read_result_file(path);
    REQUIRE_FALSE(none);
    CHECK(none.error().path == path);
    CHECK(none.error().operation != "read result");  // not even opened
  }
}

TEST_CASE("json reader: a name that is not a value of its setting is refused with its place") {
  const test::Json document = test::Json::parse(to_json(test::full_result()));
  for (const auto& wrong : std::vector<std::pair<const char*, const char*>>{
           {"runs[0].config.hash", "md5"},
           {"runs[0].config.cache", "Warm"},
           {"runs[1].config.read.pattern", ""},
           {"runs[2].config.copy.write_cache", "auto"}}) {
    const char* const place = wrong.first;
    CAPTURE(place);
    const Result<result::Results> refused =
        read_result(document.with(place, wrong.second).dump(), "result.json");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause.starts_with(std::string(place) + ": not one of "));
  }
}

}  // namespace
}  // namespace aiobench::result
