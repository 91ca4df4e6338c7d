#include "report/comparison_markdown.h"

#include <fmt/core.h>

#include <string_view>

#include "base/error.h"

namespace aiobench::report {
namespace {

std::string verdict_cell(const Figure& figure) {
  if (!figure.verdict) return "not comparable";
  switch (*figure.verdict) {
    case measure::Verdict::regression:
      return "**regression**";
    case measure::Verdict::improvement:
      return "improvement";
    case measure::Verdict::no_change:
      return "no change";
    case measure::Verdict::inconclusive:
      break;
  }
  return figure.least_runs == 0
             ? std::string("inconclusive")
             : fmt::format("inconclusive: too few runs, {} needed at least", figure.least_runs);
}

std::string interval_cell(const Figure& figure) {
  if (!figure.interval) return "";
  return fmt::format("{} to {}", format_change(figure.interval->low),
                     format_change(figure.interval->high));
}

std::string figure_row(const ComparedCell& cell, const Figure& figure) {
  const std::string suspect = suspect_text(cell);
  std::string what = markdown_text(cell.name);
  for (const std::string& difference : cell.taken_for_same) {
    what += "<br>taken for the same: " + markdown_text(difference);
  }
  if (!suspect.empty()) what += "<br>:warning: " + markdown_text(suspect);
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", markdown_text(cell.path),
                     what, kind_of(figure.metric).name, format_value(figure.metric, figure.base),
                     format_value(figure.metric, figure.now), format_change(figure.ratio),
                     interval_cell(figure), runs_text(cell), verdict_cell(figure));
}

}  // namespace

std::string markdown_text(const std::string& text) {
  std::string out;
  for (const char c : printable(text)) {
    if (std::string_view("\\`*_{}[]()#|~!").find(c) != std::string_view::npos) {
      out += '\\';
      out += c;
    } else if (std::string_view("<>&@").find(c) != std::string_view::npos) {
      out += fmt::format("&#{};", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string comparison_markdown(const Comparison& comparison) {
  const measure::Rule& rule = comparison.options.rule;
  std::string text = fmt::format("**{}**\n", summary(comparison));
  if (!comparison.cells.empty()) {
    text +=
        "\n| file | run | metric | base | new | change | interval | compared | verdict |\n"
        "|---|---|---|---:|---:|---:|---|---|---|\n";
  }
  for (const ComparedCell& cell : comparison.cells) {
    for (const Figure& figure : cell.figures) text += figure_row(cell, figure);
  }
  if (!comparison.obstacles.empty()) text += "\nNot comparable:\n\n";
  for (const Obstacle& obstacle : comparison.obstacles) {
    text += fmt::format("- {}{}: {}\n", name_of(obstacle.kind),
                        obstacle.allowed ? " (allowed)" : "", markdown_text(obstacle.text));
  }
  if (!comparison.notes.empty()) text += "\nNotes:\n\n";
  for (const std::string& note : comparison.notes) text += "- " + markdown_text(note) + "\n";
  return text + fmt::format(
                    "\nMedians; the change with its interval at {} confidence; threshold "
                    "{}.\n",
                    format_percent(rule.confidence), format_percent(rule.threshold));
}

}  // namespace aiobench::report
