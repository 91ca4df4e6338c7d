#include "report/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "report/terminal_text.h"
#include "result/configuration.h"

namespace aiobench::report {
namespace {

using result::Repetition;
using result::Run;

constexpr std::size_t kColumns = 80;
constexpr std::size_t kTextColumn = 13;

struct Look {
  Tone label = Tone::faint;
  Tone text = Tone::plain;
  std::size_t headline = 0;  // number of characters at the start to emphasize
  bool sentence = false;     // may be broken at any space
};

// Texts may contain any bytes: file and device names, and everything in a result that was read from
// a file.
std::string row(const Style& style, const char* label, const std::string& text,
                const Look& look = {}) {
  const std::string fit = printable(text);
  std::string rows;
  for (const std::string& line :
       lines_of(look.sentence ? fit : in_parts(fit), kColumns - kTextColumn)) {
    const std::string start = rows.empty() ? label : "";
    rows += "  " + style.in(look.label, start) + std::string(kTextColumn - 2 - start.size(), ' ');
    const std::size_t strong = rows.find('\n') == std::string::npos ? look.headline : 0;
    rows += style.in(Tone::strong, line.substr(0, strong)) +
            style.in(look.text, line.substr(std::min(strong, line.size()))) + "\n";
  }
  return rows;
}

std::string rate(double bytes_per_second) {
  return fmt::format("{:.2f} GiB/s", bytes_per_second / static_cast<double>(kGiB));
}

// Very short times give rates that exceed an integer.
std::string per_second(double count) {
  constexpr double kMaxExact = 1e15;
  return count < kMaxExact ? format_count(static_cast<std::uint64_t>(count))
                           : fmt::format("{:.3g}", count);
}

std::string title(const Run& run, const Repetition* median, const Style& style) {
  std::string path = style.in(Tone::strong, printable(run.target.path));
  if (median == nullptr) return path;
  if (run.config.read) return path + (median->partial ? "  (partial: interrupted)" : "");
  if (median->partial) return path + "  (partial: interrupted, no digest)";
  if (median->digest.empty()) return path + "  (no digest)";
  return fmt::format("{}  {} {}", path, name(run.config.hash), printable(median->digest));
}

std::string speed_line(const Repetition& r) {
  return fmt::format("{}, {} requests/s: {} in {} request{}, {}", rate(r.bytes_per_second()),
                     per_second(r.requests_per_second()), format_size(r.bytes),
                     format_count(r.requests), r.requests == 1 ? "" : "s",
                     format_duration_ns(r.wall_seconds * 1e9));
}

std::string spread_line(const Run& run, const Style& style) {
  constexpr std::size_t kMaxColumns = 24;
  std::vector<double> rates;
  for (const Repetition& r : run.repetitions) {
    if (!r.partial) rates.push_back(r.bytes_per_second());
  }
  if (rates.size() < 2) return {};
  const auto [slowest, fastest] = std::minmax_element(rates.begin(), rates.end());
  return fmt::format("{:.2f} to {}, {} repetitions {}; the median one is shown",
                     *slowest / static_cast<double>(kGiB), rate(*fastest), rates.size(),
                     sparkline(rates, kMaxColumns, style));
}

bool has_rate(const Run& run) {
  return run.config.read && run.config.read->rate_per_second > 0;
}

// Marks a percentile with "?" if there are too few requests for it: then it is the slowest request.
std::string percentiles(const stats::Histogram& latency) {
  constexpr std::uint64_t kAll = 1000;
  const auto at = [&](double percent, std::uint64_t takes) {
    return format_duration_ns(static_cast<double>(latency.percentile(percent))) +
           (latency.count() < takes ? "?" : "");
  };
  return fmt::format(
      "p50 {}, p90 {}, p99 {}, p99.9 {}, max {}{}", at(50, 1), at(90, 10), at(99, 100),
      at(99.9, kAll), format_duration_ns(static_cast<double>(latency.max())),
      latency.count() < kAll ? fmt::format(" (?:{}too few requests)", kNoBreak) : "");
}

// States what a latency measures if it is not a transfer, and whether it starts at the due time.
std::string latency_line(const Run& run, const Repetition& r) {
  const std::string& of = run.config.latency_of;
  return fmt::format("{}{}{}", of == "requests" ? "" : of + ": ", percentiles(r.latency_ns),
                     has_rate(run) ? ", from the due time" : "");
}

std::string submit_line(const Repetition& r) {
  const std::uint64_t requests = r.all_requests();
  const double each = requests == 0 ? 0 : r.submitting_seconds / static_cast<double>(requests);
  return fmt::format("{} in total, {} per request; {:.1f} % {}completed inline",
                     format_duration_ns(r.submitting_seconds * 1e9), format_duration_ns(each * 1e9),
                     r.inline_share() * 100, r.copy ? "of the reads " : "");
}

std::string depth_line(const Run& run, const Repetition& r) {
  // At a fixed rate the latency of a late request starts before it is submitted.
  std::string text = fmt::format("{:.1f} requests {} on average", r.depth_achieved(),
                                 has_rate(run) ? "due or in flight" : "in flight");
  if (r.lanes < run.config.depth && run.target.file_bytes > 0) {
    const char* const plural = r.lanes == 1 ? "" : "s";
    text += run.config.read ? fmt::format(" (the run had only {} request{})", r.lanes, plural)
                            : fmt::format(" (the file has only {} block{})", r.lanes, plural);
  }
  return text;
}

std::string time_line(const Repetition& r, const Style& style) {
  constexpr std::size_t kBarColumns = 10;
  const Part parts[] = {{'w', r.waiting_seconds},
                        {'h', r.hashing_seconds},
                        {'s', r.submitting_seconds},
                        {'r', r.rest_seconds}};
  const double all = r.waiting_seconds + r.hashing_seconds + r.submitting_seconds + r.rest_seconds;
  const auto share = [&](double seconds) { return all > 0 ? seconds / all * 100 : 0.0; };
  const std::string bar = stacked_bar(parts, kBarColumns, style);
  return fmt::format("{}{}waiting {:.0f} %, hashing {:.0f} %, submitting {:.0f} %, rest {:.0f} %",
                     bar, bar.empty() ? "" : "  ", share(r.waiting_seconds),
                     share(r.hashing_seconds), share(r.submitting_seconds), share(r.rest_seconds));
}

std::string suspect_line(const Run& run) {
  std::string codes;
  for (const result::Warning& warning : run.warnings) {
    if (!warning.kind().suspect) continue;
    codes += fmt::format("{}{}", codes.empty() ? "" : ", ", warning.kind().name);
  }
  return "do not quote these figures: " + codes;
}

// Requests inside the copy call of the system are not visible.
bool has_requests(const Run& run) {
  return !run.config.copies_by_system();
}

std::string copy_line(const CopySettings& copy) {
  return fmt::format("to {}: {}", copy.destination, result::write_text(copy));
}

std::string stages_line(const Repetition& r, const result::CopyFigures& copy) {
  const auto time = [](double seconds) { return format_duration_ns(seconds * 1e9); };
  const double whole = copy.whole_seconds(r.wall_seconds);
  const double bytes = static_cast<double>(r.bytes);
  return fmt::format("{}, {}: open {}, allocate {}, copy {}, flush {}, rename {}", time(whole),
                     rate(whole > 0 ? bytes / whole : 0), time(copy.open_seconds),
                     time(copy.allocate_seconds), time(r.wall_seconds), time(copy.flush_seconds),
                     time(copy.rename_seconds));
}

std::string writes_line(const result::CopyFigures& copy) {
  return fmt::format("{} in {} requests, {:.1f} % completed inline; {}",
                     format_size(copy.writes.bytes), format_count(copy.writes.requests),
                     copy.writes_inline_share() * 100, percentiles(copy.writes.latency_ns));
}

std::string verify_line(const result::CopyFigures& copy) {
  // An interrupt or a failure before the end of the copy leaves nothing to read back.
  if (!copy.verified && copy.verify_seconds == 0) return "not read back";
  return fmt::format("{} in {}", copy.verified ? "read back, identical" : "not identical",
                     format_duration_ns(copy.verify_seconds * 1e9));
}

// One line per interval. Bars are relative to the highest throughput of an interval.
std::string interval_lines(const Repetition& r, const Style& style) {
  constexpr std::size_t kBarColumns = 10;
  const auto rate_of = [](const result::Interval& interval, std::uint64_t count) {
    return interval.seconds > 0 ? static_cast<double>(count) / interval.seconds : 0.0;
  };
  double max = 0;
  for (const result::Interval& i : r.intervals) max = std::max(max, rate_of(i, i.bytes));
  if (r.intervals.empty()) return "";
  std::string text =
      "  " +
      style.in(Tone::faint,
               fmt::format("{:<10} {:>9} {:>8} {:{}} {:>13} {:>9} {:>9}", "over time", "from",
                           "GiB/s", "", kBarColumns, "requests/s", "p50", "p99")) +
      "\n";
  for (const result::Interval& i : r.intervals) {
    const double bytes = rate_of(i, i.bytes);
    text += fmt::format(
        "{:{}}{:>7.2f} s {:>8.2f} {} {:>13} {:>9} {:>9}\n", "", kTextColumn, i.start_seconds,
        bytes / static_cast<double>(kGiB), bar(max > 0 ? bytes / max : 0, kBarColumns, style),
        per_second(rate_of(i, i.requests)), format_duration_ns(static_cast<double>(i.p50_ns)),
        format_duration_ns(static_cast<double>(i.p99_ns)));
  }
  return text;
}

std::string cpu_line(const Run& run, const Repetition& r) {
  const bool of_several = run.config.read && run.config.read->files_at_once > 1;
  return fmt::format("{:.3f} s ({:.3f} user, {:.3f} system), {}", r.cpu_seconds(), r.user_seconds,
                     r.system_seconds,
                     of_several ? "for all files together"
                                : fmt::format("{:.3f} s per GiB", r.cpu_seconds_per_gib()));
}

// The rows that a reader looks for first: speed, and reasons not to trust it.
std::string headline_rows(const Run& run, const Repetition& median, const Style& style) {
  std::string text;
  const auto headline = [&](const char* label, const std::string& line, std::size_t length) {
    text += row(style, label, line, {.headline = length});
  };
  if (run.suspect()) {
    text += row(style, "suspect", suspect_line(run), {Tone::unreliable, Tone::unreliable});
  }
  const std::string speed = speed_line(median);
  headline("speed", speed, median.copy ? 0 : speed.find(','));
  if (median.copy) {
    const std::string whole = stages_line(median, *median.copy);
    headline("total", whole, whole.find(':'));
  }
  if (const std::string spread = spread_line(run, style); !spread.empty()) {
    text += row(style, "spread", spread);
  }
  if (run.partial) {
    text += row(style, "partial", "interrupted before all repetitions were done",
                {Tone::unreliable, Tone::unreliable});
  }
  return text;
}

std::string settings_rows(const Run& run, const Style& style) {
  std::string text = row(style, "engine", result::engine_text(run.config));
  text += row(style, "file", result::file_text(run.target));
  if (run.config.read) text += row(style, "read", result::read_text(*run.config.read));
  if (run.config.copy) text += row(style, "copy", copy_line(*run.config.copy));
  return text;
}

std::string request_rows(const Run& run, const Repetition& median, const Style& style) {
  std::string text = row(style, "time", time_line(median, style));
  text += row(style, "latency", latency_line(run, median));
  if (median.copy) text += row(style, "writes", writes_line(*median.copy));
  text += row(style, "submitting", submit_line(median));
  return text + row(style, "depth", depth_line(run, median));
}

// A line, broken at spaces if it is too long. Control characters are escaped, because texts come
// from files.
std::string line(const std::string& indent, const std::string& text) {
  const std::string words = printable(text);
  std::string lines;
  std::string start = indent;
  for (std::size_t at = 0; at < words.size();) {
    std::size_t end = words.size();
    if (start.size() + end - at > kColumns) {
      // A word longer than a line is not broken.
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

std::string source_line(const char* side, const result::Comparison::Source& source) {
  std::string text = fmt::format("{:<5} {}", side, source.path);
  if (source.files > 1) text += fmt::format(" ({} files)", source.files);
  for (std::size_t i = 0; i < source.tools.size(); ++i) {
    text += (i == 0 ? ": " : ", ") + source.tools[i];
  }
  return line("", text);
}

std::string verdict_text(const result::Figure& figure) {
  if (!figure.verdict) return "not comparable";
  switch (*figure.verdict) {
    case stats::Verdict::regression:
      return "REGRESSION";
    case stats::Verdict::improvement:
      return "improvement";
    case stats::Verdict::no_change:
      return "no change";
    case stats::Verdict::inconclusive:
      break;
  }
  return "inconclusive";
}

Tone tone_of(const result::Figure& figure) {
  if (figure.verdict == stats::Verdict::regression) return Tone::bad;
  if (figure.verdict == stats::Verdict::improvement) return Tone::good;
  return figure.verdict == stats::Verdict::no_change ? Tone::plain : Tone::unreliable;
}

Tone tone_of(result::ComparisonOutcome outcome) {
  switch (outcome) {
    case result::ComparisonOutcome::regression:
      return Tone::bad;
    case result::ComparisonOutcome::not_comparable:
    case result::ComparisonOutcome::inconclusive:
      return Tone::unreliable;
    case result::ComparisonOutcome::improvement:
    case result::ComparisonOutcome::no_change:
      break;
  }
  return Tone::good;
}

std::string interval_text(const result::Figure& figure) {
  if (!figure.interval) return "(no interval)";
  std::string low = result::format_change(figure.interval->low);
  const std::string high = result::format_change(figure.interval->high);
  // One unit for both.
  if (low.ends_with(" %") && high.ends_with(" %")) low.resize(low.size() - 2);
  return fmt::format("({} to {})", low, high);
}

std::string figure_lines(const result::ComparedConfiguration& configuration,
                         const result::Figure& figure, const Style& style) {
  const std::string values =
      fmt::format("{} -> {}", result::format_value(figure.metric, figure.base),
                  result::format_value(figure.metric, figure.now));
  std::string text =
      fmt::format("    {:<10} {:<24} {:>8} {:<18} ", result::kind_of(figure.metric).name, values,
                  result::format_change(figure.ratio), interval_text(figure));
  const std::string verdict = verdict_text(figure);
  // Alignment is given up to stay within the width.
  if (text.size() + verdict.size() > kColumns) text = wrapped(text, text.size(), "    ") + " ";
  text += style.in(tone_of(figure), verdict) + "\n";
  if (figure.min_repetitions > 0) {
    text += fmt::format("    {:<10} too few repetitions: needs at least {} {}\n", "",
                        figure.min_repetitions, configuration.paired ? "pairs" : "on each side");
  }
  return text;
}

std::string configuration_lines(const result::ComparedConfiguration& configuration,
                                const Style& style) {
  std::string text = line("  ", configuration.name);
  for (const result::Figure& figure : configuration.figures)
    text += figure_lines(configuration, figure, style);
  const std::string suspect = result::suspect_text(configuration);
  if (!suspect.empty()) text += line("    ", suspect + ": do not quote these figures");
  for (const std::string& difference : configuration.treated_as_same) {
    text += line("    ", "treated as the same: " + difference);
  }
  return text + line("    ", result::repetitions_text(configuration));
}

std::string verdict_field(const result::Figure& figure) {
  if (!figure.verdict) return "not comparable";
  switch (*figure.verdict) {
    case stats::Verdict::regression:
      return "**regression**";
    case stats::Verdict::improvement:
      return "improvement";
    case stats::Verdict::no_change:
      return "no change";
    case stats::Verdict::inconclusive:
      break;
  }
  return figure.min_repetitions == 0
             ? std::string("inconclusive")
             : fmt::format("inconclusive: too few repetitions, needs at least {}",
                           figure.min_repetitions);
}

// "environment (allowed by --allow)"
std::string difference_label(const result::Incompatibility& incompatibility) {
  return fmt::format("{} ({})", result::name_of(incompatibility.kind),
                     incompatibility.allowed ? "allowed by --allow" : "not comparable");
}

std::string interval_field(const result::Figure& figure) {
  if (!figure.interval) return "";
  return fmt::format("{} to {}", result::format_change(figure.interval->low),
                     result::format_change(figure.interval->high));
}

std::string figure_row(const result::ComparedConfiguration& configuration,
                       const result::Figure& figure) {
  const std::string suspect = result::suspect_text(configuration);
  std::string what = markdown_text(configuration.name);
  for (const std::string& difference : configuration.treated_as_same) {
    what += "<br>treated as the same: " + markdown_text(difference);
  }
  if (!suspect.empty()) what += "<br>:warning: " + markdown_text(suspect);
  return fmt::format(
      "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", markdown_text(configuration.path), what,
      result::kind_of(figure.metric).name, result::format_value(figure.metric, figure.base),
      result::format_value(figure.metric, figure.now), result::format_change(figure.ratio),
      interval_field(figure), result::repetitions_text(configuration), verdict_field(figure));
}

}  // namespace

std::string text_header(const result::Results& result, const Style& style) {
  const os::HostInfo& host = result.host;
  std::string text =
      fmt::format("aiobench {} on {} {}", result.tool.version, host.system, host.version);
  if (!host.wine.empty()) text += fmt::format(" under Wine {}", host.wine);
  text += fmt::format(", {} CPUs", host.cpus);
  if (!host.cpu_model.empty()) text += fmt::format(" ({})", host.cpu_model);
  std::string lines;
  for (const std::string& line : lines_of(in_parts(printable(text)), kColumns)) {
    lines += style.in(Tone::faint, line) + "\n";
  }
  if (!host.wine.empty()) {
    lines += style.in(Tone::unreliable, "Timing under Wine says nothing about Windows.") + "\n";
  }
  return lines;
}

std::string text_run(const Run& run, const Style& style) {
  const Repetition* const median = run.median_repetition();
  std::string text = title(run, median, style) + "\n";
  if (median != nullptr) {
    text += headline_rows(run, *median, style) + settings_rows(run, style);
    if (has_requests(run)) text += request_rows(run, *median, style);
    text += row(style, "cpu", cpu_line(run, *median));
    if (median->copy && run.config.copy->verify) {
      text += row(style, "verify", verify_line(*median->copy));
    }
    if (has_requests(run) && run.config.interval_seconds > 0) {
      text += interval_lines(*median, style);
    }
  }
  if (run.failure) {
    text += row(style, "error", run.failure->line(), {.label = Tone::bad, .sentence = true});
  }
  for (const result::Warning& warning : run.warnings) {
    text += row(style, "warning",
                warning.message + (warning.advice.empty() ? "" : " (" + warning.advice + ")"),
                {.label = Tone::unreliable, .sentence = true});
  }
  return text;
}

std::string comparison_text(const result::Comparison& comparison, const Style& style) {
  const stats::Rule& rule = comparison.options.rule;
  std::string text = source_line("BASE", comparison.base) + source_line("NEW", comparison.now);
  text += line(
      "",
      fmt::format("Figures are medians. Changes have a {} confidence interval. Threshold: {}.",
                  result::format_percent(rule.confidence), result::format_percent(rule.threshold)));
  const std::string* path = nullptr;
  for (const result::ComparedConfiguration& configuration : comparison.configurations) {
    if (path == nullptr || *path != configuration.path) text += "\n" + line("", configuration.path);
    path = &configuration.path;
    text += configuration_lines(configuration, style);
  }
  text += "\n";
  for (const result::Incompatibility& incompatibility : comparison.incompatibilities) {
    text += line("", difference_label(incompatibility) + ": " + incompatibility.text);
  }
  for (const std::string& note : comparison.notes) text += line("", "note: " + note);
  if (!comparison.incompatibilities.empty() || !comparison.notes.empty()) text += "\n";
  return text + style.in(tone_of(comparison.outcome()), result::summary(comparison)) + "\n";
}

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

std::string comparison_markdown(const result::Comparison& comparison) {
  const stats::Rule& rule = comparison.options.rule;
  std::string text = fmt::format("**{}**\n", result::summary(comparison));
  if (!comparison.configurations.empty()) {
    text +=
        "\n| file | run | metric | base | new | change | interval | compared | verdict |\n"
        "|---|---|---|---:|---:|---:|---|---|---|\n";
  }
  for (const result::ComparedConfiguration& configuration : comparison.configurations) {
    for (const result::Figure& figure : configuration.figures)
      text += figure_row(configuration, figure);
  }
  if (!comparison.incompatibilities.empty()) text += "\nDifferences:\n\n";
  for (const result::Incompatibility& incompatibility : comparison.incompatibilities) {
    text += fmt::format("- {}: {}\n", difference_label(incompatibility),
                        markdown_text(incompatibility.text));
  }
  if (!comparison.notes.empty()) text += "\nNotes:\n\n";
  for (const std::string& note : comparison.notes) text += "- " + markdown_text(note) + "\n";
  return text +
         fmt::format(
             "\nFigures are medians. Changes have a {} confidence interval. Threshold: {}.\n",
             result::format_percent(rule.confidence), result::format_percent(rule.threshold));
}

}  // namespace aiobench::report
