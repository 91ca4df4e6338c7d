#include "result/comparison.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

#include "base/units.h"
#include "result/configuration.h"
#include "stats/hypothesis.h"

namespace aiobench::result {
namespace {

using stats::CostRatio;
using stats::Verdict;
using Texts = std::vector<std::string>;

constexpr IncompatibilityInfo kIncompatibilityKinds[] = {
    {IncompatibilityKind::missing, "missing"},
    {IncompatibilityKind::digest, "digest"},
    {IncompatibilityKind::environment, "environment"}};

// Appends "what: (base), then (now)" if both values are known and differ.
void note_difference(Texts& texts, const char* what, const std::string& base,
                     const std::string& now) {
  if (base.empty() || now.empty() || base == now) return;
  texts.push_back(fmt::format("{}: {}, then {}", what, base, now));
}

std::string number(std::uint64_t value) {
  return value == 0 ? std::string() : format_count(value);
}

// Kernels reserve different amounts of memory, so small differences do not count.
bool memory_differs(std::uint64_t base, std::uint64_t now) {
  constexpr std::uint64_t kPart = 16;
  const auto [less, more] = std::minmax(base, now);
  return less > 0 && more - less > more / kPart;
}

std::string build_text(const ToolInfo& tool) {
  return tool.build_type + (tool.optimized ? "" : ", not optimized");
}

Texts origin_differences(const Origin& base, const Origin& now) {
  Texts texts;
  const os::HostInfo& base_host = base.host;
  const os::HostInfo& now_host = now.host;
  const auto wine = [](const os::HostInfo& host) {
    return host.wine.empty() ? std::string("none") : host.wine;
  };
  note_difference(texts, "system", base_host.system, now_host.system);
  note_difference(texts, "system version", base_host.version, now_host.version);
  note_difference(texts, "Wine", wine(base_host), wine(now_host));
  note_difference(texts, "CPU model", base_host.cpu_model, now_host.cpu_model);
  note_difference(texts, "CPUs", number(base_host.cpus), number(now_host.cpus));
  note_difference(texts, "CPU frequency governor", base_host.cpu_governor, now_host.cpu_governor);
  if (memory_differs(base_host.memory_bytes, now_host.memory_bytes)) {
    note_difference(texts, "memory", format_size(base_host.memory_bytes),
                    format_size(now_host.memory_bytes));
  }
  note_difference(texts, "clock", base.clock, now.clock);
  note_difference(texts, "build", build_text(base.tool), build_text(now.tool));
  return texts;
}

Texts storage_differences(const Run& base, const Run& now) {
  Texts texts;
  const os::StorageInfo& base_storage = base.target.storage;
  const os::StorageInfo& now_storage = now.target.storage;
  note_difference(texts, "file system", base_storage.file_system, now_storage.file_system);
  note_difference(texts, "device", base_storage.device, now_storage.device);
  note_difference(texts, "device model", base_storage.model, now_storage.model);
  note_difference(texts, "mount options", base_storage.mount_options, now_storage.mount_options);
  for (std::string& text : texts) text = base.target.path + ": " + text;
  return texts;
}

// The runs of the base and then those of the new side, without the runs that failed.
std::vector<MeasuredRun> usable_runs(const Match& match) {
  std::vector<MeasuredRun> runs;
  for (const Configuration* configuration : {match.base, match.now}) {
    for (const MeasuredRun& measured : configuration->runs) {
      if (!measured.run->failure) runs.push_back(measured);
    }
  }
  return runs;
}

// The digests of one side, joined by " and "; empty if there is none.
std::string digests_of(const Configuration& configuration) {
  std::set<std::string> digests;
  for (const Repetition* repetition : configuration.repetitions) {
    if (!repetition->digest.empty()) digests.insert(repetition->digest);
  }
  std::string line;
  for (const std::string& digest : digests) line += (line.empty() ? "" : " and ") + digest;
  return line;
}

// The differences in digest and size. Different digests within one side are a difference too.
Texts content_differences(const Match& match) {
  Texts texts;
  const std::vector<MeasuredRun> runs = usable_runs(match);
  const Run& first = *runs.front().run;
  const std::string base = digests_of(*match.base);
  const std::string now = digests_of(*match.now);
  const std::string what = fmt::format("{}: {}", first.target.path, name(first.config.hash));
  note_difference(texts, what.c_str(), base, now);
  if (texts.empty() && base.find(' ') != std::string::npos) texts.push_back(what + ": " + base);
  for (const MeasuredRun& measured : runs) {
    const std::uint64_t first_bytes = first.target.file_bytes;
    const std::uint64_t other_bytes = measured.run->target.file_bytes;
    if (first_bytes == other_bytes) continue;
    texts.push_back(fmt::format("{}: {} B, then {} B", first.target.path, format_count(first_bytes),
                                format_count(other_bytes)));
    break;
  }
  return texts;
}

std::string engine_and_more(const Settings& config) {
  return fmt::format("{}, depth {}, threads {}, block {}", config.engine_text(), config.depth,
                     config.threads, format_exact_size(config.block_bytes));
}

// Far above any real cost, but small enough for the ratio of two costs to be finite.
constexpr double kMaxCost = 1e100;

class ComparisonBuilder {
 public:
  explicit ComparisonBuilder(const CompareOptions& options) { comparison_.options = options; }

