// Proves that the CSV has a header and one row per repetition, that every row has all fields
// whatever they contain, and that the fields have the measured values.
#include "report/csv.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/units.h"
#include "result/sample_result.h"

namespace aiobench::report {
namespace {

using Row = std::vector<std::string>;

// Reads CSV by RFC 4180.
std::vector<Row> read_csv(const std::string& text) {
  std::vector<Row> rows;
  Row row(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      row.back() += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      row.emplace_back();
    } else if (!quoted && c == '\n') {
      rows.push_back(row);
      row.assign(1, "");
    } else {
      row.back() += c;
    }
  }
  CHECK_FALSE(quoted);
  CHECK(row == Row(1));  // the last line has a line break
  return rows;
}

// The rows as maps from column names.
std::vector<std::map<std::string, std::string>> records(const result::Results& result) {
  const std::vector<Row> rows = read_csv(to_csv(result));
  REQUIRE_FALSE(rows.empty());
  std::vector<std::map<std::string, std::string>> all;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    REQUIRE(rows[i].size() == rows[0].size());
    all.emplace_back();
    for (std::size_t j = 0; j < rows[0].size(); ++j) all.back()[rows[0][j]] = rows[i][j];
  }
  return all;
}

// The columns of a copy, with the values of the sample.
std::map<std::string, std::string> copy_columns() {
  return {{"destination", "/backup/large.bin"},
          {"writer", "iocp"},
          {"write_cache", "direct"},
          {"write_requests", "4"},
          {"write_inline_completions", "1"},
          {"write_latency_p50_ns", "3000"},
          {"write_latency_p90_ns", "3000"},
          {"write_latency_p99_ns", "3000"},
          {"write_latency_p99_9_ns", "3000"},
          {"write_latency_max_ns", "3000"},
          {"open_seconds", "0.010000000"},
          {"allocate_seconds", "0.020000000"},
          {"flush_seconds", "0.500000000"},
          {"rename_seconds", "0.030000000"},
          {"whole_seconds", "2.060000000"},
          {"verify_seconds", "0.250000000"},
          {"verified", "1"}};
}

TEST_CASE("csv: the header names each column once") {
  const std::vector<Row> rows = read_csv(to_csv({}));
  REQUIRE(rows.size() == 1);
  CHECK(std::set<std::string>(rows[0].begin(), rows[0].end()).size() == rows[0].size());
  for (const std::string& name : rows[0]) CHECK_FALSE(name.empty());
}

TEST_CASE("csv: the row of a small result") {
  const auto all = records(test::sample_result());
  REQUIRE(all.size() == 1);
  const std::map<std::string, std::string> expected = {
      {"job", "hash"},
      {"path", "/data/large.bin"},
      {"file_bytes", "3221225472"},
      {"file_system", "ext4"},
      {"device", "/dev/nvme0n1p1"},
      {"system", "Linux"},
      {"version", "6.1.0"},
      {"wine", ""},
      {"engine", "io_uring"},
      {"engine_options", "fixed_buffers,sqpoll"},
      {"depth", "8"},
      {"threads", "2"},
      {"block_bytes", "1048576"},
      {"hash", "xxh3"},
      {"cache", "warm"},
      {"pattern", ""},
      {"rate_per_second", ""},
      {"repetition", "1"},
      {"partial", "0"},
      {"digest", "0123456789abcdef"},
      {"bytes", "3221225472"},
      {"requests", "3072"},
      {"inline_completions", "768"},
      {"suspect", "0"},
      {"warnings", ""},
  };
  for (const auto& row : expected) {
    const auto& [name, value] = row;
    CAPTURE(row.first);
    REQUIRE(all[0].count(name) == 1);
    CHECK(all[0].at(name) == value);
  }
  const std::map<std::string, double> numbers = {
      {"wall_seconds", 1.5},       {"bytes_per_second", 2.0 * kGiB}, {"requests_per_second", 2048},
      {"cpu_user_seconds", 0.75},  {"cpu_system_seconds", 0.375},    {"depth_achieved", 8.192},
      {"submitting_seconds", 0.3}, {"waiting_seconds", 1.5},         {"hashing_seconds", 0.9},
      {"rest_seconds", 0.3},       {"latency_p50_ns", 4e6},          {"latency_p90_ns", 4e6},
      {"latency_p99_ns", 4e6},     {"latency_p99_9_ns", 4e6},        {"latency_max_ns", 4e6}};
  for (const auto& row : numbers) {
    const auto& [name, value] = row;
    CAPTURE(row.first);
    REQUIRE(all[0].count(name) == 1);
    CHECK(std::stod(all[0].at(name)) == doctest::Approx(value));
  }
  CHECK(all[0].size() == expected.size() + numbers.size() + copy_columns().size());
  for (const auto& column : copy_columns()) CHECK(all[0].at(column.first).empty());
}

