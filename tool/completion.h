// Scripts that have a shell complete commands, options and their values: from the same facts as
// help. Sources: "Programmable Completion" in bash(1); zshcompsys(1).
#pragma once

#include <string>
#include <vector>

#include "base/names.h"
#include "tool/command_facts.h"

namespace aiobench::tool {

std::string bash_completion(const std::vector<CommandFacts>& commands);
std::string zsh_completion(const std::vector<CommandFacts>& commands);

using CompletionOf = std::string (*)(const std::vector<CommandFacts>& commands);
inline constexpr Named<CompletionOf> kShells[] = {{bash_completion, "bash"},
                                                  {zsh_completion, "zsh"}};

}  // namespace aiobench::tool
