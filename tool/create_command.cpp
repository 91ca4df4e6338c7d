#include "tool/create_command.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/log.h"
#include "base/units.h"
#include "os/atomic_file.h"
#include "os/console.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/memory.h"
#include "os/system_error.h"
#include "tool/command.h"
#include "tool/measure.h"
#include "tool/options.h"
#include "tool/output.h"
#include "tool/terminal.h"

namespace aiobench::tool {
namespace {

constexpr std::uint32_t kChunk = 4u << 20;

// SplitMix64 (Steele, Lea, Flood 2014). Each word depends only on the seed and its index in the
// file, so the same size and seed give the same file.
std::uint64_t word_at(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void fill(std::byte* data, std::uint32_t bytes, FileOffset offset, std::uint64_t seed) {
  auto* const words = reinterpret_cast<std::uint64_t*>(data);
  const std::uint64_t first = offset / sizeof(std::uint64_t);
  for (std::uint64_t i = 0; i < (bytes + 7) / 8; ++i) words[i] = word_at(seed, first + i);
}

Status write_all(const os::File& file, const std::byte* data, std::uint32_t bytes,
                 FileOffset offset) {
  for (std::uint32_t done = 0; done < bytes;) {
    const os::Transferred put = file.write_at(data + done, bytes - done, offset + done);
    if (put.error != 0) return os::system_error("write", file.path(), put.error, offset + done);
    done += put.bytes;
  }
  return {};
}

Status write_content(os::File& file, std::uint64_t bytes, std::uint64_t seed, ProgressLine& line) {
  Result<os::PageMemory> memory = os::PageMemory::allocate(kChunk);
  if (!memory) return memory.take_error();
  if (Status reserved = file.reserve(bytes); !reserved) return reserved;
  for (std::uint64_t at = 0; at < bytes; at += kChunk) {
    if (os::interrupted()) return os::interrupted_error("no file was created");
    const auto chunk = static_cast<std::uint32_t>(std::min<std::uint64_t>(kChunk, bytes - at));
    fill(memory->data(), chunk, at, seed);
    if (Status put = write_all(file, memory->data(), chunk, at); !put) return put;
    line.show(at + chunk, bytes);
  }
  return file.flush();
}

struct CreateOptions {
  std::string path;
  std::uint64_t bytes = 0;
  std::uint64_t seed = 1;
  bool force = false;
  bool quiet = false;
};

void declare_create(Description& description, CreateOptions& options) {
  description.name = "create";
  description.about = "Creates a test file of incompressible data.";
  description.operand("FILE", options.path, "file to create", kFileType).required();
  const char* const kWhat = "File";
  description
      .option("--size", size_reader(options.bytes, "--size"),
              "size of the file (required): 4k, 1M, 2GiB", "SIZE", kWhat)
      .required();
  description
      .option("--seed", count_reader(options.seed, "--seed", 0, UINT64_MAX),
              "the same size and seed give the same data", "N", kWhat)
      .default_text("1");
  description.flag("--force", options.force, "replace an existing file", kWhat);
  description.flag("-q,--quiet", options.quiet, "do not show progress", kOutputGroup);
  description.notes = kSizeNote;
  description.examples = {{"aiobench create --size 1GiB file.bin", "create a file of 1 GiB"},
                          {"aiobench create --size 64M --seed 7 --force file.bin",
                           "replace file.bin by a file with other data"}};
}

}  // namespace

Status create_data_file(const std::string& path, std::uint64_t bytes, std::uint64_t seed,
                        bool replace, bool progress) {
  if (!replace && os::exists(path)) {
    Error error = usage_error("create", "it already exists", "use --force to replace it");
    error.path = path;
    return error;
  }
  main_event();
  Result<os::AtomicFile> next = os::AtomicFile::begin(path);
  if (!next) {
    Error error = next.take_error();
    error.operation = "create";
    return error;
  }
  ProgressLine line(progress, path);
  if (Status written = write_content(next->file(), bytes, seed, line); !written) {
    Error error = written.take_error();
    if (!error.path.empty()) error.path = path;  // rather than the temporary name
    return error;
  }
  return next->commit();
}

Result<std::string> default_file(bool progress) {
  constexpr std::uint64_t kBytes = 256 * kMiB;
  Result<std::string> directory = os::cache_directory();
  if (!directory) return directory.take_error();
  const std::string path = os::join_path(*directory, "default-256MiB.bin");
  if (os::exists(path)) {
    log_info("no FILE given: reading " + path);
    return path;
  }
  log_info(fmt::format("no FILE given: creating {} ({}) for this and later runs", path,
                       format_size(kBytes)));
  if (Status made = create_data_file(path, kBytes, 1, false, progress); !made) {
    return made.take_error();
  }
  return path;
}

std::shared_ptr<Description> describe_create() {
  return std::make_shared<Described<CreateOptions>>(declare_create);
}

ExitCode create_command(const Arguments& arguments) {
  Described<CreateOptions> described(declare_create);
  if (const std::optional<ExitCode> code = parse(described, arguments)) return *code;
  const auto& [path, bytes, seed, force, quiet] = described.options;
  const bool progress = os::stderr_is_terminal() && !quiet;
  if (Status made = create_data_file(path, bytes, seed, force, progress); !made) {
    return report_error(made.error());
  }
  return ExitCode::good;
}

}  // namespace aiobench::tool
