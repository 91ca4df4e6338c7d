#include "report/comparison_json.h"

#include "report/json_parts.h"

namespace aiobench::report {
namespace {

Json source_json(const Comparison::Source& source) {
  return {{"path", source.path}, {"files", source.files}, {"tools", source.tools}};
}

Json options_json(const CompareOptions& options) {
  Json metrics = Json::array();
  for (const Metric metric : options.metrics) metrics.push_back(kind_of(metric).name);
  Json allowed = Json::array();
  for (const Hindrance hindrance : options.allowed) allowed.push_back(name_of(hindrance));
  return {{"metrics", std::move(metrics)},
          {"threshold_share", options.rule.threshold},
          {"confidence", options.rule.confidence},
          {"allowed", std::move(allowed)}};
}

Json tally_json(const Tally& tally) {
  return {{"all", tally.all},
          {"regression", tally.worse},
          {"improvement", tally.better},
          {"no_change", tally.same},
          {"inconclusive", tally.inconclusive},
          {"not_comparable", tally.not_comparable}};
}

Json figure_json(const Figure& figure) {
  const MetricKind& kind = kind_of(figure.metric);
  return {{"metric", kind.name},
          {"unit", kind.unit},
          {"more_is_better", kind.more_is_better},
          {"base_median", figure.base},
          {"new_median", figure.now},
          {"ratio", figure.ratio},
          {"ratio_low", figure.interval ? Json(figure.interval->low) : Json(nullptr)},
          {"ratio_high", figure.interval ? Json(figure.interval->high) : Json(nullptr)},
          {"p", figure.p},
          {"adjusted_p", figure.verdict ? Json(figure.adjusted_p) : Json(nullptr)},
          {"verdict", figure.verdict ? name_of(*figure.verdict) : "not_comparable"},
          {"least_repetitions", or_null(std::uint64_t{figure.least_runs})}};
}

Json cell_json(const ComparedCell& cell) {
  Json figures = Json::array();
  for (const Figure& figure : cell.figures) figures.push_back(figure_json(figure));
  return {{"job", cell.job},
          {"path", cell.path},
          {"name", cell.name},
          {"config", config_json(cell.config)},
          {"taken_for_same", cell.taken_for_same},
          {"suspect", !cell.suspect_base.empty() || !cell.suspect_now.empty()},
          {"suspect_base", cell.suspect_base},
          {"suspect_new", cell.suspect_now},
          {"method", cell.in_turn ? "pairs" : "mann_whitney"},
          {"base_repetitions", cell.base_runs},
          {"new_repetitions", cell.now_runs},
          {"comparisons", std::move(figures)}};
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
  Json cells = Json::array();
  for (const ComparedCell& cell : comparison.cells) cells.push_back(cell_json(cell));
  Json obstacles = Json::array();
  for (const Obstacle& obstacle : comparison.obstacles) {
    obstacles.push_back({{"kind", name_of(obstacle.kind)},
                         {"allowed", obstacle.allowed},
                         {"message", obstacle.text}});
  }
  return json_text({{"schema", kComparisonSchema},
                    {"base", source_json(comparison.base)},
                    {"new", source_json(comparison.now)},
                    {"options", options_json(comparison.options)},
                    {"verdict", name_of(comparison.outcome())},
                    {"summary", summary(comparison)},
                    {"counts", tally_json(comparison.tally())},
                    {"cells", std::move(cells)},
                    {"obstacles", std::move(obstacles)},
                    {"notes", comparison.notes}});
}

}  // namespace aiobench::report
