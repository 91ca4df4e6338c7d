// Help texts for a terminal of 80 columns, and the manual page. Both are made from CommandInfo.
#pragma once

#include <string>
#include <vector>

#include "tool/command.h"

namespace aiobench::tool {

// The help of one command.
std::string help_text(const CommandInfo& info);

// The help of the program: commands, examples and exit codes.
std::string general_help();

// The manual page, in the language of man(7).
std::string manual(const std::vector<CommandInfo>& commands, const std::string& version);

}  // namespace aiobench::tool
