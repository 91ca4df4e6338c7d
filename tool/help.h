// The help of a command, and that of the program, for a terminal of 80 columns.
#pragma once

#include <string>
#include <vector>

#include "tool/command.h"

namespace aiobench::tool {

std::string help_text(const CommandInfo& info);

// What the program does, its commands, and how they are used.
std::string general_help();

// The manual page, in the language of man(7): from the same info as help.

std::string manual(const std::vector<CommandInfo>& commands, const std::string& version);

}  // namespace aiobench::tool