  // Call it once.
  Comparison build(const Side& base, const Side& now) {
    comparison_.base = source_of(base);
    comparison_.now = source_of(now);
    note_wine(base, now);
    const std::vector<Configuration> of_base = configurations_of(base.results);
    const std::vector<Configuration> of_now = configurations_of(now.results);
    for (const Configuration& configuration : of_base) note_incomplete(configuration, "BASE");
    for (const Configuration& configuration : of_now) note_incomplete(configuration, "NEW");
    const Matching matching = match_configurations(of_base, of_now);
    for (const Configuration* configuration : matching.only_base)
      add_missing(*configuration, "not in NEW");
    for (const Configuration* configuration : matching.only_now)
      add_missing(*configuration, "not in BASE");
    for (const Match& match : matching.matches) add_configuration(match);
    give_verdicts();
    return std::move(comparison_);
  }

 private:
  static Comparison::Source source_of(const Side& side) {
    Comparison::Source source{.path = side.path, .files = side.results.size(), .tools = {}};
    std::set<std::string> tools;
    const auto add = [&](const ToolInfo& tool) {
      const std::string commit = tool.commit.empty() ? "" : fmt::format(" ({})", tool.commit);
      tools.insert(fmt::format("aiobench {}{}", tool.version, commit));
    };
    for (const Results& result : side.results) {
      add(result.tool);
      for (const Run& run : result.runs) add(result.origin_of(run).tool);
    }
    source.tools.assign(tools.begin(), tools.end());
    return source;
  }

  void note_wine(const Side& base, const Side& now) {
    for (const Side* side : {&base, &now}) {
      for (const Results& result : side->results) {
        for (const Run& run : result.runs) {
          if (result.origin_of(run).host.wine.empty()) continue;
          comparison_.notes.emplace_back("Timing under Wine says nothing about Windows.");
          return;
        }
      }
    }
  }

  static std::string full_name(const Configuration& configuration) {
    return fmt::format("{}: {}", configuration.first().target.path,
                       configuration_name(configuration.first()));
  }

  // Reports the failed runs and the interrupted repetitions of one side.
  void note_incomplete(const Configuration& configuration, const char* side) {
    for (const Run* run : configuration.failures) {
      add_missing(configuration, fmt::format("failed in {}: {}", side, run->failure->line()));
    }
    if (configuration.partial == 0) return;
    comparison_.notes.push_back(fmt::format("{}: {} interrupted repetition{} of {} left out",
                                            full_name(configuration), configuration.partial,
                                            configuration.partial == 1 ? "" : "s", side));
  }

  void add_incompatibility(Incompatibility incompatibility) {
    incompatibility.allowed = comparison_.options.allows(incompatibility.kind);
    if (reported_.insert({incompatibility.kind, incompatibility.text}).second) {
      comparison_.incompatibilities.push_back(std::move(incompatibility));
    }
  }

  void add_missing(const Configuration& configuration, const std::string& why) {
    add_incompatibility(
        {.kind = IncompatibilityKind::missing, .text = full_name(configuration) + ": " + why});
  }

