#include "sweep/plan.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>

#include "base/error.h"
#include "base/units.h"
#include "result/json_document.h"

namespace aiobench::sweep {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "aiobench/sweep/1";

Json configuration_json(const Configuration& configuration) {
  const Settings& settings = configuration.settings;
  return {{"file", configuration.file},   {"engine", settings.engine_text()},
          {"wine", configuration.wine},   {"depth", settings.depth},
          {"threads", settings.threads},  {"block_bytes", settings.block_bytes},
          {"cache", name(settings.cache)}};
}

}  // namespace

std::uint64_t Plan::round_bytes() const {
  std::uint64_t bytes = 0;
  for (const Configuration& configuration : configurations)
    bytes += files[configuration.file].bytes;
  return bytes;
}

// A Fisher-Yates shuffle. std::shuffle is not used because its result differs between standard
// libraries.
std::vector<std::size_t> round_order(const Plan& plan, unsigned round) {
  std::vector<std::size_t> order(plan.configurations.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(plan.seed);
  random.discard(std::uint64_t{round} * order.size());
  for (std::size_t left = order.size(); left > 1; --left) {
    std::swap(order[left - 1], order[static_cast<std::size_t>(random() % left)]);
  }
  return order;
}

std::string configuration_text(const Plan& plan, std::size_t configuration) {
  const Configuration& c = plan.configurations[configuration];
  const Settings& s = c.settings;
  return fmt::format("{}, depth {}, {} thread{}, {}, {}, {}", engine_name(s.engine_text(), c.wine),
                     s.depth, s.threads, s.threads == 1 ? "" : "s", format_size(s.block_bytes),
                     name(s.cache), plan.files[c.file].path);
}

std::string to_json(const Plan& plan, const std::vector<std::string>& arguments,
                    const result::Origin& origin) {
  Json files = Json::array();
  for (const SweptFile& file : plan.files) {
    files.push_back({{"path", file.path}, {"bytes", file.bytes}});
  }
  Json configurations = Json::array();
  for (const Configuration& configuration : plan.configurations)
    configurations.push_back(configuration_json(configuration));
  const Json document = {
      {"schema", kSchema},
      {"arguments", arguments},
      {"program", {origin.tool.version, origin.tool.commit, origin.tool.build_type}},
      {"machine",
       {origin.host.system, origin.host.version, origin.host.wine, origin.host.cpu_model,
        origin.host.cpus}},
      {"files", std::move(files)},
      {"configurations", std::move(configurations)},
      {"hash", plan.configurations.empty() ? "" : name(plan.configurations[0].settings.hash)},
      {"warm-up rounds", plan.warmup},
      {"rounds", plan.rounds},
      {"seed", plan.seed}};
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<std::vector<std::string>> arguments_in(const std::string& text, const std::string& path) {
  Result<nlohmann::json> document = result::parse_json(text);
  Error error;
  if (document) {
    const bool known = document->is_object() && document->value("schema", "") == kSchema;
    std::vector<std::string> arguments;
    if (known && document->contains("arguments") && (*document)["arguments"].is_array()) {
      for (const nlohmann::json& argument : (*document)["arguments"]) {
        if (argument.is_string()) arguments.push_back(argument);
      }
      if (arguments.size() == (*document)["arguments"].size()) return arguments;
    }
    error = usage_error("", "not a sweep plan");
  } else {
    error = document.take_error();
  }
  error.operation = "read the sweep plan";
  error.path = path;
  error.hint = "start the sweep again with --force";
  return error;
}

std::string difference(const std::string& there, const std::string& here) {
  const Json a = Json::parse(there, nullptr, false);
  const Json b = Json::parse(here, nullptr, false);
  if (!a.is_object()) return "the plan itself";
  for (const auto& [name, value] : b.items()) {
    if (name == "arguments" || (a.contains(name) && a[name] == value)) continue;
    return "the " + name;
  }
  return "";
}

Forecast::Forecast(std::vector<double> guesses) {
  for (const double guess : guesses) configurations_.push_back({.guess = guess});
}

void Forecast::learn(std::size_t configuration, double seconds) {
  AIOBENCH_CHECK(configuration < configurations_.size());
  configurations_[configuration].seconds += seconds;
  ++configurations_[configuration].passes;
}

double Forecast::correction() const {
  double guessed = 0;
  double taken = 0;
  for (const Known& configuration : configurations_) {
    if (configuration.passes == 0) continue;
    guessed += configuration.guess;
    taken += configuration.seconds / configuration.passes;
  }
  return guessed > 0 ? taken / guessed : 1;
}

double Forecast::of(std::size_t configuration) const {
  const Known& known = configurations_.at(configuration);
  return known.passes > 0 ? known.seconds / known.passes : known.guess * correction();
}

double Forecast::of_all(const std::vector<std::size_t>& configurations) const {
  const double factor = correction();
  double seconds = 0;
  for (const std::size_t configuration : configurations) {
    const Known& known = configurations_.at(configuration);
    seconds += known.passes > 0 ? known.seconds / known.passes : known.guess * factor;
  }
  return seconds;
}

unsigned rounds_within(const Plan& plan, std::uint64_t max_bytes) {
  const std::uint64_t round = plan.round_bytes();
  const unsigned all = plan.warmup + plan.rounds;
  if (round == 0) return all;
  return static_cast<unsigned>(std::min<std::uint64_t>(all, max_bytes / round));
}

}  // namespace aiobench::sweep
