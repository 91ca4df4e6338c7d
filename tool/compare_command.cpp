#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/units.h"
#include "os/atomic_file.h"
#include "os/directory.h"
#include "report/text.h"
#include "result/comparison.h"
#include "result/json_writer.h"
#include "tool/command.h"
#include "tool/output.h"
#include "tool/results.h"

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
  std::string color = "auto";
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
  description.about = "A verdict on two results, or on two directories of them.";
  description
      .operand("BASE", given.base, "the result before: a file, or a directory of *.json", "BASE")
      .required();
  description.operand("NEW", given.now, "the result after, likewise", "NEW").required();
  const char* const kVerdict = "Verdict";
  const auto add = [&](const char* name, auto& value, const char* help, const std::string& type) {
    description.option(name, value, help, type, kVerdict);
  };
  description
      .option("--metric", given.metrics, "what is compared",
              names_of(result::metric_kinds(), "|") + kMore, kVerdict)
      .default_text("throughput");
  add("--threshold", given.threshold, "what counts as worse or better: 5% or 0.05", "SHARE");
  add("--confidence", given.confidence, "of the intervals and verdicts: 50% to 99.99%", "SHARE");
  add("--allow", given.allowed, "compare though these differ",
      names_of(result::incompatibility_kinds(), "|") + kMore);
  description.option("--format", given.format, "what goes to stdout", names_of(kWriters, "|"),
                     kOutputGroup);
  description.option("--json", given.json_file, "write the comparison to a file too", kFileType,
                     kOutputGroup);
  add_color_to(description, given.color);
  description.flag("-q,--quiet", given.quiet, "text: the verdict alone", kOutputGroup);
  description.notes =
      "Each run is one value; the ratio of medians has an interval that asks nothing of the "
      "distribution, and the threshold is part of the test. Runs that were made in turn (A B B A) "
      "are compared as pairs. Exit codes: 0 no regression, 1 a regression, 2 a result that cannot "
      "be used, 5 inconclusive or not comparable.";
  description.examples = {
      {"aiobench compare before.json after.json", "the throughput of each file and setting"},
      {"aiobench compare --metric p50,p99 --threshold 10% before.json after.json",
       "latency instead; 10 % more or less is no change"},
      {"aiobench compare --format markdown before.json after.json > verdict.md",
       "for a pull request"}};
}

Result<CompareOptions> options_of(const CompareCommandOptions& given) {
  CompareOptions options;
  options.metrics.clear();
  for (const std::string& name : given.metrics) {
    const result::MetricKind* const kind = result::find_metric(name);
    if (kind == nullptr) {
      return usage_error("use --metric", "there is no metric '" + name + "'",
                         "the metrics: " + names_of(result::metric_kinds()));
    }
    std::vector<result::Metric>& known = options.metrics;
    const bool twice = std::find(known.begin(), known.end(), kind->metric) != known.end();
    if (!twice) known.push_back(kind->metric);
  }
  for (const std::string& name : given.allowed) {
    const result::IncompatibilityInfo* const kind = result::find_incompatibility(name);
    if (kind == nullptr) {
      return usage_error("use --allow", "there is no '" + name + "' to allow",
                         "to be allowed: " + names_of(result::incompatibility_kinds()));
    }
    if (!options.allows(kind->incompatibility)) options.allowed.push_back(kind->incompatibility);
  }
  const auto share = [](const char* option, const std::string& text, double least, double most,
                        double& into) -> Status {
    const Result<double> value = parse_share(text, least, most);
    if (!value) return usage_error(option, value.error().cause, value.error().hint);
    into = *value;
    return {};
  };
  // A threshold of "1" or "5" that was meant in percent would let everything pass.
  Status read = share("use --threshold", given.threshold, 0, 0.9, options.rule.threshold);
  if (read)
    read = share("use --confidence", given.confidence, 0.5, 0.9999, options.rule.confidence);
  if (!read) return read.take_error();
  return options;
}

// A file to be written that is none of those to be read.
Status check_json_file(const std::string& path, const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    if (input == path || os::same_file(input, path)) {
      return usage_error("use --json " + path, "it is a result to be read, and would be lost",
                         "choose another name");
    }
  }
  return os::can_write(path);
}

ExitCode code_of(result::Outcome outcome) {
  switch (outcome) {
    case result::Outcome::regression:
      return ExitCode::bad;
    case result::Outcome::not_comparable:
    case result::Outcome::inconclusive:
      return ExitCode::unclear;
    case result::Outcome::improvement:
    case result::Outcome::no_change:
      break;
  }
  return ExitCode::good;
}

Result<Comparison> compare_given(const CompareCommandOptions& given,
                                 const CompareOptions& options) {
  result::Side sides[] = {{.path = given.base, .results = {}}, {.path = given.now, .results = {}}};
  std::vector<std::string> files[2];
  for (int i = 0; i < 2; ++i) {
    Result<std::vector<std::string>> found = result_files(sides[i].path);
    if (!found) return found.take_error();
    files[i] = found.take();
    if (given.json_file.empty()) continue;
    if (Status ours = check_json_file(given.json_file, files[i]); !ours) return ours.take_error();
  }
  for (int i = 0; i < 2; ++i) {
    Result<std::vector<result::Results>> results = read_results(files[i]);
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
  if (!options) return tell(options.error());
  const Result<Write> write = parse_named(kWriters, "--format", "format", given.format);
  if (!write) return tell(write.error());
  const Result<report::Style> style = output_style(given.color);
  if (!style) return tell(style.error());
  const Result<Comparison> comparison = compare_given(given, *options);
  if (!comparison) return tell(comparison.error());
  ExitCode code = code_of(comparison->outcome());
  const bool verdict_alone = given.quiet && given.format == "text";
  put(verdict_alone ? result::summary(*comparison) + "\n" : (*write)(*comparison, *style));
  if (!given.json_file.empty()) {
    const std::string json = result::comparison_json(*comparison);
    if (Status done = os::write_file(given.json_file, json); !done) {
      code = worse(code, tell(done.error()));
    }
  }
  return finish_output(code);
}

}  // namespace aiobench::tool