  void add_configuration(const Match& match) {
    bool comparable = true;
    for (const Configuration* configuration : {match.base, match.now}) {
      if (!configuration->repetitions.empty()) continue;
      comparable = false;
      if (!configuration->failures.empty()) continue;  // already reported
      add_missing(*configuration, configuration == match.base ? "no complete repetition in BASE"
                                                              : "no complete repetition in NEW");
    }
    if (!comparable) return;
    for (Incompatibility& incompatibility : differences(match)) {
      comparable = comparable && comparison_.options.allows(incompatibility.kind);
      add_incompatibility(std::move(incompatibility));
    }
    const Run& run = match.base->first();
    ComparedConfiguration configuration{.job = run.job,
                                        .path = run.target.path,
                                        .name = configuration_name(run),
                                        .now_run = &match.now->first(),
                                        .config = run.config,
                                        .treated_as_same = treated_as_same(match),
                                        .suspect_base = suspect_codes(*match.base),
                                        .suspect_now = suspect_codes(*match.now),
                                        .paired = measured_alternately(*match.base, *match.now),
                                        .base_repetitions = match.base->repetitions.size(),
                                        .now_repetitions = match.now->repetitions.size(),
                                        .figures = {}};
    for (const Metric metric : comparison_.options.metrics) {
      add_figure(configuration, match, metric, comparable);
    }
    if (!configuration.figures.empty())
      comparison_.configurations.push_back(std::move(configuration));
  }

  static std::vector<std::string> suspect_codes(const Configuration& configuration) {
    std::set<std::string> codes;
    for (const MeasuredRun& measured : configuration.runs) {
      for (const Warning& warning : measured.run->warnings) {
        if (warning.kind().suspect) codes.insert(warning.kind().name);
      }
    }
    return {codes.begin(), codes.end()};
  }

  // The costs of all repetitions. Empty if one is missing or out of range, because no ratio can be
  // computed then.
  static std::vector<double> costs_of(const Configuration& configuration, Metric metric) {
    std::vector<double> costs;
    for (const Repetition* repetition : configuration.repetitions) {
      const double cost = cost_of(metric, value_of(*repetition, metric));
      if (!(cost > 1 / kMaxCost && cost < kMaxCost)) return {};
      costs.push_back(cost);
    }
    return costs;
  }

  // The reason why the metric is meaningless for this match; empty if it is meaningful.
  static std::string why_no_figure(const Match& match, Metric metric) {
    if (const std::optional<std::string> why = why_not(match.base->first(), metric)) return *why;
    const bool latency = metric == Metric::p50 || metric == Metric::p99;
    if (latency && match.base->first().config.latency_of != match.now->first().config.latency_of) {
      return "latencies of different operations: " + match.base->first().config.latency_of +
             ", then " + match.now->first().config.latency_of;
    }
    return {};
  }

  void add_figure(ComparedConfiguration& configuration, const Match& match, Metric metric,
                  bool comparable) {
    const std::vector<double> base = costs_of(*match.base, metric);
    const std::vector<double> now = costs_of(*match.now, metric);
    std::string why = why_no_figure(match, metric);
    if (why.empty() && (base.empty() || now.empty())) {
      why = base.empty() ? "not measured in BASE" : "not measured in NEW";
    }
    if (!why.empty()) {
      add_missing(*match.base, fmt::format("no {}: {}", kind_of(metric).name, why));
      return;
    }
    const stats::Rule& rule = comparison_.options.rule;
    const CostRatio ratio = configuration.paired ? stats::ratio_of_pairs(base, now, rule)
                                                 : stats::ratio_of_samples(base, now, rule);
    Figure figure{.metric = metric,
                  .base = value_of_cost(metric, ratio.base),
                  .now = value_of_cost(metric, ratio.now),
                  .ratio = value_of_cost(metric, ratio.ratio),
                  .interval = {},
                  .p = ratio.p(),
                  .verdict = {}};
    if (ratio.interval) {
      // If more is better, the greater cost is the smaller value.
      const auto [low, high] = std::minmax({value_of_cost(metric, ratio.interval->low),
                                            value_of_cost(metric, ratio.interval->high)});
      figure.interval = stats::Bounds{low, high};
    }
    configuration.figures.push_back(figure);
    if (comparable)
      awaiting_verdict_.push_back(
          {comparison_.configurations.size(), configuration.figures.size() - 1, ratio});
  }

