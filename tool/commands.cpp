// The commands, in the order in which they are listed to users.
#include <array>

#include "tool/command.h"

namespace aiobench::tool {
namespace {

constexpr std::array<Command, 10> kCommands = {{
    {"hash", "stream files through a hasher (the default command)", hash_command, describe_hash},
    {"read", "the mechanism alone: no hasher, sequential or random", read_command, describe_read},
    {"copy", "copy files, hashing on the way; safe to interrupt", copy_command, describe_copy},
    {"sweep", "every engine, depth, ... in rounds: which one to pick", sweep_command,
     describe_sweep},
    {"compare", "a verdict on two results: regression, improvement, no change", compare_command,
     describe_compare},
    {"report", "one HTML file with charts and tables of results", report_command, describe_report},
    {"engines", "list every I/O mechanism, and whether it runs here", engines_command,
     describe_engines},
    {"create", "make a test file with real, incompressible data", create_command, describe_create},
    {"completion", "write a script by which a shell completes commands and options",
     completion_command, describe_completion},
    {"manual", "write the manual page", manual_command, describe_manual},
}};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

}  // namespace aiobench::tool
