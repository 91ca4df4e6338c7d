// The parts of a comparison in words, which all its reports share.
#include <fmt/core.h>

#include <cmath>

#include "result/comparison.h"

namespace aiobench::report {
namespace {

const char* lead_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::regression:
      return "Regression";
    case Outcome::not_comparable:
      return "Not comparable";
    case Outcome::inconclusive:
      return "Inconclusive";
    case Outcome::improvement:
      return "Improvement";
    case Outcome::no_change:
      break;
  }
  return "No change";
}

}  // namespace

const char* name_of(measure::Verdict verdict) {
  switch (verdict) {
    case measure::Verdict::regression:
      return "regression";
    case measure::Verdict::improvement:
      return "improvement";
    case measure::Verdict::no_change:
      return "no_change";
    case measure::Verdict::inconclusive:
      break;
  }
  return "inconclusive";
}

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::regression:
      return "regression";
    case Outcome::not_comparable:
      return "not_comparable";
    case Outcome::inconclusive:
      return "inconclusive";
    case Outcome::improvement:
      return "improvement";
    case Outcome::no_change:
      break;
  }
  return "no_change";
}

std::string summary(const Comparison& comparison) {
  const Tally tally = comparison.tally();
  std::string text = lead_of(comparison.outcome());
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
  add(tally.inconclusive, "undecided");
  add(tally.not_comparable, "not comparable");
  return text + ".";
}

std::string format_percent(double share) {
  return fmt::format("{:.6g} %", share * 100);
}

std::string format_change(double ratio) {
  constexpr double kMostPercent = 9999;
  const double percent = (ratio - 1) * 100;
  if (percent > kMostPercent) return fmt::format("x{:.3g}", ratio);
  // Not "-0.0": a change too small to be shown has no direction.
  return std::abs(percent) < 0.05 ? "0.0 %" : fmt::format("{:+.1f} %", percent);
}

std::string runs_text(const ComparedCell& cell) {
  return cell.in_turn ? fmt::format("{} pairs, measured in turn", cell.base_runs)
                      : fmt::format("{} and {} runs", cell.base_runs, cell.now_runs);
}

std::string suspect_text(const ComparedCell& cell) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& codes, const char* side) {
    if (codes.empty()) return;
    text += text.empty() ? "suspect: " : "; ";
    for (std::size_t i = 0; i < codes.size(); ++i) text += (i == 0 ? "" : ", ") + codes[i];
    text += fmt::format(" ({})", side);
  };
  if (cell.suspect_base == cell.suspect_now) {
    add(cell.suspect_base, "both");
  } else {
    add(cell.suspect_base, "BASE");
    add(cell.suspect_now, "NEW");
  }
  return text;
}

}  // namespace aiobench::report
