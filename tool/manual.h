// The manual page, in the language of man(7): from the same facts as help.
#pragma once

#include <string>
#include <vector>

#include "tool/command_facts.h"

namespace aiobench::tool {

std::string manual(const std::vector<CommandFacts>& commands, const std::string& version);

}  // namespace aiobench::tool
