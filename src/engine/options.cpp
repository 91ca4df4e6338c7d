#include "engine/options.h"

#include <fmt/core.h>

#include "base/units.h"

namespace aiobench::engine {
namespace {

const OptionRule* find(std::span<const OptionRule> rules, std::string_view name) {
  for (const OptionRule& rule : rules) {
    if (name == rule.name) return &rule;
  }
  return nullptr;
}

Error refuse(std::string_view engine, std::string cause, std::span<const OptionRule> rules) {
  return usage_error(fmt::format("use engine '{}'", engine), std::move(cause),
                     fmt::format("its options: {}", describe(rules)));
}

// Puts one "name" or "name=value" into `options`.
Status parse_one(std::string_view engine, std::string_view item, std::span<const OptionRule> rules,
                 Options& options) {
  const std::size_t equals = std::min(item.find('='), item.size());
  const std::string name(item.substr(0, equals));
  const OptionRule* const rule = find(rules, name);
  if (rule == nullptr) {
    return refuse(engine, fmt::format("it has no option '{}'", name), rules);
  }
  const bool has_value = equals < item.size();
  if (rule->most == 0) {
    if (has_value) return refuse(engine, fmt::format("option '{}' takes no value", name), rules);
    options.set(name);
    return {};
  }
  if (!has_value) {
    return refuse(engine, fmt::format("option '{}' needs a value", name), rules);
  }
  Result<std::uint64_t> value = parse_count(item.substr(equals + 1), rule->least, rule->most);
  if (!value) {
    return refuse(engine, fmt::format("option '{}': {}", name, value.error().cause), rules);
  }
  options.set(name, *value);
  return {};
}

}  // namespace

std::uint64_t Options::get(const std::string& name, std::uint64_t otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? otherwise : found->second.value_or(otherwise);
}

std::string Options::text() const {
  std::string text;
  for (const auto& [name, value] : values_) {
    if (!text.empty()) text += ',';
    text += value ? fmt::format("{}={}", name, *value) : name;
  }
  return text;
}

std::string describe(std::span<const OptionRule> rules) {
  std::string text;
  for (const OptionRule& rule : rules) {
    if (!text.empty()) text += ", ";
    text += rule.name;
    if (rule.most != 0) text += fmt::format("=N ({} to {})", rule.least, rule.most);
  }
  return text.empty() ? "none" : text;
}

Result<Options> parse_options(std::string_view engine, std::string_view text,
                              std::span<const OptionRule> rules) {
  Options options;
  for (;;) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (Status parsed = parse_one(engine, text.substr(0, comma), rules, options); !parsed) {
      return parsed.take_error();
    }
    if (comma == text.size()) return options;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace aiobench::engine
