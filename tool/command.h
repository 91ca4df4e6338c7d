// The commands of the program, one source file each.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "tool/exit_code.h"

// CLI11 is large: only the sources that read a command line include it.
namespace CLI {
class App;
}

namespace aiobench::tool {

using Arguments = std::vector<std::string>;

struct Command {
  const char* name;
  const char* summary;
  ExitCode (*run)(const Arguments& arguments);
};

ExitCode hash_command(const Arguments& arguments);
ExitCode read_command(const Arguments& arguments);
ExitCode copy_command(const Arguments& arguments);
ExitCode sweep_command(const Arguments& arguments);
ExitCode compare_command(const Arguments& arguments);
ExitCode engines_command(const Arguments& arguments);
ExitCode create_command(const Arguments& arguments);

// Reads `arguments` into `app`. Nothing is returned where the command may go on; else the exit
// code, after --help was printed or the error was told.
std::optional<ExitCode> parse(CLI::App& app, const Arguments& arguments);

// Tells an error on stderr, in one line, and returns the exit code of its kind.
ExitCode tell(const Error& error);

// A dash that is not a hyphen, as word processors make of "--": an error that says so.
Status check_dashes(const Arguments& arguments);

}  // namespace aiobench::tool
