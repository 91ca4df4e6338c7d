// Shell completion. `aiobench completion SHELL` writes a short script for a shell. The script calls
// `aiobench __complete SHELL WORD...` with the words after the program name up to the cursor; the
// last word is the one to complete. The output has one line per candidate
// ("CANDIDATE<tab>DESCRIPTION"; for bash only the candidate), then ":nospace" if no space should
// follow a candidate, and ":files" if file names are candidates too. Sources: "Programmable
// Completion" in bash(1); zshcompsys(1); complete(1) of fish; Register-ArgumentCompleter in the
// PowerShell reference.

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "engine/registry.h"
#include "tool/command.h"
#include "tool/output.h"

namespace aiobench::tool {
namespace {

constexpr std::string_view kBash = R"(# bash completion of aiobench
_aiobench() {
  local line files=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) files=1 ;;
      :nospace) compopt -o nospace 2>/dev/null ;;
      *) COMPREPLY+=("$line") ;;
    esac
  done < <("${COMP_WORDS[0]/#\~/$HOME}" __complete bash "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ $files ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]#=}")
  fi
}
complete -F _aiobench aiobench
)";

constexpr std::string_view kZsh = R"(#compdef aiobench
# zsh completion of aiobench
_aiobench() {
  local line files= nospace=() found=() missed=1
  for line in "${(@f)$("${(Q)words[1]/#\~/$HOME}" __complete zsh "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :files) files=1 ;;
      :nospace) nospace=(-S '') ;;
      *) found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    esac
  done
  if (( $#found )); then _describe 'aiobench' found "${nospace[@]}" && missed=0; fi
  if [[ $files ]]; then
    if [[ $PREFIX == --*=* ]]; then compset -P '*='; fi
    _files && missed=0
  fi
  return missed
}
_aiobench "$@"
)";

constexpr std::string_view kFish = R"(# fish completion of aiobench
function __aiobench_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] __complete fish $words[2..-1] 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path (string replace -r '^--[^=]*=' '' -- (commandline -ct))
      case ':nospace'
      case '*'
        echo $line
    end
  end
end
complete -c aiobench -f -a '(__aiobench_complete)'
)";

// PowerShell 5 drops empty arguments of a program, so the last word has a prefix.
constexpr std::string_view kPowerShell = R"(# PowerShell completion of aiobench
Register-ArgumentCompleter -Native -CommandName aiobench -ScriptBlock {
  param($word, $ast, $cursor)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($word -ne '' -and $words.Count -gt 0) { $words = @($words | Select-Object -SkipLast 1) }
  & $ast.CommandElements[0].Value __complete powershell @words "last:$word" 2>$null |
    Where-Object { $_ -notlike ':*' } | ForEach-Object {
      $candidate, $help = $_ -split "`t", 2
      if (-not $help) { $help = $candidate }
      [System.Management.Automation.CompletionResult]::new($candidate, $candidate, 'ParameterValue', $help)
    }
}
)";

constexpr std::string_view kLastWordPrefix = "last:";

constexpr Named<std::string_view> kShells[] = {
    {kBash, "bash"}, {kZsh, "zsh"}, {kFish, "fish"}, {kPowerShell, "powershell"}};

struct Candidate {
  std::string text;
  std::string help;
};

struct Answer {
  std::vector<Candidate> candidates;
  bool files = false;
  bool nospace = false;

  // Adds the candidate `before` + `text` if `text` starts with `typed`.
  void add(std::string_view before, std::string_view text, std::string_view typed,
           const std::string& help = "") {
    if (text.starts_with(typed)) candidates.push_back({fmt::format("{}{}", before, text), help});
  }
};

// Joins the words that bash has split at = and :.
Arguments joined(const Arguments& parts) {
  Arguments words;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto splits = [&](std::size_t at) { return parts[at] == "=" || parts[at] == ":"; };
    if (i > 0 && (splits(i) || splits(i - 1))) {
      words.back() += parts[i];
    } else {
      words.push_back(parts[i]);
    }
  }
  return words;
}

const OptionInfo* find_option(const CommandInfo& command, std::string_view name) {
  if (name.empty()) return nullptr;
  const auto found =
      std::find_if(command.options.begin(), command.options.end(), [&](const OptionInfo& option) {
        return option.long_name == name || option.short_name == name;
      });
  return found == command.options.end() ? nullptr : &*found;
}

// The engine whose options follow at the end of `list` (iocp for "sync,iocp:batch=1,"), or nullptr.
const engine::Mechanism* open_engine(std::string_view list) {
  const std::size_t colon = list.rfind(':');
  if (colon == std::string_view::npos) return nullptr;
  list = list.substr(0, colon);
  list.remove_prefix(list.find_last_of(',') + 1);  // npos + 1 is 0
  if (list.starts_with("wine/")) list.remove_prefix(5);
  for (const engine::Mechanism& mechanism : engine::mechanisms()) {
    if (list == mechanism.name) return &mechanism;
  }
  return nullptr;
}

