#include "base/units.h"
#include "os/console.h"
#include "tool/command.h"
#include "tool/data_file.h"
#include "tool/description.h"

namespace aiobench::tool {
namespace {

struct CreateOptions {
  std::string path;
  std::string size;
  std::string seed = "1";
  bool force = false;
  bool quiet = false;
};

void declare_create(Description& description, CreateOptions& options) {
  description.name = "create";
  description.about = "Makes a test file with real, incompressible data.";
  description.operand("FILE", options.path, "the file to make", kFileType).required();
  const char* const kWhat = "The file";
  description
      .option("--size", options.size, "its size: bytes, or 4k, 1M, 2GiB; required", "SIZE", kWhat)
      .required();
  description.option("--seed", options.seed, "equal sizes and seeds give equal files", "N", kWhat);
  description.flag("--force", options.force, "replace an existing file", kWhat);
  description.flag("-q,--quiet", options.quiet, "no progress", kOutputGroup);
  description.examples = {
      {"aiobench create --size 1GiB file.bin", "as incompressible as random bytes"},
      {"aiobench create --size 64M --seed 7 --force file.bin", "other data, over what is there"}};
}

}  // namespace

std::shared_ptr<Description> describe_create() {
  return std::make_shared<Described<CreateOptions>>(declare_create);
}

ExitCode create_command(const Arguments& arguments) {
  Described<CreateOptions> described(declare_create);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  const auto& [path, size, seed, force, quiet] = described.options;
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
