#include <fmt/core.h>

#include <string_view>

#include "engine/registry.h"
#include "tool/completion.h"

namespace aiobench::tool {
namespace {

constexpr const char* kListFunction = R"(
# The next one of a list with commas.
_aiobench_list() {
  compset -P '*,'
  compadd -S '' -- "$@"
}
)";

constexpr const char* kEngineFunction = R"(
# A name of those given, or an option of the engine that is under way. The first argument is "list"
# where several engines may stand there.
_aiobench_engine() {
  local list=$1 engine
  shift
  if [[ $PREFIX == *:* ]]; then
    engine=${${PREFIX%:*}##*,}
    compset -P '*[:,]'
    _aiobench_engine_options ${engine#wine/}
    if [[ $list != list || $IPREFIX == *: ]]; then return; fi
    compadd -- "$@"
  elif [[ $list == list ]]; then
    _aiobench_list "$@"
  else
    compadd -- "$@"
  fi
}
)";

// Within '...', behind a backslash what means something to _arguments.
std::string quoted(std::string_view text, std::string_view special) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
      continue;
    }
    if (special.find(c) != std::string_view::npos) quoted += '\\';
    quoted += c;
  }
  return quoted;
}

// ":MESSAGE:ACTION" of a specification; empty for a switch.
std::string action_of(const ValueFacts& value) {
  std::string choices;
  for (const std::string& choice : value.choices) choices += " " + choice;
  const std::string message = ":" + quoted(value.text, ":[]\\") + ":";
  switch (value.takes) {
    case Takes::nothing:
      return "";
    case Takes::text:
      return message;
    case Takes::file:
      return message + "_files";
    case Takes::engine:
      return message + fmt::format(" _aiobench_engine {}{}", value.list ? "list" : "one", choices);
    case Takes::choice:
      break;
  }
  return value.list ? message + " _aiobench_list" + choices
                    : message + "(" + choices.substr(1) + ")";
}

// "'(-e --engine)'{-e+,--engine=}'[what it is]:NAME:...'"
std::string option_spec(const OptionFacts& option) {
  const bool takes_value = option.value.takes != Takes::nothing;
  const std::string rest =
      fmt::format("[{}]{}", quoted(option.help, "[]:\\"), action_of(option.value));
  const std::string short_form = option.short_name + (takes_value ? "+" : "");
  const std::string long_form = option.long_name + (takes_value ? "=" : "");
  if (option.short_name.empty()) return fmt::format("'{}{}'", long_form, rest);
  return fmt::format("'({} {})'{{{},{}}}'{}'", option.short_name, option.long_name, short_form,
                     long_form, rest);
}

std::string case_of(const CommandFacts& command) {
  std::string text =
      fmt::format("    {})\n      _arguments -s -S : \\\n", quoted(command.name, ""));
  for (const OptionFacts& option : command.options) {
    text += "        " + option_spec(option) + " \\\n";
  }
  std::string operands;
  for (const OperandFacts& operand : command.operands) {
    operands += fmt::format("{}'*{}'", operands.empty() ? "" : " ", action_of(operand.value));
    break;
  }
  return text + "        " + operands + " && found=0 ;;\n";
}

std::string zsh_engine_options() {
  std::string text = "\n_aiobench_engine_options() {\n  local -a options=()\n  case $1 in\n";
  for (const engine::Mechanism& mechanism : engine::catalog()) {
    if (mechanism.options.empty()) continue;
    text += fmt::format("    {}) options=(", mechanism.name);
    for (const engine::OptionRule& rule : mechanism.options) {
      text +=
          fmt::format("'{}{}:{}' ", rule.name, rule.most == 0 ? "" : "=", quoted(rule.help, "\\"));
    }
    text += ") ;;\n";
  }
  return text + "  esac\n  _describe 'option' options -S ''\n}\n";
}

}  // namespace

std::string zsh_completion(const std::vector<CommandFacts>& commands) {
  std::string text =
      "#compdef aiobench\n# zsh completion of aiobench; written by 'aiobench completion zsh'.\n";
  text += zsh_engine_options();
  text += kListFunction;
  text += kEngineFunction;
  text +=
      "\n_aiobench() {\n"
      "  local curcontext=$curcontext found=1 command=hash  # hash is the one that need not be "
      "named\n"
      "  local -a commands=(\n";
  for (const CommandFacts& command : commands) {
    text += fmt::format("    '{}:{}'\n", command.name, quoted(command.summary, "\\"));
  }
  text +=
      "  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe 'command' commands && found=0\n"
      "  elif (( ${commands[(I)${words[2]}:*]} )); then\n"
      "    command=${words[2]}\n"
      "    shift words\n"
      "    (( CURRENT-- ))\n"
      "  fi\n"
      "  case $command in\n";
  for (const CommandFacts& command : commands) text += case_of(command);
  return text + "  esac\n  return found\n}\n\n_aiobench \"$@\"\n";
}

}  // namespace aiobench::tool
