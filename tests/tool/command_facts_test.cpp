// Proves that every command describes itself completely without being run, and that what is read
// out of the description is what help, manual and completion need.
#include "tool/command.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tool/options.h"

namespace aiobench::tool {
namespace {

const OptionFacts& option_named(const CommandFacts& facts, const std::string& name) {
  const auto found = std::find_if(facts.options.begin(), facts.options.end(),
                                  [&](const OptionFacts& o) { return o.long_name == name; });
  REQUIRE(found != facts.options.end());
  return *found;
}

TEST_CASE("facts: how a value is written says what it is") {
  CHECK((value_facts("").takes == Takes::nothing));
  CHECK((value_facts("SIZE").takes == Takes::text));
  CHECK((value_facts("FILE").takes == Takes::file));
  CHECK((value_facts("FILE...").takes == Takes::file));
  CHECK((value_facts("NAME[:OPT...]").takes == Takes::engine));
  CHECK_FALSE(value_facts("NAME[:OPT...]").list);
  CHECK((value_facts("NAME[:OPT...],...").takes == Takes::engine));
  CHECK(value_facts("NAME[:OPT...],...").list);
  const ValueFacts one = value_facts("auto|always|never");
  CHECK((one.takes == Takes::choice));
  CHECK_FALSE(one.list);
  CHECK(one.choices == std::vector<std::string>{"auto", "always", "never"});
  const ValueFacts several = value_facts("p50|p99,...");
  CHECK(several.list);
  CHECK(several.choices == std::vector<std::string>{"p50", "p99"});
}

TEST_CASE("facts: every command tells all of itself") {
  std::set<std::string> names;
  for (const CommandFacts& facts : facts_of_all()) {
    CAPTURE(facts.name);
    CHECK(names.insert(facts.name).second);
    CHECK_FALSE(facts.summary.empty());
    CHECK(facts.about.ends_with("."));
    CHECK(facts.examples.size() >= 2);
    CHECK(facts.examples.size() <= 4);
    for (const OptionFacts& option : facts.options) {
      CAPTURE(option.long_name);
      CHECK(option.long_name.starts_with("--"));
      CHECK_FALSE(option.help.empty());
      CHECK_FALSE(option.group.empty());
      // CLI11's own words for what was not said.
      CHECK(option.group != "Options");
      CHECK(option.value.text.find("TEXT") == std::string::npos);
    }
    for (const OperandFacts& operand : facts.operands) CHECK_FALSE(operand.help.empty());
  }
  CHECK(names.size() == commands().size());
}

TEST_CASE("facts: options of a group stand together, and help is the last") {
  for (const CommandFacts& facts : facts_of_all()) {
    CAPTURE(facts.name);
    std::vector<std::string> groups;
    for (const OptionFacts& option : facts.options) {
      if (groups.empty() || groups.back() != option.group) groups.push_back(option.group);
    }
    CHECK(std::set<std::string>(groups.begin(), groups.end()).size() == groups.size());
    CHECK(groups.back() == "Help");
  }
}

TEST_CASE("facts: defaults and choices are those of the parser") {
  const std::shared_ptr<Description> description = describe_hash();
  const CommandFacts facts = facts_of(*description);
  CHECK(facts.name == "hash");
  CHECK(option_named(facts, "--hash").short_name == "-H");
  CHECK(option_named(facts, "--hash").standard == "xxh3");
  const auto& choices = option_named(facts, "--hash").value.choices;
  CHECK(choices.size() == hash::algorithms().size());
  for (const std::string& choice : choices) CHECK(hash::parse_algorithm(choice));
  for (const std::string& engine : option_named(facts, "--engine").value.choices) {
    CHECK(engine::parse_engine(engine));
  }
  CHECK((option_named(facts, "--wine").value.takes == Takes::nothing));
  REQUIRE(facts.operands.size() == 1);
  CHECK_FALSE(facts.operands[0].required);
}

}  // namespace
}  // namespace aiobench::tool
