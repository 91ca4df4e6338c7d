// Proves that the options shared by several commands accept all valid values, and refuse invalid
// ones with an error that names the option and the valid values.
#include "tool/options.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/units.h"
#include "engine/registry.h"
#include "support/option_values.h"

namespace aiobench::tool {
namespace {

using test::Values;

const bool kOnLinux = std::string(engine::this_system()) == "Linux";

// Reads `values`, then checks all options.
Status read(StreamOptions& options, const Values& values) {
  if (Status set = test::set_options(options, values); !set) return set;
  return options.check();
}

StreamOptions must_read(const Values& values) {
  StreamOptions options;
  const Status status = read(options, values);
  REQUIRE_MESSAGE(status, status.error().line());
  return options;
}

Settings settings_of(const Values& values) {
  return must_read(values).measurement.settings;
}

std::string refusal(const Values& values) {
  StreamOptions options;
  const Status status = read(options, values);
  REQUIRE_FALSE(status);
  CHECK(status.error().kind == Error::Kind::usage);
  return status.error().line();
}

bool has(const std::string& line, const std::string& part) {
  return line.find(part) != std::string::npos;
}

// Expects an error that contains all `parts` for each value of the option.
void check_refused(const char* option, const std::vector<std::string>& values,
                   const std::vector<std::string>& parts) {
  for (const std::string& value : values) {
    CAPTURE(value);
    const std::string line = refusal({{option, value.c_str()}});
    CAPTURE(line);
    CHECK(has(line, "'" + printable(value) + "'"));
    for (const std::string& part : parts) {
      CAPTURE(part);
      CHECK(has(line, part));
    }
  }
}

TEST_CASE("the defaults are valid on every machine") {
  const StreamOptions options = must_read({});
  const Settings& settings = options.measurement.settings;
  // Chosen later for each file.
  CHECK(settings.engine_text() == "auto");
  CHECK(settings.depth == 0);
  CHECK(settings.threads == 0);
  CHECK(settings.block_bytes == 0);
  CHECK((settings.hash == HashAlgorithm::xxh3));
  CHECK((settings.cache == CacheState::asis));
  CHECK_FALSE(settings.direct());
  CHECK(options.measurement.repeat == 1);
  CHECK(options.measurement.warmup == 0);
  CHECK((options.outputs.format == Format::text));
  CHECK_FALSE(options.wine);
}

TEST_CASE("auto is accepted, and no other word has its meaning") {
  const Values given = {
      {"--engine", "sync"}, {"--depth", "3"}, {"--threads", "4"}, {"--block-size", "4k"}};
  CHECK(settings_of(given).depth == 3);
  for (const char* const option : {"--depth", "--threads", "--block-size"}) {
    Values open = given;
    open.emplace_back(option, "auto");
    const Settings settings = settings_of(open);
    CHECK((settings.depth == 0) + (settings.threads == 0) + (settings.block_bytes == 0) == 1);
    CHECK(settings.engine == "sync");
  }
  check_refused("--depth", {"Auto", "auto ", "automatic"}, {"--depth", "1 to 4096"});
  check_refused("--block-size", {"Auto", "auto "}, {"--block-size", "4KiB"});
}

TEST_CASE("every option is accepted up to its limits") {
  for (const char* depth : {"1", "4096"}) {
    CHECK(settings_of({{"--depth", depth}}).depth == std::stoul(depth));
  }
  for (const char* threads : {"1", "1024"}) {
    CHECK(settings_of({{"--threads", threads}}).threads == std::stoul(threads));
  }
  const std::vector<std::pair<const char*, std::uint64_t>> blocks = {
      {"512", 512}, {"12345", 12345}, {"4k", 4096}, {"1GiB", kGiB}, {"1.5M", kMiB * 3 / 2}};
  for (const auto& [text, bytes] : blocks) {
    CHECK(settings_of({{"--block-size", text}}).block_bytes == bytes);
  }
  const StreamOptions options = must_read({{"--repeat", "7"}, {"--warmup", "3"}});
  CHECK(options.measurement.repeat == 7);
  CHECK(options.measurement.warmup == 3);
  CHECK((settings_of({{"--hash", "xxh128"}}).hash == HashAlgorithm::xxh128));
  CHECK((settings_of({{"--hash", "none"}}).hash == HashAlgorithm::none));
  CHECK(settings_of({{"--interval", "100ms"}}).interval_seconds == 0.1);
  const Settings iocp = settings_of({{"--engine", "iocp:skip_on_success,batch=1"}});
  CHECK(iocp.engine == "iocp");
  CHECK(iocp.engine_options == "batch=1,skip_on_success");
}

TEST_CASE("cache, format and progress: every value") {
  for (const auto& [state, text] : kCacheStates) {
    const Settings settings = settings_of({{"--cache", text}});
    CHECK((settings.cache == state));
    CHECK(settings.direct() == (state == CacheState::direct));
  }
  for (const auto& [format, text] : kFormats) {
    CHECK((must_read({{"--format", text}}).outputs.format == format));
  }
  CHECK(must_read({{"--progress", "always"}}).measurement.progress);
  CHECK_FALSE(must_read({{"--progress", "never"}}).measurement.progress);
  StreamOptions quiet;
  quiet.terminal.quiet = true;
  CHECK(read(quiet, {{"--progress", "auto"}}));
  CHECK_FALSE(quiet.measurement.progress);
}

TEST_CASE("numbers are refused with their limits") {
  const std::vector<std::string> never = {
      "0", "-1", "abc", "", "1.5", "8 ", "1e2", "0x10", "99999999999999999999999"};
  const auto with = [&](const char* more) {
    std::vector<std::string> values = never;
    values.emplace_back(more);
    return values;
  };
  check_refused("--depth", with("5000"), {"--depth", "1 to 4096"});
  check_refused("--depth", {"4097"}, {"--depth", "1 to 4096"});
  check_refused("--threads", with("1025"), {"--threads", "1 to 1024"});
  check_refused("--repeat", with("1000001"), {"--repeat", "1 to 1000000"});
  check_refused("--warmup", {"-1", "abc", "", "1000001"}, {"--warmup", "0 to 1000000"});
}

TEST_CASE("block sizes are refused with their limits or the valid forms") {
  check_refused("--block-size", {"0", "1", "511", "1073741825", "1025M", "2GiB", "16T"},
                {"--block-size", "512 B", "1 GiB"});
  check_refused("--block-size", {"abc", "", "-1", "4 k", "4x", "0.3k", "99999999999999999999999"},
                {"--block-size", "4KiB"});
}

TEST_CASE("names are refused with the list of the valid ones") {
  check_refused("--engine", {"nope", "", "IOCP", "sync,iocp"},
                {"sync", "overlapped", "extended", "iocp", "threadpool", "io_uring", "libaio",
                 "posix-aio", "mmap", "null", "auto"});
  check_refused("--hash", {"md5", "", "XXH3"},
                {"hash", "xxh32", "xxh64", "xxh3", "xxh128", "none"});
  check_refused("--cache", {"hot", "", "Warm"}, {"cache", "asis", "warm", "cold", "direct"});
  check_refused("--format", {"xml", "", "JSON"}, {"--format", "text", "json", "csv", "xxhsum"});
  check_refused("--progress", {"sometimes", "", "yes"}, {"--progress", "auto", "always", "never"});
}

TEST_CASE("a value with control characters is refused in one line") {
  for (const char* const option :
       {"--engine", "--depth", "--threads", "--block-size", "--hash", "--cache", "--repeat",
        "--warmup", "--interval", "--format", "--progress", "--color"}) {
    CAPTURE(option);
    CHECK(refusal({{option, "a\nb\x1b[2J"}}).find_first_of("\n\x1b") == std::string::npos);
  }
}

TEST_CASE("unknown engine options are refused with the list of valid ones") {
  CHECK(has(refusal({{"--engine", "sync:batch=1"}}), "its options: none"));
  CHECK(has(refusal({{"--engine", "iocp:batch=0"}}), "batch=N (1 to 1024)"));
}

TEST_CASE("the format xxhsum needs a digest") {
  const Values xxhsum = {{"--format", "xxhsum"}, {"--engine", "sync"}};
  must_read(xxhsum);
  Values none = xxhsum;
  none.emplace_back("--hash", "none");
  CHECK(has(refusal(none), "--format xxhsum"));
  Values null = xxhsum;
  null.emplace_back("--engine", "null");
  CHECK(has(refusal(null), "an engine other than null"));
  StreamOptions tagged;
  tagged.tag = true;
  const Status refused = read(tagged, {{"--engine", "null"}});
  REQUIRE_FALSE(refused);
  CHECK(has(refused.error().line(), "use --tag"));
}

TEST_CASE("--tag implies the format xxhsum, unless a manifest has the lines") {
  CHECK((must_read({}).outputs.checksum_form == report::ChecksumForm::gnu));
  for (const char* format : {"text", "xxhsum"}) {
    StreamOptions options;
    options.tag = true;
    REQUIRE(read(options, {{"--format", format}}));
    CHECK((options.outputs.format == Format::xxhsum));
    CHECK((options.outputs.checksum_form == report::ChecksumForm::bsd));
  }
  for (const char* format : {"json", "csv"}) {
    StreamOptions options;
    options.tag = true;
    const Status refused = read(options, {{"--format", format}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Error::Kind::usage);
    CHECK(has(refused.error().line(), std::string("--tag with --format ") + format));
  }
  for (const auto& [format, text] : kFormats) {
    StreamOptions options;
    options.tag = options.checksums_in_file = true;
    REQUIRE(read(options, {{"--format", text}}));
    CHECK((options.outputs.format == format));
    CHECK((options.outputs.checksum_form == report::ChecksumForm::bsd));
  }
}

TEST_CASE("an engine that reads through the page cache cannot bypass it") {
  for (const char* cache : {"asis", "warm", "cold"}) {
    must_read({{"--engine", "mmap"}, {"--cache", cache}});
  }
  const std::string line = refusal({{"--engine", "mmap"}, {"--cache", "direct"}});
  CHECK(has(line, "page cache"));
  CHECK(has(line, "use --cache cold or another engine"));
}

TEST_CASE("an engine of the other system runs there, or is refused") {
  for (const char* name : {"overlapped", "extended", "iocp", "iocp:batch=4"}) {
    CHECK(must_read({{"--engine", name}}).wine == kOnLinux);
  }
  StreamOptions options;
  if (kOnLinux) {
    CHECK_FALSE(must_read({{"--engine", "io_uring"}}).wine);
    options.wine = true;
  }
  const Status refused = read(options, {{"--engine", "io_uring"}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Error::Kind::usage);
  CHECK(has(refused.error().line(), "Linux engine"));
}

TEST_CASE("--wine selects the Windows engine of a name that both systems have") {
  if (!kOnLinux) {
    MESSAGE("skipped: --wine applies to Linux only");
    return;
  }
  const auto with_wine = [](const char* engine) {
    StreamOptions options;
    options.wine = true;
    REQUIRE(read(options, {{"--engine", engine}}));
    return options.wine;
  };
  for (const char* name : {"sync", "threadpool", "mmap", "null", "auto"}) {
    CHECK_FALSE(must_read({{"--engine", name}}).wine);
    CHECK(with_wine(name));
  }
  CHECK(with_wine("threadpool:skip_on_success"));
  CHECK(has(refusal({{"--engine", "threadpool:skip_on_success"}}), "--wine"));
}

TEST_CASE("the pattern names are read, and no others") {
  const std::shared_ptr<Description> description = describe_read();
  for (const auto& row : kPatterns) CHECK(test::set_option(*description, "--pattern", row.name));
  for (const char* text : {"", "Random", "sequential ", "zipf", "rand\n"}) {
    const Status refused = test::set_option(*description, "--pattern", text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Error::Kind::usage);
    CHECK(has(refused.error().line(), "sequential, random"));
  }
}

TEST_CASE("only a copy accepts the copy function of the system as an engine") {
  check_refused("--engine", {"os"}, {"unknown engine"});
  StreamOptions options;
  Description description;
  options.add_to(description, StreamOptions::For::copying);
  CHECK(test::set_option(description, "--engine", kSystemCopy));
  CHECK(options.measurement.settings.copies_by_system());
  CHECK(options.check());
}

}  // namespace
}  // namespace aiobench::tool
