#include "report/report_model.h"

#include <algorithm>

#include "base/error.h"
#include "result/json_document.h"

namespace aiobench::report {
namespace {

// Starts a line of page.html that is replaced by other sources or by the data.
constexpr std::string_view kMark = "@@";

// The replacement of such a line. `names` lists source files, or DATA for the model.
std::string part_of(std::string_view names, const ReportModel& model) {
  std::string part;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    if (name == "DATA") {
      part += report_model_json(model);
      continue;
    }
    const std::string_view source = page_source(name);
    AIOBENCH_CHECK(!source.empty());
    part += source;
  }
  return part;
}

result::Json estimate_json(const std::optional<Estimate>& estimate) {
  if (!estimate) return nullptr;
  return {
      {"median", estimate->median},
      {"low", estimate->interval ? result::Json(estimate->interval->low) : result::Json(nullptr)},
      {"high",
       estimate->interval ? result::Json(estimate->interval->high) : result::Json(nullptr)}};
}

result::Json latency_json(const std::optional<LatencySpread>& latency) {
  if (!latency) return nullptr;
  return {{"requests", latency->requests},
          {"percentile_ns", latency->percentile_ns},
          {"max_ns", latency->max_ns}};
}

result::Json time_json(const std::optional<TimeShares>& time) {
  if (!time) return nullptr;
  return {{"waiting", time->waiting},
          {"hashing", time->hashing},
          {"submitting", time->submitting},
          {"rest", time->rest}};
}

result::Json figures_json(const ConfigurationFigures& figures) {
  result::Json warnings = result::Json::array();
  for (const result::Warning& warning : figures.warnings) {
    warnings.push_back({{"code", warning.kind().name},
                        {"suspect", warning.kind().suspect},
                        {"message", warning.message},
                        {"advice", warning.advice}});
  }
  return {{"repetitions", figures.repetitions},
          {"partial", figures.partial},
          {"bytes_per_second", estimate_json(figures.bytes_per_second)},
          {"requests_per_second", estimate_json(figures.requests_per_second)},
          {"cpu_seconds_per_gib", estimate_json(figures.cpu_seconds_per_gib)},
          {"latency", latency_json(figures.latency)},
          {"time", time_json(figures.time)},
          {"depth_achieved", result::or_null(figures.depth_achieved)},
          {"inline_share", result::or_null(figures.inline_share)},
          {"suspect", figures.suspect()},
          {"warnings", std::move(warnings)},
          {"failures", figures.failures}};
}

result::Json base_json(const BaseFigures& base) {
  return {{"figures", figures_json(base.figures)},
          {"treated_as_same", base.treated_as_same},
          {"ratio", result::or_null(base.ratio)},
          {"ratio_low", base.interval ? result::Json(base.interval->low) : result::Json(nullptr)},
          {"ratio_high", base.interval ? result::Json(base.interval->high) : result::Json(nullptr)},
          {"verdict", result::or_null(base.verdict)},
          {"least_repetitions", result::or_null(std::uint64_t{base.min_repetitions})}};
}

result::Json configuration_json(const ReportConfiguration& configuration) {
  return {{"engine", configuration.engine},
          {"depth", configuration.depth},
          {"wine", result::or_null(configuration.wine)},
          {"latency_of", configuration.latency_of},
          {"mark", result::or_null(configuration.mark)},
          {"figures", figures_json(configuration.figures)},
          {"base", configuration.base ? base_json(*configuration.base) : result::Json(nullptr)}};
}

result::Json section_json(const ReportSection& section) {
  result::Json configurations = result::Json::array();
  for (const ReportConfiguration& configuration : section.configurations)
    configurations.push_back(configuration_json(configuration));
  return {{"path", section.path},
          {"setting", section.setting},
          {"file", section.file},
          {"at_rate", section.at_rate},
          {"advice", result::or_null(section.advice)},
          {"configurations", std::move(configurations)}};
}

result::Json place_json(const ReportFile& place) {
  result::Json info = result::Json::array();
  for (const auto& [label, text] : place.info) info.push_back({label, text});
  result::Json sections = result::Json::array();
  for (const ReportSection& section : place.sections) sections.push_back(section_json(section));
  result::Json against = nullptr;
  if (place.against) {
    against = {{"tools", place.against->tools},
               {"summary", place.against->summary},
               {"notes", place.against->notes},
               {"incompatibilities", place.against->incompatibilities}};
  }
  return {{"info", std::move(info)},
          {"against", std::move(against)},
          {"sections", std::move(sections)}};
}

}  // namespace

std::string html_page(const ReportModel& model) {
  std::string page;
  std::string_view rest = page_source("page.html");
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.starts_with(kMark)) {
      page += part_of(line.substr(kMark.size()), model);
    } else {
      page += line;
      page += '\n';
    }
  }
  return page;
}

std::string report_model_json(const ReportModel& model) {
  result::Json places = result::Json::array();
  for (const ReportFile& place : model.places) places.push_back(place_json(place));
  const result::Json document = {
      {"title", model.title},
      {"files", model.files},
      {"base_files", model.base_files},
      {"confidence", kReportConfidence},
      {"least_for_interval", stats::min_for_median_interval(kReportConfidence)},
      {"percents", kReportPercents},
      {"places", std::move(places)}};
  const std::string text = document.dump(-1, ' ', false, result::Json::error_handler_t::replace);
  std::string safe;
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";  // the same character in JSON
    } else {
      safe += c;
    }
  }
  return safe + "\n";
}

}  // namespace aiobench::report
