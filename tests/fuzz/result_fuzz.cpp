// Proves that a result file with any content is accepted or rejected with an error line. If
// accepted, writing it keeps every field, it is read back the same, every report can be made from
// it, and compared with itself it is neither worse nor better.
#include "fuzz/fuzz_target.h"
#include "report/csv.h"
#include "report/text.h"
#include "result/derived.h"
#include "result/json_reader.h"
#include "result/json_writer.h"
#include "support/json.h"

namespace aiobench::fuzz {
namespace {

using test::Json;

void check_latency(const stats::Histogram& latency) {
  std::uint64_t before = latency.min();
  for (const double percent : {0.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    AIOBENCH_CHECK(latency.percentile(percent) >= before);
    before = latency.percentile(percent);
  }
  AIOBENCH_CHECK(before == latency.max());
}

// Values that are unknown or written as unknown.
bool is_nothing(const Json& value) {
  return value.is_null() || value == "" || (value.is_number() && value == 0);
}

// Every written field was read under the same name.
void check_same(const Json& read, const Json& written) {
  if (written.kind() == Json::Kind::object) {
    for (const std::string& name : written.names()) {
      const bool line = name == "message" && written.contains("operation");  // of an error
      if (line || name == "mean" || test::is_derived(name)) continue;
      AIOBENCH_CHECK(read.contains(name));
      check_same(read[name], written[name]);
    }
  } else if (written.kind() == Json::Kind::array) {
    const std::vector<Json> before = read.elements();
    const std::vector<Json> after = written.elements();
    AIOBENCH_CHECK(before.size() == after.size());
    for (std::size_t i = 0; i < before.size(); ++i) check_same(before[i], after[i]);
  } else {
    AIOBENCH_CHECK(read == written || (is_nothing(read) && is_nothing(written)));
  }
}

// Lines for a terminal: an untrusted file may contain control characters.
void check_lines(std::string text) {
  AIOBENCH_CHECK(!text.empty() && text.back() == '\n');
  std::erase(text, '\n');
  check_printable(text);
}

void check_reports(const result::Results& result) {
  check_lines(report::text_header(result));
  AIOBENCH_CHECK(!report::to_csv(result).empty());
  for (const result::Run& run : result.runs) {
    check_lines(report::text_run(run));
    for (const result::Repetition& repetition : run.repetitions) {
      check_latency(repetition.latency_ns);
    }
  }
}

void check_comparison(const result::Results& result) {
  using result::IncompatibilityKind;
  const result::Side side{.path = "result.json", .results = {result}};
  result::CompareOptions options;
  options.metrics.clear();
  for (const result::MetricKind& kind : result::metric_kinds()) {
    options.metrics.push_back(kind.metric);
  }
  options.allowed = {IncompatibilityKind::missing, IncompatibilityKind::digest,
                     IncompatibilityKind::environment};
  const result::Comparison comparison = result::compare(side, side, options);
  const result::Tally tally = comparison.tally();
  AIOBENCH_CHECK(tally.worse == 0 && tally.better == 0 && tally.not_comparable == 0);
  check_lines(report::comparison_text(comparison));
  check_lines(report::comparison_markdown(comparison));
  const Json document = Json::parse(result::comparison_json(comparison));
  for (const Json& configuration : document["configurations"].elements()) {
    for (const Json& figure : configuration["comparisons"].elements()) {
      AIOBENCH_CHECK(figure["ratio"].is_number() && figure["new_median"].is_number());
    }
  }
}

}  // namespace

bool accepts(std::string_view text) {
  const Result<result::Results> result = result::read_result(text, "result.json");
  if (!result) {
    AIOBENCH_CHECK(result.error().kind == Error::Kind::usage);
    AIOBENCH_CHECK(!result.error().offset || *result.error().offset <= text.size());
    check_message(result.error());
    return false;
  }
  const std::string written = result::to_json(*result);
  const Result<result::Results> again = result::read_result(written, "result.json");
  AIOBENCH_CHECK(again);
  AIOBENCH_CHECK(result::to_json(*again) == written);
  check_same(Json::parse(text), Json::parse(written));
  check_reports(*result);
  check_comparison(*result);
  return true;
}

}  // namespace aiobench::fuzz
