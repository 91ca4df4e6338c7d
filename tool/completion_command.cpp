// Scripts that have a shell complete commands, options and their values: from the same info as
// help. Sources: "Programmable Completion" in bash(1); zshcompsys(1).

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "engine/registry.h"
#include "tool/command.h"
#include "tool/output.h"

namespace aiobench::tool {

std::string bash_completion(const std::vector<CommandInfo>& commands);
std::string zsh_completion(const std::vector<CommandInfo>& commands);

using CompletionOf = std::string (*)(const std::vector<CommandInfo>& commands);
inline constexpr Named<CompletionOf> kShells[] = {{bash_completion, "bash"},
                                                  {zsh_completion, "zsh"}};

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

std::vector<std::string> all_names_of(const OptionInfo& option) {
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

std::string value_row(const std::string& pattern, const ValueInfo& value) {
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
std::string values_function(const std::vector<CommandInfo>& commands) {
  std::string text = "\n_aiobench_value() {\n  kind= list= values=()\n  case $1 in\n";
  for (const CommandInfo& command : commands) {
    if (!command.operands.empty()) text += value_row(command.name, command.operands[0].value);
    for (const OptionInfo& option : command.options) {
      std::string pattern;
      for (const std::string& name : all_names_of(option)) {
        pattern += fmt::format("{}'{} {}'", pattern.empty() ? "" : " | ", command.name, name);
      }
      text += value_row(pattern, option.value);
    }
  }
  return text + "    *) return 1 ;;\n  esac\n}\n";
}

std::string options_function(const std::vector<CommandInfo>& commands) {
  std::string text = "\n_aiobench_options() {\n  case $1 in\n";
  for (const CommandInfo& command : commands) {
    std::vector<std::string> names;
    for (const OptionInfo& option : command.options) {
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

std::string bash_completion(const std::vector<CommandInfo>& commands) {
  std::vector<std::string> names;
  for (const CommandInfo& command : commands) names.push_back(command.name);
  return "# bash completion of aiobench; written by 'aiobench completion bash'.\n\n" +
         fmt::format("_aiobench_commands() {{\n  commands='{}'\n}}\n", list_of(names)) +
         options_function(commands) + values_function(commands) + bash_engine_options() + kBody;
}

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
std::string action_of(const ValueInfo& value) {
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
std::string option_spec(const OptionInfo& option) {
  const bool takes_value = option.value.takes != Takes::nothing;
  const std::string rest =
      fmt::format("[{}]{}", quoted(option.help, "[]:\\"), action_of(option.value));
  const std::string short_form = option.short_name + (takes_value ? "+" : "");
  const std::string long_form = option.long_name + (takes_value ? "=" : "");
  if (option.short_name.empty()) return fmt::format("'{}{}'", long_form, rest);
  return fmt::format("'({} {})'{{{},{}}}'{}'", option.short_name, option.long_name, short_form,
                     long_form, rest);
}

std::string case_of(const CommandInfo& command) {
  std::string text =
      fmt::format("    {})\n      _arguments -s -S : \\\n", quoted(command.name, ""));
  for (const OptionInfo& option : command.options) {
    text += "        " + option_spec(option) + " \\\n";
  }
  std::string operands;
  for (const OperandInfo& operand : command.operands) {
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

std::string zsh_completion(const std::vector<CommandInfo>& commands) {
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
  for (const CommandInfo& command : commands) {
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
  for (const CommandInfo& command : commands) text += case_of(command);
  return text + "  esac\n  return found\n}\n\n_aiobench \"$@\"\n";
}

namespace {

struct CompletionOptions {
  std::string shell;
};

void declare_completion(Description& description, CompletionOptions& options) {
  description.name = "completion";
  description.about =
      "Writes a script by which a shell completes commands, options, and their values.";
  description.operand("SHELL", options.shell, "which shell it is for", names_of(kShells, "|"))
      .required();
  description.examples = {{"source <(aiobench completion bash)", "for the bash that is running"},
                          {"aiobench completion zsh > _aiobench",
                           "for zsh: the file belongs into a directory that is named in fpath"}};
}

}  // namespace

std::shared_ptr<Description> describe_completion() {
  return std::make_shared<Described<CompletionOptions>>(declare_completion);
}

ExitCode completion_command(const Arguments& arguments) {
  Described<CompletionOptions> described(declare_completion);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  const Result<CompletionOf> shell =
      parse_named(kShells, "completion", "shell", described.options.shell);
  if (!shell) return tell(shell.error());
  put((*shell)(info_of_all()));
  return finish_output(ExitCode::good);
}

}  // namespace aiobench::tool
