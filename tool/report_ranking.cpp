#include "tool/report_ranking.h"

#include <utility>

#include "result/metric.h"
#include "sweep/advice.h"
#include "sweep/ranking.h"

namespace aiobench::tool {
namespace {

// A cell as one run, without the histograms, for which nobody asks here. Figures that fail are
// none.
measure::Run run_of(const report::Cell& cell) {
  const measure::Run& first = cell.first();
  measure::Run run;
  run.job = first.job;
  run.config = first.config;
  run.target = first.target;
  run.origin = cell.origin();
  for (const report::MeasuredRun& measured : cell.runs) {
    for (const measure::Warning& warning : measured.run->warnings) {
      measure::add_warning(run.warnings, warning);
    }
  }
  for (const measure::Repetition* from : cell.repetitions) {
    const double rate = report::value_of(*from, report::Metric::throughput);
    if (rate <= 0) continue;
    measure::Repetition& r = run.repetitions.emplace_back();
    r.bytes = from->bytes;
    r.wall_seconds = static_cast<double>(from->bytes) / rate;
    r.submitting_seconds = from->submitting_seconds;
    r.waiting_seconds = from->waiting_seconds;
    r.hashing_seconds = from->hashing_seconds;
    r.rest_seconds = from->rest_seconds;
  }
  return run;
}

const char* name_of(sweep::Mark mark) {
  return mark == sweep::Mark::best ? "best" : mark == sweep::Mark::tie ? "tie" : "";
}

}  // namespace

report::Ranking ranking_of(const std::vector<const report::Cell*>& cells) {
  measure::Result result;
  for (const report::Cell* cell : cells) result.runs.push_back(run_of(*cell));
  report::Ranking ranking{.marks = std::vector<std::string>(cells.size()), .advice = {}};
  // All are of one file and one state of the cache: one group, or none where nothing was measured.
  for (const sweep::Group& group : sweep::standing(result)) {
    ranking.advice = sweep::advice(group);
    for (const sweep::Entry& entry : group.entries) {
      ranking.marks[static_cast<std::size_t>(entry.run - result.runs.data())] = name_of(entry.mark);
    }
  }
  return ranking;
}

}  // namespace aiobench::tool
