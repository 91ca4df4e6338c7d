#include "tool/options.h"

#include <fmt/core.h>

#include <span>
#include <string_view>

#include "engine/registry.h"
#include "hash/hasher.h"
#include "os/host.h"

namespace aiobench::tool {
namespace {

constexpr std::uint64_t kMaxRepeats = 1'000'000;

// A number, or "auto", which is 0.
Result<unsigned> count_or_auto(const char* option, const std::string& text, std::uint64_t most) {
  if (text == "auto") return 0u;
  Result<std::uint64_t> value = parse_count(text, 1, most);
  if (value) return static_cast<unsigned>(*value);
  return usage_error(fmt::format("use {}", option), value.error().cause);
}

// The error of a value parser, as that of an option.
Error about_option(const char* option, const Error& error) {
  return usage_error(fmt::format("use {}", option), error.cause, error.hint);
}

template <class T>
ReadValue any_count_reader(T& value, const char* option, std::uint64_t least, std::uint64_t most) {
  return reader(value, [=](const std::string& text) -> Result<T> {
    const Result<std::uint64_t> count = parse_count(text, least, most);
    if (!count) return usage_error(fmt::format("use {}", option), count.error().cause);
    return static_cast<T>(*count);
  });
}

Result<double> parse_interval(const std::string& text) {
  constexpr double kMin = 0.01;
  constexpr double kMax = 3600;
  if (text.empty()) return 0.0;
  Result<double> value = parse_duration_seconds(text);
  if (!value) return about_option("--interval", value.error());
  if (*value >= kMin && *value <= kMax) return *value;
  return usage_error("use --interval", fmt::format("'{}' is not between 10 ms and 1 h", text));
}

Result<HashAlgorithm> parse_hash(const std::string& text) {
  return hash::parse_algorithm(text);
}

ReadValue engine_reader(Settings& settings, StreamOptions::For what) {
  return [&settings, what](const std::string& text) -> Status {
    settings.engine_options.clear();
    if (what == StreamOptions::For::copying && text == kSystemCopy) {
      settings.engine = text;
      return {};
    }
    const Result<engine::EngineSpec> spec = engine::parse_engine(text);
    if (!spec) return spec.error();
    settings.engine = spec->mechanism->name;
    settings.engine_options = spec->options.text();
    return {};
  };
}

// --tag implies --format xxhsum, as in xxhsum, unless a manifest receives the checksum lines.
Status apply_tag(StreamOptions& options) {
  if (!options.tag) return {};
  Outputs& outputs = options.outputs;
  outputs.checksum_form = report::ChecksumForm::bsd;
  if (options.checksums_in_file) return {};
  if (outputs.format == Format::text || outputs.format == Format::xxhsum) {
    outputs.format = Format::xxhsum;
    return {};
  }
  return usage_error(fmt::format("use --tag with --format {}", name_in(kFormats, outputs.format)),
                     "--tag selects a style of --format xxhsum", "leave out --format or --tag");
}

// Refuses a format that needs a digest if there is none.
Status check_digest(const Settings& settings, const Outputs& outputs) {
  const bool no_digest = settings.hash == HashAlgorithm::none || settings.engine == "null";
  if (outputs.format != Format::xxhsum || !no_digest) return {};
  const bool tag = outputs.checksum_form == report::ChecksumForm::bsd;
  return usage_error(tag ? "use --tag" : "use --format xxhsum", "there is no digest to print",
                     "choose a hash other than none and an engine other than null");
}

// Selects where the engine runs: in this process or in the Windows build.
Result<bool> choose_system(const engine::EngineSpec& spec, bool wine) {
  const bool windows_here = std::string_view(engine::this_system()) == "Windows";
  const engine::Systems systems = spec.mechanism->systems;
  const std::string use = fmt::format("use engine '{}'", spec.text());
  if (windows_here) {
    if (wine && os::host_info().wine.empty()) {
      return usage_error("use --wine", "this system is Windows", "leave out --wine");
    }
    if (systems != engine::Systems::linux_only) return false;
    return usage_error(use, "it is a Linux engine",
                       "choose an engine that the command aiobench engines lists as available");
  }
  if (wine && systems == engine::Systems::linux_only) {
    return usage_error(use, "it is a Linux engine, and --wine selects a Windows engine",
                       "leave out --wine");
  }
  const bool under_wine = wine || systems == engine::Systems::windows_only;
  if (!under_wine && engine::has_windows_option(spec)) {
    return usage_error(use, "only the Windows engine of that name has this option",
                       "add --wine to use the Windows engine");
  }
  return under_wine;
}

}  // namespace

Result<unsigned> parse_depth(const std::string& text) {
  return count_or_auto("--depth", text, kMaxDepth);
}

Result<unsigned> parse_threads(const std::string& text) {
  return count_or_auto("--threads", text, kMaxThreads);
}

Result<std::uint32_t> parse_block_size(const std::string& text) {
  if (text == "auto") return 0u;
  Result<std::uint64_t> value = parse_size(text);
  if (!value) return about_option("--block-size", value.error());
  if (*value >= kMinBlock && *value <= kMaxBlock) return static_cast<std::uint32_t>(*value);
  return usage_error("use --block-size",
                     fmt::format("'{}' is not between {} and {}", text, format_size(kMinBlock),
                                 format_size(kMaxBlock)));
}

Result<CacheState> parse_cache_state(const std::string& text) {
  return parse_named(kCacheStates, "--cache", "cache state", text);
}

ReadValue count_reader(unsigned& value, const char* option, std::uint64_t least,
                       std::uint64_t most) {
  return any_count_reader(value, option, least, most);
}

ReadValue count_reader(std::uint64_t& value, const char* option, std::uint64_t least,
                       std::uint64_t most) {
  return any_count_reader(value, option, least, most);
}

ReadValue size_reader(std::uint64_t& value, const char* option) {
  return reader(value, [option](const std::string& text) -> Result<std::uint64_t> {
    Result<std::uint64_t> bytes = parse_size(text);
    if (!bytes) return about_option(option, bytes.error());
    return bytes;
  });
}

ReadValue seconds_reader(double& value, const char* option) {
  return reader(value, [option](const std::string& text) -> Result<double> {
    Result<double> seconds = parse_duration_seconds(text);
    if (!seconds) return about_option(option, seconds.error());
    return seconds;
  });
}

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
  const auto add = [&](const char* names, auto&& value, const char* default_value,
                       const std::string& help, const std::string& type, const char* group) {
    description.option(names, value, help, type, group).default_text(default_value);
  };
  Settings& settings = measurement.settings;
  const char* const kWork = "Mechanism";
  add("-e,--engine", engine_reader(settings, what), "auto",
      "I/O mechanism; its options follow a colon: iocp:batch=1,skip_on_success", kEngineType,
      kWork);
  add("-d,--depth", reader(settings.depth, parse_depth), "auto",
      "requests in flight per file, 1 to 4096; auto: chosen with the engine; 8 for an engine that "
      "you name",
      "N", kWork);
  add("-t,--threads", reader(settings.threads, parse_threads), "auto",
      "worker threads per file, 1 to 1024; auto: chosen with the engine; 2 for an engine that you "
      "name",
      "N", kWork);
  add("-b,--block-size", reader(settings.block_bytes, parse_block_size), "auto",
      std::string(
          "bytes per request, 512 to 1GiB; auto: chosen with the engine; 256KiB for an engine "
          "that you name") +
          (what == For::reading ? " (4KiB with --pattern random)" : ""),
      "SIZE", kWork);
  if (what != For::reading) {
    add("-H,--hash", reader(settings.hash, parse_hash), name(settings.hash), "hash algorithm",
        names_of(kHashAlgorithms, "|"), kWork);
  }
  add("--cache", reader(settings.cache, parse_cache_state), name(settings.cache),
      "page cache before each pass: asis leaves it unchanged, warm loads the file, cold evicts it, "
      "direct bypasses the cache",
      names_of(kCacheStates, "|"), kWork);
  description.flag("--wine", wine, "on Linux, use the Windows version of the engine, under Wine",
                   kWork);
  const char* const kRuns = "Measuring";
  add("--repeat", count_reader(measurement.repeat, "--repeat", 1, kMaxRepeats), "1",
      "measured passes over each file", "N", kRuns);
  add("--warmup", count_reader(measurement.warmup, "--warmup", 0, kMaxRepeats), "0",
      "unmeasured passes before the measured ones", "N", kRuns);
  add("--interval", reader(settings.interval_seconds, parse_interval), "",
      "also report figures for each interval of this length: 1s, 100ms", "TIME", kRuns);
  const bool hashes = what != For::reading;
  add("--format", name_reader(outputs.format, kFormats, "--format", "format"), "text",
      "output format on stdout",
      hashes ? names_of(kFormats, "|") : names_of(kFormatsWithoutDigest, "|"), kOutputGroup);
  if (hashes) {
    description.flag("--tag", tag,
                     what == For::copying
                         ? "write the checksums of --manifest or --format xxhsum in BSD style"
                         : "print checksums in BSD style: XXH3 (FILE) = DIGEST",
                     kOutputGroup);
  }
  add("--json", outputs.json_file, "",
      "also write the result, with the raw data of every repetition", kFileType, kOutputGroup);
  add("--csv", outputs.csv_file, "", "also write one CSV row per repetition", kFileType,
      kOutputGroup);
  add("--trace", outputs.trace_file, "", "write a timeline of all requests, to open in Perfetto",
      kFileType, kOutputGroup);
  terminal.add_to(description);
}

Status StreamOptions::check() {
  if (Status fits = apply_tag(*this); !fits) return fits;
  measurement.progress = terminal.shows_progress();
  outputs.style = output_style(terminal.color);
  const Result<bool> under_wine = runs_under_wine(measurement.settings, wine);
  if (!under_wine) return under_wine.error();
  wine = *under_wine;
  return check_digest(measurement.settings, outputs);
}

Result<bool> runs_under_wine(const Settings& settings, bool wine) {
  // The copy function of the system exists on both systems, as `sync` does.
  const Result<engine::EngineSpec> spec =
      engine::parse_engine(settings.copies_by_system() ? "sync" : settings.engine_text());
  if (!spec) return spec.error();
  Result<bool> under_wine = choose_system(*spec, wine);
  if (under_wine && settings.direct() && spec->mechanism->maps_files) {
    return usage_error(fmt::format("use engine '{}' with --cache direct", spec->text()),
                       "this engine reads through the page cache",
                       "use --cache cold or another engine");
  }
  return under_wine;
}

}  // namespace aiobench::tool
