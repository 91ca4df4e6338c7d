// Proves that the options shared by several commands accept all valid values, and refuse invalid
// ones with an error that names the option and the valid values.
#include "tool/options.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/units.h"

namespace aiobench::tool {
namespace {

const bool kOnLinux = std::string(engine::this_system()) == "Linux";

StreamSettings must_check(const StreamOptions& options) {
  Result<StreamSettings> settings = check(options);
  REQUIRE_MESSAGE(settings, settings.error().line());
  return settings.take();
}

// Sets `member` to each value and expects an error that contains all `parts`.
void check_refused(std::string StreamOptions::*member, const std::vector<std::string>& values,
                   const std::vector<std::string>& parts) {
  for (const std::string& value : values) {
    CAPTURE(value);
    StreamOptions options;
    options.*member = value;
    const Result<StreamSettings> settings = check(options);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().kind == Error::Kind::usage);
    const std::string line = settings.error().line();
    CAPTURE(line);
    CHECK(line.find("'" + printable(value) + "'") != std::string::npos);
    for (const std::string& part : parts) {
      CAPTURE(part);
      CHECK(line.find(part) != std::string::npos);
    }
  }
}

TEST_CASE("the defaults are valid on every machine") {
  const StreamOptions options;
  const StreamSettings settings = must_check(options);
  // Chosen later for each file.
  CHECK(settings.run.engine.text() == "auto");
  CHECK(settings.run.depth == 0);
  CHECK(settings.run.threads == 0);
  CHECK(settings.run.block_bytes == 0);
  CHECK((settings.run.hash == hash::Algorithm::xxh3));
  CHECK_FALSE(settings.run.direct);
  CHECK((settings.cache == CacheState::asis));
  CHECK(settings.repeat == 1);
  CHECK(settings.warmup == 0);
  CHECK((settings.format == Format::text));
  CHECK_FALSE(settings.wine);
}

TEST_CASE("auto is accepted, and no other word has its meaning") {
  StreamOptions options;
  options.engine = "sync";
  options.depth = "3";
  options.threads = "4";
  options.block = "4k";
  CHECK(must_check(options).run.depth == 3);
  for (std::string StreamOptions::*const member :
       {&StreamOptions::depth, &StreamOptions::threads, &StreamOptions::block}) {
    StreamOptions open = options;
    open.*member = "auto";
    const run::RunSettings run = must_check(open).run;
    CHECK((run.depth == 0) + (run.threads == 0) + (run.block_bytes == 0) == 1);
    CHECK(run.engine.text() == "sync");
  }
  check_refused(&StreamOptions::depth, {"Auto", "auto ", "automatic"}, {"--depth", "1 to 4096"});
  check_refused(&StreamOptions::block, {"Auto", "auto "}, {"--block-size", "4KiB"});
}

TEST_CASE("every option is accepted up to its limits") {
  StreamOptions options;
  options.engine = "sync";
  for (const char* depth : {"1", "4096"}) {
    options.depth = depth;
    CHECK(must_check(options).run.depth == std::stoul(depth));
  }
  for (const char* threads : {"1", "1024"}) {
    options.threads = threads;
    CHECK(must_check(options).run.threads == std::stoul(threads));
  }
  const std::vector<std::pair<const char*, std::uint64_t>> blocks = {
      {"512", 512}, {"12345", 12345}, {"4k", 4096}, {"1GiB", kGiB}, {"1.5M", kMiB * 3 / 2}};
  for (const auto& [text, bytes] : blocks) {
    options.block = text;
    CHECK(must_check(options).run.block_bytes == bytes);
  }
  options.repeat = "7";
  options.warmup = "3";
  CHECK(must_check(options).repeat == 7);
  CHECK(must_check(options).warmup == 3);
  options.hash = "xxh128";
  CHECK((must_check(options).run.hash == hash::Algorithm::xxh128));
  options.hash = "none";
  CHECK((must_check(options).run.hash == hash::Algorithm::none));
}

TEST_CASE("cache, format and progress: every value") {
  StreamOptions options;
  for (const auto& [text, state] :
       std::vector<std::pair<const char*, CacheState>>{{"asis", CacheState::asis},
                                                       {"warm", CacheState::warm},
                                                       {"cold", CacheState::cold},
                                                       {"direct", CacheState::direct}}) {
    options.cache = text;
    const StreamSettings settings = must_check(options);
    CHECK((settings.cache == state));
    CHECK(settings.run.direct == (state == CacheState::direct));
  }
  for (const auto& [text, format] :
       std::vector<std::pair<const char*, Format>>{{"text", Format::text},
                                                   {"json", Format::json},
                                                   {"csv", Format::csv},
                                                   {"xxhsum", Format::xxhsum}}) {
    options.format = text;
    CHECK((must_check(options).format == format));
  }
  options.progress = "always";
  CHECK(must_check(options).progress);
  options.progress = "never";
  CHECK_FALSE(must_check(options).progress);
  options.progress = "auto";
  options.quiet = true;
  CHECK_FALSE(must_check(options).progress);
}

TEST_CASE("numbers are refused with their limits") {
  const std::vector<std::string> never = {
      "0", "-1", "abc", "", "1.5", "8 ", "1e2", "0x10", "99999999999999999999999"};
  const auto with = [&](const char* more) {
    std::vector<std::string> values = never;
    values.emplace_back(more);
    return values;
  };
  check_refused(&StreamOptions::depth, with("5000"), {"--depth", "1 to 4096"});
  check_refused(&StreamOptions::depth, {"4097"}, {"--depth", "1 to 4096"});
  check_refused(&StreamOptions::threads, with("1025"), {"--threads", "1 to 1024"});
  check_refused(&StreamOptions::repeat, with("1000001"), {"--repeat", "1 to 1000000"});
  check_refused(&StreamOptions::warmup, {"-1", "abc", "", "1000001"}, {"--warmup", "0 to 1000000"});
}

TEST_CASE("block sizes are refused with their limits or the valid forms") {
  check_refused(&StreamOptions::block, {"0", "1", "511", "1073741825", "1025M", "2GiB", "16T"},
                {"--block-size", "512 B", "1 GiB"});
  check_refused(&StreamOptions::block,
                {"abc", "", "-1", "4 k", "4x", "0.3k", "99999999999999999999999"},
                {"--block-size", "4KiB"});
}

TEST_CASE("names are refused with the list of the valid ones") {
  check_refused(&StreamOptions::engine, {"nope", "", "IOCP", "sync,iocp"},
                {"sync", "overlapped", "extended", "iocp", "threadpool", "io_uring", "libaio",
                 "posix-aio", "mmap", "null", "auto"});
  check_refused(&StreamOptions::hash, {"md5", "", "XXH3"},
                {"hash", "xxh32", "xxh64", "xxh3", "xxh128", "none"});
  check_refused(&StreamOptions::cache, {"hot", "", "Warm"},
                {"cache", "asis", "warm", "cold", "direct"});
  check_refused(&StreamOptions::format, {"xml", "", "JSON"},
                {"--format", "text", "json", "csv", "xxhsum"});
  check_refused(&StreamOptions::progress, {"sometimes", "", "yes"},
                {"--progress", "auto", "always", "never"});
}

TEST_CASE("a value with control characters is refused in one line") {
  for (std::string StreamOptions::*member :
       {&StreamOptions::engine, &StreamOptions::depth, &StreamOptions::threads,
        &StreamOptions::block, &StreamOptions::hash, &StreamOptions::cache, &StreamOptions::repeat,
        &StreamOptions::warmup, &StreamOptions::format, &StreamOptions::progress}) {
    StreamOptions options;
    options.*member = "a\nb\x1b[2J";
    const Result<StreamSettings> settings = check(options);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().line().find_first_of("\n\x1b") == std::string::npos);
  }
}

