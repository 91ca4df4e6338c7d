#include "tool/command.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "engine/registry.h"

namespace aiobench::tool {
namespace {

// The Unicode hyphens, dashes and minus sign, in UTF-8.
constexpr std::array<const char*, 7> kDashes = {"\xe2\x80\x90", "\xe2\x80\x91", "\xe2\x80\x92",
                                                "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95",
                                                "\xe2\x88\x92"};

bool starts_with_dash(const std::string& text) {
  return std::any_of(kDashes.begin(), kDashes.end(),
                     [&](const char* dash) { return text.rfind(dash, 0) == 0; });
}

std::string with_hyphens(std::string text) {
  std::string hyphens;
  while (!text.empty() && (text[0] == '-' || starts_with_dash(text))) {
    text.erase(0, text[0] == '-' ? 1 : 3);
    hyphens += '-';
  }
  // Word processors replace two hyphens by one dash, but "-d8" has one hyphen.
  const bool word = text.size() > 1 && text[1] >= 'a' && text[1] <= 'z';
  return (word ? "--" : hyphens) + text;
}

std::vector<std::string> split_at_bars(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t bar = std::min(text.find('|'), text.size());
    parts.emplace_back(text.substr(0, bar));
    if (bar == text.size()) return parts;
    text.remove_prefix(bar + 1);
  }
}

// Splits "-e,--engine" into the short and the long name. Either may be missing.
void split_names(const std::string& names, OptionInfo& info) {
  const std::size_t comma = names.find(',');
  const std::string first = names.substr(0, comma);
  (first.starts_with("--") ? info.long_name : info.short_name) = first;
  if (comma != std::string::npos) info.long_name = names.substr(comma + 1);
}

OptionInfo option_info(const Description& description, const OptionRow& row) {
  OptionInfo info;
  split_names(row.names, info);
  info.group = row.group;
  info.help = row.help;
  info.default_value = row.default_value;
  ValueInfo& value = info.value = value_info(row.type);
  if (value.takes == Takes::engine) {
    for (const engine::Mechanism& mechanism : engine::mechanisms()) {
      value.choices.push_back(mechanism.name);
    }
    value.choices.insert(value.choices.end(), description.more_engines.begin(),
                         description.more_engines.end());
  }
  return info;
}

OptionInfo common_info(const char* names, const char* help) {
  OptionInfo info;
  split_names(names, info);
  info.group = "Help";
  info.help = help;
  return info;
}

OperandInfo operand_info(const OptionRow& row) {
  OperandInfo info;
  info.value = value_info(row.type);
  if (info.value.takes == Takes::text) info.value.takes = Takes::file;
  info.name = info.value.text;
  info.help = row.help;
  info.required = row.is_required;
  return info;
}

// Makes the options of a group adjacent. Groups keep the order of their first option.
void merge_groups(std::vector<OptionInfo>& options) {
  std::vector<std::string> groups;
  for (const OptionInfo& option : options) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) {
      groups.push_back(option.group);
    }
  }
  std::stable_sort(options.begin(), options.end(), [&](const OptionInfo& a, const OptionInfo& b) {
    return std::find(groups.begin(), groups.end(), a.group) <
           std::find(groups.begin(), groups.end(), b.group);
  });
}

constexpr std::array<Command, 10> kCommands = {{
    {"hash", "hash each file from first byte to last (the default command)", hash_command,
     describe_hash},
    {"read", "read files sequentially or at random, without hashing", read_command, describe_read},
    {"copy", "copy files and hash the data; safe to interrupt", copy_command, describe_copy},
    {"sweep", "measure many configurations and rank them", sweep_command, describe_sweep},
    {"compare", "compare two results: regression, improvement or no change", compare_command,
     describe_compare},
    {"report", "write an HTML report with charts and tables", report_command, describe_report},
    {"engines", "list the I/O mechanisms and whether they are available", engines_command,
     describe_engines},
    {"create", "create a test file of incompressible data", create_command, describe_create},
    {"completion", "write a completion script for a shell", completion_command,
     describe_completion},
    {"manual", "write the manual page", manual_command, describe_manual},
}};

}  // namespace

ExitCode report_error(const Error& error) {
  log_error(error.line());
  switch (error.kind) {
    case Error::Kind::usage:
      return ExitCode::unusable;
    case Error::Kind::interrupted:
      return ExitCode::interrupted;
    case Error::Kind::system:
      break;
  }
  return ExitCode::failed;
}

