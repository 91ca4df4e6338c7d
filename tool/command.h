// The commands of the program, one source file each.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "tool/exit_code.h"

namespace aiobench::tool {

using Arguments = std::vector<std::string>;

struct Description;  // tool/description.h

struct Command {
  const char* name;
  const char* summary;
  ExitCode (*run)(const Arguments& arguments);
  std::shared_ptr<Description> (*describe)();  // its options; runs nothing
};

// All of them, in the order in which they are listed to users.
std::span<const Command> commands();

ExitCode hash_command(const Arguments& arguments);
ExitCode read_command(const Arguments& arguments);
ExitCode copy_command(const Arguments& arguments);
ExitCode sweep_command(const Arguments& arguments);
ExitCode compare_command(const Arguments& arguments);
ExitCode report_command(const Arguments& arguments);
ExitCode engines_command(const Arguments& arguments);
ExitCode create_command(const Arguments& arguments);
ExitCode completion_command(const Arguments& arguments);
ExitCode manual_command(const Arguments& arguments);

std::shared_ptr<Description> describe_hash();
std::shared_ptr<Description> describe_read();
std::shared_ptr<Description> describe_copy();
std::shared_ptr<Description> describe_sweep();
std::shared_ptr<Description> describe_compare();
std::shared_ptr<Description> describe_report();
std::shared_ptr<Description> describe_engines();
std::shared_ptr<Description> describe_create();
std::shared_ptr<Description> describe_completion();
std::shared_ptr<Description> describe_manual();

// Reads `arguments` into what `description` is bound to. Nothing is returned where the command may
// go on; else the exit code, after --help was printed or the error was told.
std::optional<ExitCode> parse(const Description& description, const Arguments& arguments);

// Tells an error on stderr, in one line, and returns the exit code of its kind.
ExitCode tell(const Error& error);

// A dash that is not a hyphen, as word processors make of "--": an error that says so.
Status check_dashes(const Arguments& arguments);

}  // namespace aiobench::tool
