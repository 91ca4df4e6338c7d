#include "tool/description.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/registry.h"
#include "tool/command.h"

namespace aiobench::tool {
namespace {

std::vector<std::string> split_at_bars(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t bar = std::min(text.find('|'), text.size());
    parts.emplace_back(text.substr(0, bar));
    if (bar == text.size()) return parts;
    text.remove_prefix(bar + 1);
  }
}

// "-e,--engine": the short name and the long one, either may be missing.
void split_names(const std::string& names, OptionFacts& facts) {
  const std::size_t comma = names.find(',');
  const std::string first = names.substr(0, comma);
  (first.starts_with("--") ? facts.long_name : facts.short_name) = first;
  if (comma != std::string::npos) facts.long_name = names.substr(comma + 1);
}

OptionFacts option_facts(const Description& description, const OptionRow& row) {
  OptionFacts facts;
  split_names(row.names, facts);
  facts.group = row.group;
  facts.help = row.help;
  facts.standard = row.standard;
  ValueFacts& value = facts.value = value_facts(row.type);
  if (value.takes == Takes::engine) {
    for (const engine::Mechanism& mechanism : engine::catalog()) {
      value.choices.push_back(mechanism.name);
    }
    value.choices.insert(value.choices.end(), description.more_engines.begin(),
                         description.more_engines.end());
  }
  return facts;
}

OptionFacts common_facts(const char* names, const char* help) {
  OptionFacts facts;
  split_names(names, facts);
  facts.group = "Help";
  facts.help = help;
  return facts;
}

OperandFacts operand_facts(const OptionRow& row) {
  OperandFacts facts;
  facts.value = value_facts(row.type);
  if (facts.value.takes == Takes::text) facts.value.takes = Takes::file;
  facts.name = facts.value.text;
  facts.help = row.help;
  facts.required = row.is_required;
  return facts;
}

// Options of a group stand together, and groups in the order in which they were first named.
void gather_groups(std::vector<OptionFacts>& options) {
  std::vector<std::string> groups;
  for (const OptionFacts& option : options) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) {
      groups.push_back(option.group);
    }
  }
  std::stable_sort(options.begin(), options.end(), [&](const OptionFacts& a, const OptionFacts& b) {
    return std::find(groups.begin(), groups.end(), a.group) <
           std::find(groups.begin(), groups.end(), b.group);
  });
}

}  // namespace

ValueFacts value_facts(std::string_view type) {
  ValueFacts facts;
  facts.text = type;
  if (type.empty()) return facts;
  facts.list = type.ends_with(kMore);
  if (facts.list) type.remove_suffix(std::string_view(kMore).size());
  facts.takes = Takes::text;
  if (type == kEngineType) facts.takes = Takes::engine;
  if (type.find(kFileType) != std::string_view::npos) facts.takes = Takes::file;
  if (type.find('|') == std::string_view::npos) return facts;
  facts.takes = Takes::choice;
  facts.choices = split_at_bars(type);
  return facts;
}

OptionRow& Description::add(std::string names, OptionTarget target, std::string help,
                            std::string type, std::string group) {
  OptionRow& row = rows.emplace_back();
  row.names = std::move(names);
  row.target = target;
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

OptionRow& Description::option(std::string names, std::optional<std::string>& value,
                               std::string help, std::string type, std::string group) {
  return add(std::move(names), &value, std::move(help), std::move(type), std::move(group));
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

CommandFacts facts_of(const Description& description) {
  CommandFacts facts;
  facts.name = description.name;
  facts.about = description.about;
  for (const OptionRow& row : description.rows) {
    if (row.is_operand()) {
      facts.operands.push_back(operand_facts(row));
    } else {
      facts.options.push_back(option_facts(description, row));
    }
  }
  gather_groups(facts.options);
  facts.options.push_back(common_facts(kHelpNames, "this text"));
  facts.options.push_back(common_facts(kVersionNames, "the version, and how it was built"));
  facts.notes = description.notes;
  facts.examples = description.examples;
  return facts;
}

CommandFacts facts_of(const Command& command) {
  CommandFacts facts = facts_of(*command.describe());
  facts.summary = command.summary;
  return facts;
}

std::vector<CommandFacts> facts_of_all() {
  std::vector<CommandFacts> all;
  for (const Command& command : commands()) all.push_back(facts_of(command));
  return all;
}

}  // namespace aiobench::tool
