#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include "base/size.h"
#include "platform/console.h"
#include "tool/command.h"
#include "tool/data_file.h"

namespace aiobench::tool {

ExitCode create_command(const Arguments& arguments) {
  CLI::App app("Makes a test file with real, incompressible data.", "aiobench create");
  std::string path;
  std::string size;
  std::string seed = "1";
  bool force = false;
  bool quiet = false;
  app.add_option("FILE", path, "the file to make")->required();
  app.add_option("--size", size, "its size: bytes, or 4k, 1M, 2GiB")->required();
  app.add_option("--seed", seed, "equal sizes and seeds give equal files")->default_str(seed);
  app.add_flag("--force", force, "replace an existing file");
  app.add_flag("-q,--quiet", quiet, "no progress");
  if (const std::optional<ExitCode> code = parse(app, arguments)) return *code;
  const Result<std::uint64_t> bytes = parse_size(size);
  if (!bytes) return tell(usage_error("use --size", bytes.error().cause, bytes.error().hint));
  const Result<std::uint64_t> number = parse_count(seed, 0, UINT64_MAX);
  if (!number) return tell(usage_error("use --seed", number.error().cause));
  const bool progress = platform::stderr_is_terminal() && !quiet;
  if (Status made = create_data_file(path, *bytes, *number, force, progress); !made) {
    return tell(made.error());
  }
  return ExitCode::good;
}

}  // namespace aiobench::tool