  // After all figures are known, because Holm's adjustment needs the p-values of all of them.
  // Figures that are not comparable get no verdict, and do not count as comparisons.
  void give_verdicts() {
    const stats::Rule& rule = comparison_.options.rule;
    std::vector<double> p_values;
    for (const AwaitingVerdict& one : awaiting_verdict_) p_values.push_back(one.ratio.p());
    const std::vector<double> adjusted = stats::holm(p_values);
    for (std::size_t i = 0; i < awaiting_verdict_.size(); ++i) {
      const AwaitingVerdict& one = awaiting_verdict_[i];
      const ComparedConfiguration& configuration = comparison_.configurations[one.configuration];
      Figure& figure = comparison_.configurations[one.configuration].figures[one.figure];
      figure.adjusted_p = adjusted[i];
      figure.verdict = stats::verdict_of(one.ratio, adjusted[i], rule);
      // With too few repetitions, not even the smallest p-value would be small enough.
      const double min_adjusted_p =
          one.ratio.min_attainable_p * static_cast<double>(awaiting_verdict_.size());
      if (figure.verdict != Verdict::inconclusive || min_adjusted_p <= 1 - rule.confidence)
        continue;
      figure.min_repetitions = configuration.paired
                                   ? stats::min_pairs(awaiting_verdict_.size(), rule)
                                   : stats::min_samples(awaiting_verdict_.size(), rule);
    }
  }

  // A comparable figure, and what its verdict depends on.
  struct AwaitingVerdict {
    std::size_t configuration;  // index in comparison_.configurations
    std::size_t figure;         // index in its figures
    CostRatio ratio;
  };

