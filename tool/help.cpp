#include "tool/command.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "engine/registry.h"
#include "report/terminal_text.h"
#include "tool/output.h"

namespace aiobench::tool {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kHelpColumn = 26;

// `name` in the left column and `help` beside it, or below it if the name is too long.
std::string entry(const std::string& name, const std::string& help, std::size_t column) {
  const std::string text = report::wrapped(help, kColumns, std::string(column, ' '));
  if (name.size() + 2 > column) return name + "\n" + text + "\n";
  return name + text.substr(name.size()) + "\n";
}

std::string names_column(const OptionInfo& option) {
  std::string names = option.short_name.empty() ? "      " : "  " + option.short_name;
  if (!option.short_name.empty() && !option.long_name.empty()) names += ", ";
  names += option.long_name;
  return option.value.text.empty() ? names : names + " " + option.value.text;
}

std::string option_entry(const OptionInfo& option) {
  std::string help = option.help;
  if (!option.default_value.empty())
    help += fmt::format(" [default:{}{}]", report::kNoBreak, option.default_value);
  return entry(names_column(option), help, kHelpColumn);
}

std::string examples_text(const std::vector<Example>& examples) {
  std::string text = "\nExamples:\n";
  for (const Example& example : examples) {
    text += "  " + example.line + "\n" + report::wrapped(example.what, kColumns, "      ") + "\n";
  }
  return text;
}

// One example for each main use.
const std::vector<Example>& general_examples() {
  static const std::vector<Example> examples = {
      {"aiobench --engine io_uring --depth 32 file.bin",
       "hash a file with io_uring, 32 requests in flight"},
      {"aiobench --engine iocp --depth 32 file.bin",
       "use an I/O completion port; on Linux, the Windows build under Wine"},
      {"aiobench read --pattern random -b 4k --cache direct --duration 10s file.bin",
       "measure the IOPS and latency of random reads, bypassing the page cache"},
      {"aiobench sweep file.bin", "find the fastest engine and depth for this file"},
      {"aiobench compare before.json after.json", "check for a regression"}};
  return examples;
}

std::vector<std::string> paragraphs_of(const std::string& notes) {
  std::vector<std::string> paragraphs;
  for (std::size_t at = 0; at < notes.size();) {
    const std::size_t end = std::min(notes.find('\n', at), notes.size());
    paragraphs.push_back(notes.substr(at, end - at));
    at = end + 1;
  }
  return paragraphs;
}

std::string usage_line(const CommandInfo& info) {
  std::string text = fmt::format("Usage: aiobench {} [OPTION...]", info.name);
  for (const OperandInfo& operand : info.operands) {
    text += operand.required ? " " + operand.name : " [" + operand.name + "]";
  }
  return text;
}

// Escapes `text` so that groff prints it unchanged: with ASCII hyphens and straight quotes, which
// can be copied into a shell, and with no line interpreted as a request.
std::string plain(std::string_view text) {
  std::string roff;
  bool starts_line = true;
  for (const char c : text) {
    if (starts_line && (c == '.' || c == '\'')) roff += "\\&";
    starts_line = c == '\n';
    if (c == '-') {
      roff += "\\-";
    } else if (c == '\\') {
      roff += "\\e";
    } else if (c == '\'') {
      roff += "\\(aq";
    } else if (c == '^') {
      roff += "\\(ha";
    } else if (c == '~') {
      roff += "\\(ti";
    } else if (c == '`') {
      roff += "\\(ga";
    } else {
      roff += c;
    }
  }
  return roff;
}

std::string bold(std::string_view text) {
  return "\\fB" + plain(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + plain(text) + "\\fR";
}

std::string section(std::string_view name) {
  return fmt::format(".SH \"{}\"\n", plain(name));
}

// `term` is roff, `text` is plain text.
std::string entry(const std::string& term, const std::string& text) {
  return ".TP\n" + term + "\n" + plain(text) + "\n";
}

std::string paragraph(const std::string& text) {
  return ".PP\n" + plain(text) + "\n";
}

std::string man_entry(const OptionInfo& option) {
  std::string term = option.short_name.empty() ? "" : bold(option.short_name) + ", ";
  term += bold(option.long_name);
  if (option.value.takes != Takes::nothing) term += " " + italic(option.value.text);
  std::string text = option.help;
  if (!option.default_value.empty()) text += fmt::format(" [default: {}]", option.default_value);
  return entry(term, text);
}

std::string usage(const CommandInfo& command) {
  std::string line = bold("aiobench " + command.name) + " [" + italic("OPTION") + "...]";
  for (const OperandInfo& operand : command.operands) {
    line += operand.required ? " " + italic(operand.name) : " [" + italic(operand.name) + "]";
  }
  return line + "\n";
}

std::string synopsis(const std::vector<CommandInfo>& commands) {
  std::string text = section("SYNOPSIS");
  for (const CommandInfo& command : commands) text += usage(command) + ".br\n";
  return text;
}

std::string command_section(const CommandInfo& command) {
  std::string text = section("COMMAND " + command.name) + plain(command.about) + "\n";
  for (const OperandInfo& operand : command.operands) {
    text += entry(italic(operand.name), operand.help);
  }
  const std::string* group = nullptr;
  for (const OptionInfo& option : command.options) {
    if (group == nullptr || *group != option.group) {
      text += fmt::format(".SS \"{}\"\n", plain(option.group));
    }
    group = &option.group;
    text += man_entry(option);
  }
  for (const std::string& notes : paragraphs_of(command.notes)) text += paragraph(notes);
  return text;
}

std::string examples_section(const std::vector<CommandInfo>& commands) {
  std::string text = section("EXAMPLES");
  for (const CommandInfo& command : commands) {
    for (const Example& example : command.examples) {
      text += entry(bold(example.line), example.what);
    }
  }
  return text;
}

std::string engines_section() {
  std::string text = section("ENGINES");
  text +=
      "How each engine receives completions, and its options. Options follow the name after a "
      "colon: " +
      bold("iocp:batch=1,skip_on_success") + ".\n";
  for (const engine::Mechanism& mechanism : engine::mechanisms()) {
    text += entry(bold(mechanism.name), mechanism.completion);
    for (const engine::OptionRule& rule : mechanism.options) {
      const std::string name = engine::describe(std::span(&rule, 1));
      text += ".RS\n" +
              entry(bold(":" + name),
                    fmt::format("{}{}", rule.help, rule.windows_only ? " (Windows)" : "")) +
              ".RE\n";
    }
  }
  return text;
}

std::string exit_section() {
  std::string text = section("EXIT STATUS");
  for (const ExitMeaning& row : exit_meanings()) {
    text += entry(bold(fmt::format("{}", static_cast<int>(row.code))), row.meaning);
  }
  return text;
}

std::string environment() {
  return section("ENVIRONMENT") +
         entry(bold("NO_COLOR"), "if set and not empty, output is not coloured") +
         entry(bold("TERM"), "if it is dumb, output has neither colours nor block characters") +
         entry(bold("AIOBENCH_WINDOWS_EXE"),
               "path of the Windows build, which runs the Windows engines under Wine") +
         entry(bold("WINEDEBUG"), "debug channels of Wine; all are off if it is not set") +
         entry(bold("XDG_CACHE_HOME"), "parent of the cache directory; the default is ~/.cache") +
         section("FILES") +
         entry(italic("~/.cache/aiobench/default-256MiB.bin"),
               "the file that hash and read use if no FILE is given; created on first use") +
         entry(italic("FILE.parts"),
               "measurements of an unfinished sweep whose result file is FILE");
}

struct ManualOptions {};

void declare_manual(Description& description, ManualOptions&) {
  description.name = "manual";
  description.about = "Writes the manual page, with every option of every command.";
  description.examples = {{"aiobench manual > aiobench.1", "write the page to a file"},
                          {"aiobench manual | man -l -", "read it now"}};
}

}  // namespace

std::string help_text(const CommandInfo& info) {
  std::string text = report::wrapped(info.about, kColumns, "") + "\n\n" + usage_line(info) + "\n";
  if (!info.operands.empty()) text += "\n";
  for (const OperandInfo& operand : info.operands) {
    text += entry("  " + operand.name, operand.help, kHelpColumn);
  }
  const std::string* group = nullptr;
  for (const OptionInfo& option : info.options) {
    if (group == nullptr || *group != option.group) text += "\n" + option.group + ":\n";
    group = &option.group;
    text += option_entry(option);
  }
  for (const std::string& paragraph : paragraphs_of(info.notes)) {
    text += "\n" + report::wrapped(paragraph, kColumns, "") + "\n";
  }
  return info.examples.empty() ? text : text + examples_text(info.examples);
}

std::string general_help() {
  std::string text =
      "aiobench hashes, reads or copies files through a chosen I/O mechanism and\n"
      "measures throughput and latency.\n\n"
      "Usage: aiobench [COMMAND] [OPTION...] [FILE...]\n\nCommands:\n";
  for (const Command& command : commands()) {
    text += entry(fmt::format("  {}", command.name), command.summary, 14);
  }
  text += "\nRun 'aiobench COMMAND --help' for the options of a command.\n";
  text += examples_text(general_examples());
  text += "\nExit codes:\n";
  for (const ExitMeaning& row : exit_meanings()) {
    text += entry(fmt::format("  {}", static_cast<int>(row.code)), row.meaning, 7);
  }
  return text;
}

std::string manual(const std::vector<CommandInfo>& commands, const std::string& version) {
  std::string text =
      "\\\" Written by 'aiobench manual'.\n"
      ".TH AIOBENCH 1 \"\" \"aiobench " +
      version + "\" \"User Commands\"\n";
  // No hyphenation and no justification, so that commands can be copied.
  text += ".nh\n.ad l\n";
  text += section("NAME") +
          "aiobench \\- measure file I/O mechanisms by hashing, reading or copying files\n" +
          synopsis(commands) + section("DESCRIPTION") +
          plain(
              "Hashes, reads or copies files through a chosen I/O mechanism and measures "
              "throughput and "
              "latency. On Linux, the Windows mechanisms run in the Windows build under Wine. "
              "Without a "
              "command, aiobench runs hash.\n") +
          section("COMMANDS");
  for (const CommandInfo& command : commands) {
    text += entry(bold(command.name), command.summary);
  }
  for (const CommandInfo& command : commands) text += command_section(command);
  return text + engines_section() + examples_section(commands) + exit_section() + environment() +
         section("SEE ALSO") +
         "\\fBxxhsum\\fR(1), \\fBfio\\fR(1), \\fBio_uring\\fR(7), \\fBaio\\fR(7)\n";
}

std::shared_ptr<Description> describe_manual() {
  return std::make_shared<Described<ManualOptions>>(declare_manual);
}

ExitCode manual_command(const Arguments& arguments) {
  Described<ManualOptions> described(declare_manual);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  put(manual(info_of_all(), tool_info().version));
  return finish_output(ExitCode::good);
}

}  // namespace aiobench::tool
