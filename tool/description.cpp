#include "tool/description.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "engine/catalog.h"
#include "tool/command.h"
#include "tool/version.h"

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

OptionFacts option_facts(const Description& description, const CLI::Option& option) {
  OptionFacts facts;
  if (!option.get_snames().empty()) facts.short_name = "-" + option.get_snames().front();
  if (!option.get_lnames().empty()) facts.long_name = "--" + option.get_lnames().front();
  facts.group = option.get_group();
  facts.help = option.get_description();
  facts.standard = option.get_default_str();
  ValueFacts& value = facts.value = value_facts(option.get_type_name());
  if (value.takes == Takes::engine) {
    for (const engine::Mechanism& mechanism : engine::catalog()) {
      value.choices.push_back(mechanism.name);
    }
    value.choices.insert(value.choices.end(), description.more_engines.begin(),
                         description.more_engines.end());
  }
  return facts;
}

OperandFacts operand_facts(const CLI::Option& option) {
  OperandFacts facts;
  facts.value = value_facts(option.get_type_name());
  if (facts.value.takes == Takes::text) facts.value.takes = Takes::file;
  facts.name = facts.value.text;
  facts.help = option.get_description();
  facts.required = option.get_required();
  return facts;
}

// One heading for each group, in the order in which they were first named; the group of help and
// version is the last.
void gather_groups(std::vector<OptionFacts>& options) {
  std::vector<std::string> groups;
  for (const OptionFacts& option : options) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) {
      groups.push_back(option.group);
    }
  }
  std::rotate(groups.begin(), groups.begin() + 1, groups.end());
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

Description::Description() {
  // On Windows CLI11 would take /path for an option; a Unix path is one under Wine.
  app.allow_windows_style_options(false);
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  app.set_help_flag("-h,--help", "this text");
  app.set_version_flag("--version", version_line(), "the version, and how it was built");
  for (CLI::Option* const option : {app.get_help_ptr(), app.get_version_ptr()}) {
    option->group("Help");
  }
}

CommandFacts facts_of(const Description& description) {
  CommandFacts facts;
  const std::string& name = description.app.get_name();
  facts.name = name.substr(name.find(' ') + 1);
  facts.about = description.app.get_description();
  for (const CLI::Option* const option : description.app.get_options()) {
    if (option->get_positional()) {
      facts.operands.push_back(operand_facts(*option));
    } else {
      facts.options.push_back(option_facts(description, *option));
    }
  }
  gather_groups(facts.options);
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
