// Proves that the options of an engine are parsed and formatted consistently, and refused with the
// list of the valid ones if they are invalid.
#include "engine/engine.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace aiobench::engine {
namespace {

constexpr std::array<OptionRule, 3> kRules = {{{"sqpoll", 0, 0, "a switch"},
                                               {"batch", 1, 1024, "a number"},
                                               {"alpha", 0, 7, "a number that may be 0"}}};

Options must_parse(const std::string& text) {
  Result<Options> options = parse_options("engine", text, kRules);
  REQUIRE_MESSAGE(options, options.error().line());
  return options.take();
}

TEST_CASE("options: exactly the options that were set are present") {
  const Options options = must_parse("batch=16,sqpoll");
  CHECK(options.has("sqpoll"));
  CHECK(options.has("batch"));
  CHECK_FALSE(options.has("alpha"));
  CHECK_FALSE(options.has(""));
  CHECK(options.get("batch", 5) == 16);
  CHECK(options.get("alpha", 5) == 5);
  CHECK(options.get("sqpoll", 5) == 5);  // a switch has no value
  CHECK(must_parse("alpha=0").get("alpha", 5) == 0);
  CHECK(must_parse("batch=1").get("batch", 5) == 1);
  CHECK(must_parse("batch=1024").get("batch", 5) == 1024);
}

TEST_CASE("options: the text is in alphabetical order, and reads back to itself") {
  CHECK(Options().text().empty());
  for (const auto& row : std::vector<std::pair<std::string, std::string>>{
           {"sqpoll", "sqpoll"},
           {"batch=7", "batch=7"},
           {"sqpoll,batch=7", "batch=7,sqpoll"},
           {"sqpoll,batch=007,alpha=0", "alpha=0,batch=7,sqpoll"}}) {
    const auto& [typed, text] = row;
    CAPTURE(row.first);
    const Options options = must_parse(typed);
    CHECK(options.text() == text);
    const Options again = must_parse(options.text());
    CHECK(again.text() == text);
    CHECK(again.get("batch", 1) == options.get("batch", 1));
  }
}

TEST_CASE("options: invalid options are refused with engine, cause and the valid ones") {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"unknown", "no option 'unknown'"},
      {"unknown=3", "no option 'unknown'"},
      {"Batch=3", "no option 'Batch'"},
      {" batch=3", "no option ' batch'"},
      {"", "no option ''"},
      {"sqpoll,", "no option ''"},
      {",sqpoll", "no option ''"},
      {"batch=1,,sqpoll", "no option ''"},
      {"=3", "no option ''"},
      {"sqpoll=1", "'sqpoll' takes no value"},
      {"sqpoll=", "'sqpoll' takes no value"},
      {"batch", "'batch' needs a value"},
      {"batch=", "from 1 to 1024"},
      {"batch=0", "from 1 to 1024"},
      {"batch=1025", "from 1 to 1024"},
      {"batch=-1", "from 1 to 1024"},
      {"batch=abc", "from 1 to 1024"},
      {"batch=1k", "from 1 to 1024"},
      {"batch==1", "from 1 to 1024"},
      {"alpha=8", "from 0 to 7"},
      {"sqpoll,batch=0", "from 1 to 1024"},
  };
  for (const auto& row : cases) {
    const auto& [text, cause] = row;
    CAPTURE(row.first);
    const Result<Options> options = parse_options("engine", text, kRules);
    REQUIRE_FALSE(options);
    CHECK(options.error().kind == Error::Kind::usage);
    const std::string line = options.error().line();
    CAPTURE(line);
    CHECK(line.find("engine 'engine'") != std::string::npos);
    CHECK(options.error().cause.find(cause) != std::string::npos);
    for (const char* valid : {"sqpoll", "batch=N (1 to 1024)", "alpha=N (0 to 7)"}) {
      CHECK(line.find(valid) != std::string::npos);
    }
  }
}

TEST_CASE("options: the error of an engine without options states that") {
  CHECK(describe({}) == "none");
  CHECK(describe(kRules) == "sqpoll, batch=N (1 to 1024), alpha=N (0 to 7)");
  const Result<Options> options = parse_options("sync", "batch=1", {});
  REQUIRE_FALSE(options);
  CHECK(options.error().line().find("its options: none") != std::string::npos);
}

}  // namespace
}  // namespace aiobench::engine
