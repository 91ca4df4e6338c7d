#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/share.h"
#include "platform/folder.h"
#include "platform/whole_file.h"
#include "report/comparison.h"
#include "report/comparison_json.h"
#include "report/comparison_markdown.h"
#include "report/comparison_text.h"
#include "tool/command.h"
#include "tool/output.h"
#include "tool/result_source.h"

namespace aiobench::tool {
namespace {

using report::CompareOptions;
using report::Comparison;

struct Given {
  std::string base;
  std::string now;
  std::vector<std::string> metrics = {"throughput"};
  std::string threshold = "5%";
  std::string confidence = "95%";
  std::vector<std::string> allowed;
  std::string format = "text";
  std::string json_file;
  bool quiet = false;
};

using Write = std::string (*)(const Comparison&);
constexpr std::pair<const char*, Write> kFormats[] = {{"text", report::comparison_text},
                                                      {"json", report::comparison_json},
                                                      {"markdown", report::comparison_markdown}};

void add_options(CLI::App& app, Given& given) {
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  app.add_option("BASE", given.base, "the result before: a file, or a folder of *.json")
      ->required();
  app.add_option("NEW", given.now, "the result after, likewise")->required();
  app.add_option("--metric", given.metrics, "throughput, p50, p99, cpu; several with commas")
      ->delimiter(',')
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->default_str("throughput");
  app.add_option("--threshold", given.threshold, "what counts as worse or better: 5% or 0.05")
      ->default_str(given.threshold);
  app.add_option("--confidence", given.confidence, "of the intervals and verdicts: 50% to 99.99%")
      ->default_str(given.confidence);
  app.add_option("--allow", given.allowed,
                 "missing, digest, environment: compare though these differ")
      ->delimiter(',')
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--format", given.format, "text, json or markdown")->default_str(given.format);
  app.add_option("--json", given.json_file, "write the comparison to this file as well");
  app.add_flag("-q,--quiet", given.quiet, "text: the verdict alone");
  app.footer(
      "Each run is one value; the ratio of medians has an interval that asks nothing of the\n"
      "distribution, and the threshold is part of the test. Runs that were made in turn (A B B A)\n"
      "are compared as pairs. Exit codes: 0 no regression, 1 a regression, 2 a result that cannot\n"
      "be used, 5 inconclusive or not comparable.");
}

// The names of `kinds`, for a message.
template <class Kinds>
std::string names_of(const Kinds& kinds) {
  std::string names;
  for (const auto& kind : kinds) names += fmt::format("{}{}", names.empty() ? "" : ", ", kind.name);
  return names;
}

Result<CompareOptions> options_of(const Given& given) {
  CompareOptions options;
  options.metrics.clear();
  for (const std::string& name : given.metrics) {
    const report::MetricKind* const kind = report::find_metric(name);
    if (kind == nullptr) {
      return usage_error("use --metric", "there is no metric '" + name + "'",
                         "the metrics: " + names_of(report::metric_kinds()));
    }
    std::vector<report::Metric>& known = options.metrics;
    const bool twice = std::find(known.begin(), known.end(), kind->metric) != known.end();
    if (!twice) known.push_back(kind->metric);
  }
  for (const std::string& name : given.allowed) {
    const report::HindranceKind* const kind = report::find_hindrance(name);
    if (kind == nullptr) {
      return usage_error("use --allow", "there is no '" + name + "' to allow",
                         "to be allowed: " + names_of(report::hindrance_kinds()));
    }
    if (!options.allows(kind->hindrance)) options.allowed.push_back(kind->hindrance);
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

Result<Write> writer_of(const std::string& format) {
  for (const auto& [name, write] : kFormats) {
    if (format == name) return write;
  }
  return usage_error("use --format", "there is no format '" + format + "'",
                     "the formats: text, json, markdown");
}

// A file to be written that is none of those to be read.
Status check_json_file(const std::string& path, const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    if (input == path || platform::same_file(input, path)) {
      return usage_error("use --json " + path, "it is a result to be read, and would be lost",
                         "choose another name");
    }
  }
  return platform::can_write(path);
}

ExitCode code_of(report::Outcome outcome) {
  switch (outcome) {
    case report::Outcome::regression:
      return ExitCode::bad;
    case report::Outcome::not_comparable:
    case report::Outcome::inconclusive:
      return ExitCode::unclear;
    case report::Outcome::improvement:
    case report::Outcome::no_change:
      break;
  }
  return ExitCode::good;
}

Result<Comparison> compare_given(const Given& given, const CompareOptions& options) {
  report::Side sides[] = {{.path = given.base, .results = {}}, {.path = given.now, .results = {}}};
  std::vector<std::string> files[2];
  for (int i = 0; i < 2; ++i) {
    Result<std::vector<std::string>> found = result_files(sides[i].path);
    if (!found) return found.take_error();
    files[i] = found.take();
    if (given.json_file.empty()) continue;
    if (Status ours = check_json_file(given.json_file, files[i]); !ours) return ours.take_error();
  }
  for (int i = 0; i < 2; ++i) {
    Result<std::vector<measure::Result>> results = read_results(files[i]);
    if (!results) return results.take_error();
    sides[i].results = results.take();
  }
  return report::compare(sides[0], sides[1], options);
}

}  // namespace

ExitCode compare_command(const Arguments& arguments) {
  CLI::App app("A verdict on two results, or on two folders of them.", "aiobench compare");
  Given given;
  add_options(app, given);
  if (const std::optional<ExitCode> code = parse(app, arguments)) return *code;
  const Result<CompareOptions> options = options_of(given);
  if (!options) return tell(options.error());
  const Result<Write> write = writer_of(given.format);
  if (!write) return tell(write.error());
  const Result<Comparison> comparison = compare_given(given, *options);
  if (!comparison) return tell(comparison.error());
  ExitCode code = code_of(comparison->outcome());
  const bool verdict_alone = given.quiet && given.format == "text";
  put(verdict_alone ? report::summary(*comparison) + "\n" : (*write)(*comparison));
  if (!given.json_file.empty()) {
    const std::string json = report::comparison_json(*comparison);
    if (Status done = platform::write_file(given.json_file, json); !done) {
      code = worse(code, tell(done.error()));
    }
  }
  return finish_output(code);
}

}  // namespace aiobench::tool
