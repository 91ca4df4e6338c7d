// Selects the command; everything else is in the commands.
#include <new>

#include "os/console.h"
#include "tool/command.h"
#include "tool/output.h"
#include "tool/terminal.h"

namespace {

using namespace aiobench;
using namespace aiobench::tool;

ExitCode run(Arguments arguments) {
  const std::string first = arguments.empty() ? "" : arguments.front();
  if (first == "-h" || first == "--help" || first == "help") {
    put(general_help());
    return finish_output(ExitCode::good);
  }
  if (first == "--version") {
    put(version_line() + "\n");
    return finish_output(ExitCode::good);
  }
  if (first == "__complete") {
    arguments.erase(arguments.begin());
    return complete_command(arguments);
  }
  for (const Command& command : commands()) {
    if (first != command.name) continue;
    arguments.erase(arguments.begin());
    return command.run(arguments);
  }
  return hash_command(arguments);
}

}  // namespace

int main(int argc, char** argv) {
  os::end_on_interrupts();
  os::prepare_console();
  set_up_log();
  try {
    return static_cast<int>(run(os::arguments(argc, argv)));
  } catch (const std::bad_alloc&) {
    Error error;
    error.cause = "out of memory";
    error.hint = "use a smaller --depth, --threads or --block-size";
    return static_cast<int>(report_error(error));
  }
}
