#include "report/comparison_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "report/terminal_text.h"

namespace aiobench::report {
namespace {

constexpr std::size_t kColumns = 80;

// A line, or several where it is too long, broken between words. What comes from a file may hold
// what moves a terminal's cursor.
std::string line(const std::string& indent, const std::string& text) {
  const std::string words = printable(text);
  std::string lines;
  std::string start = indent;
  for (std::size_t at = 0; at < words.size();) {
    std::size_t end = words.size();
    if (start.size() + end - at > kColumns) {
      // A word that is longer than a line stays whole.
      end = words.rfind(' ', at + kColumns - start.size());
      if (end == std::string::npos || end <= at) end = words.find(' ', at);
      end = std::min(end, words.size());
    }
    lines += start + words.substr(at, end - at) + "\n";
    at = end + 1;
    start = indent + "  ";
  }
  return lines;
}

std::string source_line(const char* side, const Comparison::Source& source) {
  std::string text = fmt::format("{:<5} {}", side, source.path);
  if (source.files > 1) text += fmt::format(" ({} files)", source.files);
  for (std::size_t i = 0; i < source.tools.size(); ++i) {
    text += (i == 0 ? ": " : ", ") + source.tools[i];
  }
  return line("", text);
}

std::string verdict_text(const Figure& figure) {
  if (!figure.verdict) return "no verdict";
  switch (*figure.verdict) {
    case measure::Verdict::regression:
      return "REGRESSION";
    case measure::Verdict::improvement:
      return "improvement";
    case measure::Verdict::no_change:
      return "no change";
    case measure::Verdict::inconclusive:
      break;
  }
  return "inconclusive";
}

Tone tone_of(const Figure& figure) {
  if (figure.verdict == measure::Verdict::regression) return Tone::bad;
  if (figure.verdict == measure::Verdict::improvement) return Tone::good;
  return figure.verdict == measure::Verdict::no_change ? Tone::plain : Tone::doubtful;
}

Tone tone_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::regression:
      return Tone::bad;
    case Outcome::not_comparable:
    case Outcome::inconclusive:
      return Tone::doubtful;
    case Outcome::improvement:
    case Outcome::no_change:
      break;
  }
  return Tone::good;
}

std::string interval_text(const Figure& figure) {
  if (!figure.interval) return "(no interval)";
  std::string low = format_change(figure.interval->low);
  const std::string high = format_change(figure.interval->high);
  // One sign for both.
  if (low.ends_with(" %") && high.ends_with(" %")) low.resize(low.size() - 2);
  return fmt::format("({} to {})", low, high);
}

std::string figure_lines(const ComparedCell& cell, const Figure& figure, const Style& style) {
  const std::string values = fmt::format("{} -> {}", format_value(figure.metric, figure.base),
                                         format_value(figure.metric, figure.now));
  std::string text = fmt::format("    {:<10} {:<24} {:>8} {:<18} ", kind_of(figure.metric).name,
                                 values, format_change(figure.ratio), interval_text(figure));
  const std::string verdict = verdict_text(figure);
  // Rather out of line than over the edge.
  if (text.size() + verdict.size() > kColumns) text = wrapped(text, text.size(), "    ") + " ";
  text += style.in(tone_of(figure), verdict) + "\n";
  if (figure.least_runs > 0) {
    text += fmt::format("    {:<10} too few runs: {} {} would be needed at least\n", "",
                        figure.least_runs, cell.in_turn ? "pairs" : "on each side");
  }
  return text;
}

std::string cell_lines(const ComparedCell& cell, const Style& style) {
  std::string text = line("  ", cell.name);
  for (const Figure& figure : cell.figures) text += figure_lines(cell, figure, style);
  const std::string suspect = suspect_text(cell);
  if (!suspect.empty()) text += line("    ", suspect + ": do not quote these figures");
  for (const std::string& difference : cell.taken_for_same) {
    text += line("    ", "taken for the same: " + difference);
  }
  return text + line("    ", runs_text(cell));
}

}  // namespace

std::string comparison_text(const Comparison& comparison, const Style& style) {
  const measure::Rule& rule = comparison.options.rule;
  std::string text = source_line("BASE", comparison.base) + source_line("NEW", comparison.now);
  text += fmt::format("medians, change with its interval at {} confidence; threshold {}\n",
                      format_percent(rule.confidence), format_percent(rule.threshold));
  const std::string* path = nullptr;
  for (const ComparedCell& cell : comparison.cells) {
    if (path == nullptr || *path != cell.path) text += "\n" + line("", cell.path);
    path = &cell.path;
    text += cell_lines(cell, style);
  }
  text += "\n";
  for (const Obstacle& obstacle : comparison.obstacles) {
    text += line("", fmt::format("{}{}: {}", obstacle.allowed ? "allowed, " : "",
                                 name_of(obstacle.kind), obstacle.text));
  }
  for (const std::string& note : comparison.notes) text += line("", "note: " + note);
  if (!comparison.obstacles.empty() || !comparison.notes.empty()) text += "\n";
  return text + style.in(tone_of(comparison.outcome()), summary(comparison)) + "\n";
}

}  // namespace aiobench::report
