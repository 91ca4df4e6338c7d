// The help of a command, and that of the program, for a terminal of 80 columns.
#pragma once

#include <string>

#include "tool/command_facts.h"

namespace aiobench::tool {

std::string help_text(const CommandFacts& facts);

// What the program does, its commands, and how they are used.
std::string general_help();

}  // namespace aiobench::tool
