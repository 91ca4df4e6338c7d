// aiobench compare: a verdict on two results.

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/units.h"
#include "os/atomic_file.h"
#include "os/directory.h"
#include "report/text.h"
#include "result/comparison.h"
#include "result/json_reader.h"
#include "result/json_writer.h"
#include "tool/command.h"
#include "tool/output.h"
#include "tool/terminal.h"

namespace aiobench::tool {
namespace {

using result::CompareOptions;
using result::Comparison;

struct CompareCommandOptions {
  std::string base;
  std::string now;
  std::vector<std::string> metrics = {"throughput"};
  std::string threshold = "5%";
  std::string confidence = "95%";
  std::vector<std::string> allowed;
  std::string format = "text";
  std::string json_file;
  When color = When::automatic;
  bool quiet = false;
};

using Write = std::string (*)(const Comparison&, const report::Style&);

std::string json_of(const Comparison& comparison, const report::Style&) {
  return result::comparison_json(comparison);
}

std::string markdown_of(const Comparison& comparison, const report::Style&) {
  return report::comparison_markdown(comparison);
}

constexpr Named<Write> kWriters[] = {
    {report::comparison_text, "text"}, {json_of, "json"}, {markdown_of, "markdown"}};

void declare_compare(Description& description, CompareCommandOptions& given) {
  description.name = "compare";
  description.about = "Compares two results, or two directories of results, and gives a verdict.";
  description
      .operand("BASE", given.base, "earlier result: a file, or a directory of *.json", "BASE")
      .required();
  description.operand("NEW", given.now, "later result: a file, or a directory of *.json", "NEW")
      .required();
  const char* const kVerdict = "Verdict";
  const auto add = [&](const char* name, auto& value, const char* help, const std::string& type) {
    description.option(name, value, help, type, kVerdict);
  };
  description
      .option("--metric", given.metrics, "metrics to compare",
              names_of(result::metric_kinds(), "|") + kMore, kVerdict)
      .default_text("throughput");
  add("--threshold", given.threshold, "smallest change that counts: 5% or 0.05", "PERCENT");
  add("--confidence", given.confidence, "confidence level: 50% to 99.99%", "PERCENT");
  add("--allow", given.allowed, "kinds of difference that do not prevent a verdict",
      names_of(result::incompatibility_kinds(), "|") + kMore);
  description.option("--format", given.format, "output format on stdout", names_of(kWriters, "|"),
                     kOutputGroup);
  description.option("--json", given.json_file, "also write the comparison to FILE", kFileType,
                     kOutputGroup);
  add_color_to(description, given.color);
  description.flag("-q,--quiet", given.quiet, "print only the verdict (with --format text)",
                   kOutputGroup);
  description.notes =
      "Each repetition gives one value. The confidence interval of the ratio of medians assumes no "
      "particular distribution, and a change is tested against the threshold, not against zero. "
      "Repetitions measured alternately (A B B A) are compared as pairs. Exit codes: 0 no "
      "regression, 1 regression, 2 unusable result, 5 inconclusive or not comparable.";
  description.examples = {
      {"aiobench compare before.json after.json",
       "compare throughput, for each file and configuration"},
      {"aiobench compare --metric p50,p99 --threshold 10% before.json after.json",
       "compare latency; changes of less than 10 % do not count"},
      {"aiobench compare --format markdown before.json after.json > verdict.md",
       "write a table for a pull request"}};
}

Result<CompareOptions> options_of(const CompareCommandOptions& given) {
  CompareOptions options;
  options.metrics.clear();
  for (const std::string& name : given.metrics) {
    const result::MetricKind* const kind = result::find_metric(name);
    if (kind == nullptr) {
      return usage_error("use --metric", "unknown metric '" + printable(name) + "'",
                         "choose one of: " + names_of(result::metric_kinds()));
    }
    std::vector<result::Metric>& known = options.metrics;
    const bool twice = std::find(known.begin(), known.end(), kind->metric) != known.end();
    if (!twice) known.push_back(kind->metric);
  }
  for (const std::string& name : given.allowed) {
    const result::IncompatibilityInfo* const kind = result::find_incompatibility(name);
    if (kind == nullptr) {
      return usage_error("use --allow", "unknown value '" + printable(name) + "'",
                         "choose one of: " + names_of(result::incompatibility_kinds()));
    }
    if (!options.allows(kind->incompatibility)) options.allowed.push_back(kind->incompatibility);
  }
  const auto share = [](const char* option, const std::string& text, double minimum, double maximum,
                        double& into) -> Status {
    const Result<double> value = parse_share(text, minimum, maximum);
    if (!value) return usage_error(option, value.error().cause, value.error().hint);
    into = *value;
    return {};
  };
  // The upper limit refuses a "1" or "5" that means percent: it would let everything pass.
  Status read = share("use --threshold", given.threshold, 0, 0.9, options.rule.threshold);
  if (read)
    read = share("use --confidence", given.confidence, 0.5, 0.9999, options.rule.confidence);
  if (!read) return read.take_error();
  return options;
}

// Refuses an output file that is also an input or that cannot be written.
Status check_json_file(const std::string& path, const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    if (input == path || os::same_file(input, path)) {
      return usage_error("use --json " + path, "it is an input file and would be overwritten",
                         "choose another name");
    }
  }
  return os::can_write(path);
}

ExitCode code_of(result::ComparisonOutcome outcome) {
  switch (outcome) {
    case result::ComparisonOutcome::regression:
      return ExitCode::bad;
    case result::ComparisonOutcome::not_comparable:
    case result::ComparisonOutcome::inconclusive:
      return ExitCode::unclear;
    case result::ComparisonOutcome::improvement:
    case result::ComparisonOutcome::no_change:
      break;
  }
  return ExitCode::good;
}

Result<Comparison> compare_given(const CompareCommandOptions& given,
                                 const CompareOptions& options) {
  result::Side sides[] = {{.path = given.base, .results = {}}, {.path = given.now, .results = {}}};
  std::vector<std::string> files[2];
  for (int i = 0; i < 2; ++i) {
    Result<std::vector<std::string>> found = result::result_files(sides[i].path);
    if (!found) return found.take_error();
    files[i] = found.take();
    if (given.json_file.empty()) continue;
    if (Status ours = check_json_file(given.json_file, files[i]); !ours) return ours.take_error();
  }
  for (int i = 0; i < 2; ++i) {
    Result<std::vector<result::Results>> results = result::read_results(files[i]);
    if (!results) return results.take_error();
    sides[i].results = results.take();
  }
  return result::compare(sides[0], sides[1], options);
}

}  // namespace

std::shared_ptr<Description> describe_compare() {
  return std::make_shared<Described<CompareCommandOptions>>(declare_compare);
}

ExitCode compare_command(const Arguments& arguments) {
  Described<CompareCommandOptions> described(declare_compare);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  const CompareCommandOptions& given = described.options;
  const Result<CompareOptions> options = options_of(given);
  if (!options) return report_error(options.error());
  const Result<Write> write = parse_named(kWriters, "--format", "format", given.format);
  if (!write) return report_error(write.error());
  const report::Style style = output_style(given.color);
  const Result<Comparison> comparison = compare_given(given, *options);
  if (!comparison) return report_error(comparison.error());
  ExitCode code = code_of(comparison->outcome());
  const bool verdict_only = given.quiet && given.format == "text";
  put(verdict_only ? result::summary(*comparison) + "\n" : (*write)(*comparison, style));
  if (!given.json_file.empty()) {
    const std::string json = result::comparison_json(*comparison);
    if (Status done = os::write_file(given.json_file, json); !done) {
      code = worse(code, report_error(done.error()));
    }
  }
  return finish_output(code);
}

}  // namespace aiobench::tool