TEST_CASE("unknown engine options are refused with the list of valid ones") {
  StreamOptions options;
  options.engine = "sync:batch=1";
  Result<StreamSettings> settings = check(options);
  REQUIRE_FALSE(settings);
  CHECK(settings.error().line().find("its options: none") != std::string::npos);
  options.engine = "iocp:batch=0";
  settings = check(options);
  REQUIRE_FALSE(settings);
  CHECK(settings.error().line().find("batch=N (1 to 1024)") != std::string::npos);
}

TEST_CASE("the format xxhsum needs a digest") {
  StreamOptions options;
  options.format = "xxhsum";
  options.engine = "sync";
  CHECK(check(options));
  options.hash = "none";
  Result<StreamSettings> settings = check(options);
  REQUIRE_FALSE(settings);
  CHECK(settings.error().line().find("--format xxhsum") != std::string::npos);
  options.hash = "xxh3";
  options.engine = "null";
  settings = check(options);
  REQUIRE_FALSE(settings);
  CHECK_FALSE(settings.error().hint.empty());
  options.format = "text";
  options.tag = true;
  settings = check(options);
  REQUIRE_FALSE(settings);
  CHECK(settings.error().line().find("use --tag") != std::string::npos);
}

TEST_CASE("--tag implies the format xxhsum, unless a manifest has the lines") {
  StreamOptions options;
  CHECK((must_check(options).checksum_form == report::ChecksumForm::gnu));
  options.tag = true;
  for (const char* format : {"text", "xxhsum"}) {
    options.format = format;
    CHECK((must_check(options).format == Format::xxhsum));
    CHECK((must_check(options).checksum_form == report::ChecksumForm::bsd));
  }
  for (const char* format : {"json", "csv"}) {
    options.format = format;
    const Result<StreamSettings> settings = check(options);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().kind == Error::Kind::usage);
    CHECK(settings.error().line().find(std::string("--tag with --format ") + format) !=
          std::string::npos);
  }
  options.checksums_in_file = true;
  for (const auto& [format, text] : kFormats) {
    options.format = text;
    CHECK((must_check(options).format == format));
    CHECK((must_check(options).checksum_form == report::ChecksumForm::bsd));
  }
}

