#include <fmt/core.h>

#include "engine/registry.h"
#include "tool/completion.h"

namespace aiobench::tool {
namespace {

constexpr const char* kBody = R"(
# What $1, the value of an engine option that is under way, may go on with: a name of $2, or an
# option of the engine before it. $3 is set where several engines may stand there.
_aiobench_engine() {
  local before=${1%"${1##*[,:]}"} engine options=
  values=()
  if [[ $before == *:* ]]; then
    engine=${before%:*}
    engine=${engine##*,}
    _aiobench_engine_options "${engine#wine/}"
    values=($options)
  fi
  if [[ -z $before || ( $3 && $before != *: ) ]]; then values+=($2); fi
}

_aiobench_files() {
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
  compopt -o filenames 2>/dev/null
}

# $2 as the value of $1: "COMMAND OPTION", or "COMMAND" for what is no option.
_aiobench_complete_value() {
  local kind list values item=$2 before
  _aiobench_value "$1"
  case $kind in
    file) _aiobench_files "$2" ;;
    engine) _aiobench_engine "$2" "${values[*]}" "$list" ;;&
    engine | choice)
      if [[ $list || $kind == engine ]]; then item=${2##*[,:]}; fi
      before=${2%"$item"}
      mapfile -t COMPREPLY < <(compgen -P "$before" -W "${values[*]}" -- "$item")
      # More may follow.
      if [[ $list || $before ]]; then compopt -o nospace 2>/dev/null; fi ;;
  esac
}

_aiobench() {
  local words=() word i current value previous= command=hash only_files= commands options
  local kind list values
  COMPREPLY=()
  _aiobench_commands
  # What bash takes apart at = and : is one word here.
  for ((i = 1; i <= COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if ((i > 1)) && [[ $word == [=:] || ${COMP_WORDS[i - 1]} == [=:] ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
  done
  current=${words[-1]}
  value=$current
  if ((${#words[@]} > 1)); then
    previous=${words[-2]}
    if [[ " $commands " == *" ${words[0]} "* ]]; then command=${words[0]}; fi
  fi
  for word in "${words[@]:0:${#words[@]}-1}"; do
    if [[ $word == -- ]]; then only_files=1; fi
  done
  if [[ $only_files ]]; then
    _aiobench_files "$current"
  elif [[ $current == --*=* ]]; then
    value=${current#*=}
    _aiobench_complete_value "$command ${current%%=*}" "$value"
  elif [[ $previous ]] && _aiobench_value "$command $previous"; then
    _aiobench_complete_value "$command $previous" "$current"
  elif [[ $current == -* ]]; then
    _aiobench_options "$command"
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  else
    _aiobench_complete_value "$command" "$current"
    if ((${#words[@]} == 1)); then
      mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$commands" -- "$current")
    fi
  fi
  # bash puts what is found in place of what stands behind the last = or : alone.
  value=${value%"${value##*[=:]}"}
  COMPREPLY=("${COMPREPLY[@]#"$value"}")
}

complete -F _aiobench aiobench
)";

std::string list_of(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::string> all_names_of(const OptionFacts& option) {
  std::vector<std::string> names;
  for (const std::string& name : {option.short_name, option.long_name}) {
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

// A row of a case statement.
std::string row(const std::string& pattern, const std::string& action) {
  return fmt::format("    {}) {} ;;\n", pattern, action);
}

std::string value_row(const std::string& pattern, const ValueFacts& value) {
  switch (value.takes) {
    case Takes::nothing:
      return "";
    case Takes::file:
      return row(pattern, "kind=file");
    case Takes::text:
      return row(pattern, "kind=text");
    case Takes::engine:
    case Takes::choice:
      break;
  }
  return row(pattern, fmt::format("kind={}{} values=({})",
                                  value.takes == Takes::engine ? "engine" : "choice",
                                  value.list ? " list=1" : "", list_of(value.choices)));
}

// Which values the options of each command take, and the words that are no options.
std::string values_function(const std::vector<CommandFacts>& commands) {
  std::string text = "\n_aiobench_value() {\n  kind= list= values=()\n  case $1 in\n";
  for (const CommandFacts& command : commands) {
    if (!command.operands.empty()) text += value_row(command.name, command.operands[0].value);
    for (const OptionFacts& option : command.options) {
      std::string pattern;
      for (const std::string& name : all_names_of(option)) {
        pattern += fmt::format("{}'{} {}'", pattern.empty() ? "" : " | ", command.name, name);
      }
      text += value_row(pattern, option.value);
    }
  }
  return text + "    *) return 1 ;;\n  esac\n}\n";
}

std::string options_function(const std::vector<CommandFacts>& commands) {
  std::string text = "\n_aiobench_options() {\n  case $1 in\n";
  for (const CommandFacts& command : commands) {
    std::vector<std::string> names;
    for (const OptionFacts& option : command.options) {
      for (const std::string& name : all_names_of(option)) names.push_back(name);
    }
    text += row(command.name, fmt::format("options='{}'", list_of(names)));
  }
  return text + "  esac\n}\n";
}

std::string bash_engine_options() {
  std::string text = "\n_aiobench_engine_options() {\n  case $1 in\n";
  for (const engine::Mechanism& mechanism : engine::catalog()) {
    std::vector<std::string> options;
    for (const engine::OptionRule& rule : mechanism.options) {
      options.push_back(rule.most == 0 ? rule.name : fmt::format("{}=", rule.name));
    }
    if (options.empty()) continue;
    text += row(mechanism.name, fmt::format("options='{}'", list_of(options)));
  }
  return text + "  esac\n}\n";
}

}  // namespace

std::string bash_completion(const std::vector<CommandFacts>& commands) {
  std::vector<std::string> names;
  for (const CommandFacts& command : commands) names.push_back(command.name);
  return "# bash completion of aiobench; written by 'aiobench completion bash'.\n\n" +
         fmt::format("_aiobench_commands() {{\n  commands='{}'\n}}\n", list_of(names)) +
         options_function(commands) + values_function(commands) + bash_engine_options() + kBody;
}

}  // namespace aiobench::tool