Status check_dashes(const Arguments& arguments) {
  for (const std::string& argument : arguments) {
    if (argument == "--") return {};
    const std::size_t hyphens = std::min(argument.find_first_not_of('-'), argument.size());
    if (!starts_with_dash(argument.substr(hyphens))) continue;
    return usage_error(
        "", fmt::format("'{}' starts with a dash that is not a hyphen", printable(argument)),
        fmt::format("write {}; for a file of that name, put -- before it",
                    printable(with_hyphens(argument))));
  }
  return {};
}

ValueInfo value_info(std::string_view type) {
  ValueInfo info;
  info.text = type;
  if (type.empty()) return info;
  info.list = type.ends_with(kMore);
  if (info.list) type.remove_suffix(std::string_view(kMore).size());
  info.takes = Takes::text;
  if (type == kEngineType) info.takes = Takes::engine;
  if (type.find(kFileType) != std::string_view::npos) info.takes = Takes::file;
  if (type.find('|') == std::string_view::npos) return info;
  info.takes = Takes::choice;
  info.choices = split_at_bars(type);
  return info;
}

OptionRow& Description::add(std::string names, OptionTarget target, std::string help,
                            std::string type, std::string group) {
  OptionRow& row = rows.emplace_back();
  row.names = std::move(names);
  row.target = std::move(target);
  row.help = std::move(help);
  row.type = std::move(type);
  row.group = std::move(group);
  return row;
}

OptionRow& Description::option(std::string names, std::string& value, std::string help,
                               std::string type, std::string group) {
  return add(std::move(names), &value, std::move(help), std::move(type), std::move(group))
      .default_text(value);
}

OptionRow& Description::option(std::string names, ReadValue read, std::string help,
                               std::string type, std::string group) {
  return add(std::move(names), std::move(read), std::move(help), std::move(type), std::move(group));
}

OptionRow& Description::option(std::string names, std::vector<std::string>& values,
                               std::string help, std::string type, std::string group) {
  return add(std::move(names), &values, std::move(help), std::move(type), std::move(group));
}

OptionRow& Description::flag(std::string names, bool& value, std::string help, std::string group) {
  return add(std::move(names), &value, std::move(help), "", std::move(group));
}

OptionRow& Description::operand(std::string names, std::string& value, std::string help,
                                std::string type) {
  return add(std::move(names), &value, std::move(help), std::move(type), "");
}

OptionRow& Description::operand(std::string names, std::vector<std::string>& values,
                                std::string help, std::string type) {
  return add(std::move(names), &values, std::move(help), std::move(type), "");
}

CommandInfo info_of(const Description& description) {
  CommandInfo info;
  info.name = description.name;
  info.about = description.about;
  for (const OptionRow& row : description.rows) {
    if (row.is_operand()) {
      info.operands.push_back(operand_info(row));
    } else {
      info.options.push_back(option_info(description, row));
    }
  }
  merge_groups(info.options);
  info.options.push_back(common_info(kHelpNames, "show this help"));
  info.options.push_back(common_info(kVersionNames, "show the version and build information"));
  info.notes = description.notes;
  info.examples = description.examples;
  return info;
}

CommandInfo info_of(const Command& command) {
  CommandInfo info = info_of(*command.describe());
  info.summary = command.summary;
  return info;
}

std::vector<CommandInfo> info_of_all() {
  std::vector<CommandInfo> all;
  for (const Command& command : commands()) all.push_back(info_of(command));
  return all;
}

std::span<const Command> commands() {
  return kCommands;
}

unsigned edits_between(std::string_view a, std::string_view b) {
  // rows[i][j] is the distance between the first i characters of `a` and the first j of `b`.
  std::vector<std::vector<unsigned>> rows(a.size() + 1, std::vector<unsigned>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      unsigned& distance = rows[i][j];
      distance = static_cast<unsigned>(i + j);
      if (i == 0 || j == 0) continue;
      const unsigned changed = a[i - 1] == b[j - 1] ? 0 : 1;
      distance = std::min(
          {distance, rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        distance = std::min(distance, rows[i - 2][j - 2] + 1);
      }
    }
  }
  return rows[a.size()][b.size()];
}

std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& known) {
  constexpr std::size_t kMaxTypedBytes = 40;  // longer than every option; bounds the time
  if (typed.size() > kMaxTypedBytes) return std::nullopt;
  // At most a third of the characters may differ: beyond that, the suggestion would be arbitrary.
  unsigned limit = static_cast<unsigned>(typed.size()) / 3 + 1;
  std::optional<std::string> found;
  for (const std::string& name : known) {
    const unsigned edits = edits_between(typed, name);
    if (edits >= limit) continue;
    limit = edits;
    found = name;
  }
  return found;
}

}  // namespace aiobench::tool