void complete_engine(const ValueInfo& value, const std::string& before, std::string_view typed,
                     Answer& answer) {
  const std::size_t end = typed.find_last_of(",:") + 1;
  const std::string_view list = typed.substr(0, end);
  const std::string whole = before + std::string(list);
  typed.remove_prefix(end);
  if (const engine::Mechanism* const mechanism = open_engine(list)) {
    for (const engine::OptionRule& rule : mechanism->options) {
      answer.add(whole, rule.max == 0 ? rule.name : fmt::format("{}=", rule.name), typed,
                 rule.help);
    }
  }
  if (list.empty() || (value.list && !list.ends_with(':'))) {
    for (const std::string& name : value.choices) answer.add(whole, name, typed);
  }
  answer.nospace = value.list || !list.empty();
}

// Completes `typed` as a value. Each candidate has the prefix `before`.
void complete_value(const ValueInfo& value, const std::string& before, std::string_view typed,
                    Answer& answer) {
  switch (value.takes) {
    case Takes::nothing:
    case Takes::text:
      return;
    case Takes::file:
      answer.files = true;
      return;
    case Takes::engine:
      complete_engine(value, before, typed, answer);
      return;
    case Takes::choice:
      break;
  }
  const std::size_t end = value.list ? typed.find_last_of(',') + 1 : 0;
  for (const std::string& choice : value.choices) {
    answer.add(before + std::string(typed.substr(0, end)), choice, typed.substr(end));
  }
  answer.nospace = value.list;
}

// `words` is not empty; its last word is completed.
Answer complete(const Arguments& words) {
  Answer answer;
  const std::string& current = words.back();
  const std::vector<CommandInfo> commands = info_of_all();
  const CommandInfo* command = &commands.front();  // hash is the default command
  if (words.size() == 1) {
    for (const CommandInfo& one : commands) answer.add("", one.name, current, one.summary);
  } else {
    for (const CommandInfo& one : commands) {
      if (one.name == words.front()) command = &one;
    }
  }
  if (std::find(words.begin(), words.end() - 1, "--") != words.end() - 1) {
    return {.candidates = {}, .files = true};
  }
  const std::size_t equals = current.starts_with("--") ? current.find('=') : std::string::npos;
  if (equals != std::string::npos) {
    if (const OptionInfo* const option = find_option(*command, current.substr(0, equals))) {
      complete_value(option->value, current.substr(0, equals + 1),
                     std::string_view(current).substr(equals + 1), answer);
    }
    return answer;
  }
  const OptionInfo* const previous =
      words.size() > 1 ? find_option(*command, words[words.size() - 2]) : nullptr;
  if (previous != nullptr && previous->value.takes != Takes::nothing) {
    complete_value(previous->value, "", current, answer);
  } else if (current.starts_with('-')) {
    for (const OptionInfo& option : command->options) {
      for (const std::string& name : {option.short_name, option.long_name}) {
        if (!name.empty()) answer.add("", name, current, option.help);
      }
    }
  } else if (!command->operands.empty()) {
    complete_value(command->operands.front().value, "", current, answer);
  }
  return answer;
}

struct CompletionOptions {
  std::string shell;
};

void declare_completion(Description& description, CompletionOptions& options) {
  description.name = "completion";
  description.about =
      "Writes a completion script for a shell. It completes commands, options and values.";
  description.operand("SHELL", options.shell, "the shell to write for", names_of(kShells, "|"))
      .required();
  description.examples = {
      {"source <(aiobench completion bash)", "enable completion in the current bash"},
      {"aiobench completion zsh > _aiobench", "for zsh; move the file to a directory in fpath"},
      {"aiobench completion fish > aiobench.fish",
       "for fish; move the file to ~/.config/fish/completions"}};
}

}  // namespace

std::shared_ptr<Description> describe_completion() {
  return std::make_shared<Described<CompletionOptions>>(declare_completion);
}

ExitCode completion_command(const Arguments& arguments) {
  Described<CompletionOptions> described(declare_completion);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  const Result<std::string_view> script =
      parse_named(kShells, "completion", "shell", described.options.shell);
  if (!script) return report_error(script.error());
  put(*script);
  return finish_output(ExitCode::good);
}

ExitCode complete_command(const Arguments& arguments) {
  if (arguments.empty()) return ExitCode::unusable;
  const std::string& shell = arguments.front();
  Arguments words(arguments.begin() + 1, arguments.end());
  if (shell == "bash") words = joined(words);
  if (words.empty()) words.emplace_back();
  if (shell == "powershell" && words.back().starts_with(kLastWordPrefix)) {
    words.back().erase(0, kLastWordPrefix.size());
  }
  const Answer answer = complete(words);
  // bash replaces only the text after the last = or :.
  const std::size_t kept = shell == "bash" ? words.back().find_last_of("=:") + 1 : 0;
  for (const Candidate& candidate : answer.candidates) {
    put(candidate.text.substr(kept));
    put(shell == "bash" ? "\n" : "\t" + candidate.help + "\n");
  }
  if (answer.nospace) put(":nospace\n");
  if (answer.files) put(":files\n");
  return finish_output(ExitCode::good);
}

}  // namespace aiobench::tool