TEST_CASE("an engine that reads through the page cache cannot bypass it") {
  StreamOptions options;
  options.engine = "mmap";
  for (const char* cache : {"asis", "warm", "cold"}) {
    options.cache = cache;
    CHECK(check(options));
  }
  options.cache = "direct";
  const Result<StreamSettings> settings = check(options);
  REQUIRE_FALSE(settings);
  CHECK(settings.error().kind == Error::Kind::usage);
  CHECK(settings.error().line().find("page cache") != std::string::npos);
  CHECK_FALSE(settings.error().hint.empty());
}

TEST_CASE("an engine of the other system runs there, or is refused") {
  StreamOptions options;
  for (const char* name : {"overlapped", "extended", "iocp", "iocp:batch=4"}) {
    options.engine = name;
    CHECK(must_check(options).wine == kOnLinux);
  }
  options.engine = "io_uring";
  if (kOnLinux) {
    CHECK_FALSE(must_check(options).wine);
    options.wine = true;
  }
  const Result<StreamSettings> settings = check(options);
  REQUIRE_FALSE(settings);
  CHECK(settings.error().kind == Error::Kind::usage);
  CHECK(settings.error().line().find("Linux engine") != std::string::npos);
}

TEST_CASE("--wine selects the Windows engine of a name that both systems have") {
  if (!kOnLinux) {
    MESSAGE("skipped: --wine applies to Linux only");
    return;
  }
  StreamOptions options;
  for (const char* name : {"sync", "threadpool", "mmap", "null", "auto"}) {
    options.engine = name;
    options.wine = false;
    CHECK_FALSE(must_check(options).wine);
    options.wine = true;
    CHECK(must_check(options).wine);
  }
  options.engine = "threadpool:skip_on_success";
  CHECK(must_check(options).wine);
  options.wine = false;
  const Result<StreamSettings> settings = check(options);
  REQUIRE_FALSE(settings);
  CHECK(settings.error().line().find("--wine") != std::string::npos);
}

}  // namespace
}  // namespace aiobench::tool
