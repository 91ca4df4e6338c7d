#include "report/terminal_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace aiobench::report {
namespace {

std::string with_plain_spaces(std::string text) {
  for (std::size_t at = 0; (at = text.find(kNoBreak, at)) != std::string::npos;) {
    text.replace(at, std::string_view(kNoBreak).size(), " ");
  }
  return text;
}

// Only the standard colours, which follow the settings of the user's terminal.
const char* code_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::strong:
      return "1";
    case Tone::faint:
      return "2";
    case Tone::good:
      return "1;32";
    case Tone::unreliable:
      return "33";
    case Tone::bad:
      return "1;31";
  }
  return "";
}

// U+2588 to U+258F: a full block and its left parts, in eighths.
constexpr std::array<const char*, 9> kEighths = {"",
                                                 "\xe2\x96\x8f",
                                                 "\xe2\x96\x8e",
                                                 "\xe2\x96\x8d",
                                                 "\xe2\x96\x8c",
                                                 "\xe2\x96\x8b",
                                                 "\xe2\x96\x8a",
                                                 "\xe2\x96\x89",
                                                 "\xe2\x96\x88"};
// U+2581 to U+2588: the lower parts of a block.
constexpr std::array<const char*, 8> kLevels = {"\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83",
                                                "\xe2\x96\x84", "\xe2\x96\x85", "\xe2\x96\x86",
                                                "\xe2\x96\x87", "\xe2\x96\x88"};
// The same in ASCII, ordered by ink.
constexpr std::array<const char*, 8> kPlainLevels = {".", ":", "-", "=", "+", "*", "#", "@"};
// U+2588, U+2593, U+2592, U+2591: full, and three shades.
constexpr std::array<const char*, 4> kShades = {"\xe2\x96\x88", "\xe2\x96\x93", "\xe2\x96\x92",
                                                "\xe2\x96\x91"};

double within_one(double share) {
  return share > 0 ? std::min(share, 1.0) : 0;  // 0 for NaN
}

std::string repeated(const char* text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::vector<double> means(std::span<const double> values, std::size_t columns) {
  const std::size_t count = std::min(values.size(), columns);
  std::vector<double> all;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t from = i * values.size() / count;
    const std::size_t to = (i + 1) * values.size() / count;
    double sum = 0;
    for (std::size_t k = from; k < to; ++k) sum += values[k] > 0 ? values[k] : 0;
    all.push_back(sum / static_cast<double>(to - from));
  }
  return all;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  // Continuation bytes of a UTF-8 character are 10xxxxxx.
  const auto is_first = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_first));
}

std::vector<std::string> lines_of(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    const std::size_t before = columns_of(lines.back());
    if (before > 0 && before + 1 + columns_of(word) > columns) lines.emplace_back();
    lines.back() += (lines.back().empty() ? "" : " ") + std::string(word);
  }
  for (std::string& line : lines) line = with_plain_spaces(std::move(line));
  return lines;
}

std::string wrapped(std::string_view text, std::size_t columns, std::string_view indent) {
  std::string all;
  for (const std::string& line : lines_of(text, columns - std::min(columns, indent.size()))) {
    all += (all.empty() ? "" : "\n") + std::string(indent) + line;
  }
  return all;
}

std::string in_parts(std::string_view text) {
  std::string parts;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool after_part = i > 0 && std::string_view(",;:").find(text[i - 1]) < 3;
    const bool before_note = i + 1 < text.size() && text[i + 1] == '(';
    const bool joins = text[i] == ' ' && !after_part && !before_note;
    parts += joins ? kNoBreak : std::string(1, text[i]);
  }
  return parts;
}

std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string Style::in(Tone tone, std::string_view text) const {
  if (!colour || tone == Tone::plain || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code_of(tone)) + "m" + std::string(text) + "\x1b[0m";
}

std::string bar(double share, std::size_t columns, const Style& style) {
  const std::size_t steps = style.unicode ? 8 : 1;
  const double all = static_cast<double>(columns * steps);
  auto filled = static_cast<std::size_t>(std::lround(within_one(share) * all));
  if (share > 0 && filled == 0 && columns > 0) filled = 1;
  const std::size_t whole = filled / steps;
  const std::size_t rest = filled % steps;
  const std::string text = repeated(style.unicode ? kEighths[8] : "#", whole) + kEighths[rest];
  return text + std::string(columns - whole - (rest > 0 ? 1 : 0), ' ');
}

std::string sparkline(std::span<const double> values, std::size_t columns, const Style& style) {
  const std::vector<double> shown = means(values, columns);
  const double max = shown.empty() ? 0 : *std::max_element(shown.begin(), shown.end());
  std::string text;
  for (const double value : shown) {
    const double share = max > 0 ? within_one(value / max) : 0;
    const auto level = static_cast<std::size_t>(std::lround(share * (kLevels.size() - 1)));
    text += (style.unicode ? kLevels : kPlainLevels)[level];
  }
  return text;
}

std::string stacked_bar(std::span<const Part> parts, std::size_t columns, const Style& style) {
  double all = 0;
  for (const Part& part : parts) all += part.amount > 0 ? part.amount : 0;
  if (!(all > 0) || std::isinf(all)) return "";
  std::string text;
  // Rounds the end of each part rather than its length, so that the total is exact.
  double sum = 0;
  std::size_t drawn = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    sum += parts[i].amount > 0 ? parts[i].amount : 0;
    const auto end =
        static_cast<std::size_t>(std::lround(sum / all * static_cast<double>(columns)));
    const std::string letter(1, parts[i].letter);
    const char* const piece =
        style.unicode ? kShades[std::min(i, kShades.size() - 1)] : letter.c_str();
    text += repeated(piece, end - drawn);
    drawn = end;
  }
  return text;
}

}  // namespace aiobench::report