  Comparison comparison_;
  std::vector<AwaitingVerdict> awaiting_verdict_;
  std::set<std::pair<IncompatibilityKind, std::string>> reported_;
};

// The first words of summary().
const char* first_words_of(ComparisonOutcome outcome) {
  switch (outcome) {
    case ComparisonOutcome::regression:
      return "Regression";
    case ComparisonOutcome::not_comparable:
      return "Not comparable";
    case ComparisonOutcome::inconclusive:
      return "Inconclusive";
    case ComparisonOutcome::improvement:
      return "Improvement";
    case ComparisonOutcome::no_change:
      break;
  }
  return "No change";
}

}  // namespace

std::span<const IncompatibilityInfo> incompatibility_kinds() {
  return kIncompatibilityKinds;
}

const IncompatibilityInfo* find_incompatibility(std::string_view name) {
  const auto found =
      std::find_if(std::begin(kIncompatibilityKinds), std::end(kIncompatibilityKinds),
                   [&](const IncompatibilityInfo& kind) { return kind.name == name; });
  return found == std::end(kIncompatibilityKinds) ? nullptr : found;
}

const char* name_of(IncompatibilityKind incompatibility) {
  return kIncompatibilityKinds[static_cast<std::size_t>(incompatibility)].name;
}

std::vector<Incompatibility> differences(const Match& match) {
  std::vector<Incompatibility> incompatibilities;
  const auto add = [&](IncompatibilityKind kind, const Texts& texts) {
    for (const std::string& text : texts) {
      const Incompatibility incompatibility{.kind = kind, .text = text};
      const bool known = std::find(incompatibilities.begin(), incompatibilities.end(),
                                   incompatibility) != incompatibilities.end();
      if (!known) incompatibilities.push_back(incompatibility);
    }
  };
  const std::vector<MeasuredRun> runs = usable_runs(match);
  for (const MeasuredRun& measured : runs) {
    add(IncompatibilityKind::environment,
        origin_differences(*runs.front().origin, *measured.origin));
    add(IncompatibilityKind::environment, storage_differences(*runs.front().run, *measured.run));
  }
  add(IncompatibilityKind::digest, content_differences(match));
  return incompatibilities;
}

std::vector<std::string> treated_as_same(const Match& match) {
  Texts texts;
  const Run& base = match.base->first();
  const Run& now = match.now->first();
  if (!base.config.requested_engine.empty() && !now.config.requested_engine.empty()) {
    note_difference(texts, "auto chose", engine_and_more(base.config), engine_and_more(now.config));
  }
  note_difference(texts, "path", base.target.path, now.target.path);
  return texts;
}

bool CompareOptions::allows(IncompatibilityKind incompatibility) const {
  return std::find(allowed.begin(), allowed.end(), incompatibility) != allowed.end();
}

Tally Comparison::tally() const {
  Tally tally;
  for (const ComparedConfiguration& configuration : configurations) {
    for (const Figure& figure : configuration.figures) {
      ++tally.all;
      if (!figure.verdict) ++tally.not_comparable;
      tally.worse += figure.verdict == Verdict::regression ? 1 : 0;
      tally.better += figure.verdict == Verdict::improvement ? 1 : 0;
      tally.same += figure.verdict == Verdict::no_change ? 1 : 0;
      tally.inconclusive += figure.verdict == Verdict::inconclusive ? 1 : 0;
    }
  }
  return tally;
}

ComparisonOutcome Comparison::outcome() const {
  const Tally tally = this->tally();
  const bool incompatible =
      std::any_of(incompatibilities.begin(), incompatibilities.end(),
                  [](const Incompatibility& incompatibility) { return !incompatibility.allowed; });
  if (tally.worse > 0) return ComparisonOutcome::regression;
  if (incompatible || tally.all == 0) return ComparisonOutcome::not_comparable;
  if (tally.inconclusive > 0) return ComparisonOutcome::inconclusive;
  return tally.better > 0 ? ComparisonOutcome::improvement : ComparisonOutcome::no_change;
}

Comparison compare(const Side& base, const Side& now, const CompareOptions& options) {
  return ComparisonBuilder(options).build(base, now);
}

const char* name_of(stats::Verdict verdict) {
  switch (verdict) {
    case stats::Verdict::regression:
      return "regression";
    case stats::Verdict::improvement:
      return "improvement";
    case stats::Verdict::no_change:
      return "no_change";
    case stats::Verdict::inconclusive:
      break;
  }
  return "inconclusive";
}

const char* name_of(ComparisonOutcome outcome) {
  switch (outcome) {
    case ComparisonOutcome::regression:
      return "regression";
    case ComparisonOutcome::not_comparable:
      return "not_comparable";
    case ComparisonOutcome::inconclusive:
      return "inconclusive";
    case ComparisonOutcome::improvement:
      return "improvement";
    case ComparisonOutcome::no_change:
      break;
  }
  return "no_change";
}

std::string summary(const Comparison& comparison) {
  const Tally tally = comparison.tally();
  std::string text = first_words_of(comparison.outcome());
  if (tally.all == 0) return text + ": nothing was compared.";
  text += fmt::format(": of {} comparison{}", tally.all, tally.all == 1 ? "" : "s");
  const std::string beyond =
      fmt::format(" by more than {}", format_percent(comparison.options.rule.threshold));
  bool first = true;
  const auto add = [&](std::size_t count, const std::string& how) {
    if (count == 0) return;
    text += fmt::format("{} {} {}", first ? "" : ",", count, how);
    first = false;
  };
  add(tally.worse, "worse" + beyond);
  add(tally.better, "better" + beyond);
  add(tally.same, "unchanged");
  add(tally.inconclusive, "inconclusive");
  add(tally.not_comparable, "not comparable");
  return text + ".";
}

std::string format_percent(double share) {
  return fmt::format("{:.6g} %", share * 100);
}

std::string format_change(double ratio) {
  constexpr double kMaxPercent = 9999;
  const double percent = (ratio - 1) * 100;
  if (percent > kMaxPercent) return fmt::format("x{:.3g}", ratio);
  // Avoids "-0.0 %": a change too small to be shown has no direction.
  return std::abs(percent) < 0.05 ? "0.0 %" : fmt::format("{:+.1f} %", percent);
}

std::string repetitions_text(const ComparedConfiguration& configuration) {
  return configuration.paired
             ? fmt::format("{} pairs, measured alternately", configuration.base_repetitions)
             : fmt::format("{} and {} repetitions", configuration.base_repetitions,
                           configuration.now_repetitions);
}

std::string suspect_text(const ComparedConfiguration& configuration) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& codes, const char* side) {
    if (codes.empty()) return;
    text += text.empty() ? "suspect: " : "; ";
    for (std::size_t i = 0; i < codes.size(); ++i) text += (i == 0 ? "" : ", ") + codes[i];
    text += fmt::format(" ({})", side);
  };
  if (configuration.suspect_base == configuration.suspect_now) {
    add(configuration.suspect_base, "both");
  } else {
    add(configuration.suspect_base, "BASE");
    add(configuration.suspect_now, "NEW");
  }
  return text;
}

}  // namespace aiobench::result