TEST_CASE("csv: a copy fills its columns") {
  result::Results result = test::sample_result();
  result.runs[0] = test::sample_copy_run();
  const auto all = records(result);
  CHECK(all[0].at("job") == "copy");
  for (const auto& column : copy_columns()) {
    CAPTURE(column.first);
    REQUIRE(all[0].count(column.first) == 1);
    CHECK(all[0].at(column.first) == column.second);
  }
}

TEST_CASE("csv: the settings of a read run have columns that are empty for other jobs") {
  result::Results result = test::sample_result();
  result.runs[0] = test::sample_read_run();
  const auto paced = records(result);
  CHECK(paced[0].at("job") == "read");
  CHECK(paced[0].at("pattern") == "random");
  CHECK(paced[0].at("rate_per_second") == "2500.5");
  result.runs[0].config.read->rate_per_second = 0;
  result.runs[0].config.read->pattern = Pattern::sequential;
  const auto free = records(result);
  CHECK(free[0].at("pattern") == "sequential");
  CHECK(free[0].at("rate_per_second") == "");
}

TEST_CASE("csv: the percentiles are each in their own column") {
  result::Results result = test::sample_result();
  stats::Histogram& latency = result.runs[0].repetitions[0].latency_ns;
  latency = {};
  for (std::uint64_t i = 0; i < 10'000; ++i) latency.record(i < 5000 ? 10 : 20);
  for (std::uint64_t i = 0; i < 4000; ++i) latency.record(30);
  for (std::uint64_t i = 0; i < 1300; ++i) latency.record(40);
  for (std::uint64_t i = 0; i < 20; ++i) latency.record(50);
  latency.record(60);
  const auto all = records(result);
  CHECK(all[0].at("latency_p50_ns") == "20");
  CHECK(all[0].at("latency_p90_ns") == "30");
  CHECK(all[0].at("latency_p99_ns") == "40");
  CHECK(all[0].at("latency_p99_9_ns") == "50");
  CHECK(all[0].at("latency_max_ns") == "60");
}

TEST_CASE("csv: one row per repetition of all runs") {
  result::Results result = test::sample_result();
  result.runs[0].repetitions.assign(3, test::sample_repetition());
  result.runs[0].repetitions[2].partial = true;
  result.runs[0].warnings = {{result::WarningCode::few_requests, "", ""},
                             {result::WarningCode::wine, "", ""}};
  result.runs.push_back(test::sample_run());
  result.runs[1].target.path = "other";
  result.runs.push_back(test::sample_run());
  result.runs[2].repetitions.clear();
  const auto all = records(result);
  REQUIRE(all.size() == 4);
  CHECK(all[0].at("repetition") == "1");
  CHECK(all[1].at("repetition") == "2");
  CHECK(all[2].at("repetition") == "3");
  CHECK(all[1].at("partial") == "0");
  CHECK(all[2].at("partial") == "1");
  CHECK(all[2].at("warnings") == "few_requests wine");
  CHECK(all[2].at("suspect") == "1");
  CHECK(all[3].at("suspect") == "0");
  CHECK(all[3].at("path") == "other");
  CHECK(all[3].at("repetition") == "1");
}

TEST_CASE("csv: a row names the system of the program that made its run") {
  result::Results result = test::sample_result();
  result.runs.push_back(result.runs[0]);
  result.runs[1].origin = result;
  result.runs[1].origin->host.system = "Windows";
  result.runs[1].origin->host.wine = "8.0";
  const auto all = records(result);
  REQUIRE(all.size() == 2);
  CHECK(all[0].at("system") == "Linux");
  CHECK(all[0].at("wine").empty());
  CHECK(all[1].at("system") == "Windows");
  CHECK(all[1].at("wine") == "8.0");
}

TEST_CASE("csv: names with commas, quotes and line breaks stay in their field") {
  result::Results result = test::sample_result();
  for (const std::string& name :
       {std::string("a,b"), std::string("say \"hi\""), std::string("\""), std::string("a\nb"),
        std::string("a\r\nb,\"c\""), std::string(",,,"), std::string(" blank "),
        std::string("gr\xc3\xbc\xc3\x9f \xff")}) {
    CAPTURE(name);
    result.runs[0].target.path = name;
    os::StorageInfo& storage = result.runs[0].target.storage;
    storage.file_system = storage.mount = storage.device = storage.model = name;
    result.host.version = name;
    result.host.wine = name;
    const auto all = records(result);
    REQUIRE(all.size() == 1);
    for (const char* column : {"path", "file_system", "device", "version", "wine"}) {
      CHECK(all[0].at(column) == name);
    }
    CHECK(all[0].at("latency_max_ns") == "4000000");
  }
}

TEST_CASE("csv_field quotes only what needs it") {
  CHECK(csv_field("") == "");
  CHECK(csv_field("plain text") == "plain text");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("a\"b") == "\"a\"\"b\"");
  CHECK(csv_field("a\nb") == "\"a\nb\"");
  CHECK(csv_field("a\rb") == "\"a\rb\"");
}

}  // namespace
}  // namespace aiobench::report
