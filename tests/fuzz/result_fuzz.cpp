// Proves that a result file with any content is refused with a line or read: then what is written
// of it has the same in every field, is read as the same again, and every report can be made of it.
#include <nlohmann/json.hpp>

#include "base/size.h"
#include "fuzz/fuzz_target.h"
#include "report/csv.h"
#include "report/json.h"
#include "report/json_reader.h"
#include "report/json_walk.h"
#include "report/text.h"

namespace aiobench::fuzz {
namespace {

void check_latency(const measure::Histogram& latency) {
  std::uint64_t before = latency.min();
  for (const double percent : {0.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    AIOBENCH_CHECK(latency.percentile(percent) >= before);
    before = latency.percentile(percent);
  }
  AIOBENCH_CHECK(before == latency.max());
}

// What was not known, or is written as if it were not.
bool is_nothing(const nlohmann::json& value) {
  return value.is_null() || value == "" || (value.is_number() && value == 0);
}

// Every field that is written was read under the same name.
void check_same(const nlohmann::json& read, const nlohmann::json& written) {
  if (written.is_object()) {
    for (const auto& [name, value] : written.items()) {
      const bool line = name == "message" && written.contains("operation");  // an error's
      if (line || name == "mean" || test::is_derived(name)) continue;
      AIOBENCH_CHECK(read.contains(name));
      check_same(read[name], value);
    }
  } else if (written.is_array()) {
    AIOBENCH_CHECK(read.size() == written.size());
    for (std::size_t i = 0; i < read.size(); ++i) check_same(read[i], written[i]);
  } else {
    AIOBENCH_CHECK(read == written || (is_nothing(read) && is_nothing(written)));
  }
}

// Lines that a terminal gets: somebody else may have put into the file what it obeys.
void check_lines(std::string text) {
  AIOBENCH_CHECK(!text.empty() && text.back() == '\n');
  std::erase(text, '\n');
  check_printable(text);
}

void check_reports(const measure::Result& result) {
  check_lines(report::text_header(result));
  AIOBENCH_CHECK(!report::to_csv(result).empty());
  for (const measure::Run& run : result.runs) {
    check_lines(report::text_run(run));
    for (const measure::Repetition& repetition : run.repetitions) {
      check_latency(repetition.latency_ns);
    }
  }
}

}  // namespace

bool accepts(std::string_view text) {
  const Result<measure::Result> result = report::read_result(text, "result.json", 64 * kMiB);
  if (!result) {
    AIOBENCH_CHECK(result.error().kind == Error::Kind::usage);
    AIOBENCH_CHECK(!result.error().offset || *result.error().offset <= text.size());
    check_message(result.error());
    return false;
  }
  const std::string written = report::to_json(*result);
  const Result<measure::Result> again = report::read_result(written, "result.json");
  AIOBENCH_CHECK(again);
  AIOBENCH_CHECK(report::to_json(*again) == written);
  check_same(nlohmann::json::parse(text), nlohmann::json::parse(written));
  check_reports(*result);
  return true;
}

}  // namespace aiobench::fuzz
