// Proves how a command line is parsed: Unicode dashes are reported, invalid options end with exit
// code 2, and each kind of error has its exit code.
#include "tool/command.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tool/options.h"

namespace aiobench::tool {
namespace {

std::optional<ExitCode> parse_into(StreamOptions& options, const Arguments& arguments) {
  Description description;
  options.add_to(description);
  return parse(description, arguments);
}

TEST_CASE("check_dashes accepts hyphens") {
  for (const Arguments& arguments : std::vector<Arguments>{{},
                                                           {"file"},
                                                           {"-d", "8", "--depth", "32", "-"},
                                                           {"--",
                                                            "\xe2\x80\x93"
                                                            "depth"},
                                                           {"a\xe2\x80\x93"
                                                            "b.bin",
                                                            "gr\xc3\xbc\xc3\x9f", ""},
                                                           {"--json=\xe2\x80\x93.json"}}) {
    CHECK(check_dashes(arguments));
  }
}

TEST_CASE("check_dashes reports a dash that is not a hyphen, and the correct form") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\xe2\x80\x93"
       "depth",
       "write --depth;"},  // en dash
      {"\xe2\x80\x94"
       "depth",
       "write --depth;"},  // em dash
      {"\xe2\x80\x93\xe2\x80\x93"
       "depth",
       "write --depth;"},  // two en dashes
      {"-\xe2\x80\x93"
       "depth",
       "write --depth;"},  // a hyphen and an en dash
      {"\xe2\x80\x90"
       "d",
       "write -d;"},  // Unicode hyphen
      {"\xe2\x80\x91"
       "d",
       "write -d;"},  // non-breaking hyphen
      {"\xe2\x80\x92"
       "d",
       "write -d;"},  // figure dash
      {"\xe2\x80\x95"
       "d",
       "write -d;"},  // horizontal bar
      {"\xe2\x88\x92"
       "d",
       "write -d;"},  // minus sign
  };
  for (const auto& row : cases) {
    const auto& [typed, advice] = row;
    CAPTURE(row.first);
    const Status status = check_dashes({"file", typed, "8"});
    REQUIRE_FALSE(status);
    CHECK(status.error().kind == Error::Kind::usage);
    const std::string line = status.error().line();
    CAPTURE(line);
    CHECK(line.find("'" + typed + "'") != std::string::npos);
    CHECK(line.find("not a hyphen") != std::string::npos);
    CHECK(line.find(advice) != std::string::npos);
    CHECK(line.find("--") != std::string::npos);
  }
}

TEST_CASE("report_error: each kind of error has its exit code") {
  Error error;
  error.cause = "this message is part of a test";
  error.kind = Error::Kind::usage;
  CHECK((report_error(error) == ExitCode::unusable));
  error.kind = Error::Kind::system;
  CHECK((report_error(error) == ExitCode::failed));
  error.kind = Error::Kind::interrupted;
  CHECK((report_error(error) == ExitCode::interrupted));
}

TEST_CASE("parse: options, short and long, and files") {
  StreamOptions options;
  CHECK_FALSE(parse_into(
      options, {"-e", "null",     "--depth", "32",       "-t",           "4",         "one",
                "-b", "64k",      "-H",      "xxh64",    "--cache=warm", "two words", "--repeat",
                "3",  "--warmup", "1",       "--format", "csv",          "-q"}));
  const Settings& settings = options.measurement.settings;
  CHECK(settings.engine == "null");
  CHECK(settings.depth == 32);
  CHECK(settings.threads == 4);
  CHECK(settings.block_bytes == 64 * kKiB);
  CHECK((settings.hash == HashAlgorithm::xxh64));
  CHECK((settings.cache == CacheState::warm));
  CHECK(options.measurement.repeat == 3);
  CHECK(options.measurement.warmup == 1);
  CHECK((options.outputs.format == Format::csv));
  CHECK(options.terminal.quiet);
  CHECK_FALSE(options.terminal.verbose);
  CHECK(options.files == std::vector<std::string>{"one", "two words"});
}

TEST_CASE("parse: every word after -- is a file") {
  StreamOptions options;
  CHECK_FALSE(parse_into(options, {"-d", "2", "--", "-x", "--depth", "\xe2\x80\x93", "f"}));
  CHECK(options.measurement.settings.depth == 2);
  CHECK(options.files == std::vector<std::string>{"-x", "--depth", "\xe2\x80\x93", "f"});
}

TEST_CASE("parse: a value that its option refuses ends with exit code 2") {
  for (const Arguments& arguments :
       std::vector<Arguments>{{"--depth", "-1", "f"}, {"--depth="}, {"--color", "blue"}}) {
    CAPTURE(arguments[0]);
    StreamOptions options;
    const std::optional<ExitCode> code = parse_into(options, arguments);
    REQUIRE(code.has_value());
    CHECK((*code == ExitCode::unusable));
  }
}

TEST_CASE("parse: an invalid command line ends with exit code 2") {
  for (const Arguments& arguments : std::vector<Arguments>{{"--no-such-option"},
                                                           {"-z"},
                                                           {"--depth"},
                                                           {"--depth", "1", "--depth", "2"},
                                                           {"--dept=1"},
                                                           {"\xe2\x80\x93"
                                                            "depth",
                                                            "8"}}) {
    CAPTURE(arguments[0]);
    StreamOptions options;
    const std::optional<ExitCode> code = parse_into(options, arguments);
    REQUIRE(code.has_value());
    CHECK((*code == ExitCode::unusable));
  }
}

}  // namespace
}  // namespace aiobench::tool
