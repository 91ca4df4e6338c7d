#include "tool/options.h"

#include <fmt/core.h>

#include <utility>

#include "base/units.h"
#include "os/console.h"
#include "os/file.h"
#include "os/host.h"
#include "os/memory.h"
#include "run/run.h"
#include "tool/command.h"
#include "tool/output.h"

namespace aiobench::tool {
namespace {

using run::kMaxBlock;
using run::kMaxDepth;
using run::kMaxThreads;
using run::kMinBlock;
constexpr std::uint64_t kMaxRepeats = 1'000'000;

Result<unsigned> count(const char* option, const std::string& text, std::uint64_t minimum,
                       std::uint64_t maximum) {
  Result<std::uint64_t> value = parse_count(text, minimum, maximum);
  if (value) return static_cast<unsigned>(*value);
  return usage_error(fmt::format("use {}", option), value.error().cause);
}

// A number, or "auto", which is 0.
Result<unsigned> count_or_auto(const char* option, const std::string& text, std::uint64_t maximum) {
  if (text == "auto") return 0u;
  return count(option, text, 1, maximum);
}

Result<std::uint32_t> block_bytes(const std::string& text) {
  if (text == "auto") return 0u;
  Result<std::uint64_t> value = parse_size(text);
  if (!value) return usage_error("use --block-size", value.error().cause, value.error().hint);
  if (*value >= kMinBlock && *value <= kMaxBlock) return static_cast<std::uint32_t>(*value);
  return usage_error("use --block-size",
                     fmt::format("'{}' is not between {} and {}", text, format_size(kMinBlock),
                                 format_size(kMaxBlock)));
}

Result<double> interval_seconds(const std::string& text) {
  constexpr double kMin = 0.01;
  constexpr double kMax = 3600;
  if (text.empty()) return 0.0;
  Result<double> value = parse_duration_seconds(text);
  if (!value) return usage_error("use --interval", value.error().cause, value.error().hint);
  if (*value >= kMin && *value <= kMax) return *value;
  return usage_error("use --interval", fmt::format("'{}' is not between 10 ms and 1 h", text));
}

// --tag implies --format xxhsum, as in xxhsum, unless a manifest receives the checksum lines.
Result<Format> parse_format(const StreamOptions& options) {
  Result<Format> format = parse_named(kFormats, "--format", "format", options.format);
  if (!format || !options.tag || options.checksums_in_file) return format;
  if (*format == Format::text || *format == Format::xxhsum) return Format::xxhsum;
  return usage_error(fmt::format("use --tag with --format {}", options.format),
                     "--tag selects a style of --format xxhsum", "leave out --format or --tag");
}

Result<bool> parse_progress(const StreamOptions& options) {
  Result<When> when = parse_named(kWhens, "--progress", "choice", options.progress);
  if (!when) return when.take_error();
  if (*when == When::automatic) return os::stderr_is_terminal() && !options.quiet;
  return *when == When::always;
}

// Refuses combinations of options that contradict each other.
Status check_together(const StreamSettings& settings) {
  const bool no_digest = settings.run.hash == hash::Algorithm::none ||
                         std::string_view(settings.run.engine.mechanism->name) == "null";
  if (settings.format == Format::xxhsum && no_digest) {
    const bool tag = settings.checksum_form == report::ChecksumForm::bsd;
    return usage_error(tag ? "use --tag" : "use --format xxhsum", "there is no digest to print",
                       "choose a hash other than none and an engine other than null");
  }
  if (settings.run.direct && settings.run.engine.mechanism->maps_files) {
    return usage_error(
        fmt::format("use engine '{}' with --cache direct", settings.run.engine.text()),
        "this engine reads through the page cache", "use --cache cold or another engine");
  }
  return {};
}

// Selects where the engine runs: in this process or in the Windows build.
Status choose_system(StreamSettings& settings, bool wine) {
  const engine::EngineSpec& spec = settings.run.engine;
  const bool windows_here = std::string_view(engine::this_system()) == "Windows";
  const engine::Systems systems = spec.mechanism->systems;
  const std::string use = fmt::format("use engine '{}'", spec.text());
  if (windows_here) {
    if (wine && os::host_info().wine.empty()) {
      return usage_error("use --wine", "this system is Windows", "leave out --wine");
    }
    if (systems != engine::Systems::linux_only) return {};
    return usage_error(use, "it is a Linux engine",
                       "choose one that aiobench engines lists as available");
  }
  if (wine && systems == engine::Systems::linux_only) {
    return usage_error(use, "it is a Linux engine, and --wine selects a Windows engine",
                       "leave out --wine");
  }
  settings.wine = wine || systems == engine::Systems::windows_only;
  if (!settings.wine && engine::has_windows_option(spec)) {
    return usage_error(use, "only the Windows engine of that name has this option",
                       "add --wine to use the Windows engine");
  }
  return {};
}

}  // namespace

void StreamOptions::add_to(Description& description, For what) {
  if (what == For::copying) {
    description
        .operand("SOURCE", files, "files to copy, and the target file or existing directory",
                 "SOURCE... DEST")
        .required();
  } else {
    description.operand("FILE", files, "files to read; default: a generated 256 MiB file",
                        "FILE...");
  }
  const auto add = [&](const char* names, std::string& value, const std::string& help,
                       const std::string& type,
                       const char* group) { description.option(names, value, help, type, group); };
  const char* const kWork = "Mechanism";
  add("-e,--engine", engine,
      "I/O mechanism; its options follow a colon: iocp:batch=1,skip_on_success", kEngineType,
      kWork);
  add("-d,--depth", depth, "requests in flight per file, 1 to 4096; auto: 8", "N", kWork);
  add("-t,--threads", threads, "worker threads per file, 1 to 1024; auto: 2", "N", kWork);
  add("-b,--block-size", block, "bytes per request, 512 to 1GiB; auto: 256KiB", "SIZE", kWork);
  if (what != For::reading) {
    add("-H,--hash", hash, "hash algorithm", names_of(hash::algorithms(), "|"), kWork);
  }
  add("--cache", cache,
      "page cache before each pass: asis leaves it unchanged, warm loads the file, cold evicts it, "
      "direct bypasses the cache",
      names_of(cache_states(), "|"), kWork);
  description.flag("--wine", wine, "on Linux, run the Windows engine of that name under Wine",
                   kWork);
  const char* const kRuns = "Measuring";
  add("--repeat", repeat, "measured passes over each file", "N", kRuns);
  add("--warmup", warmup, "unmeasured passes before the measured ones", "N", kRuns);
  add("--interval", interval, "also report figures for each interval of this length: 1s, 100ms",
      "TIME", kRuns);
  const bool hashes = what != For::reading;
  add("--format", format, "output format on stdout",
      hashes ? names_of(kFormats, "|") : names_of(kFormatsWithoutDigest, "|"), kOutputGroup);
  if (hashes) {
    description.flag("--tag", tag,
                     what == For::copying
                         ? "write the checksums of --manifest or --format xxhsum in BSD style"
                         : "print checksums in BSD style: XXH3 (FILE) = DIGEST",
                     kOutputGroup);
  }
  add("--json", json_file, "also write the result, with the raw data of every repetition",
      kFileType, kOutputGroup);
  add("--csv", csv_file, "also write one CSV row per repetition", kFileType, kOutputGroup);
  add("--trace", trace_file, "write a timeline of all requests, to open in Perfetto", kFileType,
      kOutputGroup);
  add_color_to(description, color);
  add_verbosity_to(description, progress, quiet, verbose);
}

// The order of the statements is the order in which invalid options are reported.
Result<StreamSettings> check(const StreamOptions& options) {
  StreamSettings settings;
  Result<engine::EngineSpec> spec = engine::parse_engine(options.engine);
  if (!spec) return spec.take_error();
  settings.run.engine = spec.take();
  Result<unsigned> depth = count_or_auto("--depth", options.depth, kMaxDepth);
  if (!depth) return depth.take_error();
  Result<unsigned> threads = count_or_auto("--threads", options.threads, kMaxThreads);
  if (!threads) return threads.take_error();
  Result<std::uint32_t> block = block_bytes(options.block);
  if (!block) return block.take_error();
  Result<hash::Algorithm> algorithm = hash::parse_algorithm(options.hash);
  if (!algorithm) return algorithm.take_error();
  Result<CacheState> cache = parse_cache_state(options.cache);
  if (!cache) return cache.take_error();
  Result<unsigned> repeat = count("--repeat", options.repeat, 1, kMaxRepeats);
  if (!repeat) return repeat.take_error();
  Result<unsigned> warmup = count("--warmup", options.warmup, 0, kMaxRepeats);
  if (!warmup) return warmup.take_error();
  Result<double> interval = interval_seconds(options.interval);
  if (!interval) return interval.take_error();
  Result<Format> format = parse_format(options);
  if (!format) return format.take_error();
  Result<bool> progress = parse_progress(options);
  if (!progress) return progress.take_error();
  Result<report::Style> style = output_style(options.color);
  if (!style) return style.take_error();
  settings.run.depth = *depth;
  settings.run.threads = *threads;
  settings.run.block_bytes = *block;
  settings.run.hash = *algorithm;
  settings.run.direct = *cache == CacheState::direct;
  settings.cache = *cache;
  settings.run.interval_seconds = *interval;
  settings.repeat = *repeat;
  settings.warmup = *warmup;
  settings.format = *format;
  settings.checksum_form = options.tag ? report::ChecksumForm::bsd : report::ChecksumForm::gnu;
  settings.progress = *progress;
  settings.style = *style;
  if (Status fits = choose_system(settings, options.wine); !fits) return fits.take_error();
  if (Status fits = check_together(settings); !fits) return fits.take_error();
  return settings;
}

void add_verbosity_to(Description& description, std::string& progress, bool& quiet, bool& verbose) {
  description.option("--progress", progress, "show progress on stderr; auto: on a terminal",
                     names_of(kWhens, "|"), kOutputGroup);
  description.flag("-q,--quiet", quiet, "print only results and errors", kOutputGroup);
  description.flag("-v,--verbose", verbose, "print debug messages", kOutputGroup);
}

void apply_verbosity(bool quiet, bool verbose) {
  if (quiet) set_log_level(LogLevel::error);
  if (verbose) set_log_level(LogLevel::debug);
}

namespace {

constexpr Named<CacheState> kNames[] = {{CacheState::asis, "asis"},
                                        {CacheState::warm, "warm"},
                                        {CacheState::cold, "cold"},
                                        {CacheState::direct, "direct"}};

// A few pages do not change the figures.
constexpr double kNearlyAll = 0.999;
constexpr double kNearlyNone = 0.001;

void warn_unverified(const Error& error, const char* state,
                     std::vector<result::Warning>& warnings) {
  result::add_warning(
      warnings, {result::WarningCode::cache_not_verified,
                 fmt::format("cannot verify that the page cache is {}: {}", state, error.cause),
                 "run as the owner of the file, or judge by the latencies"});
}

Status make_cold(const os::File& file, std::vector<result::Warning>& warnings) {
  if (Status evicted = os::evict(file); !evicted) {
    Error error = evicted.take_error();
    const std::string hint = std::exchange(error.hint, {});
    result::add_warning(warnings, {result::WarningCode::cache_not_cold, error.line(),
                                   fmt::format("{}{}use --cache direct to bypass the page cache",
                                               hint, hint.empty() ? "" : ", or ")});
    return {};
  }
  const Result<double> share = os::resident_share(file);
  if (!share) {
    warn_unverified(share.error(), "cold", warnings);
  } else if (*share > kNearlyNone) {
    result::add_warning(
        warnings,
        {result::WarningCode::cache_not_cold,
         fmt::format("{:.1f} % of the file stayed in the page cache despite --cache cold",
                     *share * 100),
         "close other programs that use the file, or use --cache direct; a file system in memory, "
         "such as tmpfs, cannot be cold"});
  }
  return {};
}

Status make_warm(const os::File& file, std::vector<result::Warning>& warnings) {
  if (Status read = os::warm(file); !read) return read;
  const Result<double> share = os::resident_share(file);
  if (!share) {
    warn_unverified(share.error(), "warm", warnings);
  } else if (*share < kNearlyAll) {
    result::add_warning(
        warnings, {result::WarningCode::cache_not_warm,
                   fmt::format("only {:.1f} % of the file is in the page cache despite --cache "
                               "warm",
                               *share * 100),
                   "use a file that fits in memory"});
  }
  return {};
}

}  // namespace

std::span<const Named<CacheState>> cache_states() {
  return kNames;
}

const char* name(CacheState state) {
  for (const auto& row : kNames) {
    if (row.value == state) return row.name;
  }
  return "?";
}

Result<CacheState> parse_cache_state(std::string_view text) {
  return parse_named(kNames, "--cache", "cache state", std::string(text));
}

Status prepare_cache(const std::string& path, CacheState state,
                     std::vector<result::Warning>& warnings) {
  if (state == CacheState::asis || state == CacheState::direct) return {};
  // Windows evicts a file from its cache only if no buffered handle to it is open.
  Result<os::File> file = os::File::open(path, {.direct = state == CacheState::cold});
  if (!file) file = os::File::open(path, {});
  if (!file) return file.take_error();
  Result<std::uint64_t> bytes = file->size();
  if (!bytes) return bytes.take_error();
  if (*bytes == 0) return {};
  return state == CacheState::cold ? make_cold(*file, warnings) : make_warm(*file, warnings);
}

}  // namespace aiobench::tool
