#include "report/terminal_text.h"

#include <algorithm>

namespace aiobench::report {
namespace {

std::string with_blanks(std::string text) {
  for (std::size_t at = 0; (at = text.find(kNoBreak, at)) != std::string::npos;) {
    text.replace(at, std::string_view(kNoBreak).size(), " ");
  }
  return text;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  // All bytes of a character but its first one are 10xxxxxx.
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
  for (std::string& line : lines) line = with_blanks(std::move(line));
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

}  // namespace aiobench::report
