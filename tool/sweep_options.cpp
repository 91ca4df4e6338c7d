#include "tool/sweep_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "base/units.h"
#include "run/run.h"
#include "tool/description.h"
#include "tool/sweep_cells.h"

namespace aiobench::tool {
namespace {

constexpr std::uint64_t kMostRounds = 10'000;

Status needs_number(const char* option, const std::string& list) {
  for (const std::string& text : split_list(list)) {
    if (text != "auto") continue;
    return usage_error(fmt::format("use {}", option), "a sweep compares given values, not 'auto'",
                       "list the values");
  }
  return {};
}

Result<std::vector<sweep::SweptFile>> files_of(const SweepOptions& options) {
  std::vector<sweep::SweptFile> files;
  for (const std::string& path : options.files) {
    Result<std::uint64_t> bytes = pipeline::size_of(path);
    if (!bytes) return bytes.take_error();
    if (*bytes == 0) {
      return usage_error("sweep '" + path + "'", "it is empty", "aiobench create makes a file");
    }
    const sweep::SweptFile file{path, *bytes};
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  }
  return files;
}

Status read_count(const char* option, const std::string& text, std::uint64_t least,
                  std::uint64_t most, const std::function<void(std::uint64_t)>& take) {
  Result<std::uint64_t> value = parse_count(text, least, most);
  if (!value) return usage_error(fmt::format("use {}", option), value.error().cause);
  take(*value);
  return {};
}

Status read_limits(const SweepOptions& options, SweepSettings& settings) {
  sweep::Plan& plan = settings.plan;
  Status read = read_count("--repeat", options.rounds, 1, kMostRounds,
                           [&](std::uint64_t n) { plan.rounds = static_cast<unsigned>(n); });
  if (!read) return read;
  read = read_count("--warmup", options.warmup, 0, kMostRounds,
                    [&](std::uint64_t n) { plan.warmup = static_cast<unsigned>(n); });
  if (!read) return read;
  read = read_count("--seed", options.seed, 0, UINT64_MAX, [&](std::uint64_t n) { plan.seed = n; });
  if (!read) return read;
  if (!options.max_time.empty()) {
    Result<double> seconds = parse_duration_seconds(options.max_time);
    if (!seconds) {
      return usage_error("use --max-time", seconds.error().cause, seconds.error().hint);
    }
    settings.max_seconds = *seconds;
  }
  if (!options.max_bytes.empty()) {
    Result<std::uint64_t> bytes = parse_size(options.max_bytes);
    if (!bytes) return usage_error("use --max-bytes", bytes.error().cause, bytes.error().hint);
    settings.max_bytes = *bytes;
  }
  return {};
}

}  // namespace

void SweepOptions::add_to(Description& description) {
  description.operand("FILE", files, "what to read: files on the disks to be compared", "FILE...");
  const auto add = [&](const char* names, std::string& value, const std::string& help,
                       const std::string& type,
                       const char* group) { description.option(names, value, help, type, group); };
  const char* const kCells = "Cells: each combination of these lists, for each file";
  description
      .option("-e,--engine", engines, "all that run here; wine: Windows' by Wine; wine/NAME: one",
              std::string(kEngineType) + kMore, kCells)
      .default_text("all");
  add("-d,--depth", depths, "requests in flight, 1 to 4096", "N,...", kCells);
  add("-t,--threads", threads, "threads that serve completions, 1 to 1024", "N,...", kCells);
  add("-b,--block-size", blocks, "bytes of one request, 512 to 1GiB", "SIZE,...", kCells);
  add("--cache", caches, "asis, or some of the others",
      names_of(pipeline::cache_states(), "|") + kMore, kCells);
  add("-H,--hash", hash, "the digest, of all cells", names_of(hash::algorithms(), "|"), kCells);
  const char* const kRounds = "Rounds: every cell once, in a new order";
  add("--repeat", rounds, "measured rounds", "N", kRounds);
  add("--warmup", warmup, "rounds before that, not kept", "N", kRounds);
  add("--seed", seed, "of the orders", "N", kRounds);
  add("--max-time", max_time, "begin no round that would end later: 10m, 2h", "TIME", kRounds);
  add("--max-bytes", max_bytes, "begin no round that would read more in all: 500G", "SIZE",
      kRounds);
  description.flag("--dry-run", dry_run, "tell what would be done and how long it would take",
                   kRounds);
  add("--json", json_file, "the result; what is done so far is in FILE.parts", kFileType,
      kOutputGroup);
  description.flag("--resume", resume, "go on with the sweep of that result; FILEs may be left out",
                   kOutputGroup);
  description.flag("--force", force, "begin anew where a sweep or a result of that name is",
                   kOutputGroup);
  add("--csv", csv_file, "write a row a repetition to a file too", kFileType, kOutputGroup);
  add("--format", format, "what goes to stdout", names_of(kFormatsOfFigures, "|"), kOutputGroup);
  add_color_to(description, color);
  add_verbosity_to(description, progress, quiet, verbose);
}

Result<SweepSettings> check(const SweepOptions& options) {
  SweepSettings settings;
  if (options.files.empty()) {
    return usage_error("sweep", "no file is named", "aiobench create makes one with real data");
  }
  for (const auto& [option, list] :
       {std::pair<const char*, const std::string&>{"--depth", options.depths},
        {"--threads", options.threads},
        {"--block-size", options.blocks}}) {
    if (Status numbers = needs_number(option, list); !numbers) return numbers.take_error();
  }
  StreamOptions output;
  output.format = options.format;
  output.progress = options.progress;
  output.color = options.color;
  output.quiet = options.quiet;
  output.hash = options.hash;
  Result<StreamSettings> common = check(output);
  if (!common) return common.take_error();
  if (common->format == Format::xxhsum) {
    return usage_error("use --format", "a sweep is no list of sums",
                       "the formats: text, json, csv");
  }
  settings.format = common->format;
  settings.progress = common->progress;
  settings.style = common->style;
  settings.plan.hash = options.hash;
  if (Status read = read_limits(options, settings); !read) return read.take_error();
  Result<std::vector<sweep::SweptFile>> files = files_of(options);
  if (!files) return files.take_error();
  settings.plan.files = files.take();
  if (Status added = add_cells(options, settings); !added) return added.take_error();
  return settings;
}

}  // namespace aiobench::tool
