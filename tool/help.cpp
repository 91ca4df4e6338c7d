#include "tool/help.h"

#include <fmt/core.h>

#include "report/terminal_text.h"
#include "tool/command.h"
#include "tool/exit_code.h"

namespace aiobench::tool {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kHelpColumn = 26;

// `name`, and what it is beside it; below it where the name is too long for that.
std::string entry(const std::string& name, const std::string& help, std::size_t column) {
  const std::string text = report::wrapped(help, kColumns, std::string(column, ' '));
  if (name.size() + 2 > column) return name + "\n" + text + "\n";
  return name + text.substr(name.size()) + "\n";
}

std::string names_column(const OptionFacts& option) {
  std::string names = option.short_name.empty() ? "      " : "  " + option.short_name;
  if (!option.short_name.empty() && !option.long_name.empty()) names += ", ";
  names += option.long_name;
  return option.value.text.empty() ? names : names + " " + option.value.text;
}

std::string option_entry(const OptionFacts& option) {
  std::string help = option.help;
  if (!option.standard.empty())
    help += fmt::format(" [default:{}{}]", report::kNoBreak, option.standard);
  return entry(names_column(option), help, kHelpColumn);
}

std::string examples_text(const std::vector<Example>& examples) {
  std::string text = "\nExamples:\n";
  for (const Example& example : examples) {
    text += "  " + example.line + "\n" + report::wrapped(example.what, kColumns, "      ") + "\n";
  }
  return text;
}

// One of each kind of question that the program answers.
const std::vector<Example>& general_examples() {
  static const std::vector<Example> examples = {
      {"aiobench --engine io_uring --depth 32 file.bin", "hash a file through io_uring"},
      {"aiobench --engine iocp --depth 32 file.bin",
       "through a completion port; on Linux in the Windows build, by Wine"},
      {"aiobench read --pattern random -b 4k --cache direct --duration 10s file.bin",
       "how many random reads the disk does, and how long each takes"},
      {"aiobench sweep file.bin", "which mechanism and depth to take for files like this one"},
      {"aiobench compare before.json after.json", "whether it got slower"}};
  return examples;
}

std::string usage_line(const CommandFacts& facts) {
  std::string text = fmt::format("Usage: aiobench {} [OPTION...]", facts.name);
  for (const OperandFacts& operand : facts.operands) {
    text += operand.required ? " " + operand.name : " [" + operand.name + "]";
  }
  return text;
}

}  // namespace

std::string help_text(const CommandFacts& facts) {
  std::string text = report::wrapped(facts.about, kColumns, "") + "\n\n" + usage_line(facts) + "\n";
  if (!facts.operands.empty()) text += "\n";
  for (const OperandFacts& operand : facts.operands) {
    text += entry("  " + operand.name, operand.help, kHelpColumn);
  }
  const std::string* group = nullptr;
  for (const OptionFacts& option : facts.options) {
    if (group == nullptr || *group != option.group) text += "\n" + option.group + ":\n";
    group = &option.group;
    text += option_entry(option);
  }
  if (!facts.notes.empty()) text += "\n" + report::wrapped(facts.notes, kColumns, "") + "\n";
  return facts.examples.empty() ? text : text + examples_text(facts.examples);
}

std::string general_help() {
  std::string text =
      "aiobench streams files through an I/O mechanism and measures it.\n\n"
      "Usage: aiobench [COMMAND] [OPTION...] [FILE...]\n\nCommands:\n";
  for (const Command& command : commands()) {
    text += entry(fmt::format("  {}", command.name), command.summary, 14);
  }
  text += "\n'aiobench COMMAND --help' tells a command's options, with examples.\n";
  text += examples_text(general_examples());
  text += "\nExit codes:\n";
  for (const ExitMeaning& row : exit_meanings()) {
    text += entry(fmt::format("  {}", static_cast<int>(row.code)), row.meaning, 7);
  }
  return text;
}

}  // namespace aiobench::tool
