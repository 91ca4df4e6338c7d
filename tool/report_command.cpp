// aiobench report: one HTML page of results.

#include <algorithm>
#include <iterator>
#include <utility>

#include "os/atomic_file.h"
#include "os/directory.h"
#include "report/report_model.h"
#include "result/json_reader.h"
#include "sweep/ranking.h"
#include "tool/command.h"
#include "tool/output.h"

namespace aiobench::tool {
namespace {

constexpr const char* kStandardOutput = "-";

struct ReportOptions {
  std::vector<std::string> results;
  std::vector<std::string> baselines;
  std::string output;
  std::string title = "aiobench report";
  bool force = false;
};

void declare_report(Description& description, ReportOptions& given) {
  description.name = "report";
  description.about = "Writes one HTML file with charts and tables of results.";
  description
      .operand("RESULT", given.results, "result files, or directories of *.json", "RESULT...")
      .required();
  const char* const kPage = "Page";
  description
      .option("-o,--output", given.output, "HTML file to write, or - for stdout (required)",
              kFileType, kPage)
      .required();
  description.option("--baseline", given.baselines,
                     "earlier result to compare with; can be repeated", kFileType, kPage);
  description.option("--title", given.title, "title of the page", "TITLE", kPage);
  description.flag("--force", given.force, "replace an existing file", kPage);
  description.notes =
      "The page is one file that needs no network. It also fits phones and can be printed. The "
      "same results always give a page with the same bytes. Exit codes: 0 success, 2 unusable "
      "result, 3 I/O error.";
  description.examples = {{"aiobench report after.json -o report.html", "show one result"},
                          {"aiobench report after.json --baseline before.json -o both.html",
                           "show two results side by side"}};
}

struct Source {
  std::vector<std::string> files;
  std::vector<result::Results> results;

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const std::string& file : files) names.push_back(os::file_name(file));
    return names;
  }
};

Result<std::vector<std::string>> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    Result<std::vector<std::string>> found = result::result_files(path);
    if (!found) return found.take_error();
    files.insert(files.end(), std::move_iterator(found->begin()), std::move_iterator(found->end()));
  }
  return files;
}

// Refuses a source without any run, as there is nothing to show.
Status check_runs(const Source& source) {
  const bool any = std::any_of(source.results.begin(), source.results.end(),
                               [](const result::Results& result) { return !result.runs.empty(); });
  if (any) return {};
  Error error =
      usage_error("report on", "it contains no run", "choose a result that contains runs");
  error.path = source.files.front();
  return error;
}

Result<Source> read_source(std::vector<std::string> files) {
  Source source{.files = std::move(files), .results = {}};
  Result<std::vector<result::Results>> results = result::read_results(source.files);
  if (!results) return results.take_error();
  source.results = results.take();
  if (Status runs = check_runs(source); !runs) return runs.take_error();
  std::erase_if(source.results, [](const result::Results& result) { return result.runs.empty(); });
  return source;
}

// Refuses an output file that is also an input, that exists (without --force), or cannot be
// written.
Status check_output(const ReportOptions& given, const std::vector<std::string>& inputs) {
  const std::string& path = given.output;
  if (path == kStandardOutput) return {};
  for (const std::string& input : inputs) {
    if (input == path || os::same_file(input, path)) {
      return usage_error("use -o " + path, "it is an input file and would be overwritten",
                         "choose another name");
    }
  }
  if (!given.force && os::kind_of(path) == os::PathKind::file) {
    return usage_error("write the report to '" + path + "'", "it already exists",
                       "use --force to replace it, or name another file with -o");
  }
  return os::can_write(path);
}

Result<report::ReportModel> model_of(const ReportOptions& given) {
  Result<std::vector<std::string>> files = files_of(given.results);
  if (!files) return files.take_error();
  Result<std::vector<std::string>> base_files = files_of(given.baselines);
  if (!base_files) return base_files.take_error();
  std::vector<std::string> inputs = *files;
  inputs.insert(inputs.end(), base_files->begin(), base_files->end());
  if (Status output = check_output(given, inputs); !output) return output.take_error();
  Result<Source> now = read_source(files.take());
  if (!now) return now.take_error();
  std::optional<result::Side> base;
  report::ReportModel model;
  model.title = given.title;
  model.files = now->names();
  if (!given.baselines.empty()) {
    Result<Source> read = read_source(base_files.take());
    if (!read) return read.take_error();
    model.base_files = read->names();
    base = result::Side{.path = {}, .results = std::move(read->results)};
  }
  model.places = report::places_of(std::move(now->results), base, sweep::ranking_of);
  return model;
}

}  // namespace

std::shared_ptr<Description> describe_report() {
  return std::make_shared<Described<ReportOptions>>(declare_report);
}

ExitCode report_command(const Arguments& arguments) {
  Described<ReportOptions> described(declare_report);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  const ReportOptions& given = described.options;
  const Result<report::ReportModel> model = model_of(given);
  if (!model) return report_error(model.error());
  const std::string page = report::html_page(*model);
  if (given.output == kStandardOutput) {
    put(page);
    return finish_output(ExitCode::good);
  }
  if (Status written = os::write_file(given.output, page); !written) {
    return report_error(written.error());
  }
  return ExitCode::good;
}

}  // namespace aiobench::tool
