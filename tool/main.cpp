// The command line's first step: which command is it? Everything else is in the commands.
#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <new>

#include "platform/console.h"
#include "tool/command.h"
#include "tool/output.h"
#include "tool/version.h"

namespace {

using namespace aiobench;
using namespace aiobench::tool;

constexpr std::array<Command, 7> kCommands = {{
    {"hash", "stream files through a hasher (the default command)", hash_command},
    {"read", "the mechanism alone: no hasher, sequential or random", read_command},
    {"copy", "copy files, hashing on the way; safe to interrupt", copy_command},
    {"sweep", "every engine, depth, ... in rounds: which one to pick", sweep_command},
    {"compare", "a verdict on two results: regression, improvement, no change", compare_command},
    {"engines", "list every I/O mechanism, and whether it runs here", engines_command},
    {"create", "make a test file with real, incompressible data", create_command},
}};

void print_help() {
  put("aiobench streams files through an I/O mechanism and measures it.\n\n"
      "Usage: aiobench [COMMAND] [OPTIONS] [FILE...]\n\nCommands:\n");
  for (const Command& command : kCommands) {
    put(fmt::format("  {:<9} {}\n", command.name, command.summary));
  }
  put("\nExamples:\n"
      "  aiobench --engine io_uring --depth 32 file.bin\n"
      "  aiobench --engine iocp --depth 32 file.bin    (on Linux: in the Windows build, by Wine)\n"
      "  aiobench hash --format xxhsum *.iso > SUMS; aiobench hash --check SUMS\n"
      "  aiobench read --pattern random -b 4KiB -d 32 --duration 10s --cache direct file.bin\n"
      "  aiobench copy --verify big.iso backup/\n"
      "  aiobench compare before.json after.json\n"
      "  aiobench engines\n\n"
      "'aiobench COMMAND --help' tells a command's options. Exit codes: 0 good, 1 data differs or\n"
      "a regression, 2 command line not usable, 3 input/output or system error, 5 compare only:\n"
      "inconclusive or not comparable, 130 interrupted.\n");
}

ExitCode run(Arguments arguments) {
  const std::string first = arguments.empty() ? "" : arguments.front();
  if (first == "-h" || first == "--help" || first == "help") {
    print_help();
    return finish_output(ExitCode::good);
  }
  if (first == "--version") {
    put(version_line() + "\n");
    return finish_output(ExitCode::good);
  }
  for (const Command& command : kCommands) {
    if (first != command.name) continue;
    arguments.erase(arguments.begin());
    return command.run(arguments);
  }
  return hash_command(arguments);
}

// One line a message on stderr, "aiobench: warning: ...": stdout is for results alone.
void set_up_log() {
  const auto logger = spdlog::stderr_logger_st("aiobench");
  constexpr auto kLocal = spdlog::pattern_time_type::local;
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>("%n: %l: %v", kLocal, "\n"));
  spdlog::set_default_logger(logger);
}

}  // namespace

int main(int argc, char** argv) {
  set_up_log();
  platform::prepare_console();
  try {
    return static_cast<int>(run(platform::arguments(argc, argv)));
  } catch (const std::bad_alloc&) {
    Error error;
    error.cause = "out of memory";
    error.hint = "use a smaller --depth, --threads or --block-size";
    return static_cast<int>(tell(error));
  }
}
