// Proves that every command has a complete description, which is available without running it and
// contains what help, manual page and completion need.
#include "tool/command.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "engine/registry.h"
#include "hash/hasher.h"
#include "tool/options.h"

namespace aiobench::tool {
namespace {

const OptionInfo& option_named(const CommandInfo& info, const std::string& name) {
  const auto found = std::find_if(info.options.begin(), info.options.end(),
                                  [&](const OptionInfo& o) { return o.long_name == name; });
  REQUIRE(found != info.options.end());
  return *found;
}

TEST_CASE("info: the kind of a value follows from its type text") {
  CHECK((value_info("").takes == Takes::nothing));
  CHECK((value_info("SIZE").takes == Takes::text));
  CHECK((value_info("FILE").takes == Takes::file));
  CHECK((value_info("FILE...").takes == Takes::file));
  CHECK((value_info("NAME[:OPT...]").takes == Takes::engine));
  CHECK_FALSE(value_info("NAME[:OPT...]").list);
  CHECK((value_info("NAME[:OPT...],...").takes == Takes::engine));
  CHECK(value_info("NAME[:OPT...],...").list);
  const ValueInfo one = value_info("auto|always|never");
  CHECK((one.takes == Takes::choice));
  CHECK_FALSE(one.list);
  CHECK(one.choices == std::vector<std::string>{"auto", "always", "never"});
  const ValueInfo several = value_info("p50|p99,...");
  CHECK(several.list);
  CHECK(several.choices == std::vector<std::string>{"p50", "p99"});
}

TEST_CASE("info: the description of every command is complete") {
  std::set<std::string> names;
  for (const CommandInfo& info : info_of_all()) {
    CAPTURE(info.name);
    CHECK(names.insert(info.name).second);
    CHECK_FALSE(info.summary.empty());
    CHECK(info.about.ends_with("."));
    CHECK(info.examples.size() >= 2);
    CHECK(info.examples.size() <= 4);
    for (const OptionInfo& option : info.options) {
      CAPTURE(option.long_name);
      CHECK(option.long_name.starts_with("--"));
      CHECK_FALSE(option.help.empty());
      CHECK_FALSE(option.group.empty());
      // CLI11's defaults for a missing group or type.
      CHECK(option.group != "Options");
      CHECK(option.value.text.find("TEXT") == std::string::npos);
    }
    for (const OperandInfo& operand : info.operands) CHECK_FALSE(operand.help.empty());
  }
  CHECK(names.size() == commands().size());
}

TEST_CASE("info: the options of a group are adjacent, and Help is the last group") {
  for (const CommandInfo& info : info_of_all()) {
    CAPTURE(info.name);
    std::vector<std::string> groups;
    for (const OptionInfo& option : info.options) {
      if (groups.empty() || groups.back() != option.group) groups.push_back(option.group);
    }
    CHECK(std::set<std::string>(groups.begin(), groups.end()).size() == groups.size());
    CHECK(groups.back() == "Help");
  }
}

TEST_CASE("info: defaults and choices agree with the parser") {
  const std::shared_ptr<Description> description = describe_hash();
  const CommandInfo info = info_of(*description);
  CHECK(info.name == "hash");
  CHECK(option_named(info, "--hash").short_name == "-H");
  CHECK(option_named(info, "--hash").default_value == "xxh3");
  const auto& choices = option_named(info, "--hash").value.choices;
  CHECK(choices.size() == std::size(kHashAlgorithms));
  for (const std::string& choice : choices) CHECK(hash::parse_algorithm(choice));
  for (const std::string& engine : option_named(info, "--engine").value.choices) {
    CHECK(engine::parse_engine(engine));
  }
  CHECK((option_named(info, "--wine").value.takes == Takes::nothing));
  REQUIRE(info.operands.size() == 1);
  CHECK_FALSE(info.operands[0].required);
}

}  // namespace
}  // namespace aiobench::tool
