#include "report/report_model.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "base/units.h"
#include "result/configuration.h"

namespace aiobench::report {
namespace {

using result::Repetition;
using result::Results;
using result::Run;

// Results of one program on one machine whose files have the same contents.
struct Place {
  std::vector<Results> results;
  std::map<std::string, std::uint64_t> bytes;                            // by file
  std::map<std::pair<std::string, HashAlgorithm>, std::string> digests;  // by file and hash
};

bool same_program_and_machine(const Results& a, const Results& b) {
  const os::HostInfo& x = a.host;
  const os::HostInfo& y = b.host;
  return a.tool.version == b.tool.version && a.tool.commit == b.tool.commit &&
         a.tool.build_type == b.tool.build_type && a.tool.compiler == b.tool.compiler &&
         x.system == y.system && x.version == y.version && x.wine == y.wine &&
         x.cpu_model == y.cpu_model && x.cpus == y.cpus && x.memory_bytes == y.memory_bytes &&
         x.cpu_governor == y.cpu_governor;
}

// The digest of the file of a run; empty if there is none.
std::string digest_of(const Run& run) {
  for (const Repetition& r : run.repetitions) {
    if (!r.digest.empty()) return r.digest;
  }
  return {};
}

bool fits(const Place& place, const Results& result) {
  if (!same_program_and_machine(place.results.front(), result)) return false;
  return std::all_of(result.runs.begin(), result.runs.end(), [&](const Run& run) {
    const auto bytes = place.bytes.find(run.target.path);
    if (bytes != place.bytes.end() && bytes->second != run.target.file_bytes) return false;
    const auto digest = place.digests.find({run.target.path, run.config.hash});
    const std::string own = digest_of(run);
    return digest == place.digests.end() || own.empty() || digest->second == own;
  });
}

std::vector<Place> sorted_by_place(std::vector<Results> results) {
  std::vector<Place> places;
  for (Results& result : results) {
    auto place = std::find_if(places.begin(), places.end(),
                              [&](const Place& known) { return fits(known, result); });
    if (place == places.end()) place = places.insert(places.end(), Place{});
    for (const Run& run : result.runs) {
      place->bytes.try_emplace(run.target.path, run.target.file_bytes);
      const std::string digest = digest_of(run);
      if (digest.empty()) continue;
      place->digests.try_emplace({run.target.path, run.config.hash}, digest);
    }
    place->results.push_back(std::move(result));
  }
  return places;
}

// "2026-11-23 02:31 UTC"
std::string time_text(std::uint64_t unix_ns) {
  using namespace std::chrono;
  const sys_seconds at{seconds(unix_ns / 1'000'000'000)};
  const year_month_day day(floor<days>(at));
  const hh_mm_ss time(at - floor<days>(at));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                     time.hours().count(), time.minutes().count());
}

std::string measured_text(const std::vector<Results>& results) {
  std::set<std::uint64_t> starts;
  for (const Results& result : results) {
    for (const Run& run : result.runs) {
      for (const Repetition& r : run.repetitions) starts.insert(r.started_unix_ns);
    }
  }
  starts.erase(0);
  if (starts.empty()) return {};
  const std::string first = time_text(*starts.begin());
  const std::string last = time_text(*starts.rbegin());
  return first == last ? first : fmt::format("{} to {}", first, last);
}

std::string processor_text(const os::HostInfo& host) {
  std::string text = host.cpu_model;
  if (host.cpus == 0) return text;
  if (!text.empty()) text += ", ";
  return text + fmt::format("{} CPU{}", host.cpus, host.cpus == 1 ? "" : "s");
}

std::string tool_text(const result::ToolInfo& tool) {
  std::string text = "aiobench " + tool.version;
  if (!tool.commit.empty()) text += fmt::format(" ({})", tool.commit);
  if (!tool.compiler.empty()) text += ", " + tool.compiler;
  return tool.build_type.empty() ? text : text + ", " + tool.build_type;
}

std::vector<std::pair<std::string, std::string>> info_of(const std::vector<Results>& results) {
  const Results& first = results.front();
  const os::HostInfo& host = first.host;
  std::vector<std::pair<std::string, std::string>> info;
  const auto add = [&](const char* label, const std::string& text) {
    if (!text.empty()) info.emplace_back(label, text);
  };
  add("Processor", processor_text(host));
  add("System", fmt::format("{} {}", host.system, host.version) +
                    (host.wine.empty() ? "" : " under Wine " + host.wine));
  if (host.memory_bytes > 0) add("Memory", format_size(host.memory_bytes));
  add("Frequency", host.cpu_governor);
  add("Program", tool_text(first.tool));
  add("Measured", measured_text(results));
  return info;
}

// The settings except engine and depth, which vary within a section.
std::string setting_text(const Run& run) {
  const Settings& config = run.config;
  std::string text = run.job;
  if (config.hash != HashAlgorithm::none) text += std::string(" ") + name(config.hash);
  if (config.read) text += ", " + result::read_text(*config.read);
  if (config.copy) {
    text += fmt::format(" to {}, {}{}{}{}", config.copy->destination,
                        name(config.copy->write_cache), config.copy->sparse ? "" : ", holes filled",
                        config.copy->flush ? ", flushed" : ", not flushed",
                        config.copy->verify ? ", verified" : "");
  }
  return text + fmt::format(", cache {}, {} thread{}, block {}", name(config.cache), config.threads,
                            config.threads == 1 ? "" : "s", format_size(config.block_bytes));
}

struct SectionConfigurations {
  const Run* first = nullptr;
  std::vector<const result::Configuration*> configurations;
};

std::vector<SectionConfigurations> sections_of(
    const std::vector<result::Configuration>& configurations) {
  std::vector<SectionConfigurations> sections;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (const result::Configuration& configuration : configurations) {
    const Run& run = configuration.first();
    // The setting contains a rounded block size, so the key also needs the exact one.
    const std::string setting = fmt::format("{} {}", setting_text(run), run.config.block_bytes);
    const auto [place, added] = places.try_emplace({run.target.path, setting}, sections.size());
    if (added) sections.push_back({.first = &run, .configurations = {}});
    sections[place->second].configurations.push_back(&configuration);
  }
  return sections;
}

// The baseline of each configuration.
struct Pairs {
  std::map<const result::Configuration*, const result::Configuration*> base;
  std::map<const Run*, const result::ComparedConfiguration*>
      compared;  // by first run of the new side
};

// Builds the sections of one Place.
class SectionBuilder {
 public:
  SectionBuilder(const Results& first, const Pairs& pairs, const Rank& rank)
      : system_(first.host.system), pairs_(pairs), rank_(rank) {}

  ReportSection section(const SectionConfigurations& from) const {
    ReportSection section{
        .path = from.first->target.path,
        .setting = setting_text(*from.first),
        .file = result::file_text(from.first->target),
        .at_rate = result::why_not(*from.first, result::Metric::throughput).has_value(),
        .advice = {},
        .configurations = {}};
    for (const result::Configuration* one : from.configurations)
      section.configurations.push_back(configuration(*one));
    if (!rank_ || section.at_rate || section.configurations.size() < 2) return section;
    Ranking ranking = rank_(from.configurations);
    section.advice = std::move(ranking.advice);
    for (std::size_t i = 0; i < section.configurations.size() && i < ranking.marks.size(); ++i) {
      section.configurations[i].mark = std::move(ranking.marks[i]);
    }
    return section;
  }

 private:
  // The version of Wine is unknown if a configuration failed before it started.
  std::string wine_of(const result::Configuration& configuration) const {
    const os::HostInfo& host = configuration.origin().host;
    if (!host.wine.empty()) return host.wine;
    return host.system == "Windows" && system_ == "Linux" ? "of unknown version" : "";
  }

  ReportConfiguration configuration(const result::Configuration& from) const {
    const Settings& config = from.first().config;
    const std::string wine = wine_of(from);
    ReportConfiguration configuration{.engine = result::engine_label(config, !wine.empty()),
                                      .depth = config.depth,
                                      .wine = wine,
                                      .latency_of = config.latency_of,
                                      .mark = {},
                                      .figures = figures_of(from),
                                      .base = {}};
    if (config.copy && config.copy->writer != config.engine) {
      configuration.engine += ", written by " + config.copy->writer;
    }
    const auto base = pairs_.base.find(&from);
    if (base != pairs_.base.end()) configuration.base = base_of(from, *base->second);
    return configuration;
  }

  BaseFigures base_of(const result::Configuration& now, const result::Configuration& base) const {
    BaseFigures figures;
    figures.figures = figures_of(base);
    const auto found = pairs_.compared.find(&now.first());
    if (found == pairs_.compared.end()) return figures;
    const result::ComparedConfiguration& compared = *found->second;
    figures.treated_as_same = compared.treated_as_same;
    const result::Figure& figure = compared.figures.front();
    figures.ratio = figure.ratio;
    figures.interval = figure.interval;
    figures.verdict = figure.verdict ? result::name_of(*figure.verdict) : "not_comparable";
    figures.min_repetitions = figure.min_repetitions;
    return figures;
  }

  std::string system_;
  const Pairs& pairs_;
  const Rank& rank_;
};

ReportFile::Against against_of(const result::Comparison& comparison) {
  ReportFile::Against against{.tools = comparison.base.tools,
                              .summary = result::summary(comparison),
                              .notes = comparison.notes,
                              .incompatibilities = {}};
  for (const result::Incompatibility& incompatibility : comparison.incompatibilities) {
    against.incompatibilities.push_back(
        fmt::format("{}: {}", result::name_of(incompatibility.kind), incompatibility.text));
  }
  return against;
}

ReportFile model_of(Place place, const std::optional<result::Side>& base, const Rank& rank) {
  ReportFile model{.info = info_of(place.results), .sections = {}, .against = {}};
  const result::Side now{.path = {}, .results = std::move(place.results)};
  const std::vector<result::Configuration> configurations = result::configurations_of(now.results);
  const std::vector<result::Configuration> base_configurations =
      base ? result::configurations_of(base->results) : std::vector<result::Configuration>();
  result::Comparison comparison;
  Pairs pairs;
  if (base) {
    comparison = result::compare(*base, now, {});
    model.against = against_of(comparison);
    for (const result::ComparedConfiguration& configuration : comparison.configurations)
      pairs.compared[configuration.now_run] = &configuration;
    for (const result::Match& match :
         result::match_configurations(base_configurations, configurations).matches) {
      pairs.base[match.now] = match.base;
    }
  }
  const SectionBuilder builder(now.results.front(), pairs, rank);
  for (const SectionConfigurations& section : sections_of(configurations)) {
    model.sections.push_back(builder.section(section));
  }
  return model;
}

// The median over the repetitions that have the value: 0 means that it was not measured.
template <class Value>
std::optional<Estimate> estimate(const result::Configuration& configuration, Value value) {
  std::vector<double> values;
  for (const Repetition* r : configuration.repetitions) {
    if (const double one = value(*r); one > 0) values.push_back(one);
  }
  if (values.empty()) return std::nullopt;
  return Estimate{.median = stats::median(values),
                  .interval = stats::median_interval(values, kReportConfidence)};
}

std::optional<LatencySpread> latency_of(const result::Configuration& configuration) {
  stats::Histogram all;
  for (const Repetition* r : configuration.repetitions) {
    all.merge(r->latency_ns);
    if (r->copy) all.merge(r->copy->writes.latency_ns);
  }
  if (all.count() == 0) return std::nullopt;
  LatencySpread spread{.requests = all.count(), .max_ns = static_cast<double>(all.max())};
  for (std::size_t i = 0; i < kReportPercents.size(); ++i) {
    spread.percentile_ns[i] = static_cast<double>(all.percentile(kReportPercents[i]));
  }
  return spread;
}

std::optional<TimeShares> time_of(const result::Configuration& configuration) {
  TimeShares sum;
  for (const Repetition* r : configuration.repetitions) {
    sum.waiting += r->waiting_seconds;
    sum.hashing += r->hashing_seconds;
    sum.submitting += r->submitting_seconds;
    sum.rest += r->rest_seconds;
  }
  const double all = sum.waiting + sum.hashing + sum.submitting + sum.rest;
  if (!(all > 0)) return std::nullopt;
  return TimeShares{.waiting = sum.waiting / all,
                    .hashing = sum.hashing / all,
                    .submitting = sum.submitting / all,
                    .rest = sum.rest / all};
}

std::optional<double> inline_share_of(const result::Configuration& configuration) {
  double requests = 0;
  double done_inline = 0;
  for (const Repetition* r : configuration.repetitions) {
    requests += static_cast<double>(r->requests);
    done_inline += static_cast<double>(r->inline_completions);
  }
  if (requests == 0) return std::nullopt;
  return done_inline / requests;
}

}  // namespace

std::vector<ReportFile> places_of(std::vector<Results> results,
                                  const std::optional<result::Side>& base, const Rank& rank) {
  std::vector<ReportFile> models;
  for (Place& place : sorted_by_place(std::move(results))) {
    models.push_back(model_of(std::move(place), base, rank));
  }
  return models;
}

bool ConfigurationFigures::suspect() const {
  return std::any_of(warnings.begin(), warnings.end(),
                     [](const result::Warning& warning) { return warning.kind().suspect; });
}

ConfigurationFigures figures_of(const result::Configuration& configuration) {
  ConfigurationFigures figures;
  figures.repetitions = configuration.repetitions.size();
  figures.partial = configuration.partial;
  for (const result::MeasuredRun& measured : configuration.runs) {
    for (const result::Warning& warning : measured.run->warnings) {
      result::add_warning(figures.warnings, warning);
    }
  }
  for (const Run* run : configuration.failures) figures.failures.push_back(run->failure->line());
  const auto metric = [](result::Metric which) {
    return [which](const Repetition& r) { return result::value_of(r, which); };
  };
  figures.bytes_per_second = estimate(configuration, metric(result::Metric::throughput));
  figures.requests_per_second =
      estimate(configuration, [](const Repetition& r) { return r.requests_per_second(); });
  if (!result::why_not(configuration.first(), result::Metric::cpu)) {
    figures.cpu_seconds_per_gib = estimate(configuration, metric(result::Metric::cpu));
  }
  figures.latency = latency_of(configuration);
  if (!figures.latency)
    return figures;  // the copy call of the system, whose requests are not visible
  figures.time = time_of(configuration);
  figures.inline_share = inline_share_of(configuration);
  const std::optional<Estimate> depth =
      estimate(configuration, [](const Repetition& r) { return r.depth_achieved(); });
  if (depth) figures.depth_achieved = depth->median;
  return figures;
}

}  // namespace aiobench::report
