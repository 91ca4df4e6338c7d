#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <nlohmann/json.hpp>

#include "engine/catalog.h"
#include "pipeline/own_cost.h"
#include "platform/clock.h"
#include "platform/windows_build.h"
#include "tool/command.h"
#include "tool/interrupt.h"
#include "tool/output.h"

namespace aiobench::tool {
namespace {

struct Row {
  const engine::Mechanism* mechanism;
  std::string system;
  bool usable;
  std::string how;  // how it runs here, or why not
};

Row native_row(const engine::Mechanism& mechanism, const engine::Maker& maker) {
  const Status available = maker.available();
  if (available) return {&mechanism, engine::this_system(), true, "here"};
  const Error& why = available.error();
  return {&mechanism, engine::this_system(), false,
          why.hint.empty() ? why.cause : why.cause + "; " + why.hint};
}

Row wine_row(const engine::Mechanism& mechanism, const Result<platform::WindowsBuild>& build) {
  if (!build) return {&mechanism, "Windows", false, build.error().line()};
  const bool twin = mechanism.systems == engine::Systems::both;
  return {&mechanism, "Windows", true,
          fmt::format("by Wine {}{}", build->wine_version, twin ? ", with --wine" : "")};
}

std::vector<Row> rows() {
  const bool windows_here = std::string_view(engine::this_system()) == "Windows";
  std::vector<Row> rows;
  for (const engine::Mechanism& mechanism : engine::catalog()) {
    if (const engine::Maker* const maker = engine::find_maker(mechanism.name)) {
      rows.push_back(native_row(mechanism, *maker));
    } else if (mechanism.name == std::string_view(engine::kAuto)) {
      rows.push_back({&mechanism, engine::this_system(), true, "picks one that runs here"});
    } else if (windows_here) {
      rows.push_back({&mechanism, "Linux", false, "a mechanism of Linux"});
    }
  }
  if (windows_here) return rows;
  const Result<platform::WindowsBuild> build = platform::find_windows_build();
  for (const engine::Mechanism& mechanism : engine::catalog()) {
    if (mechanism.systems != engine::Systems::linux_only)
      rows.push_back(wine_row(mechanism, build));
  }
  return rows;
}

void print_text(const std::vector<Row>& rows) {
  print("{:<12} {:<8} {:<4} {}\n", "ENGINE", "SYSTEM", "RUNS", "HOW");
  for (const Row& row : rows) {
    print("{:<12} {:<8} {:<4} {}\n", row.mechanism->name, row.system, row.usable ? "yes" : "no",
          row.how);
  }
  print("\nCompletion reaches the program by:\n");
  for (const engine::Mechanism& mechanism : engine::catalog()) {
    print("  {:<12} {}\n", mechanism.name, mechanism.completion);
    for (const engine::OptionRule& rule : mechanism.options) {
      const std::string name = engine::describe(std::span(&rule, 1));
      print("  {:<12}   :{}  {}{}\n", "", name, rule.help, rule.windows_only ? " (Windows)" : "");
    }
  }
}

void print_text(const measure::OwnCost& cost) {
  print("\nWhat the tool itself costs here, the least of three tries:\n");
  print("  {:<12} {:.1f} ns a reading ({})\n", "clock", cost.clock_ns, platform::clock_name());
  if (cost.request_ns == 0) return;
  print("  {:<12} {:.1f} ns a request that does nothing (engine null, depth 8, 1 thread)\n",
        "request", cost.request_ns);
}

void print_json(const std::vector<Row>& rows, const measure::OwnCost* cost) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    list.push_back({{"engine", row.mechanism->name},
                    {"system", row.system},
                    {"available", row.usable},
                    {"how", row.how},
                    {"completion", row.mechanism->completion}});
  }
  nlohmann::ordered_json document{{"schema", "aiobench/engines/1"}, {"engines", list}};
  if (cost != nullptr) {
    document["own_cost"] = {{"clock_ns", cost->clock_ns}, {"request_ns", cost->request_ns}};
  }
  print("{}\n", document.dump(2));
}

}  // namespace

ExitCode engines_command(const Arguments& arguments) {
  CLI::App app("Lists every I/O mechanism, and whether it runs here.", "aiobench engines");
  std::string format = "text";
  app.add_option("--format", format, "text or json")->default_str(format);
  bool self_test = false;
  app.add_flag("--self-test", self_test, "measure what the tool itself costs here");
  if (const std::optional<ExitCode> code = parse(app, arguments)) return *code;
  if (format != "text" && format != "json") {
    return tell(usage_error("use --format", "there is no format '" + format + "'",
                            "the formats: text, json"));
  }
  measure::OwnCost cost;
  if (self_test) cost = pipeline::own_cost(main_event());
  if (format == "json") {
    print_json(rows(), self_test ? &cost : nullptr);
  } else {
    print_text(rows());
    if (self_test) print_text(cost);
  }
  return finish_output(ExitCode::good);
}

}  // namespace aiobench::tool
