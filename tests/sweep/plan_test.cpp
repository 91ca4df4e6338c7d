// Proves that every round of a sweep has every configuration once, in an order that depends only on
// the seed, and that stored plans are distinguished.
#include "sweep/plan.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "support/json.h"
#include "sweep/sweep_fixture.h"

namespace aiobench::test {
namespace {

using sweep::difference;
using sweep::Plan;

Plan plan_of(std::size_t configurations) {
  Plan plan = sample_plan();
  plan.configurations.assign(configurations, plan.configurations[0]);
  return plan;
}

TEST_CASE("a round has every configuration once") {
  for (const std::size_t configurations : {1u, 2u, 5u, 300u}) {
    CAPTURE(configurations);
    for (unsigned round = 0; round < 20; ++round) {
      std::vector<std::size_t> order = round_order(plan_of(configurations), round);
      std::sort(order.begin(), order.end());
      REQUIRE(order.size() == configurations);
      for (std::size_t i = 0; i < configurations; ++i) REQUIRE(order[i] == i);
    }
  }
}

TEST_CASE("the order of a round depends on the seed and the round") {
  Plan plan = plan_of(30);
  std::set<std::vector<std::size_t>> orders;
  for (unsigned round = 0; round < 50; ++round) orders.insert(round_order(plan, round));
  CHECK(orders.size() == 50);
  const std::vector<std::size_t> third = round_order(plan, 3);
  CHECK(round_order(plan, 3) == third);
  plan.seed = 8;
  CHECK(round_order(plan, 3) != third);
}

TEST_CASE("each configuration is at each place about equally often") {
  const Plan plan = plan_of(4);
  std::vector<std::vector<int>> seen(4, std::vector<int>(4));
  constexpr int kRounds = 4000;
  for (unsigned round = 0; round < kRounds; ++round) {
    const std::vector<std::size_t> order = round_order(plan, round);
    for (std::size_t place = 0; place < 4; ++place) ++seen[order[place]][place];
  }
  for (const std::vector<int>& configuration : seen) {
    for (const int times : configuration)
      CHECK(std::abs(times - kRounds / 4) < 150);  // five standard deviations
  }
}

// The order is the same on every system and with every compiler, so that two machines sweep in the
// same order.
TEST_CASE("the order is fixed") {
  CHECK(round_order(plan_of(6), 0) == std::vector<std::size_t>{5, 1, 4, 2, 0, 3});
  CHECK(round_order(plan_of(6), 1) == std::vector<std::size_t>{4, 0, 2, 1, 5, 3});
}

TEST_CASE("bytes of a round") {
  CHECK(sample_plan().round_bytes() == 12 * kGiB + kMiB);
  CHECK(sample_plan().bytes_of(4) == kMiB);
}

TEST_CASE("a configuration in words") {
  CHECK(configuration_text(sample_plan(), 0) ==
        "sync, depth 1, 1 thread, 1 MiB, warm, /data/large.bin");
  CHECK(configuration_text(sample_plan(), 3).starts_with("wine/iocp, depth 8"));
}

TEST_CASE("plans differ in everything but the arguments") {
  const Plan plan = sample_plan();
  const result::Results origin = sample_result();
  const std::string text = to_json(plan, {"a"}, origin);
  CHECK(difference(text, to_json(plan, {"b"}, origin)).empty());
  const std::pair<const char*, std::function<void(Plan&)>> changes[] = {
      {"the files", [](Plan& p) { p.files[0].bytes += 1; }},
      {"the configurations", [](Plan& p) { p.configurations[1].settings.depth = 2; }},
      {"the configurations", [](Plan& p) { p.configurations.pop_back(); }},
      {"the hash",
       [](Plan& p) {
         for (auto& c : p.configurations) c.settings.hash = HashAlgorithm::xxh64;
       }},
      {"the warm-up rounds", [](Plan& p) { p.warmup = 0; }},
      {"the rounds", [](Plan& p) { p.rounds = 4; }},
      {"the seed", [](Plan& p) { p.seed = 8; }}};
  for (const auto& one : changes) {
    CAPTURE(one.first);
    Plan other = plan;
    one.second(other);
    CHECK(difference(text, to_json(other, {"a"}, origin)) == one.first);
  }
  result::Results elsewhere = origin;
  elsewhere.host.cpu_model = "another";
  CHECK(difference(text, to_json(plan, {"a"}, elsewhere)) == "the machine");
  elsewhere = origin;
  elsewhere.tool.commit = "another";
  CHECK(difference(text, to_json(plan, {"a"}, elsewhere)) == "the program");
}

TEST_CASE("the arguments are read back, and other texts are rejected") {
  const std::vector<std::string> arguments = {"--depth", "1,2", "a b", "\"", "gr\xc3\xbc\xc3\x9f"};
  const std::string text = to_json(sample_plan(), arguments, sample_result());
  const Result<std::vector<std::string>> back = sweep::arguments_in(text, "plan");
  REQUIRE(back);
  CHECK(*back == arguments);
  const Json plan = Json::parse(text);
  const Json foreign = plan.with("schema", "other/1");
  const Json numbers = plan.with("arguments[0]", 1);
  for (const std::string& bad : {std::string(), std::string("{}"), std::string("[1]"),
                                 text.substr(0, text.size() / 2), foreign.dump(), numbers.dump()}) {
    const Result<std::vector<std::string>> refused = sweep::arguments_in(bad, "the/plan");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Error::Kind::usage);
    CHECK(refused.error().path == "the/plan");
    CHECK_FALSE(difference(bad, text).empty());
  }
}

}  // namespace
}  // namespace aiobench::test
